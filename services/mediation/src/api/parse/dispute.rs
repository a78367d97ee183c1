//! Logging a dispute, and the calls about disputes as a whole.

use super::{Invalid, changes, reader::Reader};
use crate::{
    app::Work,
    domain::{DisputeCommand, Expected, NewDispute, Party, SealedContent},
};
use fengqiao_model::{ActorId, CaseId, DisputeId, DivisionCode, RequestId, Text};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::CaseSource;

/// The most flags of a dispute, and organs that have it already.
const FLAGS: usize = 30;

/// A dispute to be logged; ids that the client did not mint are minted by the caller of this.
pub struct AskedOpening {
    pub request_id: RequestId,
    pub dispute: Option<DisputeId>,
    pub case: Option<CaseId>,
    pub new: NewDispute,
}

/// OpenCase.
pub fn open(request: &pb::OpenCaseRequest) -> Result<AskedOpening, Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let Some(given) = &request.dispute else {
        reader.wrong("dispute", "must not be empty");
        return reader.finish(None);
    };
    let mut fields = Reader::under("dispute.");
    let dispute = fields.optional("dispute_id", &given.dispute_id);
    let case = fields.optional("case_id", &given.case_id);
    let new = new_dispute(&mut fields, given);
    reader.problems.append(&mut fields.problems);
    let asked = request_id.zip(new).map(|(request_id, new)| AskedOpening { request_id, dispute, case, new });
    reader.finish(asked)
}

fn new_dispute(reader: &mut Reader, given: &pb::NewDispute) -> Option<NewDispute> {
    let occurred_on = reader.day("occurred_on", &given.occurred_on);
    let dispute_type = reader.reason("dispute_type", &given.dispute_type);
    let source = reader.one_of("source", &given.source, CaseSource::ALL, CaseSource::code);
    let division: Option<DivisionCode> = reader.required("division_code", &given.division_code);
    let title = reader.text("title", &given.title, 200);
    let narrative = reader.text("narrative", &given.narrative, 50_000);
    let parties = reader.parties(&given.parties);
    let party_count = party_count(reader, given.party_count, parties.len());
    let flags = reader.codes("flags", &given.flags, FLAGS);
    let already_at = reader.codes("already_at", &given.already_at, FLAGS);
    let chosen_body = reader.optional("chosen_body", &given.chosen_body);
    let claimed_fen = reader.amount("claimed_fen", given.claimed_fen);
    let ledger = reader.optional("ledger", &given.ledger);
    let external_ref = reader.optional("external_ref", &given.external_ref);
    if !given.ledger.is_empty() && given.external_ref.is_empty() {
        reader.wrong("external_ref", "must not be empty when a ledger is given");
    }
    Some(NewDispute {
        occurred_on,
        dispute_type,
        source: source?,
        division: division?,
        party_count,
        flags,
        already_at,
        applicant_consents: given.applicant_consents,
        respondent_consents: given.respondent_consents,
        chosen_body,
        hard: given.hard,
        claimed_fen,
        ledger,
        external_ref,
        take_here: given.take_here,
        petition: None,
        number: String::new(),
        sealed: SealedContent { title, narrative, parties, text: Text::default() },
    })
}

fn party_count(reader: &mut Reader, given: i32, parties: usize) -> u32 {
    let count = match given {
        0 => return u32::try_from(parties.max(1)).unwrap_or(1),
        count @ 1..=9_999 => u32::try_from(count).unwrap_or(1),
        _ => {
            reader.wrong("party_count", "must be from 1 to 9999, or 0 to count the parties");
            return 1;
        }
    };
    if (count as usize) < parties {
        reader.wrong("party_count", "must not be smaller than the number of parties");
    }
    count
}

/// A change of a dispute.
fn change(id: DisputeId, expected: Expected, command: Box<DisputeCommand>) -> Work {
    Work::Dispute { id, expected, command }
}

changes! {
    dispute_id: DisputeId, change;
    /// ReopenDispute.
    reopen(request: pb::ReopenDisputeRequest, reader) -> Some(DisputeCommand::Reopen {
        on: reader.day("reopened_on", &request.reopened_on),
        to_body: reader.optional("to_body", &request.to_body),
        text: reader.required_text("text", &request.text, 2_000),
    });
    /// LinkDispute.
    link(request: pb::LinkDisputeRequest, reader) -> {
        let same_as: Option<DisputeId> = reader.required("same_as", &request.same_as);
        let text = reader.text("text", &request.text, 2_000);
        same_as.map(|same_as| DisputeCommand::Link { same_as, text })
    };
    /// UnlinkDispute.
    unlink(request: pb::UnlinkDisputeRequest, reader) ->
        Some(DisputeCommand::Unlink { text: reader.text("text", &request.text, 2_000) });
    /// EraseParties.
    erase(request: pb::ErasePartiesRequest, reader) -> {
        reader.required_text("reason", &request.reason, 200);
        let approved_by: Option<ActorId> = reader.required("approved_by", &request.approved_by);
        approved_by.map(|approved_by| DisputeCommand::EraseParties { approved_by })
    };
}

/// What FindSimilarDisputes compares with.
pub enum SimilarTo {
    /// A dispute of the book.
    Known(DisputeId),
    /// What was typed so far.
    Typed { division: Option<DivisionCode>, dispute_type: String, parties: Vec<Party> },
}

/// FindSimilarDisputes.
pub fn similar(request: &pb::FindSimilarDisputesRequest) -> Result<SimilarTo, Invalid> {
    let mut reader = Reader::default();
    if !request.dispute_id.is_empty() {
        let typed = !request.division_code.is_empty() || !request.dispute_type.is_empty() || !request.parties.is_empty();
        if typed {
            reader.wrong("dispute_id", "must be the only thing that is given");
        }
        let id = reader.required("dispute_id", &request.dispute_id);
        return reader.finish(id.map(SimilarTo::Known));
    }
    let division = reader.optional("division_code", &request.division_code);
    let dispute_type = reader.code_or_none("dispute_type", &request.dispute_type);
    if request.parties.is_empty() {
        reader.wrong("parties", "must not be empty when no dispute_id is given");
    }
    let parties = reader.parties(&request.parties);
    reader.finish(Some(SimilarTo::Typed { division, dispute_type, parties }))
}
