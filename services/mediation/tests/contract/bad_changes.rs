//! Bad input into the calls that change a case, a dispute or a body.

use crate::{
    asks::{self, quarrel},
    bad_input::{Spoil, Table},
    desk::{Desk, after, coordinator, dispute_after},
};
use fengqiao_model::Caller;
use fengqiao_proto::mediation::v1 as pb;

/// Every call that changes something of one kind, with what is common to all and its own kinds of bad input.
macro_rules! changes {
    ($table:ident, $desk:ident, $scene:ident, $kind:ty, $id:ident, unknown $unknown:expr; $(
        $name:literal $call:ident by $who:expr, $ask:expr, on $on:ident, of $request:ident, not [$($wrong:expr),* $(,)?] {
            $($what:literal => |$r:ident| $spoil:expr,)*
        }
    )*) => {$(
        let ask = $ask;
        let good = || ask(&$scene.$on);
        let common: [Spoil<pb::$request>; 15] = [
            ("no request id", |r| r.request_id = String::new()),
            ("malformed request id", |r| r.request_id = "{42}".into()),
            ("request id used with other content", |_| {}),
            ("no id", |r| r.$id = String::new()),
            ("malformed id", |r| r.$id = "\u{1}42".into()),
            ("unknown id", |r| r.$id = $unknown),
            ("neither etag nor request", |r| r.etag = String::new()),
            ("both etag and request", |r| r.after_request_id = asks::id()),
            ("malformed etag", |r| r.etag = "one".into()),
            ("negative etag", |r| r.etag = "-1".into()),
            ("etag beyond all numbers", |r| r.etag = "9".repeat(30)),
            ("stale etag", |r| r.etag = "99".into()),
            ("malformed request to follow", |r| { r.etag = String::new(); r.after_request_id = "42".into() }),
            ("not after that request", |r| { r.etag = String::new(); r.after_request_id = asks::id() }),
            ("everything at once", |r| *r = pb::$request::default()),
        ];
        let own: &[Spoil<pb::$request>] = &[$(($what, |$r| $spoil)),*];
        for (what, spoil) in common.iter().chain(own) {
            let mut request = good();
            if *what == "request id used with other content" {
                request.request_id = $scene.used.clone();
            }
            spoil(&mut request);
            $table.note($name, what, $who.$call(request).await).await;
        }
        let wrong: &[(&str, &$kind)] = &[$($wrong),*];
        for (what, on) in wrong {
            $table.note($name, what, $who.$call(ask(on)).await).await;
        }
        $table.note($name, "role that may not", $desk.window().$call(good()).await).await;
        $table.note($name, "nobody", $desk.by_nobody().$call(good()).await).await;
        let outside = Caller { division: Some("320829".parse().unwrap()), ..coordinator("coord-1") };
        $table.note($name, "division of others", $desk.by(outside).$call(good()).await).await;
    )*};
}

pub(crate) use changes;

/// Cases, disputes and bodies in the states that matter.
struct Scene {
    used: String,
    applied: pb::Case,
    dispatched: pb::Case,
    accepted: pb::Case,
    agreed: pb::Case,
    performed: pb::Case,
    applied_for: pb::Case,
    confirmed: pb::Case,
    failed: pb::Case,
    voided: pb::Case,
    erased: pb::Case,
    open_dispute: pb::Dispute,
    ended_dispute: pb::Dispute,
    linked: pb::Dispute,
    root: pb::Dispute,
    erased_dispute: pb::Dispute,
    body: pb::Body,
    busy: pb::Body,
    closed: pb::Body,
}

impl Scene {
    async fn set(desk: &Desk, used: &str) -> Self {
        let performed = after!(desk.at("village"), record_performance, asks::perform(&desk.agreed("village").await));
        let applied_for = after!(desk.at("village"), record_confirmation, asks::apply(&desk.agreed("village").await));
        let once = after!(desk.at("village"), record_confirmation, asks::apply(&desk.agreed("village").await));
        let confirmed = after!(desk.at("village"), record_confirmation, asks::confirm(&once));
        let erased = desk.taken("village").await;
        let root = desk.opened(quarrel()).await.dispute_id;
        let twin = desk.dispute(&desk.opened(quarrel()).await.dispute_id).await;
        let linked = dispute_after!(desk.coordinator(), link_dispute, asks::link(&twin, &root));
        let erased_dispute = desk.dispute(&erased.dispute_id).await;
        let failed = after!(desk.at("village"), conclude_case, asks::fail(&desk.taken("village").await));
        let closed = desk.coordinator().close_body(asks::close(&desk.body("medical").await)).await.unwrap().into_inner().body;
        Self {
            used: used.to_owned(),
            applied: desk.opened(quarrel()).await,
            dispatched: desk.dispatched("village").await,
            accepted: desk.taken("village").await,
            agreed: desk.agreed("village").await,
            performed,
            applied_for,
            confirmed,
            voided: after!(desk.coordinator(), void_case, asks::void(&desk.taken("village").await)),
            open_dispute: desk.dispute(&desk.taken("village").await.dispute_id).await,
            ended_dispute: desk.dispute(&failed.dispute_id).await,
            failed,
            root: desk.dispute(&root).await,
            linked,
            erased_dispute: dispute_after!(desk.coordinator(), erase_parties, asks::erase(&erased_dispute)),
            erased,
            body: desk.body("bureau").await,
            busy: desk.body("village").await,
            closed: closed.unwrap(),
        }
    }
}

pub async fn all(table: &mut Table<'_>, desk: &Desk, used: &str) {
    let scene = Scene::set(desk, used).await;
    table.catch_up().await;
    bodies(table, desk, &scene).await;
    before_acceptance(table, desk, &scene).await;
    after_acceptance(table, desk, &scene).await;
    corrections(table, desk, &scene).await;
    disputes(table, desk, &scene).await;
    // Each of these was good but for what was spoilt.
    let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch(&scene.applied));
    after!(desk.at(&sent.facts.as_ref().unwrap().body), take_case, asks::take(&sent));
    after!(desk.at("village"), conclude_case, asks::agree(&scene.accepted));
    after!(desk.at("village"), record_performance, asks::perform(&scene.agreed));
    after!(desk.coordinator(), reopen_dispute, asks::reopen(&scene.ended_dispute));
    table.catch_up().await;
}

async fn bodies(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    changes! {
        table, desk, scene, pb::Body, code, unknown "nobody".to_owned();
        "UpdateBody" update_body by desk.coordinator(), asks::update, on body, of UpdateBodyRequest, not [("closed", &scene.closed)] {
        "no body" => |r| r.body = None,
        "another code" => |r| r.body.as_mut().unwrap().code = "village".into(),
        "another force" => |r| r.body.as_mut().unwrap().force = 1,
        "no name" => |r| r.body.as_mut().unwrap().name = String::new(),
        "unknown speciality" => |r| r.body.as_mut().unwrap().specialities = vec!["T98".into()],
        }

        "AdjustBody" adjust_body by desk.coordinator(), asks::adjust, on body, of AdjustBodyRequest, not [("closed", &scene.closed)] {
        "malformed day" => |r| r.adjusted_on = "01.03.2026".into(),
        "day before 1900" => |r| r.adjusted_on = "1899-12-31".into(),
        "day before founding" => |r| r.adjusted_on = "2019-05-05".into(),
        "day after today" => |r| r.adjusted_on = "2026-03-03".into(),
        "nobody came or left" => |r| { r.staff_in = 0; r.staff_out = 0 },
        "negative number" => |r| r.staff_in = -1,
        "too large a number" => |r| r.staff_out = 1_001,
        }

        "FosterBody" foster_body by desk.coordinator(), asks::foster, on body, of FosterBodyRequest, not [("closed", &scene.closed)] {
        "malformed day" => |r| r.fostered_on = "now".into(),
        "day before founding" => |r| r.fostered_on = "2019-05-05".into(),
        "day after today" => |r| r.fostered_on = "2026-03-03".into(),
        }

        "CloseBody" close_body by desk.coordinator(), asks::close, on body, of CloseBodyRequest, not [
            ("closed", &scene.closed), ("with open cases", &scene.busy)] {
        "malformed day" => |r| r.closed_on = "now".into(),
        "day before founding" => |r| r.closed_on = "2019-05-05".into(),
        "day after today" => |r| r.closed_on = "2026-03-03".into(),
        }
    }
}

async fn before_acceptance(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    changes! {
        table, desk, scene, pb::Case, case_id, unknown asks::id();
        "DispatchCase" dispatch_case by desk.coordinator(), asks::dispatch, on applied, of DispatchCaseRequest, not [
            ("dispatched", &scene.dispatched), ("accepted", &scene.accepted), ("agreed", &scene.agreed), ("void", &scene.voided)] {
        "unknown body" => |r| r.body = "nobody".into(),
        "over-long body" => |r| r.body = "b".repeat(65),
        "closed body" => |r| { r.body = "medical".into(); r.override_reason = "case.balance".into() },
        "body of another speciality" => |r| { r.body = "property".into(); r.override_reason = "case.balance".into() },
        "override without a reason" => |r| r.body = "court".into(),
        "unknown reason" => |r| { r.body = "court".into(); r.override_reason = "case.bored".into() },
        "reason of another step" => |r| { r.body = "court".into(); r.override_reason = "case.gap_too_large".into() },
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "TakeCase" take_case by desk.at("village"), asks::take, on dispatched, of TakeCaseRequest, not [
            ("applied", &scene.applied), ("accepted", &scene.accepted), ("agreed", &scene.agreed), ("void", &scene.voided)] {
        "malformed day" => |r| r.accepted_on = "01.03.2026".into(),
        "day before 1900" => |r| r.accepted_on = "1899-12-31".into(),
        "day before application" => |r| r.accepted_on = "2026-03-01".into(),
        "day after today" => |r| r.accepted_on = "2026-03-03".into(),
        "malformed mediator" => |r| r.mediator = "老张".into(),
        "over-long mediator" => |r| r.mediator = "m".repeat(65),
        }

        "ReturnCase" return_case by desk.at("village"), asks::give_back, on dispatched, of ReturnCaseRequest, not [
            ("applied", &scene.applied), ("accepted", &scene.accepted), ("void", &scene.voided)] {
        "no reason" => |r| r.reason = String::new(),
        "unknown reason" => |r| r.reason = "case.bored".into(),
        "reason of another step" => |r| r.reason = "case.gap_too_large".into(),
        "over-long reason" => |r| r.reason = "r".repeat(65),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        }

        "DeclineCase" decline_case by desk.at("village"), asks::decline, on dispatched, of DeclineCaseRequest, not [
            ("accepted", &scene.accepted), ("agreed", &scene.agreed), ("void", &scene.voided)] {
        "malformed day" => |r| r.declined_on = "x".into(),
        "day before application" => |r| r.declined_on = "2026-03-01".into(),
        "day after today" => |r| r.declined_on = "2026-03-03".into(),
        "no reason" => |r| r.reason = String::new(),
        "reason of another step" => |r| r.reason = "case.no_capacity".into(),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "RecordRefusal" record_refusal by desk.at("village"), asks::refuse, on dispatched, of RecordRefusalRequest, not [
            ("accepted", &scene.accepted), ("agreed", &scene.agreed), ("void", &scene.voided)] {
        "malformed day" => |r| r.refused_on = "x".into(),
        "day before application" => |r| r.refused_on = "2026-03-01".into(),
        "day after today" => |r| r.refused_on = "2026-03-03".into(),
        "no reason" => |r| r.reason = String::new(),
        "reason of another step" => |r| r.reason = "case.no_capacity".into(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        }
    }
}

async fn after_acceptance(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    changes! {
        table, desk, scene, pb::Case, case_id, unknown asks::id();
        "TransferCase" transfer_case by desk.at("village"), asks::transfer, on accepted, of TransferCaseRequest, not [
            ("applied", &scene.applied), ("dispatched", &scene.dispatched), ("agreed", &scene.agreed), ("void", &scene.voided)] {
        "malformed day" => |r| r.transferred_on = "x".into(),
        "day before acceptance" => |r| r.transferred_on = "2026-03-01".into(),
        "day after today" => |r| r.transferred_on = "2026-03-03".into(),
        "unknown body" => |r| r.to_body = "nobody".into(),
        "closed body" => |r| r.to_body = "medical".into(),
        "to itself" => |r| r.to_body = "village".into(),
        "no reason" => |r| r.reason = String::new(),
        "reason of another step" => |r| r.reason = "case.no_capacity".into(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        }

        "ConcludeCase" conclude_case by desk.at("village"), asks::agree, on accepted, of ConcludeCaseRequest, not [
            ("applied", &scene.applied), ("dispatched", &scene.dispatched), ("agreed", &scene.agreed), ("void", &scene.voided)] {
        "malformed day" => |r| r.concluded_on = "x".into(),
        "day before acceptance" => |r| r.concluded_on = "2026-03-01".into(),
        "day after today" => |r| r.concluded_on = "2026-03-03".into(),
        "no outcome" => |r| r.outcome = String::new(),
        "unknown outcome" => |r| r.outcome = "won".into(),
        "an outcome that does not conclude" => |r| r.outcome = "transferred".into(),
        "no form of the agreement" => |r| r.agreement_form = String::new(),
        "unknown form" => |r| r.agreement_form = "sung".into(),
        "form without an agreement" => |r| { r.outcome = "withdrawn".into(); r.agreed_fen = 0; r.performance_due = String::new() },
        "failure without a reason" => |r| *r = pb::ConcludeCaseRequest { reason: String::new(), request_id: r.request_id.clone(), case_id: r.case_id.clone(), etag: r.etag.clone(), outcome: "failed".into(), ..Default::default() },
        "agreement with a reason" => |r| r.reason = "case.gap_too_large".into(),
        "negative amount" => |r| r.agreed_fen = -1,
        "amount beyond all reason" => |r| r.claimed_fen = 1_000_000_000_000_001,
        "amount without an agreement" => |r| { r.outcome = "withdrawn".into(); r.agreement_form = String::new(); r.performance_due = String::new() },
        "malformed due day" => |r| r.performance_due = "soon".into(),
        "due before the agreement" => |r| r.performance_due = "2026-03-01".into(),
        "handed on although settled" => |r| { r.hand_on = true; r.hand_on_reason = "case.wish".into() },
        "handed on without a reason" => |r| { r.outcome = "partial".into(); r.hand_on = true },
        "handed on to an unknown body" => |r| { r.outcome = "partial".into(); r.hand_on = true; r.hand_on_reason = "case.wish".into(); r.hand_on_to = "nobody".into() },
        "a body without handing on" => |r| r.hand_on_to = "township".into(),
        "unknown mode" => |r| r.session_mode = "by_pigeon".into(),
        "over-long text" => |r| r.text = "字".repeat(20_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "RecordPerformance" record_performance by desk.at("village"), asks::perform, on agreed, of RecordPerformanceRequest, not [
            ("accepted", &scene.accepted), ("performed", &scene.performed), ("failed", &scene.failed), ("void", &scene.voided)] {
        "malformed day" => |r| r.performed_on = "x".into(),
        "day before the agreement" => |r| r.performed_on = "2026-03-01".into(),
        "day after today" => |r| r.performed_on = "2026-03-03".into(),
        "negative amount" => |r| r.paid_fen = -1,
        "amount beyond all reason" => |r| r.paid_fen = i64::MAX,
        "nothing done" => |r| { r.paid_fen = 0; r.in_full = false },
        "over-long text" => |r| r.text = "字".repeat(2_001),
        }

        "RecordConfirmation" record_confirmation by desk.at("village"), asks::apply, on agreed, of RecordConfirmationRequest, not [
            ("accepted", &scene.accepted), ("failed", &scene.failed), ("pending", &scene.applied_for), ("confirmed", &scene.confirmed)] {
        "malformed day" => |r| r.applied_on = "x".into(),
        "day before the agreement" => |r| r.applied_on = "2026-03-01".into(),
        "day after today" => |r| r.applied_on = "2026-03-03".into(),
        "neither application nor answer" => |r| r.applied_on = String::new(),
        "both application and answer" => |r| r.confirmation = "confirmed".into(),
        "application with a reason" => |r| r.reason = "case.unclear".into(),
        "unknown answer" => |r| { r.applied_on = String::new(); r.confirmation = "perhaps".into() },
        "answer without an application" => |r| { r.applied_on = String::new(); r.confirmation = "confirmed".into() },
        }

        "RecordConfirmation (answer)" record_confirmation by desk.at("village"), asks::confirm, on applied_for, of RecordConfirmationRequest, not [
            ("not applied for", &scene.agreed), ("confirmed", &scene.confirmed)] {
        "confirmed with a reason" => |r| r.reason = "case.unclear".into(),
        "rejected without a reason" => |r| r.confirmation = "rejected".into(),
        "rejected for a reason of another step" => |r| { r.confirmation = "rejected".into(); r.reason = "case.gap_too_large".into() },
        }

        "VoidCase" void_case by desk.coordinator(), asks::void, on accepted, of VoidCaseRequest, not [("void", &scene.voided)] {
        "no reason" => |r| r.reason = String::new(),
        "unknown reason" => |r| r.reason = "case.bored".into(),
        "reason of another step" => |r| r.reason = "case.typing".into(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "no second person" => |r| r.approved_by = String::new(),
        "malformed second person" => |r| r.approved_by = "王主任".into(),
        "the same person" => |r| r.approved_by = "coord-1".into(),
        }
    }
}

async fn corrections(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    let ask = |case: &pb::Case| {
        let to = pb::CaseFacts { agreed_fen: 1_800_000, ..case.facts.clone().unwrap() };
        asks::correct(case, "agreed_fen", to)
    };
    changes! {
        table, desk, scene, pb::Case, case_id, unknown asks::id();
        "CorrectCase" correct_case by desk.coordinator(), ask, on agreed, of CorrectCaseRequest, not [
            ("agreed amount of an open case", &scene.accepted), ("void", &scene.voided)] {
        "no fields" => |r| r.fields.clear(),
        "unknown field" => |r| r.fields = vec!["colour".into()],
        "field twice" => |r| r.fields = vec!["hard".into(), "hard".into()],
        "no reason" => |r| r.reason = String::new(),
        "reason of another step" => |r| r.reason = "case.void_error".into(),
        "unknown dispute type" => |r| { r.fields = vec!["dispute_type".into()]; r.dispute_type = "T98".into() },
        "malformed division" => |r| { r.fields = vec!["division_code".into()]; r.division_code = "x".into() },
        "unknown source" => |r| { r.fields = vec!["source".into()]; r.to.as_mut().unwrap().source = "rumour".into() },
        "no day" => |r| { r.fields = vec!["accepted_on".into()]; r.to.as_mut().unwrap().accepted_on = String::new() },
        "end before acceptance" => |r| { r.fields = vec!["ended_on".into()]; r.to.as_mut().unwrap().ended_on = "2026-03-01".into() },
        "application after acceptance" => |r| { r.fields = vec!["applied_on".into()]; r.to.as_mut().unwrap().applied_on = "2026-03-03".into() },
        "unknown form" => |r| { r.fields = vec!["agreement_form".into()]; r.to.as_mut().unwrap().agreement_form = "sung".into() },
        "negative amount" => |r| r.to.as_mut().unwrap().agreed_fen = -1,
        "no parties counted" => |r| { r.fields = vec!["party_count".into()]; r.to.as_mut().unwrap().party_count = 0 },
        "unknown mode" => |r| { r.fields = vec!["session_mode".into()]; r.to.as_mut().unwrap().session_mode = "by_pigeon".into() },
        "malformed mediator" => |r| { r.fields = vec!["mediator".into()]; r.to.as_mut().unwrap().mediator = "老张".into() },
        "empty title" => |r| r.fields = vec!["title".into()],
        "over-long title" => |r| { r.fields = vec!["title".into()]; r.title = "字".repeat(201) },
        "over-long narrative" => |r| { r.fields = vec!["narrative".into()]; r.narrative = "字".repeat(50_001) },
        "no parties" => |r| r.fields = vec!["parties".into()],
        "over-long text" => |r| r.text = "字".repeat(2_001),
        }
    }
}

async fn disputes(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    let root = scene.root.id.clone();
    let link = |dispute: &pb::Dispute| asks::link(dispute, &root);
    changes! {
        table, desk, scene, pb::Dispute, dispute_id, unknown asks::id();
        "ReopenDispute" reopen_dispute by desk.coordinator(), asks::reopen, on ended_dispute, of ReopenDisputeRequest, not [
            ("open", &scene.open_dispute)] {
        "malformed day" => |r| r.reopened_on = "x".into(),
        "day before the end" => |r| r.reopened_on = "2026-03-01".into(),
        "day after today" => |r| r.reopened_on = "2026-03-03".into(),
        "unknown body" => |r| r.to_body = "nobody".into(),
        "no text" => |r| r.text = String::new(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        }

        "LinkDispute" link_dispute by desk.coordinator(), link, on open_dispute, of LinkDisputeRequest, not [
            ("linked", &scene.linked), ("a root", &scene.root)] {
        "no root" => |r| r.same_as = String::new(),
        "malformed root" => |r| r.same_as = "42".into(),
        "unknown root" => |r| r.same_as = asks::id(),
        "itself" => |r| r.same_as = r.dispute_id.clone(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        }

        "UnlinkDispute" unlink_dispute by desk.coordinator(), asks::unlink, on linked, of UnlinkDisputeRequest, not [
            ("not linked", &scene.open_dispute), ("a root", &scene.root)] {
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "EraseParties" erase_parties by desk.coordinator(), asks::erase, on open_dispute, of ErasePartiesRequest, not [
            ("erased", &scene.erased_dispute)] {
        "no reason" => |r| r.reason = String::new(),
        "over-long reason" => |r| r.reason = "字".repeat(201),
        "control character in reason" => |r| r.reason = "a\u{8}".into(),
        "no second person" => |r| r.approved_by = String::new(),
        "over-long second person" => |r| r.approved_by = "a".repeat(65),
        "the same person" => |r| r.approved_by = "coord-1".into(),
        }
    }
    let worded = pb::ConcludeCaseRequest { text: "各让一步".into(), ..asks::agree(&scene.erased) };
    table.note("ConcludeCase", "text after erasure", desk.at("village").conclude_case(worded).await).await;
}
