//! Logging one petition: number, codes, clock, repetition, and what is unique.

use crate::{
    asks::{self, appeal, party},
    desk::{Client, Desk, OFFICE, clerk, field, reason},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::{common::v1::Device, intake::v1 as pb};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

async fn number(client: &mut Client) -> String {
    client.log_petition(asks::log(appeal())).await.unwrap().into_inner().petition.unwrap().number
}

on_each_engine! {
    async fn a_petition_is_registered(location: Location) {
        let desk = Desk::open(&location).await;
        let logged = desk.log(pb::NewPetition { category: "土地".into(), responsible_unit: "国土所".into(), ..appeal() }).await;
        let petition = logged.petition.unwrap();
        assert_eq!(petition.state(), pb::PetitionState::Registered);
        assert_eq!(petition.number, format!("{OFFICE}-2026-000001"));
        assert_eq!((petition.unit.as_str(), petition.etag.as_str(), petition.person_count), (OFFICE, "1", 1));
        assert_eq!((petition.registered_on.as_str(), petition.category.as_str()), ("2026-03-02", "土地"));
        assert_eq!((petition.channel.as_str(), petition.responsible_unit.as_str()), ("visit", "国土所"));
        assert!(petition.title.is_empty() && petition.parties.is_empty(), "nothing personal without asking for it");
        let clock = petition.first_action.unwrap();
        assert_eq!((clock.rule.as_str(), clock.kpi_due.as_str(), clock.legal_due.as_str()), ("P-01", "2026-03-17", "2026-03-17"));
        assert!(petition.handling.is_none());
        assert_eq!(desk.position().await, 2, "before it, the unit that it names");
    }

    /// D§6.4, the rows of 15 days.
    async fn the_first_action_is_due_by_the_vectors(location: Location) {
        let desk = Desk::open_on(&location, "2024-01-26").await;
        for (day, kpi, legal) in [
            ("2024-01-26", "2024-02-10", "2024-02-18"),
            ("2024-09-13", "2024-09-28", "2024-09-29"),
            ("2025-09-22", "2025-10-07", "2025-10-09"),
            ("2026-02-06", "2026-02-21", "2026-02-24"),
        ] {
            desk.next(day);
            let clock = desk.appeal().await.first_action.unwrap();
            assert_eq!((clock.started_on.as_str(), clock.kpi_due.as_str(), clock.legal_due.as_str()), (day, kpi, legal));
        }
    }

    async fn numbers_have_no_gaps_per_office_and_recorded_year(location: Location) {
        let desk = Desk::open_on(&location, "2025-12-30").await;
        let other = Caller { unit: "乡信访站".parse().unwrap(), ..clerk("clerk-9") };
        let (mut here, mut there) = (desk.clerk(), desk.by(other));
        assert_eq!(number(&mut here).await, "信访局-2025-000001");
        assert_eq!(number(&mut there).await, "乡信访站-2025-000001");
        let bad = pb::NewPetition { channel: "fax".into(), ..appeal() };
        here.log_petition(asks::log(bad)).await.unwrap_err();
        let early = pb::NewPetition { occurred_on: "2025-11-01".into(), ..appeal() };
        here.log_petition(asks::log(early)).await.unwrap_err();
        assert_eq!(number(&mut here).await, "信访局-2025-000002");
        desk.next("2026-01-02");
        let late = pb::NewPetition { occurred_on: "2025-12-31".into(), offline: true, ..appeal() };
        let late = desk.log(late).await.petition.unwrap();
        assert_eq!((late.number.as_str(), late.registered_on.as_str()), ("信访局-2026-000001", "2025-12-31"), "the recorded year");
        assert!(late.offline);
        assert_eq!(number(&mut there).await, "乡信访站-2026-000001");
        let many = futures_util::future::join_all((0..40).map(|_| {
            let mut client = desk.clerk();
            async move { number(&mut client).await }
        }));
        let mut many = many.await;
        many.sort();
        let expected: Vec<String> = (2..42).map(|n| format!("信访局-2026-{n:06}")).collect();
        assert_eq!(many, expected);
        assert!(desk.differences().await.is_empty());
    }

    async fn each_representative_gets_a_code_and_an_allegation_none(location: Location) {
        let desk = Desk::open(&location).await;
        for (class, parties, codes) in
            [("appeal", 1, 1), ("appeal", 0, 1), ("appeal", 5, 5), ("suggestion", 7, 5), ("allegation", 2, 0)]
        {
            let parties = (0..parties).map(|i| party(&format!("张{i}"))).collect();
            let logged = desk.log(pb::NewPetition { matter_class: class.into(), parties, ..appeal() }).await;
            assert_eq!(logged.query_codes.len(), codes, "{class}");
            let mut different = logged.query_codes.clone();
            different.sort();
            different.dedup();
            assert_eq!(different.len(), codes);
            assert!(different.iter().all(|code| code.len() == 15 && code.is_ascii()), "{different:?}");
        }
    }

    async fn a_repeated_request_gets_the_first_answer_for_ever(location: Location) {
        let desk = Desk::open(&location).await;
        let new = pb::NewPetition { parties: vec![party("甲"), party("乙")], slip: "S-1".into(), external_ref: "E-1".into(), ..appeal() };
        let request = asks::log(new);
        let first = desk.clerk().log_petition(request.clone()).await.unwrap().into_inner();
        assert_eq!(first.query_codes.len(), 2);
        let device = Some(Device { device_time: "2026-03-02T09:00:01+08:00".into(), app_version: "2".into(), attempt: 7 });
        let from_device = pb::LogPetitionRequest { device, ..request.clone() };
        assert_eq!(desk.clerk().log_petition(from_device.clone()).await.unwrap().into_inner(), first);
        let petition = first.petition.clone().unwrap();
        desk.clerk().accept_petition(asks::accept(&petition)).await.unwrap();
        desk.next("2026-05-20");
        let position = desk.position().await;
        assert_eq!(desk.clerk().log_petition(request.clone()).await.unwrap().into_inner(), first, "also after changes");
        assert_eq!(desk.clerk().log_petition(from_device).await.unwrap().into_inner(), first);
        assert_eq!(desk.position().await, position);

        let other = pb::LogPetitionRequest { petition: Some(appeal()), ..request.clone() };
        assert_eq!(reason(desk.clerk().log_petition(other).await), "REQUEST_ID_REUSED");
        assert_eq!(reason(desk.by(clerk("clerk-2")).log_petition(request.clone()).await), "REQUEST_ID_REUSED");
        let call = pb::AcceptPetitionRequest { request_id: request.request_id.clone(), ..asks::accept(&desk.appeal().await) };
        assert_eq!(reason(desk.clerk().accept_petition(call).await), "REQUEST_ID_REUSED");

        desk.close().await;
        let desk = Desk::open_on(&location, "2026-05-21").await;
        assert_eq!(desk.clerk().log_petition(request).await.unwrap().into_inner(), first, "also after a restart");
    }

    async fn one_request_sent_many_times_at_once_is_one_petition(location: Location) {
        let desk = Desk::open(&location).await;
        let request = asks::log(appeal());
        let answers = (0..12).map(|_| {
            let (mut client, request) = (desk.clerk(), request.clone());
            async move { client.log_petition(request).await.unwrap().into_inner() }
        });
        let answers = futures_util::future::join_all(answers).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(desk.position().await, 1);
    }

    async fn the_client_may_mint_the_id(location: Location) {
        let desk = Desk::open(&location).await;
        let mine = asks::id();
        let new = pb::NewPetition { id: mine.clone(), ..appeal() };
        assert_eq!(desk.log(new.clone()).await.petition.unwrap().id, mine);
        assert_eq!(reason(desk.clerk().log_petition(asks::log(new)).await), "PETITION_EXISTS");
        assert_eq!(desk.get(&mine).await.title, "宅基地界址");
    }

    async fn slip_and_reference_are_unique(location: Location) {
        let desk = Desk::open(&location).await;
        let slip = pb::NewPetition { slip: "S-1".into(), ..appeal() };
        let reference = |ledger: &str| pb::NewPetition { ledger: ledger.into(), external_ref: "E-1".into(), ..appeal() };
        desk.log(slip.clone()).await;
        let recorded = desk.log(reference("")).await.petition.unwrap();
        assert_eq!((recorded.ledger.as_str(), recorded.external_ref.as_str()), (OFFICE, "E-1"), "the caller's unit");
        assert_eq!(reason(desk.clerk().log_petition(asks::log(slip.clone())).await), "SLIP_EXISTS");
        assert_eq!(reason(desk.clerk().log_petition(asks::log(reference(""))).await), "EXTERNAL_REF_EXISTS");
        assert_eq!(reason(desk.clerk().log_petition(asks::log(reference(OFFICE))).await), "EXTERNAL_REF_EXISTS");
        desk.log(reference("另一台账")).await;
        // Several at once, in one batch of the writer.
        let attempts = (0..6).map(|i| {
            let mut client = desk.clerk();
            let new = pb::NewPetition { slip: format!("S-{}", 2 + i % 2), ..appeal() };
            async move { client.log_petition(asks::log(new)).await.is_ok() }
        });
        let logged = futures_util::future::join_all(attempts).await;
        assert_eq!(logged.iter().filter(|ok| **ok).count(), 2);
        assert_eq!(desk.position().await, 5);
    }

    async fn validate_only_writes_nothing(location: Location) {
        let desk = Desk::open(&location).await;
        let check = |petition| pb::LogPetitionRequest { validate_only: true, ..asks::log(petition) };
        let answer = desk.clerk().log_petition(check(appeal())).await.unwrap().into_inner();
        let petition = answer.petition.unwrap();
        assert!(answer.query_codes.is_empty() && petition.number.is_empty() && petition.id.is_empty());
        assert_eq!(petition.first_action.unwrap().kpi_due, "2026-03-17");
        let (name, _) = field(desk.clerk().log_petition(check(pb::NewPetition { title: String::new(), ..appeal() })).await);
        assert_eq!(name, "petition.title");
        let taken = pb::NewPetition { id: asks::id(), slip: "S-1".into(), external_ref: "E-1".into(), ..appeal() };
        assert_eq!(desk.position().await, 0);
        desk.log(taken.clone()).await;
        assert_eq!(reason(desk.clerk().log_petition(check(taken.clone())).await), "PETITION_EXISTS");
        let other = pb::NewPetition { id: String::new(), ..taken.clone() };
        assert_eq!(reason(desk.clerk().log_petition(check(other.clone())).await), "SLIP_EXISTS", "as it would be refused");
        let other = pb::NewPetition { slip: String::new(), ..other };
        assert_eq!(reason(desk.clerk().log_petition(check(other)).await), "EXTERNAL_REF_EXISTS");
        assert_eq!(desk.position().await, 1);
    }

    async fn a_clerk_of_a_division_logs_what_lies_in_it(location: Location) {
        let desk = Desk::open(&location).await;
        let of = |division: &str| Caller { division: Some(division.parse().unwrap()), ..clerk("clerk-1") };
        let mut town = desk.by(of("320831100"));
        town.log_petition(asks::log(appeal())).await.unwrap();
        let county = pb::NewPetition { division_code: "320831".into(), ..appeal() };
        assert_eq!(reason(town.log_petition(asks::log(county.clone())).await), "OUTSIDE_DIVISION");
        desk.by(of("32")).log_petition(asks::log(county)).await.unwrap();
    }

    async fn texts_are_kept_as_people_write_them(location: Location) {
        let desk = Desk::open(&location).await;
        let new = pb::NewPetition {
            title: "e\u{301}tat".into(),
            narrative: "第一行\r\n\t第二行\n😀 𠮷".into(),
            parties: vec![pb::Party { phone: "0517-8680".into(), identity_number: "1101".into(), address: "三组".into(), ..party("欧阳 娜娜") }],
            ..appeal()
        };
        let id = desk.log(new.clone()).await.petition.unwrap().id;
        let shown = desk.get(&id).await;
        assert_eq!(shown.title, "état", "NFC");
        assert_eq!(shown.narrative, "第一行\n\t第二行\n😀 𠮷");
        assert_eq!(shown.parties, new.parties);
        let full = pb::NewPetition { title: "字".repeat(200), narrative: "字".repeat(50_000), ..appeal() };
        assert_eq!(desk.get(&desk.log(full).await.petition.unwrap().id).await.narrative.chars().count(), 50_000);
    }

    async fn who_may_not_write_does_not(location: Location) {
        let desk = Desk::open(&location).await;
        for role in [Role::Reporter, Role::Auditor, Role::Follower, Role::Public] {
            let mut client = desk.by(crate::desk::caller("somebody", &[role]));
            assert_eq!(reason(client.log_petition(asks::log(appeal())).await), "PERMISSION_DENIED");
        }
        assert_eq!(reason(desk.by_nobody().log_petition(asks::log(appeal())).await), "UNAUTHENTICATED");
        assert_eq!(desk.position().await, 0);
    }
}
