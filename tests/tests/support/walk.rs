//! A random walk through the calls of intake and mediation: what a county's offices might do next, sensible or not. Calls whose answer is
//! lost are made again under their own request id; what the rules refuse is counted and left.

#[path = "walk/cases.rs"]
mod cases;
#[path = "walk/ledgers.rs"]
mod ledgers;

use fengqiao_model::{Clock, ManualClock};
use fengqiao_proto::{
    intake::v1::{self as intake, intake_service_client::IntakeServiceClient},
    mediation::v1::{self as pb, mediation_service_client::MediationServiceClient},
};
use fengqiao_tests::{Desk, Room, dispute, ledger::Dice, petition, request_id};
use std::{collections::BTreeMap, time::Duration};
use tonic::{Code, Response, Status, transport::Channel};

const BODIES: [(&str, pb::Force, &str, i32); 6] = [
    ("村", pb::Force::People, "320831107201", 0),
    ("镇", pb::Force::People, "320831107", 30),
    ("县", pb::Force::People, "320831", 0),
    ("物业", pb::Force::Industry, "320831", 4),
    ("劳动", pb::Force::Professional, "320831", 0),
    ("环境", pb::Force::Administrative, "320831", 0),
];
const TYPES: [&str; 6] = ["T01", "T02", "T09", "T11", "T17", "T99"];

/// The walk, and what it has met so far.
pub struct Walker {
    intake: IntakeServiceClient<Channel>,
    mediation: MediationServiceClient<Channel>,
    clock: ManualClock,
    dice: Dice,
    petitions: Vec<String>,
    cases: Vec<String>,
    disputes: Vec<String>,
    rows: u64,
    /// How often each operation was carried out, and refused.
    tally: BTreeMap<&'static str, (u64, u64)>,
}

/// Makes a call until its answer comes; a refusal is an answer.
async fn answered<T>(mut call: impl AsyncFnMut() -> Result<Response<T>, Status>) -> Result<T, Status> {
    loop {
        match call().await {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(status) if matches!(status.code(), Code::Unavailable | Code::Cancelled | Code::Unknown) => {}
            // What tonic makes of a connection that was cut in the middle of an answer.
            Err(status) if status.code() == Code::Internal && status.metadata().get("x-request-id").is_none() => {}
            Err(status) => {
                assert_ne!(status.code(), Code::Internal, "{status:?}");
                return Err(status);
            }
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// Makes a call through a client, and counts what became of it.
macro_rules! change {
    ($self:ident, $client:ident . $call:ident, $name:literal, $request:expr) => {{
        let request = $request;
        let client = $self.$client.clone();
        let answer = answered(async || client.clone().$call(request.clone()).await).await;
        let tally = $self.tally.entry($name).or_default();
        match &answer {
            Ok(_) => tally.0 += 1,
            Err(_) => tally.1 += 1,
        }
        answer
    }};
}

use change;

impl Walker {
    /// A walker over these lines.
    pub fn new(intake: &str, mediation: &str, clock: ManualClock, seed: u64) -> Self {
        Self {
            intake: Desk::at(intake).intake,
            mediation: Room::at(mediation).mediation,
            clock,
            dice: Dice::new(seed),
            petitions: Vec::new(),
            cases: Vec::new(),
            disputes: Vec::new(),
            rows: 0,
            tally: BTreeMap::new(),
        }
    }

    /// Registers the bodies.
    pub async fn prepare(&mut self) {
        for (code, force, division_code, capacity) in BODIES {
            let body = pb::NewBody {
                code: code.to_owned(),
                name: code.to_owned(),
                force: force.into(),
                kind: "committee".to_owned(),
                division_code: division_code.to_owned(),
                capacity,
                ..Default::default()
            };
            let request = pb::RegisterBodyRequest { request_id: id(), body: Some(body), ..Default::default() };
            change!(self, mediation.register_body, "register body", request).unwrap();
        }
    }

    /// What the walk did.
    pub fn summary(&self) -> String {
        self.tally.iter().map(|(name, (done, refused))| format!("{name} {done}/{refused}")).collect::<Vec<_>>().join(", ")
    }

    /// How many operations were carried out at least once, weighed: the fewest of the important ones.
    pub fn happened(&self) -> u64 {
        self.tally.values().map(|(done, _)| done).sum()
    }

    fn one_of(&mut self, of: fn(&Self) -> &Vec<String>) -> Option<String> {
        let count = of(self).len() as u64;
        if count == 0 {
            return None;
        }
        // Mostly something recent.
        let recent = if self.dice.below(3) > 0 { count.min(8) } else { count };
        let at = count - 1 - self.dice.below(recent);
        Some(of(self)[usize::try_from(at).unwrap()].clone())
    }

    fn body(&mut self) -> String {
        BODIES[usize::try_from(self.dice.below(BODIES.len() as u64)).unwrap()].0.to_owned()
    }

    fn division(&mut self) -> String {
        ["320831107201", "320831107", "320831101", "320831"][usize::try_from(self.dice.below(4)).unwrap()].to_owned()
    }

    /// A day some days back, or today.
    fn day(&mut self, back: u64) -> String {
        let days = i32::try_from(self.dice.below(back + 1)).unwrap();
        self.clock.now().day().plus_days(-days).to_string()
    }

    /// One operation.
    pub async fn step(&mut self) {
        match self.dice.below(100) {
            0..=9 => self.wait(),
            10..=17 => self.log_petition().await,
            18..=35 => self.change_petition().await,
            36..=46 => self.open().await,
            47..=88 => self.change_case().await,
            89..=95 => self.change_dispute().await,
            96..=97 => self.import_petitions().await,
            _ => self.import_cases().await,
        }
    }

    fn wait(&mut self) {
        let days = i32::try_from(self.dice.below(6)).unwrap();
        let next = self.clock.now().day().plus_days(days);
        self.clock.advance_to(fengqiao_model::Instant(next.begins().0 + 12 * 3_600_000_000));
    }

    async fn log_petition(&mut self) {
        let matter_class = if self.dice.below(8) == 0 { "allegation" } else { "appeal" }.to_owned();
        let new = intake::NewPetition {
            division_code: self.division(),
            occurred_on: self.day(20),
            matter_class,
            ..petition("反映邻家排水", "")
        };
        let request = intake::LogPetitionRequest { request_id: id(), petition: Some(new), ..Default::default() };
        if let Ok(answer) = change!(self, intake.log_petition, "log petition", request) {
            self.petitions.push(answer.petition.unwrap().id);
        }
    }

    async fn change_petition(&mut self) {
        let Some(petition_id) = self.one_of(|w| &w.petitions) else { return };
        let read = intake::GetPetitionRequest { petition_id: petition_id.clone(), ..Default::default() };
        let client = self.intake.clone();
        let Ok(found) = answered(async || client.clone().get_petition(read.clone()).await).await else { return };
        let (request_id, etag) = (id(), found.petition.unwrap().etag);
        match self.dice.below(16) {
            0..=5 => {
                let accepted_on = if self.dice.below(2) == 0 { self.day(5) } else { String::new() };
                let request = intake::AcceptPetitionRequest { request_id, petition_id, etag, accepted_on, ..Default::default() };
                let _ = change!(self, intake.accept_petition, "accept", request);
            }
            6..=9 => {
                let request = intake::RouteToMediationRequest {
                    request_id,
                    petition_id,
                    etag,
                    dispute_type: "T02".to_owned(),
                    applicant_consents: true,
                    respondent_consents: true,
                    respondents: vec![intake::Party { name: "被反映人".to_owned(), ..Default::default() }],
                    ..Default::default()
                };
                let _ = change!(self, intake.route_to_mediation, "route", request);
            }
            10..=11 => {
                let document_number = "信〔2024〕1号".to_owned();
                let request =
                    intake::IssueOpinionRequest { request_id, petition_id, etag, document_number, ..Default::default() };
                let _ = change!(self, intake.issue_opinion, "opinion", request);
            }
            12 => {
                let reason = "petition.R06".to_owned();
                let request = intake::RefusePetitionRequest { request_id, petition_id, etag, reason, ..Default::default() };
                let _ = change!(self, intake.refuse_petition, "refuse", request);
            }
            13 => {
                let reason = "petition.withdrawn_own_wish".to_owned();
                let request = intake::WithdrawPetitionRequest { request_id, petition_id, etag, reason, ..Default::default() };
                let _ = change!(self, intake.withdraw_petition, "withdraw", request);
            }
            14 => {
                let (reason, approved_by) = ("petition.void_error".to_owned(), "second".to_owned());
                let request =
                    intake::VoidPetitionRequest { request_id, petition_id, etag, reason, approved_by, ..Default::default() };
                let _ = change!(self, intake.void_petition, "void petition", request);
            }
            _ => {
                let (reason, approved_by) = ("依申请".to_owned(), "second".to_owned());
                let request =
                    intake::ErasePartiesRequest { request_id, petition_id, etag, reason, approved_by, ..Default::default() };
                let _ = change!(self, intake.erase_parties, "erase petition", request);
            }
        }
    }

    async fn open(&mut self) {
        let kind = TYPES[usize::try_from(self.dice.below(TYPES.len() as u64)).unwrap()];
        let consents = self.dice.below(12) > 0;
        let new = pb::NewDispute {
            occurred_on: self.day(20),
            respondent_consents: consents,
            hard: self.dice.below(9) == 0,
            already_at: if self.dice.below(15) == 0 { vec!["court".to_owned()] } else { Vec::new() },
            ..dispute(kind, &self.division())
        };
        let request = pb::OpenCaseRequest { request_id: id(), dispute: Some(new), ..Default::default() };
        if let Ok(answer) = change!(self, mediation.open_case, "open", request) {
            self.know(answer.case);
        }
        self.find_routed().await;
    }

    /// Cases that following opened, to be worked on like others.
    async fn find_routed(&mut self) {
        let request = pb::ListCasesRequest { source: "petition".to_owned(), page_size: 1000, ..Default::default() };
        let client = self.mediation.clone();
        if let Ok(page) = answered(async || client.clone().list_cases(request.clone()).await).await {
            for case in page.cases {
                self.know(Some(case));
            }
        }
    }

    fn know(&mut self, case: Option<pb::Case>) {
        let Some(case) = case else { return };
        let case_id = case.facts.unwrap_or_default().case_id;
        if !self.cases.contains(&case_id) {
            self.cases.push(case_id);
        }
        if !self.disputes.contains(&case.dispute_id) {
            self.disputes.push(case.dispute_id);
        }
    }

    async fn change_dispute(&mut self) {
        let Some(dispute_id) = self.one_of(|w| &w.disputes) else { return };
        let read = pb::GetDisputeRequest { dispute_id: dispute_id.clone(), ..Default::default() };
        let client = self.mediation.clone();
        let Ok(found) = answered(async || client.clone().get_dispute(read.clone()).await).await else { return };
        let (request_id, etag) = (id(), found.dispute.unwrap().etag);
        match self.dice.below(8) {
            0..=2 => {
                let Some(same_as) = self.one_of(|w| &w.disputes) else { return };
                let request = pb::LinkDisputeRequest { request_id, dispute_id, etag, same_as, ..Default::default() };
                let _ = change!(self, mediation.link_dispute, "link", request);
            }
            3..=4 => {
                let request = pb::UnlinkDisputeRequest { request_id, dispute_id, etag, ..Default::default() };
                let _ = change!(self, mediation.unlink_dispute, "unlink", request);
            }
            5..=6 => {
                let text = "又起争执".to_owned();
                let request = pb::ReopenDisputeRequest { request_id, dispute_id, etag, text, ..Default::default() };
                if let Ok(answer) = change!(self, mediation.reopen_dispute, "reopen", request) {
                    self.know(answer.case);
                }
            }
            _ => {
                let (reason, approved_by) = ("依申请".to_owned(), "second".to_owned());
                let request = pb::ErasePartiesRequest { request_id, dispute_id, etag, reason, approved_by, ..Default::default() };
                let _ = change!(self, mediation.erase_parties, "erase dispute", request);
            }
        }
    }
}

fn id() -> String {
    request_id().to_string()
}
