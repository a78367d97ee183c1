//! The life of a case: logged, proposed, dispatched, taken, given back, handed on, ended, performed, confirmed, corrected, voided.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, after, caller, facts, milestones, reason},
};
use fengqiao_model::Role;
use fengqiao_proto::mediation::v1::{self as pb, CaseState, Force};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn a_quarrel_goes_from_the_desk_to_its_performance(location: Location) {
        let desk = Desk::open(&location).await;
        let opened = desk.opened(quarrel()).await;
        assert_eq!(opened.state(), CaseState::Applied);
        assert_eq!(facts(&opened).number, "矛调中心-C-2026-000001");
        assert_eq!(opened.dispute.as_ref().unwrap().number, "矛调中心-D-2026-000001");
        assert_eq!((opened.etag.as_str(), opened.stuck.as_str(), facts(&opened).party_count), ("1", "unassigned", 2));
        assert!(opened.title.is_empty() && opened.parties.is_empty(), "nothing personal without asking for it");

        let request = pb::ProposeRouteRequest { case_id: asks::case_id(&opened) };
        let proposal = desk.coordinator().propose_route(request).await.unwrap().into_inner().decision.unwrap();
        assert_eq!((proposal.body.as_str(), proposal.force.as_str(), proposal.decided_by.as_str()), ("village", "people", ""));
        assert!(proposal.candidates.iter().any(|candidate| candidate.body == "township"));
        assert!(!proposal.rejected.is_empty() && !proposal.rule.is_empty());
        assert_eq!(desk.position().await, 7, "a proposal writes nothing");

        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch(&opened));
        assert_eq!((sent.state(), facts(&sent).body.as_str(), sent.stuck.as_str()), (CaseState::Dispatched, "village", ""));
        let decision = sent.routing.clone().unwrap();
        assert_eq!((decision.body.as_str(), decision.decided_by.as_str(), decision.overridden), ("village", "coord-1", false));
        assert_eq!(desk.body("village").await.open_cases, 1);

        let taken = after!(desk.at("village"), take_case, asks::take(&sent));
        assert_eq!((taken.state(), taken.force(), facts(&taken).entry.as_str()), (CaseState::Accepted, Force::People, "first"));
        assert_eq!(facts(&taken).handling.as_ref().unwrap().rule, "M-01");
        assert_eq!(milestones(taken.dispute.as_ref().unwrap()), ["2026-03-02 accepted people"]);

        desk.next("2026-03-09");
        let request = pb::ConcludeCaseRequest { text: "各让一步".into(), ..asks::agree(&taken) };
        let agreed = after!(desk.at("village"), conclude_case, request);
        assert_eq!((agreed.state(), facts(&agreed).agreed_fen), (CaseState::Agreed, 2_000_000));
        let expected = ["2026-03-02 accepted people", "2026-03-09 concluded people resolved"];
        assert_eq!(milestones(agreed.dispute.as_ref().unwrap()), expected);
        assert_eq!(desk.body("village").await.open_cases, 0);

        let half = pb::RecordPerformanceRequest { paid_fen: 500_000, in_full: false, ..asks::perform(&agreed) };
        let half = after!(desk.at("village"), record_performance, half);
        let rest = pb::RecordPerformanceRequest { paid_fen: 1_500_000, ..asks::perform(&half) };
        let paid = after!(desk.at("village"), record_performance, rest);
        assert_eq!((facts(&paid).paid_fen, facts(&paid).performed_on.as_str()), (2_000_000, "2026-03-09"));
        let apply = pb::RecordConfirmationRequest { applied_on: "2026-03-09".into(), ..asks::apply(&paid) };
        let applied = after!(desk.at("village"), record_confirmation, apply);
        let confirmed = after!(desk.at("village"), record_confirmation, asks::confirm(&applied));
        assert_eq!(facts(&confirmed).confirmation, "confirmed");

        let shown = desk.get(&asks::case_id(&opened)).await;
        assert_eq!((shown.title.as_str(), shown.narrative.as_str()), ("院墙", "两家为院墙争执"));
        assert_eq!(shown.parties, quarrel().parties);
        assert_eq!(shown.routing, Some(decision));
        let kinds: Vec<_> = shown.history.iter().map(|step| step.kind.as_str()).collect();
        let expected = [
            "case.opened", "case.dispatched", "case.taken", "case.concluded", "case.performed", "case.performed",
            "case.confirmed", "case.confirmed",
        ];
        assert_eq!(kinds, expected);
        assert_eq!(shown.history[3].text, "各让一步");
        assert_eq!(shown.history[2].case_numbers, ["矛调中心-C-2026-000001"]);
        assert!(desk.differences().await.is_empty());
    }

    async fn the_doorstep_quarrel_is_one_call(location: Location) {
        let desk = Desk::open(&location).await;
        let request = asks::open(pb::NewDispute { take_here: true, ..quarrel() });
        let taken = after!(desk.at("village"), open_case, request);
        assert_eq!((taken.state(), facts(&taken).body.as_str()), (CaseState::Accepted, "village"));
        assert_eq!(facts(&taken).number, "village-C-2026-000001");
        let agreed = after!(desk.at("village"), conclude_case, asks::agree(&taken));
        assert_eq!(agreed.state(), CaseState::Agreed);
        assert!(desk.differences().await.is_empty());
    }

    /// D§5.7, day for day.
    async fn one_quarrel_over_three_bodies_counts_once(location: Location) {
        let desk = Desk::open_on(&location, "2024-03-03").await;
        let opened = desk.opened(quarrel()).await;
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch_to(&opened, "village"));
        let village = after!(desk.at("village"), take_case, asks::take(&sent));
        desk.next("2024-03-28");
        let on = pb::ConcludeCaseRequest {
            hand_on: true, hand_on_to: "township".into(), hand_on_reason: "case.higher_level".into(), ..asks::fail(&village)
        };
        let ended = desk.at("village").conclude_case(on).await.unwrap().into_inner();
        let (village, next) = (ended.case.unwrap(), ended.next.unwrap());
        assert_eq!((village.state(), facts(&village).handed_on), (CaseState::Failed, true));
        assert_eq!((next.state(), facts(&next).body.as_str()), (CaseState::Dispatched, "township"));
        assert_eq!((facts(&next).from_case_id.as_str(), facts(&next).source.as_str()), (asks::case_id(&village).as_str(), "other_body"));
        assert_eq!(milestones(next.dispute.as_ref().unwrap()), ["2024-03-03 accepted people"], "handed on is not concluded");

        desk.next("2024-03-29");
        let township = after!(desk.at("township"), take_case, asks::take(&next));
        assert_eq!(facts(&township).entry, "received");
        desk.next("2024-04-20");
        let on = pb::ConcludeCaseRequest {
            hand_on: true, hand_on_reason: "case.speciality".into(), reason: "case.party_ends".into(), ..asks::fail(&township)
        };
        let next = desk.at("township").conclude_case(on).await.unwrap().into_inner().next.unwrap();
        assert_eq!((next.state(), next.stuck.as_str()), (CaseState::Applied, "unassigned"));
        desk.next("2024-05-06");
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch_to(&next, "bureau"));
        let back = after!(desk.at("bureau"), return_case, asks::give_back(&sent));
        assert_eq!((back.state(), facts(&back).returns, back.stuck.as_str()), (CaseState::Returned, 1, "unassigned"));
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch_to(&back, "court"));
        let last = after!(desk.at("court"), take_case, asks::take(&sent));
        desk.next("2024-05-30");
        let agree = pb::ConcludeCaseRequest { performance_due: "2024-07-31".into(), ..asks::agree(&last) };
        let done = after!(desk.at("court"), conclude_case, agree);
        let expected = ["2024-03-03 accepted people", "2024-05-30 concluded judicial resolved"];
        assert_eq!(milestones(done.dispute.as_ref().unwrap()), expected);

        let dispute = desk.dispute(&done.dispute_id).await;
        let entries: Vec<_> = dispute.cases.iter().map(|case| facts(case).entry.as_str()).collect();
        assert_eq!(entries, ["first", "received", "received"]);
        let again = after!(desk.coordinator(), reopen_dispute, asks::reopen(&dispute));
        assert_eq!((again.state(), again.stuck.as_str()), (CaseState::Applied, "unassigned"));
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch_to(&again, "village"));
        let taken = after!(desk.at("village"), take_case, asks::take(&sent));
        assert_eq!(facts(&taken).entry, "reopens");
        assert_eq!(milestones(taken.dispute.as_ref().unwrap()).len(), 3);
        assert!(desk.differences().await.is_empty());
    }

    async fn a_transfer_gives_the_case_and_its_data_to_another_body(location: Location) {
        let desk = Desk::open(&location).await;
        let taken = desk.taken("village").await;
        let moved = desk.at("village").transfer_case(asks::transfer(&taken)).await.unwrap().into_inner();
        let (old, new) = (moved.case.unwrap(), moved.next.unwrap());
        assert_eq!((old.state(), new.state()), (CaseState::Transferred, CaseState::Dispatched));
        assert_eq!(facts(&new).number, "village-C-2026-000001", "numbered by who opened it");
        assert_eq!((desk.body("village").await.open_cases, desk.body("township").await.open_cases), (0, 1));
        let shown = desk.get(&asks::case_id(&new)).await;
        let step = shown.history.last().unwrap();
        assert_eq!(step.hand_over.as_ref().unwrap().recipient, "township");
        assert_eq!(step.case_numbers.len(), 2);
        assert_eq!(shown.title, "院墙");
        assert!(desk.differences().await.is_empty());
    }

    async fn declined_refused_and_voided_cases_count_nowhere(location: Location) {
        let desk = Desk::open(&location).await;
        let declined = after!(desk.at("village"), decline_case, asks::decline(&desk.dispatched("village").await));
        let refused = after!(desk.at("village"), record_refusal, asks::refuse(&desk.dispatched("village").await));
        let voided = after!(desk.coordinator(), void_case, asks::void(&desk.taken("village").await));
        assert_eq!([declined.state(), refused.state(), voided.state()], [CaseState::Declined, CaseState::Refused, CaseState::Void]);
        for case in [declined, refused, voided] {
            assert!(case.dispute.as_ref().unwrap().milestones.is_empty());
        }
        assert_eq!(desk.body("village").await.open_cases, 0);
        assert!(desk.differences().await.is_empty());
    }

    async fn a_correction_changes_what_it_names(location: Location) {
        let desk = Desk::open(&location).await;
        let agreed = desk.agreed("village").await;
        let to = pb::CaseFacts { agreed_fen: 1_800_000, hard: true, ..Default::default() };
        let correct = asks::correct(&agreed, "agreed_fen", to);
        let corrected = after!(desk.coordinator(), correct_case, correct);
        assert_eq!((facts(&corrected).agreed_fen, facts(&corrected).hard), (1_800_000, false), "only what is named");
        let mut worded = asks::correct(&corrected, "title", pb::CaseFacts::default());
        worded.title = "界墙".into();
        let corrected = after!(desk.coordinator(), correct_case, worded);
        let mut moved = asks::correct(&corrected, "division_code", pb::CaseFacts::default());
        moved.division_code = "320831101".into();
        after!(desk.coordinator(), correct_case, moved);
        let shown = desk.get(&asks::case_id(&agreed)).await;
        assert_eq!((shown.title.as_str(), shown.dispute.unwrap().division_code.as_str()), ("界墙", "320831101"));
        assert!(desk.differences().await.is_empty());
    }

    async fn only_its_body_or_a_coordinator_acts_on_a_case(location: Location) {
        let desk = Desk::open(&location).await;
        let sent = desk.dispatched("village").await;
        assert_eq!(reason(desk.at("township").take_case(asks::take(&sent)).await), "NOT_THIS_BODY");
        let taken = after!(desk.coordinator(), take_case, asks::take(&sent));
        assert_eq!(reason(desk.at("township").conclude_case(asks::agree(&taken)).await), "NOT_THIS_BODY");
        assert_eq!(reason(desk.at("village").void_case(asks::void(&taken)).await), "PERMISSION_DENIED");
        let outside = fengqiao_model::Caller { division: Some("320829".parse().unwrap()), ..caller("med-9", "village", Role::Mediator) };
        let etag = pb::ConcludeCaseRequest { etag: "99".into(), ..asks::agree(&taken) };
        assert_eq!(reason(desk.by(outside.clone()).conclude_case(etag).await), "CASE_NOT_FOUND", "an etag tells nothing");
        let request = pb::GetCaseRequest { case_id: asks::case_id(&taken), ..Default::default() };
        assert_eq!(reason(desk.by(outside).get_case(request).await), "CASE_NOT_FOUND");
        after!(desk.at("village"), conclude_case, asks::agree(&taken));
    }

    async fn consent_of_both_sides_comes_first(location: Location) {
        let desk = Desk::open(&location).await;
        let opened = desk.opened(pb::NewDispute { respondent_consents: false, ..quarrel() }).await;
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch_to(&opened, "village"));
        assert_eq!(reason(desk.at("village").take_case(asks::take(&sent)).await), "CONSENT_MISSING");
        let take = pb::TakeCaseRequest { respondent_consents: true, ..asks::take(&sent) };
        after!(desk.at("village"), take_case, take);
    }

    async fn the_third_return_waits_for_the_coordinator(location: Location) {
        let desk = Desk::open(&location).await;
        let mut case = desk.opened(quarrel()).await;
        for body in ["village", "township", "bureau"] {
            let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch_to(&case, body));
            case = after!(desk.at(body), return_case, asks::give_back(&sent));
        }
        assert_eq!((facts(&case).returns, case.stuck.as_str()), (3, "returned_thrice"));
        let stuck = pb::ListCasesRequest { stuck: true, ..Default::default() };
        let listed = desk.coordinator().list_cases(stuck).await.unwrap().into_inner().cases;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].stuck, "returned_thrice");
    }

    async fn what_another_organ_has_is_not_dispatched(location: Location) {
        let desk = Desk::open(&location).await;
        let case = desk.opened(pb::NewDispute { already_at: vec!["court".into()], ..quarrel() }).await;
        let request = pb::ProposeRouteRequest { case_id: asks::case_id(&case) };
        let proposal = desk.coordinator().propose_route(request).await.unwrap().into_inner().decision.unwrap();
        assert_eq!((proposal.disposition.as_str(), proposal.body.as_str()), ("not_dispatched", ""));
        assert!(!proposal.rule_zh.is_empty());
        let answer = desk.coordinator().dispatch_case(asks::dispatch(&case)).await;
        match answer {
            Ok(answer) => {
                let case = answer.into_inner().case.unwrap();
                assert_eq!((case.stuck.as_str(), case.state()), ("not_dispatched", CaseState::Applied));
                assert!(desk.get(&asks::case_id(&case)).await.routing.is_some());
            }
            Err(status) => assert_eq!(crate::desk::fault(&status).reason, "NOT_DISPATCHABLE"),
        }
        assert!(desk.differences().await.is_empty());
    }
}
