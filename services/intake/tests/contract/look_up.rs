//! The petitioner's look-up: with number and code an answer, otherwise always the same silence.

use crate::{
    asks::{self, appeal, look_up, party},
    desk::{Desk, after, field, refused},
};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use tonic::{Response, Status};

/// Everything of an answer that travels.
fn bytes(answer: Result<Response<pb::LookUpStatusResponse>, Status>) -> (i32, String, Vec<u8>, String) {
    let status = answer.unwrap_err();
    let metadata = format!("{:?}", status.metadata());
    (status.code() as i32, status.message().to_owned(), status.details().to_vec(), metadata)
}

on_each_engine! {
    async fn number_and_code_show_where_it_stands(location: Location) {
        let desk = Desk::open(&location).await;
        let new = pb::NewPetition { slip: "S-1".into(), parties: vec![party("甲"), party("乙")], ..appeal() };
        let logged = desk.log(new).await;
        let (petition, codes) = (logged.petition.unwrap(), logged.query_codes);
        let registered = pb::LookUpStatusResponse {
            number: petition.number.clone(),
            state: PetitionState::Registered as i32,
            state_text: "已登记".into(),
            registered_on: "2026-03-02".into(),
            ..Default::default()
        };
        let typed = codes[1].to_lowercase().replace('-', " ");
        for (number, code) in
            [(&petition.number, &codes[0]), (&petition.number, &codes[1]), (&petition.number, &typed), (&"S-1".to_owned(), &codes[0])]
        {
            let answer = desk.window().look_up_status(look_up(number, code)).await.unwrap().into_inner();
            assert_eq!(answer, registered);
        }
        let spaced = look_up(&format!(" {} ", petition.number), &format!("  {}\n", codes[0]));
        assert_eq!(desk.window().look_up_status(spaced).await.unwrap().into_inner(), registered);

        desk.next("2026-03-05");
        let accepted = after!(desk.clerk(), accept_petition, asks::accept(&petition));
        let asked = after!(desk.clerk(), request_extension, asks::extend(&accepted));
        desk.next("2026-03-06");
        let extended = after!(desk.head(), decide_extension, asks::grant(&asked));
        desk.next("2026-03-09");
        after!(desk.clerk(), issue_opinion, asks::opinion(&extended));
        let answer = desk.window().look_up_status(look_up(&petition.number, &codes[0])).await.unwrap().into_inner();
        assert_eq!(answer, pb::LookUpStatusResponse {
            number: petition.number.clone(),
            state: PetitionState::OpinionIssued as i32,
            state_text: "已出具处理意见".into(),
            registered_on: "2026-03-02".into(),
            accepted_on: "2026-03-05".into(),
            extended_on: "2026-03-06".into(),
            concluded_on: "2026-03-09".into(),
            opinion_on: "2026-03-09".into(),
            ..Default::default()
        });
    }

    async fn whatever_is_wrong_the_answer_is_the_same(location: Location) {
        let desk = Desk::open(&location).await;
        let mine = desk.log(pb::NewPetition { slip: "S-1".into(), ..appeal() }).await;
        let (number, code) = (mine.petition.unwrap().number, mine.query_codes[0].clone());
        let other = desk.log(appeal()).await;
        let other_code = other.query_codes[0].clone();
        let allegation = pb::NewPetition { matter_class: "allegation".into(), slip: "S-2".into(), ..appeal() };
        let allegation = desk.log(allegation).await.petition.unwrap().number;
        let erased = desk.log(appeal()).await;
        let erased_petition = erased.petition.unwrap();
        after!(desk.head(), erase_parties, asks::erase(&erased_petition));
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "title"];
        desk.import(&columns, &[&["R-1", "2026-01-05", "320831", "申诉求决", "题"], &["R-2", "2026-01-05", "320831", "appeal", ""]]).await;
        let (sealed, open) = (desk.imported("R-1").await.number, desk.imported("R-2").await.number);

        let unknown = bytes(desk.window().look_up_status(look_up("信访局-2026-999999", &code)).await);
        let longer = format!("{code}0");
        for (what, number, code) in [
            ("another's code", number.as_str(), other_code.as_str()),
            ("a short code", &number, &code[..14]),
            ("a long code", &number, &longer),
            ("an empty code but for hyphens", &number, "---"),
            ("a code of other letters", &number, "查询码"),
            ("an allegation", &allegation, &code),
            ("an allegation by its slip", "S-2", &code),
            ("an unknown slip", "S-3", &code),
            ("erased", &erased_petition.number, &erased.query_codes[0]),
            ("imported with a sealed part", &sealed, &code),
            ("imported without one", &open, &code),
            ("a quotation mark", "\" OR 1=1", &code),
        ] {
            assert_eq!(bytes(desk.window().look_up_status(look_up(number, code)).await), unknown, "{what}");
        }
        assert_eq!(refused(desk.window().look_up_status(look_up("x", "y")).await).reason, "STATUS_NOT_FOUND");
    }

    async fn guesses_from_one_address_are_stopped_and_the_petitioner_is_answered(location: Location) {
        let desk = Desk::open(&location).await;
        let mine = desk.log(appeal()).await;
        let (number, code) = (mine.petition.unwrap().number, mine.query_codes[0].clone());
        let attacker = "203.0.113.66".parse().unwrap();
        let mut window = desk.window_at(attacker);
        let (mut looked, mut stopped) = (0, 0);
        for n in 0..10_000 {
            let guess = format!("{n:04}-0000-00000");
            match refused(window.look_up_status(look_up(&number, &guess)).await).reason.as_str() {
                "STATUS_NOT_FOUND" => looked += 1,
                "LOOK_UP_BACK_OFF" => stopped += 1,
                other => panic!("{other}"),
            }
            if n % 1_000 == 0 {
                // Meanwhile, from anywhere else.
                desk.window().look_up_status(look_up(&number, &code)).await.unwrap();
            }
        }
        assert_eq!((looked, stopped), (6, 9_994), "one clock tick: six were looked at");
        assert_eq!(refused(window.look_up_status(look_up(&number, &code)).await).reason, "LOOK_UP_BACK_OFF", "not even the right one");
        // It is the same for a number that is not there.
        let mut other = desk.window_at("203.0.113.67".parse().unwrap());
        for _ in 0..6 {
            assert_eq!(refused(other.look_up_status(look_up("信访局-2026-999999", "A")).await).reason, "STATUS_NOT_FOUND");
        }
        let here = bytes(window.look_up_status(look_up(&number, "A")).await);
        assert_eq!(bytes(other.look_up_status(look_up("信访局-2026-999999", "A")).await), here, "byte for byte, the wait included");
        // Ten thousand addresses with one guess each do not lock the petitioner out either.
        for n in 0..10_000_u32 {
            let one = std::net::Ipv4Addr::from(0xc612_0000 + n);
            let refused = refused(desk.window_at(one.into()).look_up_status(look_up(&number, "A")).await);
            assert_eq!(refused.reason, "STATUS_NOT_FOUND");
        }
        desk.window().look_up_status(look_up(&number, &code)).await.unwrap();
        // In time everything is forgiven.
        desk.next("2026-03-03");
        window.look_up_status(look_up(&number, &code)).await.unwrap();

        let counts = |from: &str, to: &str| pb::GetLookUpCountsRequest { from: from.into(), to: to.into() };
        let days = desk.auditor().get_look_up_counts(counts("2026-03-01", "")).await.unwrap().into_inner().days;
        let count = |day: &str, answered, not_found, backed_off| pb::LookUpCount { day: day.into(), answered, not_found, backed_off };
        assert_eq!(days, [count("2026-03-02", 11, 10_012, 9_997), count("2026-03-03", 1, 0, 0)]);
        desk.window().look_up_status(look_up(&number, &code)).await.unwrap();
        let days = desk.auditor().get_look_up_counts(counts("2026-03-03", "2026-03-03")).await.unwrap().into_inner().days;
        assert_eq!(days, [count("2026-03-03", 2, 0, 0)], "added to what was written");
        for (from, to, name) in [
            ("", "", "from"), ("soon", "", "from"), ("2026-03-03", "x", "to"), ("2026-03-03", "2026-03-02", "to"),
            ("2025-03-01", "2026-03-03", "to"), ("2026-03-04", "", "to"),
        ] {
            assert_eq!(field(desk.auditor().get_look_up_counts(counts(from, to)).await).0, name);
        }
        assert_eq!(refused(desk.clerk().get_look_up_counts(counts("2026-03-01", "")).await).reason, "PERMISSION_DENIED");
        assert_eq!(refused(desk.by_nobody().get_look_up_counts(counts("2026-03-01", "")).await).reason, "UNAUTHENTICATED");
    }

    async fn a_new_code_voids_the_one_before(location: Location) {
        let desk = Desk::open(&location).await;
        let logged = desk.log(pb::NewPetition { parties: vec![party("甲"), party("乙")], ..appeal() }).await;
        let (petition, codes) = (logged.petition.unwrap(), logged.query_codes);
        let answered = async |code: &str| desk.window().look_up_status(look_up(&petition.number, code)).await.is_ok();
        let reissue = pb::ReissueQueryCodeRequest { representative: 2, text: "遗失".into(), ..asks::reissue(&petition) };
        let first = desk.clerk().reissue_query_code(reissue.clone()).await.unwrap().into_inner();
        assert_eq!((first.representative, first.number.as_str(), first.etag.as_str()), (2, petition.number.as_str(), "2"));
        assert!(!codes.contains(&first.query_code));
        assert_eq!([answered(&codes[0]).await, answered(&codes[1]).await, answered(&first.query_code).await], [true, false, true]);
        // Told again on a repetition, also after it was given anew once more.
        assert_eq!(desk.clerk().reissue_query_code(reissue.clone()).await.unwrap().into_inner(), first);
        let accept = pb::AcceptPetitionRequest { after_request_id: reissue.request_id.clone(), etag: String::new(), ..asks::accept(&petition) };
        let accepted = after!(desk.clerk(), accept_petition, accept);
        let again = pb::ReissueQueryCodeRequest { representative: 2, ..asks::reissue(&accepted) };
        let second = desk.clerk().reissue_query_code(again).await.unwrap().into_inner();
        assert_eq!([answered(&codes[0]).await, answered(&first.query_code).await, answered(&second.query_code).await], [true, false, true]);
        assert_eq!(desk.clerk().reissue_query_code(reissue.clone()).await.unwrap().into_inner(), first);
        // The codes of the desk are told again as they were given.
        let shown = desk.get(&petition.id).await;
        let step = &shown.history[1];
        assert_eq!((step.kind.as_str(), step.text.as_str(), step.actor.as_str()), ("petition.code_reissued", "遗失", "clerk-1"));
        assert!(desk.differences().await.is_empty());
        // Off line, in a chain.
        let mut chained = asks::reissue(&petition);
        (chained.after_request_id, chained.etag) = (accepted.id.clone(), String::new());
        assert_eq!(refused(desk.clerk().reissue_query_code(chained).await).reason, "NOT_AFTER_REQUEST");
        let chained = asks::reissue(&desk.get(&petition.id).await);
        let items = vec![pb::PetitionWork { change: Some(pb::petition_work::Change::ReissueQueryCode(chained)) }];
        let verdicts = desk.clerk().submit_petition_work_batch(pb::SubmitPetitionWorkBatchRequest { items }).await.unwrap().into_inner().results;
        assert!(answered(&verdicts[0].query_codes[0]).await && !answered(&codes[0]).await);
    }

    async fn who_may_have_no_new_code(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        let of = |change: fn(&mut pb::ReissueQueryCodeRequest)| {
            let mut request = asks::reissue(&petition);
            change(&mut request);
            request
        };
        let position = desk.position().await;
        for (request, name) in [
            (of(|r| r.request_id = String::new()), "request_id"),
            (of(|r| r.request_id = "42".into()), "request_id"),
            (of(|r| r.petition_id = String::new()), "petition_id"),
            (of(|r| r.petition_id = "42".into()), "petition_id"),
            (of(|r| r.etag = String::new()), "etag"),
            (of(|r| r.etag = "-1".into()), "etag"),
            (of(|r| r.after_request_id = r.request_id.clone()), "etag"),
            (of(|r| { r.etag = String::new(); r.after_request_id = "42".into() }), "after_request_id"),
            (of(|r| r.representative = 0), "representative"),
            (of(|r| r.representative = -1), "representative"),
            (of(|r| r.representative = 2), "representative"),
            (of(|r| r.representative = 6), "representative"),
            (of(|r| r.identified_by = String::new()), "identified_by"),
            (of(|r| r.identified_by = "voice".into()), "identified_by"),
            (of(|r| r.text = "字".repeat(2_001)), "text"),
            (of(|r| r.text = "a\u{8}".into()), "text"),
        ] {
            assert_eq!(field(desk.clerk().reissue_query_code(request).await).0, name);
        }
        let outside = fengqiao_model::Caller { division: Some("320829".parse().unwrap()), ..crate::desk::clerk("clerk-1") };
        for (mut client, request, reason) in [
            (desk.clerk(), of(|r| r.etag = "9".into()), "ETAG_STALE"),
            (desk.clerk(), of(|r| r.petition_id = asks::id()), "PETITION_NOT_FOUND"),
            (desk.clerk(), of(|r| { r.etag = String::new(); r.after_request_id = asks::id() }), "NOT_AFTER_REQUEST"),
            (desk.by(outside), of(|_| {}), "PETITION_NOT_FOUND"),
            (desk.window(), of(|_| {}), "PERMISSION_DENIED"),
            (desk.auditor(), of(|_| {}), "PERMISSION_DENIED"),
            (desk.by_nobody(), of(|_| {}), "UNAUTHENTICATED"),
        ] {
            assert_eq!(refused(client.reissue_query_code(request).await).reason, reason);
        }
        assert_eq!(desk.position().await, position);
        let allegation = desk.log(pb::NewPetition { matter_class: "allegation".into(), ..appeal() }).await.petition.unwrap();
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "title"];
        desk.import(&columns, &[&["R-1", "2026-01-05", "320831", "申诉求决", "题"]]).await;
        let voided = after!(desk.head(), void_petition, asks::void(&desk.appeal().await));
        let erased = after!(desk.head(), erase_parties, asks::erase(&desk.appeal().await));
        for (petition, reason) in [
            (&allegation, "NO_QUERY_CODE"), (&desk.imported("R-1").await, "NO_QUERY_CODE"), (&voided, "STATE_FORBIDS"), (&erased, "PARTIES_ERASED"),
        ] {
            assert_eq!(refused(desk.clerk().reissue_query_code(asks::reissue(petition)).await).reason, reason);
        }
    }

    async fn every_day_that_the_petitioner_may_see_is_shown(location: Location) {
        let desk = Desk::open(&location).await;
        let logged = desk.log(pb::NewPetition { responsible_unit: "城关镇".into(), ..appeal() }).await;
        let (petition, code) = (logged.petition.unwrap(), logged.query_codes[0].clone());
        let seen = async || crate::desk::look_up_status(&desk, &petition.number, &code).await;
        let transfer = |petition: &pb::Petition, unit: &str| pb::TransferPetitionRequest {
            request_id: asks::id(), petition_id: petition.id.clone(), etag: petition.etag.clone(), to_unit: unit.into(), ..Default::default()
        };
        let moved = after!(desk.clerk(), transfer_petition, transfer(&petition, "城关镇"));
        desk.next("2026-03-03");
        let object = pb::ObjectToTransferRequest {
            request_id: asks::id(), petition_id: moved.id.clone(), etag: moved.etag.clone(), reason: "petition.objection_not_competent".into(),
            text: "不属于我单位职权".into(), ..Default::default()
        };
        let of_town = fengqiao_model::Caller { unit: "城关镇".parse().unwrap(), ..crate::desk::clerk("clerk-9") };
        assert_eq!(after!(desk.by(of_town), object_to_transfer, object).state(), PetitionState::Objected);
        assert_eq!(seen().await.state(), PetitionState::Transferred, "an objection is between the offices");
        assert_eq!((seen().await.transferred_on, seen().await.registered_on.as_str()), (vec!["2026-03-02".to_owned()], "2026-03-02"));
        let refused = desk.log(appeal()).await;
        after!(desk.clerk(), refuse_petition, asks::refuse(refused.petition.as_ref().unwrap()));
        let status = crate::desk::look_up_status(&desk, &refused.petition.unwrap().number, &refused.query_codes[0]).await;
        assert_eq!((status.refused_on.as_str(), status.no_longer_accepted_on.as_str(), status.opinion_on.as_str()), ("2026-03-03", "", ""));
        assert!(desk.differences().await.is_empty());
    }

    async fn a_code_expires_after_the_end(location: Location) {
        let desk = Desk::open(&location).await;
        let open = desk.log(appeal()).await;
        let closed = desk.log(appeal()).await;
        let (number, code) = (closed.petition.clone().unwrap().number, closed.query_codes[0].clone());
        after!(desk.clerk(), withdraw_petition, asks::withdraw(&closed.petition.unwrap()));
        desk.next("2028-03-01");
        desk.window().look_up_status(look_up(&number, &code)).await.unwrap();
        desk.next("2028-03-02");
        let unknown = bytes(desk.window().look_up_status(look_up("信访局-2026-999999", &code)).await);
        assert_eq!(bytes(desk.window().look_up_status(look_up(&number, &code)).await), unknown);
        desk.window().look_up_status(look_up(&open.petition.unwrap().number, &open.query_codes[0])).await.unwrap();
    }

    async fn what_cannot_be_a_number_is_named(location: Location) {
        let desk = Desk::open(&location).await;
        for (number, code, name) in [
            ("", "A", "number"),
            (" ", "A", "number"),
            ("A", " ", "query_code"),
            ("A\0B", "A", "number"),
            ("A", "A\0B", "query_code"),
            (&"字".repeat(200), "A", "number"),
            ("A", &"A".repeat(97), "query_code"),
        ] {
            assert_eq!(field(desk.window().look_up_status(look_up(number, code)).await).0, name);
        }
    }
}
