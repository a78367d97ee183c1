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
