//! Requests that change a petition at one of its stages: between units, at its ends, in review.

use super::{Asked, Invalid, Reader, change::change, parties};
use crate::domain::{Command, Correcting, Ending, HandOver, Issue, Paper, Receipt, SealedContent};
use fengqiao_model::{ActorId, Day, PetitionId, RequestId, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Channel, DeliveryMeans, MatterClass, Rating};

/// The longest explanation of a step.
const TEXT: usize = 2_000;
/// The longest substance of a paper.
const SUBSTANCE: usize = 20_000;

impl Reader {
    fn reason(&mut self, text: &str) -> String {
        self.required::<Token>("reason", text).map(String::from).unwrap_or_default()
    }

    fn required_day(&mut self, field: &str, text: &str) -> Option<Day> {
        if text.is_empty() {
            self.wrong(field, "must not be empty");
        }
        self.day(field, text)
    }

    fn means(&mut self, text: &str) -> Option<DeliveryMeans> {
        if text.is_empty() { None } else { self.code("delivered_by", text, DeliveryMeans::ALL, DeliveryMeans::code) }
    }

    fn receipt(&mut self, on: &str, means: &str) -> Option<Receipt> {
        let (on, means) = (self.day("delivered_on", on), self.means(means));
        if on.is_none() && means.is_some() {
            self.wrong("delivered_on", "must not be empty when the means of delivery is given");
        }
        on.map(|on| Receipt { on, means })
    }

    fn rating(&mut self, field: &str, text: &str) -> Option<Rating> {
        if text.is_empty() { None } else { self.code(field, text, Rating::ALL, Rating::code) }
    }
}

macro_rules! hand_over {
    ($reader:ident, $request:ident, $on:ident) => {{
        let on = $reader.day(stringify!($on), &$request.$on);
        let to_unit: Option<Token> = $reader.required("to_unit", &$request.to_unit);
        let received_on = $reader.day("received_on", &$request.received_on);
        let document_number = $reader.paper_number("document_number", &$request.document_number);
        let text = $reader.text("text", &$request.text, TEXT);
        to_unit.map(|to_unit| HandOver { on, to_unit, received_on, document_number, text })
    }};
}

macro_rules! issue {
    ($reader:ident, $request:ident) => {
        Issue {
            on: $reader.day("issued_on", &$request.issued_on),
            document_number: $reader.required_paper_number("document_number", &$request.document_number),
            text: $reader.text("text", &$request.text, SUBSTANCE),
            receipt: $reader.receipt(&$request.delivered_on, &$request.delivered_by),
        }
    };
}

change! {
    /// IssueOpinion.
    issue_opinion(request: pb::IssueOpinionRequest, reader) -> Some(Command::IssueOpinion(issue!(reader, request)));
    /// TransferPetition.
    transfer(request: pb::TransferPetitionRequest, reader) -> hand_over!(reader, request, transferred_on).map(Command::Transfer);
    /// AssignPetition.
    assign(request: pb::AssignPetitionRequest, reader) -> {
        let hand_over = hand_over!(reader, request, assigned_on);
        let feedback_due = reader.required_day("feedback_due", &request.feedback_due);
        hand_over.zip(feedback_due).map(|(hand_over, feedback_due)| Command::Assign { hand_over, feedback_due })
    };
    /// ReportAssignment.
    report_assignment(request: pb::ReportAssignmentRequest, reader) -> Some(Command::ReportAssignment {
        on: reader.day("reported_on", &request.reported_on),
        document_number: reader.paper_number("document_number", &request.document_number),
        text: reader.text("text", &request.text, SUBSTANCE),
    });
    /// ObjectToTransfer.
    object(request: pb::ObjectToTransferRequest, reader) -> Some(Command::Object {
        on: reader.day("objected_on", &request.objected_on),
        reason: reader.reason(&request.reason),
        text: reader.required_text("text", &request.text, TEXT),
    });
    /// DecideObjection.
    decide_objection(request: pb::DecideObjectionRequest, reader) -> Some(Command::DecideObjection {
        on: reader.day("decided_on", &request.decided_on),
        upheld: request.upheld,
        document_number: reader.paper_number("document_number", &request.document_number),
        text: reader.text("text", &request.text, TEXT),
    });
    /// DivertPetition.
    divert(request: pb::DivertPetitionRequest, reader) -> Some(Command::Divert(Ending {
        on: reader.day("diverted_on", &request.diverted_on),
        reason: reader.reason(&request.reason),
        to_unit: reader.optional("to_unit", &request.to_unit),
        document_number: reader.paper_number("document_number", &request.document_number),
        text: reader.text("text", &request.text, TEXT),
    }));
    /// ConsultOnly.
    consult(request: pb::ConsultOnlyRequest, reader) -> Some(Command::Consult(Ending {
        on: reader.day("consulted_on", &request.consulted_on),
        reason: reader.reason(&request.reason),
        to_unit: None,
        document_number: Default::default(),
        text: reader.text("text", &request.text, SUBSTANCE),
    }));
    /// AnswerPetition.
    answer(request: pb::AnswerPetitionRequest, reader) -> Some(Command::Answer(Issue {
        on: reader.day("answered_on", &request.answered_on),
        document_number: reader.paper_number("document_number", &request.document_number),
        text: reader.text("text", &request.text, SUBSTANCE),
        receipt: reader.receipt(&request.delivered_on, &request.delivered_by),
    }));
    /// ForwardAllegation.
    forward(request: pb::ForwardAllegationRequest, reader) -> {
        let to_unit: Option<Token> = reader.required("to_unit", &request.to_unit);
        let ending = Ending {
            on: reader.day("forwarded_on", &request.forwarded_on),
            reason: reader.reason(&request.reason),
            to_unit: to_unit.clone(),
            document_number: reader.paper_number("document_number", &request.document_number),
            text: reader.text("text", &request.text, TEXT),
        };
        to_unit.map(|_| Command::Forward(ending))
    };
    /// RecordHearing.
    record_hearing(request: pb::RecordHearingRequest, reader) -> {
        let from = reader.required_day("from", &request.from);
        let until = reader.day("until", &request.until).or(from);
        let document_number = reader.paper_number("document_number", &request.document_number);
        let text = reader.text("text", &request.text, SUBSTANCE);
        from.zip(until).map(|(from, until)| Command::RecordHearing { from, until, document_number, text })
    };
    /// SettlePetition.
    settle(request: pb::SettlePetitionRequest, reader) -> Some(Command::Settle(Issue {
        on: reader.day("settled_on", &request.settled_on),
        document_number: reader.required_paper_number("document_number", &request.document_number),
        text: reader.text("text", &request.text, SUBSTANCE),
        receipt: None,
    }));
    /// RecordDelivery.
    record_delivery(request: pb::RecordDeliveryRequest, reader) -> {
        let paper = reader.code("paper", &request.paper, Paper::ALL, Paper::code);
        let on = reader.required_day("delivered_on", &request.delivered_on);
        let means = reader.code("delivered_by", &request.delivered_by, DeliveryMeans::ALL, DeliveryMeans::code);
        paper.zip(on).map(|(paper, on)| Command::RecordDelivery { paper, receipt: Receipt { on, means } })
    };
    /// RequestReview.
    request_review(request: pb::RequestReviewRequest, reader) -> Some(Command::RequestReview {
        on: reader.day("requested_on", &request.requested_on),
        unit: reader.optional("review_unit", &request.review_unit),
        text: reader.text("text", &request.text, SUBSTANCE),
    });
    /// IssueReviewOpinion.
    issue_review(request: pb::IssueReviewOpinionRequest, reader) -> Some(Command::IssueReview(issue!(reader, request)));
    /// RequestReReview.
    request_rereview(request: pb::RequestReReviewRequest, reader) -> Some(Command::RequestRereview {
        on: reader.day("requested_on", &request.requested_on),
        unit: reader.optional("rereview_unit", &request.rereview_unit),
        text: reader.text("text", &request.text, SUBSTANCE),
    });
    /// IssueReReviewOpinion.
    issue_rereview(request: pb::IssueReReviewOpinionRequest, reader) -> Some(Command::IssueRereview(issue!(reader, request)));
    /// RatePetition.
    rate(request: pb::RatePetitionRequest, reader) -> {
        if request.office.is_empty() && request.unit.is_empty() {
            reader.wrong("office", "must not be empty when unit is");
        }
        Some(Command::Rate {
            on: reader.day("rated_on", &request.rated_on),
            office: reader.rating("office", &request.office),
            unit: reader.rating("unit", &request.unit),
        })
    };
    /// ReopenPetition.
    reopen(request: pb::ReopenPetitionRequest, reader) -> {
        let on = reader.day("reopened_on", &request.reopened_on);
        let reason = reader.reason(&request.reason);
        let text = reader.text("text", &request.text, TEXT);
        let approved_by: Option<ActorId> = reader.required("approved_by", &request.approved_by);
        approved_by.map(|approved_by| Command::Reopen { on, reason, text, approved_by })
    };
    /// CorrectPetition.
    correct(request: pb::CorrectPetitionRequest, reader, today) -> {
        let code = |reader: &mut Reader| {
            let channel = (!request.channel.is_empty())
                .then(|| reader.code("channel", &request.channel, Channel::ALL, Channel::code)).flatten();
            let class = (!request.matter_class.is_empty())
                .then(|| reader.code("matter_class", &request.matter_class, MatterClass::ALL, MatterClass::code)).flatten();
            (channel, class)
        };
        let (channel, matter_class) = code(reader);
        let person_count = u32::try_from(request.person_count).ok().filter(|count| *count <= 9_999);
        if person_count.is_none() {
            reader.wrong("person_count", "must be from 1 to 9999, or 0 to leave it");
        }
        let sealed = SealedContent {
            title: reader.text("title", &request.title, 200),
            narrative: reader.text("narrative", &request.narrative, 50_000),
            parties: parties(reader, "parties", &request.parties, 200, today),
            text: reader.text("text", &request.text, TEXT),
            ..SealedContent::default()
        };
        let division = reader.optional("division_code", &request.division_code);
        let category = reader.text("category", &request.category, 100);
        let [registered_on, accepted_on, concluded_on, delivered_on] = [
            ("registered_on", &request.registered_on),
            ("accepted_on", &request.accepted_on),
            ("concluded_on", &request.concluded_on),
            ("delivered_on", &request.delivered_on),
        ]
        .map(|(field, text)| reader.day(field, text));
        let reason = reader.reason(&request.reason);
        let approved_by: Option<ActorId> = reader.required("approved_by", &request.approved_by);
        approved_by.map(|approved_by| {
            let person_count = person_count.filter(|count| *count > 0);
            Command::Correct(Box::new(Correcting {
                division, channel, matter_class, category, person_count, registered_on, accepted_on, concluded_on, delivered_on,
                sealed, reason, approved_by,
            }))
        })
    };
    /// FlagUrgent.
    flag_urgent(request: pb::FlagUrgentRequest, reader) -> Some(Command::FlagUrgent {
        on: reader.day("found_on", &request.found_on),
        reported_on: reader.day("reported_on", &request.reported_on),
        text: reader.text("text", &request.text, TEXT),
    });
}
