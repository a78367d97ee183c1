//! A ledger of petitions lived through: each row logged, accepted, answered, reviewed by the calls that a petition office makes,
//! each on the day that the ledger gives, with the clock driven by those days.

use crate::{Desk, Played, request_id};
use fengqiao_model::Day;
use fengqiao_proto::intake::v1::{self as pb, NewPetition, Party, Petition};
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tonic::{Request, Status};

/// A ledger's row: cells by the name of their column.
type Row = HashMap<String, String>;

/// What is done with a row on a day, in the order in which it is done on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Log,
    Accept,
    Extend,
    Conclude,
    Rate,
    Deliver,
    AskReview,
    Review,
    AskRereview,
    Rereview,
}

/// Days before the due day on which more time is asked for.
const ASKED_BEFORE: i32 = 10;

/// Rows of a batch.
const IMPORTED_AT_ONCE: usize = 200;

/// Calls at a time.
const AT_ONCE: usize = 32;

/// The rows of a ledger.
pub struct Ledger(Vec<Row>);

impl Ledger {
    /// Reads comma separated values with a header.
    pub fn read(text: &str) -> Self {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        Self(reader.deserialize().map(|row| row.expect("the ledger can be read")).collect())
    }

    /// Imports it. Gives the number of rows that became petitions.
    pub async fn import(&self, at: &Played) -> i64 {
        let columns: BTreeSet<&String> = self.0.iter().flat_map(HashMap::keys).collect();
        let columns: Vec<String> = columns.into_iter().cloned().collect();
        let mut imported = 0;
        for (batch, rows) in self.0.chunks(IMPORTED_AT_ONCE).enumerate() {
            let row = |(at, row): (usize, &Row)| pb::LedgerRow {
                line: i64::try_from(batch * IMPORTED_AT_ONCE + at + 2).unwrap_or(i64::MAX),
                cells: columns.iter().map(|column| cell(row, column).to_owned()).collect(),
            };
            let rows = rows.iter().enumerate().map(row).collect();
            let (request_id, ledger) = (request_id().to_string(), "台账".to_owned());
            let batch = pb::ImportPetitionsRequest { request_id, ledger, columns: columns.clone(), rows };
            let request = pb::ImportPetitionBatchRequest { batch: Some(batch) };
            let answer = at.desk().intake.import_petition_batch(request).await.expect("a batch is taken").into_inner();
            let result = answer.result.expect("the answer has the verdicts");
            assert!(result.refused.is_empty() && result.late == 0, "{result:?}");
            imported += result.imported;
        }
        imported
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.0.len()
    }

    /// The first and the last day on which something happens.
    pub fn days(&self) -> (Day, Day) {
        let steps = self.steps();
        let mut days = steps.keys().map(|(day, _)| *day);
        let first = days.next().expect("a ledger has rows");
        (first, days.next_back().unwrap_or(first))
    }

    /// What is to be done, by day.
    fn steps(&self) -> BTreeMap<(Day, Step), Vec<usize>> {
        let mut steps: BTreeMap<(Day, Step), Vec<usize>> = BTreeMap::new();
        for (at, row) in self.0.iter().enumerate() {
            let mut add = |column: &str, step: Step| {
                if let Some(day) = day(row, column) {
                    steps.entry((day, step)).or_default().push(at);
                }
            };
            add("registered_at", Step::Log);
            add("accepted_at", Step::Accept);
            add("opinion_at", Step::Conclude);
            if !cell(row, "rating_office").is_empty() || !cell(row, "rating_unit").is_empty() {
                add("opinion_at", Step::Rate);
            }
            add("delivered_at", Step::Deliver);
            add("review_requested_at", Step::AskReview);
            add("review_at", Step::Review);
            add("rereview_requested_at", Step::AskRereview);
            add("rereview_at", Step::Rereview);
            if let Some((accepted, _)) = day(row, "accepted_at").zip(day(row, "extended_to")) {
                steps.entry((accepted.plus_days(60 - ASKED_BEFORE), Step::Extend)).or_default().push(at);
            }
        }
        steps
    }

    /// Lives through it. Gives the number of calls.
    pub async fn live(&self, at: &Played) -> usize {
        let (desk, mut calls) = (at.desk(), 0);
        let mut now: Vec<Petition> = vec![Petition::default(); self.0.len()];
        for ((day, step), rows) in self.steps() {
            at.day_breaks(day);
            for rows in rows.chunks(AT_ONCE) {
                let taken = rows.iter().map(|row| take(desk.clone(), &self.0[*row], step, day, &now[*row]));
                for (row, taken) in rows.iter().zip(join_all(taken).await) {
                    now[*row] = taken.unwrap_or_else(|status| panic!("{step:?} of {:?}: {status}", self.0[*row]));
                    calls += 1;
                }
            }
        }
        calls
    }
}

fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", |text| text.trim())
}

fn day(row: &Row, column: &str) -> Option<Day> {
    cell(row, column).get(..10).map(|text| text.parse().expect("a cell of a day begins with it"))
}

/// Somebody else, for what the same person may not do twice.
fn head<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("x-fengqiao-actor", "head-1".parse().expect("an id is good metadata"));
    request
}

fn new_petition(row: &Row) -> NewPetition {
    let text = |column: &str| cell(row, column).to_owned();
    let party = Party { name: text("petitioner"), ..Party::default() };
    NewPetition {
        channel: text("channel"),
        matter_class: text("matter_class"),
        category: text("category"),
        division_code: text("division_code"),
        responsible_unit: text("responsible_unit"),
        title: text("title"),
        narrative: text("narrative"),
        parties: if party.name.is_empty() { Vec::new() } else { vec![party] },
        person_count: cell(row, "person_count").parse().unwrap_or(0),
        external_ref: text("external_ref"),
        ..NewPetition::default()
    }
}

async fn take(mut desk: Desk, row: &Row, step: Step, on: Day, seen: &Petition) -> Result<Petition, Status> {
    let (request_id, petition_id, etag) = (request_id().to_string(), seen.id.clone(), seen.etag.clone());
    let (on, document_number) = (on.to_string(), "第1号".to_owned());
    let intake = &mut desk.intake;
    let answer = match step {
        Step::Log => {
            let petition = Some(new_petition(row));
            let request = pb::LogPetitionRequest { request_id, petition, ..Default::default() };
            intake.log_petition(request).await?.into_inner().petition
        }
        Step::Accept => {
            let request = pb::AcceptPetitionRequest { request_id, petition_id, etag, accepted_on: on, ..Default::default() };
            intake.accept_petition(request).await?.into_inner().petition
        }
        Step::Extend => {
            let days =
                day(row, "accepted_at").zip(day(row, "extended_to")).map_or(0, |(from, to)| to.days_since(from.plus_days(60)));
            let asked = pb::RequestExtensionRequest {
                text: "案情复杂".to_owned(),
                request_id,
                petition_id: petition_id.clone(),
                etag,
                days,
                ..Default::default()
            };
            let asked = intake.request_extension(asked).await?.into_inner().petition.unwrap_or_default();
            let (request_id, etag) = (crate::request_id().to_string(), asked.etag);
            let decided = pb::DecideExtensionRequest { request_id, petition_id, etag, granted: true, ..Default::default() };
            intake.decide_extension(head(decided)).await?.into_inner().petition
        }
        Step::Conclude => return conclude(desk, row, on, seen).await,
        Step::Rate => {
            let [office, unit] = ["rating_office", "rating_unit"].map(|column| cell(row, column).to_owned());
            let request =
                pb::RatePetitionRequest { request_id, petition_id, etag, rated_on: on, office, unit, ..Default::default() };
            intake.rate_petition(request).await?.into_inner().petition
        }
        Step::Deliver => {
            let (paper, delivered_by) = ("opinion".to_owned(), "direct".to_owned());
            let request = pb::RecordDeliveryRequest {
                request_id,
                petition_id,
                etag,
                paper,
                delivered_on: on,
                delivered_by,
                ..Default::default()
            };
            intake.record_delivery(request).await?.into_inner().petition
        }
        Step::AskReview => {
            let request = pb::RequestReviewRequest { request_id, petition_id, etag, requested_on: on, ..Default::default() };
            intake.request_review(request).await?.into_inner().petition
        }
        Step::Review => {
            // Whoever asks for a re-review has received it.
            let delivered_by = if cell(row, "rereview_requested_at").is_empty() { "" } else { "direct" }.to_owned();
            let delivered_on = if delivered_by.is_empty() { String::new() } else { on.clone() };
            let request = pb::IssueReviewOpinionRequest {
                request_id,
                petition_id,
                etag,
                issued_on: on,
                document_number,
                delivered_on,
                delivered_by,
                ..Default::default()
            };
            intake.issue_review_opinion(request).await?.into_inner().petition
        }
        Step::AskRereview => {
            let request = pb::RequestReReviewRequest { request_id, petition_id, etag, requested_on: on, ..Default::default() };
            intake.request_re_review(request).await?.into_inner().petition
        }
        Step::Rereview => {
            let request = pb::IssueReReviewOpinionRequest {
                request_id,
                petition_id,
                etag,
                issued_on: on,
                document_number,
                ..Default::default()
            };
            intake.issue_re_review_opinion(request).await?.into_inner().petition
        }
    };
    answer.ok_or_else(|| Status::internal("the answer has no petition"))
}

/// The call that each conclusion of a ledger has.
async fn conclude(mut desk: Desk, row: &Row, on: String, seen: &Petition) -> Result<Petition, Status> {
    let (request_id, petition_id, etag) = (request_id().to_string(), seen.id.clone(), seen.etag.clone());
    let document_number = "第2号".to_owned();
    let intake = &mut desk.intake;
    macro_rules! call {
        ($method:ident, $request:ident, $day:ident $(, $field:ident: $value:expr)*) => {{
            let request = pb::$request { request_id, petition_id, etag, $day: on, text: "情况说明".to_owned(), $($field: $value.into(),)* ..Default::default() };
            intake.$method(request).await?.into_inner().petition
        }};
    }
    let answer = match cell(row, "conclusion") {
        "replied" => call!(issue_opinion, IssueOpinionRequest, issued_on, document_number: document_number),
        "settled" => call!(settle_petition, SettlePetitionRequest, settled_on, document_number: document_number),
        "answered" => call!(answer_petition, AnswerPetitionRequest, answered_on, document_number: document_number),
        "refused" => call!(refuse_petition, RefusePetitionRequest, refused_on, reason: "petition.R01"),
        "no_longer_accepted" => call!(refuse_petition, RefusePetitionRequest, refused_on, reason: "petition.R04"),
        "diverted" => {
            call!(divert_petition, DivertPetitionRequest, diverted_on, reason: "petition.diverted_arbitration", to_unit: "ZCW")
        }
        "forwarded" => {
            call!(forward_allegation, ForwardAllegationRequest, forwarded_on, reason: "petition.forwarded", to_unit: "JW")
        }
        "consult_only" => call!(consult_only, ConsultOnlyRequest, consulted_on, reason: "petition.consultation"),
        "withdrawn" => call!(withdraw_petition, WithdrawPetitionRequest, withdrawn_on, reason: "petition.withdrawn_own_wish"),
        other => panic!("no call concludes by {other:?}"),
    };
    answer.ok_or_else(|| Status::internal("the answer has no petition"))
}
