//! Bad input into the calls that take a petition through its stages.

use crate::{
    asks::{self, appeal},
    bad_changes::changes,
    bad_input::{Spoil, Table},
    desk::{Desk, after, caller},
};
use fengqiao_model::Role;
use fengqiao_proto::intake::v1 as pb;

/// Petitions in the states that matter.
struct Scene {
    used: String,
    registered: pb::Petition,
    transferred: pb::Petition,
    assigned: pb::Petition,
    reported: pb::Petition,
    objected: pb::Petition,
    decided: pb::Petition,
    accepted: pb::Petition,
    suggestion: pb::Petition,
    allegation: pb::Petition,
    issued: pb::Petition,
    received: pb::Petition,
    requested: pb::Petition,
    reviewed: pb::Petition,
    rerequested: pb::Petition,
    settled: pb::Petition,
    rated: pb::Petition,
    voided: pb::Petition,
    flagged: pb::Petition,
    erased: pb::Petition,
}

impl Scene {
    async fn set(desk: &Desk, used: &str) -> Self {
        let class = |class: &str| pb::NewPetition { matter_class: class.into(), ..appeal() };
        let transferred = after!(desk.clerk(), transfer_petition, asks::transfer(&desk.appeal().await));
        let assigned = after!(desk.clerk(), assign_petition, asks::assign(&desk.appeal().await));
        let objecting = after!(desk.clerk(), transfer_petition, asks::transfer(&desk.appeal().await));
        let objecting = after!(desk.clerk(), object_to_transfer, asks::object(&objecting));
        let issued = after!(desk.clerk(), issue_opinion, asks::opinion(&desk.accepted().await));
        let received = after!(desk.clerk(), record_delivery, asks::deliver(&issued));
        let requested = after!(desk.clerk(), request_review, asks::review(&received));
        let reviewed = after!(desk.clerk(), issue_review_opinion, asks::reviewed(&requested));
        let opinion = async || {
            let issued = after!(desk.clerk(), issue_opinion, asks::opinion(&desk.accepted().await));
            after!(desk.clerk(), record_delivery, asks::deliver(&issued))
        };
        let review = async || after!(desk.clerk(), request_review, asks::review(&opinion().await));
        let settled = after!(desk.clerk(), settle_petition, asks::settle(&desk.accepted().await));
        let again = after!(desk.clerk(), issue_review_opinion, asks::reviewed(&review().await));
        let objected = after!(desk.clerk(), transfer_petition, asks::transfer(&desk.appeal().await));
        Self {
            used: used.to_owned(),
            registered: desk.appeal().await,
            reported: after!(
                desk.clerk(),
                report_assignment,
                asks::report(&after!(desk.clerk(), assign_petition, asks::assign(&desk.appeal().await)))
            ),
            decided: after!(desk.head(), decide_objection, asks::overrule(&objecting)),
            objected: after!(desk.clerk(), object_to_transfer, asks::object(&objected)),
            transferred,
            assigned,
            accepted: desk.accepted().await,
            suggestion: desk.log(class("suggestion")).await.petition.unwrap(),
            allegation: desk.log(class("allegation")).await.petition.unwrap(),
            issued: after!(desk.clerk(), issue_opinion, asks::opinion(&desk.accepted().await)),
            received: opinion().await,
            requested: review().await,
            rerequested: after!(desk.clerk(), request_re_review, asks::rereview(&again)),
            reviewed,
            rated: after!(desk.clerk(), rate_petition, asks::rate(&opinion().await)),
            voided: after!(desk.head(), void_petition, asks::void(&desk.appeal().await)),
            flagged: after!(desk.clerk(), flag_urgent, asks::urgent(&desk.appeal().await)),
            erased: after!(desk.head(), erase_parties, asks::erase(&desk.appeal().await)),
            settled,
        }
    }
}

/// Days and texts of a call, spoilt one by one.
macro_rules! bad {
    ($table:ident, $name:literal, $desk:ident.$who:ident().$call:ident($ask:path, $on:expr):
        $(day $day:ident;)* $(text $text:ident $limit:literal;)* $(unit $unit:ident;)* $(reason $reason:ident;)* $(second $second:ident;)*) => {
        $(for (what, value) in [("malformed", "01.03.2026"), ("before 1900", "1899-12-31"), ("too early", "2026-03-01"), ("after today", "2026-03-03")] {
            let mut request = $ask($on);
            request.$day = value.into();
            $table.note($name, &format!("{} {what}", stringify!($day)), $desk.$who().$call(request).await).await;
        })*
        $(for (what, value) in [("over-long", "字".repeat($limit + 1)), ("control character in", "a\u{8}".to_owned())] {
            let mut request = $ask($on);
            request.$text = value;
            $table.note($name, &format!("{what} {}", stringify!($text)), $desk.$who().$call(request).await).await;
        })*
        $(for (what, value) in [("over-long", "字".repeat(65)), ("control character in", "a\0".to_owned())] {
            let mut request = $ask($on);
            request.$unit = value;
            $table.note($name, &format!("{what} {}", stringify!($unit)), $desk.$who().$call(request).await).await;
        })*
        $(for (what, value) in [("no", String::new()), ("unknown", "petition.bored".to_owned()), ("another step's", "petition.void_error".to_owned()), ("over-long", "r".repeat(65))] {
            let mut request = $ask($on);
            request.$reason = value;
            $table.note($name, &format!("{what} reason"), $desk.$who().$call(request).await).await;
        })*
        $(for (what, value) in [("no second person", ""), ("malformed second person", "王主任"), ("the same person", "head-1")] {
            let mut request = $ask($on);
            request.$second = value.into();
            $table.note($name, what, $desk.$who().$call(request).await).await;
        })*
    };
}

pub async fn all(table: &mut Table<'_>, desk: &Desk, used: &str) {
    let scene = Scene::set(desk, used).await;
    table.catch_up().await;
    between_units(table, desk, &scene).await;
    ends(table, desk, &scene).await;
    review(table, desk, &scene).await;
    again(table, desk, &scene).await;
    table.catch_up().await;
}

async fn between_units(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    changes! {
        table, desk, scene;
        "TransferPetition" transfer_petition by clerk: asks::transfer, on registered, of TransferPetitionRequest, not [
            ("an allegation", &scene.allegation), ("accepted", &scene.accepted), ("objected", &scene.objected),
            ("void", &scene.voided), ("with that unit already", &scene.transferred), ("erased", &scene.voided)] {
        "no unit" => |r| r.to_unit = String::new(),
        "received before the transfer" => |r| r.received_on = "2026-03-01".into(),
        "received after today" => |r| r.received_on = "2026-03-03".into(),
        "text about an erased petition" => |r| r.text = "字".repeat(2_001),
        }
        "AssignPetition" assign_petition by clerk: asks::assign, on registered, of AssignPetitionRequest, not [
            ("an allegation", &scene.allegation), ("accepted", &scene.accepted), ("void", &scene.voided)] {
        "no unit" => |r| r.to_unit = String::new(),
        "no time limit" => |r| r.feedback_due = String::new(),
        "malformed time limit" => |r| r.feedback_due = "soon".into(),
        "time limit before receipt" => |r| r.feedback_due = "2026-03-01".into(),
        "received after today" => |r| r.received_on = "2026-03-03".into(),
        }
        "ReportAssignment" report_assignment by clerk: asks::report, on assigned, of ReportAssignmentRequest, not [
            ("registered", &scene.registered), ("transferred only", &scene.transferred), ("reported", &scene.reported),
            ("void", &scene.voided)] {
        }
        "ObjectToTransfer" object_to_transfer by clerk: asks::object, on transferred, of ObjectToTransferRequest, not [
            ("registered", &scene.registered), ("accepted", &scene.accepted), ("objected", &scene.objected),
            ("decided already", &scene.decided), ("void", &scene.voided)] {
        "no text" => |r| r.text = String::new(),
        }
        "DecideObjection" decide_objection by head: asks::uphold, on objected, of DecideObjectionRequest, not [
            ("registered", &scene.registered), ("transferred", &scene.transferred), ("void", &scene.voided)] {
        }
    }
    bad!(table, "TransferPetition", desk.clerk().transfer_petition(asks::transfer, &scene.registered):
        day transferred_on; text document_number 100; text text 2000; unit to_unit;);
    bad!(table, "AssignPetition", desk.clerk().assign_petition(asks::assign, &scene.registered):
        day assigned_on; text document_number 100; text text 2000; unit to_unit;);
    bad!(table, "ReportAssignment", desk.clerk().report_assignment(asks::report, &scene.assigned):
        day reported_on; text document_number 100; text text 20000;);
    bad!(table, "ObjectToTransfer", desk.clerk().object_to_transfer(asks::object, &scene.transferred):
        day objected_on; text text 2000; reason reason;);
    bad!(table, "DecideObjection", desk.head().decide_objection(asks::uphold, &scene.objected):
        day decided_on; text document_number 100; text text 2000;);
    let same = desk.by(caller("clerk-1", &[Role::Head])).decide_objection(asks::uphold(&scene.objected)).await;
    table.note("DecideObjection", "by who objected", same).await;
    let unit = fengqiao_model::Caller { unit: "镇政府".parse().unwrap(), ..caller("head-7", &[Role::Head]) };
    table
        .note("DecideObjection", "by the unit that objects", desk.by(unit).decide_objection(asks::uphold(&scene.objected)).await)
        .await;
    // On the very day the five working days end it is in time, and not after it.
}

async fn ends(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    changes! {
        table, desk, scene;
        "DivertPetition" divert_petition by clerk: asks::divert, on registered, of DivertPetitionRequest, not [
            ("a suggestion", &scene.suggestion), ("an allegation", &scene.allegation), ("accepted", &scene.accepted),
            ("objected", &scene.objected), ("void", &scene.voided)] {
        }
        "ConsultOnly" consult_only by clerk: asks::consult, on registered, of ConsultOnlyRequest, not [
            ("an allegation", &scene.allegation), ("transferred", &scene.transferred), ("accepted", &scene.accepted),
            ("void", &scene.voided)] {
        }
        "AnswerPetition" answer_petition by clerk: asks::answer, on suggestion, of AnswerPetitionRequest, not [
            ("an appeal", &scene.registered), ("an allegation", &scene.allegation), ("void", &scene.voided)] {
        "means without a day" => |r| r.delivered_by = "post".into(),
        "unknown means" => |r| { r.delivered_on = "2026-03-02".into(); r.delivered_by = "pigeon".into() },
        }
        "ForwardAllegation" forward_allegation by clerk: asks::forward, on allegation, of ForwardAllegationRequest, not [
            ("an appeal", &scene.registered), ("a suggestion", &scene.suggestion), ("void", &scene.voided)] {
        "no organ" => |r| r.to_unit = String::new(),
        }
        "SettlePetition" settle_petition by clerk: asks::settle, on accepted, of SettlePetitionRequest, not [
            ("registered", &scene.registered), ("settled", &scene.settled), ("a suggestion", &scene.suggestion),
            ("void", &scene.voided)] {
        "no document" => |r| r.document_number = String::new(),
        }
    }
    bad!(table, "DivertPetition", desk.clerk().divert_petition(asks::divert, &scene.registered):
        day diverted_on; text document_number 100; text text 2000; unit to_unit; reason reason;);
    bad!(table, "ConsultOnly", desk.clerk().consult_only(asks::consult, &scene.registered):
        day consulted_on; text text 20000; reason reason;);
    bad!(table, "AnswerPetition", desk.clerk().answer_petition(asks::answer, &scene.suggestion):
        day answered_on; day delivered_on; text document_number 100; text text 20000;);
    bad!(table, "ForwardAllegation", desk.clerk().forward_allegation(asks::forward, &scene.allegation):
        day forwarded_on; text document_number 100; text text 2000; unit to_unit; reason reason;);
    bad!(table, "SettlePetition", desk.clerk().settle_petition(asks::settle, &scene.accepted):
        day settled_on; text document_number 100; text text 20000;);
}

async fn review(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    changes! {
        table, desk, scene;
        "RecordHearing" record_hearing by clerk: asks::hear, on accepted, of RecordHearingRequest, not [
            ("registered", &scene.registered), ("concluded", &scene.issued), ("void", &scene.voided)] {
        "no day" => |r| r.from = String::new(),
        "ends before it begins" => |r| r.until = "2026-03-01".into(),
        "ends after today" => |r| r.until = "2026-03-03".into(),
        }
        "RecordDelivery" record_delivery by clerk: asks::deliver, on issued, of RecordDeliveryRequest, not [
            ("registered", &scene.registered), ("received already", &scene.received), ("in review", &scene.requested),
            ("void", &scene.voided)] {
        "no paper" => |r| r.paper = String::new(),
        "unknown paper" => |r| r.paper = "postcard".into(),
        "a paper it does not have" => |r| r.paper = "extension".into(),
        "the paper of a later stage" => |r| r.paper = "review".into(),
        "no day" => |r| r.delivered_on = String::new(),
        "no means" => |r| r.delivered_by = String::new(),
        "unknown means" => |r| r.delivered_by = "pigeon".into(),
        }
        "RequestReview" request_review by clerk: asks::review, on received, of RequestReviewRequest, not [
            ("registered", &scene.registered), ("accepted", &scene.accepted), ("requested", &scene.requested),
            ("settled", &scene.settled), ("void", &scene.voided)] {
        }
        "IssueReviewOpinion" issue_review_opinion by clerk: asks::reviewed, on requested, of IssueReviewOpinionRequest, not [
            ("not requested", &scene.received), ("issued", &scene.reviewed), ("void", &scene.voided)] {
        "no document" => |r| r.document_number = String::new(),
        "means without a day" => |r| r.delivered_on = String::new(),
        "unknown means" => |r| r.delivered_by = "pigeon".into(),
        }
        "RequestReReview" request_re_review by clerk: asks::rereview, on reviewed, of RequestReReviewRequest, not [
            ("not reviewed", &scene.received), ("requested", &scene.rerequested), ("void", &scene.voided)] {
        }
        "IssueReReviewOpinion" issue_re_review_opinion by clerk: asks::rereviewed, on rerequested, of IssueReReviewOpinionRequest, not [
            ("not requested", &scene.reviewed), ("void", &scene.voided)] {
        "no document" => |r| r.document_number = String::new(),
        "means without a day" => |r| r.delivered_by = "post".into(),
        }
    }
    bad!(table, "RecordHearing", desk.clerk().record_hearing(asks::hear, &scene.accepted):
        day from; text document_number 100; text text 20000;);
    bad!(table, "RecordDelivery", desk.clerk().record_delivery(asks::deliver, &scene.issued): day delivered_on;);
    bad!(table, "RequestReview", desk.clerk().request_review(asks::review, &scene.received):
        day requested_on; text text 20000; unit review_unit;);
    bad!(table, "IssueReviewOpinion", desk.clerk().issue_review_opinion(asks::reviewed, &scene.requested):
        day issued_on; day delivered_on; text document_number 100; text text 20000;);
    bad!(table, "RequestReReview", desk.clerk().request_re_review(asks::rereview, &scene.reviewed):
        day requested_on; text text 20000; unit rereview_unit;);
    bad!(table, "IssueReReviewOpinion", desk.clerk().issue_re_review_opinion(asks::rereviewed, &scene.rerequested):
        day issued_on; day delivered_on; text document_number 100; text text 20000;);
}

async fn again(table: &mut Table<'_>, desk: &Desk, scene: &Scene) {
    changes! {
        table, desk, scene;
        "RatePetition" rate_petition by clerk: asks::rate, on received, of RatePetitionRequest, not [
            ("open", &scene.accepted), ("an allegation", &scene.allegation), ("rated", &scene.rated), ("void", &scene.voided)] {
        "no rating" => |r| { r.office = String::new(); r.unit = String::new() },
        "unknown rating" => |r| r.office = "great".into(),
        "unknown rating of the unit" => |r| r.unit = "满意".into(),
        }
        "ReopenPetition" reopen_petition by head: asks::reopen, on settled, of ReopenPetitionRequest, not [
            ("open", &scene.accepted), ("open to review", &scene.received), ("void", &scene.voided)] {
        }
        "CorrectPetition" correct_petition by head: asks::correct, on registered, of CorrectPetitionRequest, not [
            ("void", &scene.voided)] {
        "nothing" => |r| r.category = String::new(),
        "malformed division" => |r| r.division_code = "32083".into(),
        "unknown channel" => |r| r.channel = "fax".into(),
        "unknown class" => |r| r.matter_class = "complaint".into(),
        "over-long category" => |r| r.category = "字".repeat(101),
        "negative number of petitioners" => |r| r.person_count = -1,
        "too many petitioners" => |r| r.person_count = 10_000,
        "registered after today" => |r| r.registered_on = "2026-03-03".into(),
        "accepted though it was not" => |r| r.accepted_on = "2026-03-02".into(),
        "concluded though it is open" => |r| r.concluded_on = "2026-03-02".into(),
        "delivered though nothing was" => |r| r.delivered_on = "2026-03-02".into(),
        "over-long title" => |r| r.title = "字".repeat(201),
        "over-long narrative" => |r| r.narrative = "字".repeat(50_001),
        "party without a name" => |r| r.parties = vec![asks::party("")],
        "more parties than petitioners" => |r| r.parties = vec![asks::party("甲"), asks::party("乙")],
        }
        "FlagUrgent" flag_urgent by clerk: asks::urgent, on registered, of FlagUrgentRequest, not [
            ("concluded", &scene.issued), ("marked already", &scene.flagged), ("void", &scene.voided)] {
        "reported before it was found" => |r| r.reported_on = "2026-03-01".into(),
        "reported after today" => |r| r.reported_on = "2026-03-03".into(),
        }
    }
    bad!(table, "RatePetition", desk.clerk().rate_petition(asks::rate, &scene.received): day rated_on;);
    bad!(table, "ReopenPetition", desk.head().reopen_petition(asks::reopen, &scene.settled):
        day reopened_on; text text 2000; reason reason; second approved_by;);
    bad!(table, "CorrectPetition", desk.head().correct_petition(asks::correct, &scene.registered):
        text text 2000; reason reason; second approved_by;);
    bad!(table, "FlagUrgent", desk.clerk().flag_urgent(asks::urgent, &scene.registered): day found_on; text text 2000;);
    let request = pb::ReopenPetitionRequest { reason: "petition.reopened_not_performed".into(), ..asks::reopen(&scene.settled) };
    after!(desk.head(), reopen_petition, request);
    let class = pb::CorrectPetitionRequest { matter_class: "suggestion".into(), ..asks::correct(&scene.accepted) };
    table.catch_up().await;
    table.note("CorrectPetition", "class of an accepted petition", desk.head().correct_petition(class).await).await;
    let text = pb::FlagUrgentRequest { text: "急".into(), ..asks::urgent(&scene.erased) };
    table.note("FlagUrgent", "text about an erased petition", desk.clerk().flag_urgent(text).await).await;
}
