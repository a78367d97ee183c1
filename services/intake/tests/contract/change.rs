//! What happens to a petition after it was logged: acceptance, refusal, opinion, withdrawal, void, and who saw what.

use crate::{
    asks::{self, appeal},
    desk::{Desk, after, caller, clerk, field, reason, refused},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use tonic::Code;

on_each_engine! {
    /// D§6.4, the rows of 60 days.
    async fn acceptance_starts_sixty_days(location: Location) {
        let desk = Desk::open_on(&location, "2024-09-13").await;
        for (day, due) in [("2024-09-13", "2024-11-12"), ("2026-02-06", "2026-04-07")] {
            desk.next(day);
            let petition = desk.accepted().await;
            assert_eq!((petition.state(), petition.accepted_on.as_str()), (PetitionState::Accepted, day));
            let clock = petition.handling.unwrap();
            assert_eq!((clock.rule.as_str(), clock.started_on.as_str()), ("P-06", day));
            assert_eq!((clock.kpi_due.as_str(), clock.legal_due.as_str()), (due, due));
        }
        desk.next("2026-03-03");
        let clock = desk.accepted().await.handling.unwrap();
        assert_eq!((clock.kpi_due.as_str(), clock.legal_due.as_str()), ("2026-05-02", "2026-05-06"), "rolled over the May holiday");
    }

    async fn only_appeals_have_a_handling_clock(location: Location) {
        let desk = Desk::open(&location).await;
        for class in ["suggestion", "allegation"] {
            let petition = desk.log(pb::NewPetition { matter_class: class.into(), ..appeal() }).await.petition.unwrap();
            let accepted = after!(desk.clerk(), accept_petition, asks::accept(&petition));
            assert!(accepted.handling.is_none());
            assert_eq!(reason(desk.clerk().request_extension(asks::extend(&accepted)).await), "NO_HANDLING_CLOCK");
            assert_eq!(reason(desk.clerk().issue_opinion(asks::opinion(&accepted)).await), "NO_HANDLING_CLOCK");
        }
    }

    async fn the_handling_unit_is_the_named_else_the_registered_else_the_callers(location: Location) {
        let desk = Desk::open(&location).await;
        for (registered, named, unit) in [("", "", "信访局"), ("国土所", "", "国土所"), ("国土所", "民政办", "民政办")] {
            let petition = desk.log(pb::NewPetition { responsible_unit: registered.into(), ..appeal() }).await.petition.unwrap();
            let request = pb::AcceptPetitionRequest { responsible_unit: named.into(), ..asks::accept(&petition) };
            assert_eq!(after!(desk.clerk(), accept_petition, request).responsible_unit, unit);
        }
    }

    async fn a_refusal_ends_as_its_reason_says(location: Location) {
        let desk = Desk::open(&location).await;
        for (code, state, conclusion) in [
            ("petition.R01", PetitionState::NotAccepted, "refused"),
            ("petition.R04", PetitionState::NoLongerAccepted, "no_longer_accepted"),
        ] {
            let request =
                pb::RefusePetitionRequest { reason: code.into(), text: "已告知".into(), ..asks::refuse(&desk.appeal().await) };
            let petition = after!(desk.clerk(), refuse_petition, request);
            assert_eq!((petition.state(), petition.conclusion.as_str(), petition.reason.as_str()), (state, conclusion, code));
            assert_eq!(petition.concluded_on, "2026-03-02");
            assert_eq!(desk.get(&petition.id).await.history[1].text, "已告知");
        }
        let other = pb::RefusePetitionRequest { reason: "petition.void_error".into(), ..asks::refuse(&desk.appeal().await) };
        let (name, problem) = field(desk.clerk().refuse_petition(other).await);
        assert_eq!(name, "reason");
        assert!(problem.contains("petition.R01") && !problem.contains("void"), "{problem}");
    }

    async fn an_opinion_concludes(location: Location) {
        let desk = Desk::open(&location).await;
        let accepted = desk.accepted().await;
        desk.next("2026-03-20");
        let on = |issued: &str, delivered: &str| pb::IssueOpinionRequest {
            issued_on: issued.into(),
            delivered_on: delivered.into(),
            text: "责令退还".into(),
            ..asks::opinion(&accepted)
        };
        assert_eq!(field(desk.clerk().issue_opinion(on("2026-03-01", "")).await).0, "issued_on", "before the acceptance");
        assert_eq!(field(desk.clerk().issue_opinion(on("2026-03-10", "2026-03-09")).await).0, "delivered_on");
        assert_eq!(field(desk.clerk().issue_opinion(on("2026-03-10", "2026-03-21")).await).0, "delivered_on");
        let petition = after!(desk.clerk(), issue_opinion, on("2026-03-10", "2026-03-20"));
        assert_eq!((petition.state(), petition.conclusion.as_str()), (PetitionState::OpinionIssued, "replied"));
        assert_eq!((petition.accepted_on.as_str(), petition.concluded_on.as_str()), ("2026-03-02", "2026-03-10"));
        let shown = desk.get(&petition.id).await;
        let kinds: Vec<_> = shown.history.iter().map(|step| (step.kind.as_str(), step.occurred_on.as_str(), step.version)).collect();
        assert_eq!(kinds, [
            ("petition.registered", "2026-03-02", 1),
            ("petition.accepted", "2026-03-02", 2),
            ("petition.opinion_issued", "2026-03-10", 3),
        ]);
        assert_eq!((shown.history[2].text.as_str(), shown.history[2].actor.as_str()), ("责令退还", "clerk-1"));
        assert_eq!(shown.title, "宅基地界址", "a step's text is not the title");
    }

    async fn withdrawal_from_every_open_state_and_no_other(location: Location) {
        let desk = Desk::open(&location).await;
        let registered = desk.appeal().await;
        let accepted = desk.accepted().await;
        let waiting = after!(desk.clerk(), request_extension, asks::extend(&desk.accepted().await));
        let asked = after!(desk.clerk(), request_extension, asks::extend(&desk.accepted().await));
        let extended = after!(desk.head(), decide_extension, asks::grant(&asked));
        assert_eq!(extended.state(), PetitionState::Extended);
        for petition in [registered, accepted, waiting, extended] {
            let withdrawn = after!(desk.clerk(), withdraw_petition, asks::withdraw(&petition));
            assert_eq!((withdrawn.state(), withdrawn.conclusion.as_str()), (PetitionState::Withdrawn, "withdrawn"));
            assert_eq!(withdrawn.extension_days_requested, 0);
            let fault = refused(desk.clerk().withdraw_petition(asks::withdraw(&withdrawn)).await);
            assert_eq!((fault.code, fault.reason.as_str()), (Code::FailedPrecondition, "STATE_FORBIDS"));
        }
    }

    async fn void_needs_a_second_person_and_keeps_the_number(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        assert_eq!(reason(desk.clerk().void_petition(asks::void(&petition)).await), "PERMISSION_DENIED");
        let alone = pb::VoidPetitionRequest { approved_by: "head-1".into(), ..asks::void(&petition) };
        assert_eq!(reason(desk.head().void_petition(alone).await), "SAME_PERSON");
        let voided = after!(desk.head(), void_petition, asks::void(&petition));
        assert_eq!((voided.state(), voided.conclusion.as_str()), (PetitionState::Void, "void"));
        assert_eq!(voided.number, petition.number);
        assert_eq!(reason(desk.head().void_petition(asks::void(&voided)).await), "STATE_FORBIDS");
        assert_eq!(desk.appeal().await.number, "信访局-2026-000002", "a voided number is not given again");
        let closed = after!(desk.clerk(), withdraw_petition, asks::withdraw(&desk.appeal().await));
        assert_eq!(after!(desk.head(), void_petition, asks::void(&closed)).state(), PetitionState::Void, "also when concluded");
    }

    async fn a_stale_etag_says_what_changed(location: Location) {
        let desk = Desk::open(&location).await;
        let seen = desk.appeal().await;
        after!(desk.by(clerk("clerk-2")), accept_petition, asks::accept(&seen));
        let fault = refused(desk.clerk().refuse_petition(asks::refuse(&seen)).await);
        assert_eq!((fault.code, fault.reason.as_str()), (Code::Aborted, "ETAG_STALE"));
        assert!(fault.message.contains("petition.accepted by clerk-2"), "{}", fault.message);
        let ahead = pb::Petition { etag: "3".into(), ..seen };
        assert_eq!(reason(desk.clerk().withdraw_petition(asks::withdraw(&ahead)).await), "ETAG_STALE");
    }

    async fn of_two_who_saw_the_same_one_wins(location: Location) {
        let desk = Desk::open(&location).await;
        let seen = desk.appeal().await;
        let attempts = (0..8).map(|i| {
            let (mut client, request) = (desk.by(clerk(&format!("clerk-{i}"))), asks::accept(&seen));
            async move { client.accept_petition(request).await.map(drop).map_err(|status| crate::desk::fault(&status).reason) }
        });
        let outcomes = futures_util::future::join_all(attempts).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert!(outcomes.iter().flat_map(|outcome| outcome.as_ref().err()).all(|reason| reason == "ETAG_STALE"), "{outcomes:?}");
        assert_eq!(desk.position().await, 2);
    }

    async fn a_change_repeated_gets_its_first_answer(location: Location) {
        let desk = Desk::open(&location).await;
        let request = asks::accept(&desk.appeal().await);
        let first = after!(desk.clerk(), accept_petition, request.clone());
        after!(desk.clerk(), withdraw_petition, asks::withdraw(&first));
        desk.next("2026-06-01");
        assert_eq!(after!(desk.clerk(), accept_petition, request.clone()), first);
        let other = pb::AcceptPetitionRequest { document_number: "2".into(), ..request.clone() };
        assert_eq!(reason(desk.clerk().accept_petition(other).await), "REQUEST_ID_REUSED");
        assert_eq!(reason(desk.by(clerk("clerk-2")).accept_petition(request).await), "REQUEST_ID_REUSED");
        assert_eq!(desk.position().await, 3);
    }

    async fn work_chains_off_line(location: Location) {
        let desk = Desk::open(&location).await;
        let mine = asks::id();
        let logged = asks::log(pb::NewPetition { id: mine.clone(), ..appeal() });
        let after_log = pb::Petition { id: mine.clone(), ..Default::default() };
        let accept = pb::AcceptPetitionRequest { after_request_id: logged.request_id.clone(), ..asks::accept(&after_log) };
        let ask = pb::RequestExtensionRequest { after_request_id: accept.request_id.clone(), ..asks::extend(&after_log) };
        let stray = pb::WithdrawPetitionRequest { after_request_id: accept.request_id.clone(), ..asks::withdraw(&after_log) };
        // Sent at once, so that the writer may take them in one batch.
        let (mut a, mut b, mut c, mut d) = (desk.clerk(), desk.clerk(), desk.clerk(), desk.clerk());
        let (logged, accepted, asked, strayed) = tokio::join!(
            a.log_petition(logged),
            b.accept_petition(accept),
            c.request_extension(ask),
            d.withdraw_petition(stray)
        );
        logged.unwrap();
        assert_eq!(accepted.unwrap().into_inner().petition.unwrap().state(), PetitionState::Accepted);
        let asked = asked.unwrap().into_inner().petition.unwrap();
        assert_eq!((asked.etag.as_str(), asked.extension_days_requested), ("3", 30));
        let fault = refused(strayed);
        assert_eq!((fault.code, fault.reason.as_str()), (Code::Aborted, "NOT_AFTER_REQUEST"));
        assert!(desk.differences().await.is_empty());
    }

    async fn a_failed_link_breaks_the_chain(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        let failed = asks::opinion(&petition);
        assert_eq!(reason(desk.clerk().issue_opinion(failed.clone()).await), "STATE_FORBIDS");
        let next =
            pb::WithdrawPetitionRequest { etag: String::new(), after_request_id: failed.request_id, ..asks::withdraw(&petition) };
        assert_eq!(reason(desk.clerk().withdraw_petition(next).await), "NOT_AFTER_REQUEST");
    }

    async fn what_lies_in_another_division_does_not_exist(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.accepted().await;
        let outside = Caller { division: Some("320829".parse().unwrap()), ..caller("head-9", &[Role::Head]) };
        let mut client = desk.by(outside);
        let unknown = pb::Petition { id: asks::id(), ..petition.clone() };
        let expected = refused(client.withdraw_petition(asks::withdraw(&unknown)).await);
        assert_eq!((expected.code, expected.reason.as_str()), (Code::NotFound, "PETITION_NOT_FOUND"));
        let stale = pb::Petition { etag: "1".into(), ..petition.clone() };
        let chained = pb::WithdrawPetitionRequest { etag: String::new(), after_request_id: asks::id(), ..asks::withdraw(&petition) };
        for request in [asks::withdraw(&petition), asks::withdraw(&stale), chained] {
            assert_eq!(refused(client.withdraw_petition(request).await), expected, "nothing tells that it is there");
        }
        assert_eq!(refused(client.erase_parties(asks::erase(&stale)).await), expected);
        let inside = Caller { division: Some("320831".parse().unwrap()), ..clerk("clerk-3") };
        after!(desk.by(inside), withdraw_petition, asks::withdraw(&petition));
    }
}
