//! The year of the mediation bodies: what is logged on which working day, where it is sent, and what becomes of it. The same at each
//! run; the year before comes in by an import, as a county's old book would.

use super::{
    county::{Dice, PLACES, ROOMS, SOURCES, TYPES, committee_of},
    desk::{CENTRE, Desk},
};
use anyhow::Context as _;
use fengqiao_model::Day;
use fengqiao_proto::mediation::v1 as pb;
use std::collections::BTreeMap;

/// What is to be done with a case on a day.
#[derive(Clone)]
enum Step {
    Take,
    ReturnIt,
    Refused,
    Conclude(&'static str, &'static str),
    Perform,
}

/// The mediation bodies' year as it goes.
pub struct Cases {
    dice: Dice,
    /// Steps to come, by day, each with the case as it was last seen.
    plan: BTreeMap<Day, Vec<(pb::Case, Step)>>,
    /// Cases logged live.
    pub logged: u64,
    /// Number of the case whose routing the story shows.
    pub shown: String,
}

impl Cases {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { dice: Dice(3_208_311), plan: BTreeMap::new(), logged: 0, shown: String::new() }
    }

    /// What happens on a day: the steps that are due, and on a working day what is logged.
    pub async fn day(&mut self, desk: &Desk, day: Day, works: bool) -> anyhow::Result<()> {
        if !works {
            return Ok(());
        }
        let due: Vec<Day> = self.plan.range(..=day).map(|(day, _)| *day).collect();
        for (case, step) in due.into_iter().filter_map(|day| self.plan.remove(&day)).flatten().collect::<Vec<_>>() {
            self.step(desk, day, case, step).await?;
        }
        for _ in 0..self.dice.below(4) {
            self.log(desk, day).await?;
        }
        Ok(())
    }

    fn later(&mut self, day: Day, days: i32, case: &pb::Case, step: Step) {
        self.plan.entry(day.plus_days(days)).or_default().push((case.clone(), step));
    }

    /// Logged at the centre's counter and sent where the rules propose.
    async fn log(&mut self, desk: &Desk, day: Day) -> anyhow::Result<()> {
        let place = self.dice.pick(&PLACES, |place| place.weight);
        let (kind, _) = self.dice.pick(&TYPES, |kind| kind.1);
        let (source, _) = self.dice.pick(&SOURCES, |source| source.1);
        let wages = *kind == "T10";
        let consents = !self.dice.percent(3);
        let dispute = pb::NewDispute {
            dispute_type: (*kind).to_owned(),
            source: (*source).to_owned(),
            division_code: place.code.to_owned(),
            title: "纠纷".to_owned(),
            narrative: "（演示内容，纯属虚构）".to_owned(),
            parties: vec![
                pb::Party { name: "化名甲".to_owned(), side: "applicant".to_owned(), ..Default::default() },
                pb::Party { name: "化名乙".to_owned(), side: "respondent".to_owned(), ..Default::default() },
            ],
            party_count: self.dice.between(2, 5),
            flags: if wages { vec!["wages".to_owned()] } else { Vec::new() },
            applicant_consents: true,
            respondent_consents: true,
            hard: self.dice.percent(4),
            ..Default::default()
        };
        let request = pb::OpenCaseRequest { request_id: desk.request_id(), dispute: Some(dispute), ..Default::default() };
        let case = desk.coordinator.clone().open_case(request).await?.into_inner().case.unwrap_or_default();
        self.logged += 1;
        let case = dispatch(desk, &case).await?;
        let facts = case.facts.clone().unwrap_or_default();
        if wages && self.shown.is_empty() && day.year() == super::YEAR && day.month() > 2 {
            self.shown.clone_from(&facts.number);
        }
        if facts.body.is_empty() {
            return Ok(());
        }
        match self.dice.below(100) {
            _ if !consents => self.later(day, 2, &case, Step::Refused),
            0..=1 => self.later(day, 1, &case, Step::ReturnIt),
            _ => {
                let days = self.dice.between(0, 2);
                self.later(day, days, &case, Step::Take);
            }
        }
        Ok(())
    }

    /// Sends the case that mediation opened for a petition where the rules propose.
    pub async fn adopt(&mut self, desk: &mut Desk, day: Day, dispute: &str) -> anyhow::Result<()> {
        let opened = desk.dispute(dispute).await?.cases.into_iter().next().unwrap_or_default();
        let case = dispatch(desk, &opened).await?;
        self.later(day, 2, &case, Step::Take);
        Ok(())
    }

    /// Takes one step, on the case as it was last seen.
    async fn step(&mut self, desk: &Desk, day: Day, case: pb::Case, step: Step) -> anyhow::Result<()> {
        let facts = case.facts.clone().unwrap_or_default();
        let (case_id, etag, request_id) = (facts.case_id.clone(), case.etag.clone(), desk.request_id());
        let mut room = desk.room(&facts.body)?;
        match step {
            Step::Take => {
                let request = pb::TakeCaseRequest { request_id, case_id, etag, ..Default::default() };
                let case = room.take_case(request).await?.into_inner().case.unwrap_or_default();
                let (days, step) = self.intend();
                self.later(day, days, &case, step);
            }
            Step::ReturnIt => {
                let reason = "case.no_capacity".to_owned();
                let request = pb::ReturnCaseRequest { request_id, case_id, etag, reason, ..Default::default() };
                let case = room.return_case(request).await?.into_inner().case.unwrap_or_default();
                let case = dispatch(desk, &case).await?;
                if case.facts.as_ref().is_some_and(|facts| !facts.body.is_empty()) {
                    self.later(day, 1, &case, Step::Take);
                }
            }
            Step::Refused => {
                let reason = "case.respondent_refuses".to_owned();
                room.record_refusal(pb::RecordRefusalRequest { request_id, case_id, etag, reason, ..Default::default() }).await?;
            }
            Step::Conclude(outcome, reason) => {
                let agreed = matches!(outcome, "agreed" | "partial");
                let written = agreed && self.dice.percent(45);
                let amount = if written { i64::from(self.dice.between(8, 400)) * 10_000 } else { 0 };
                let request = pb::ConcludeCaseRequest {
                    request_id,
                    case_id,
                    etag,
                    outcome: outcome.to_owned(),
                    agreement_form: if written {
                        "written"
                    } else if agreed {
                        "oral"
                    } else {
                        ""
                    }
                    .to_owned(),
                    reason: reason.to_owned(),
                    agreed_fen: amount,
                    performance_due: if written { day.plus_days(30).to_string() } else { String::new() },
                    ..Default::default()
                };
                let case = room.conclude_case(request).await?.into_inner().case.unwrap_or_default();
                if written && !self.dice.percent(4) {
                    let days = if self.dice.percent(8) { self.dice.between(31, 45) } else { self.dice.between(3, 30) };
                    self.later(day, days, &case, Step::Perform);
                }
            }
            Step::Perform => {
                let paid_fen = facts.agreed_fen;
                room.record_performance(pb::RecordPerformanceRequest {
                    request_id,
                    case_id,
                    etag,
                    paid_fen,
                    in_full: true,
                    ..Default::default()
                })
                .await?;
            }
        }
        Ok(())
    }

    /// How and after how many days a case ends: mostly by agreement within the month.
    fn intend(&mut self) -> (i32, Step) {
        let (outcome, reason) = match self.dice.below(100) {
            0..=4 => ("failed", "case.gap_too_large"),
            5 => ("failed", "case.limit_over"),
            6..=8 => ("settled_privately", ""),
            9..=10 => ("withdrawn", ""),
            11 => ("terminated", "case.suit_filed"),
            12..=13 => ("partial", ""),
            _ => ("agreed", ""),
        };
        let late = reason == "case.limit_over" || self.dice.percent(2);
        let days = if late { self.dice.between(33, 48) } else { self.dice.between(1, 26) };
        (days, Step::Conclude(outcome, reason))
    }
}

/// Confirms what the rules propose.
async fn dispatch(desk: &Desk, case: &pb::Case) -> anyhow::Result<pb::Case> {
    let request = pb::DispatchCaseRequest {
        request_id: desk.request_id(),
        case_id: case.facts.as_ref().map(|facts| facts.case_id.clone()).unwrap_or_default(),
        etag: case.etag.clone(),
        ..Default::default()
    };
    Ok(desk.coordinator.clone().dispatch_case(request).await?.into_inner().case.unwrap_or_default())
}

/// Registers every body that is there before the played years.
pub async fn found_old_bodies(desk: &Desk) -> anyhow::Result<()> {
    for place in &PLACES {
        let body = pb::NewBody {
            code: committee_of(place),
            name: format!("{}人民调解委员会", place.name),
            force: pb::Force::People.into(),
            kind: "committee".to_owned(),
            division_code: place.code.to_owned(),
            capacity: 60,
            founded_on: "2018-01-01".to_owned(),
            ..Default::default()
        };
        register(desk, body).await?;
    }
    found_bodies(desk, |founded| founded < "2023-12-01").await
}

/// Registers the rooms whose founding day says so.
pub async fn found_bodies(desk: &Desk, wanted: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    for room in ROOMS.iter().filter(|room| wanted(room.founded)) {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let body = pb::NewBody {
            code: room.code.to_owned(),
            name: room.name.to_owned(),
            force: room.force.into(),
            kind: room.kind.to_owned(),
            theme: room.theme.to_owned(),
            tags: texts(room.tags),
            division_code: room.division.to_owned(),
            specialities: texts(room.specialities),
            capacity: room.capacity,
            founded_on: room.founded.to_owned(),
            ..Default::default()
        };
        register(desk, body).await?;
    }
    Ok(())
}

async fn register(desk: &Desk, body: pb::NewBody) -> anyhow::Result<()> {
    let request = pb::RegisterBodyRequest { request_id: desk.request_id(), body: Some(body), ..Default::default() };
    desk.coordinator.clone().register_body(request).await?;
    Ok(())
}

/// Strengthens the staff of some bodies on the day of the year when the centre does so.
pub async fn adjust_bodies(desk: &Desk) -> anyhow::Result<()> {
    for code in ["TJ-001", "TJ-101", "TJ-107", "HY-WY", "ZY-JT"] {
        let found = {
            desk.call();
            desk.coordinator.clone().get_body(pb::GetBodyRequest { code: code.to_owned() }).await?.into_inner().body
        };
        let request = pb::AdjustBodyRequest {
            request_id: desk.request_id(),
            code: code.to_owned(),
            etag: found.unwrap_or_default().etag,
            staff_in: 2,
            staff_out: 1,
            ..Default::default()
        };
        desk.coordinator.clone().adjust_body(request).await?;
    }
    Ok(())
}

/// The year before, as the old book has it: one import.
pub async fn import_year_before(desk: &Desk, year: i16) -> anyhow::Result<()> {
    let columns = [
        "external_ref",
        "applied_at",
        "source",
        "dispute_type",
        "force",
        "body",
        "division_code",
        "party_count",
        "accepted_at",
        "concluded_at",
        "outcome",
        "agreement_form",
        "amount_yuan",
    ];
    let mut dice = Dice(20_230_101);
    let first = Day::new(year, 1, 2).context("a day of the calendar")?;
    let rows = (0..260).map(|n: i64| {
        let place = dice.pick(&PLACES, |place| place.weight);
        let applied = first.plus_days(i32::try_from(n).unwrap_or(0) * 13 / 10);
        let accepted = applied.plus_days(dice.between(0, 2));
        let ended = accepted.plus_days(dice.between(2, 27));
        let (outcome, form) = match dice.below(100) {
            0..=9 => ("failed", ""),
            10..=12 => ("withdrawn", ""),
            13..=60 => ("agreed", "oral"),
            _ => ("agreed", "written"),
        };
        let amount = if form == "written" { (dice.between(8, 400) * 100).to_string() } else { String::new() };
        let kind = if dice.percent(60) { "T02" } else { "T01" };
        let committee = committee_of(place);
        let cells = [
            format!("{year}-{:04}", n + 1),
            applied.to_string(),
            "applied".to_owned(),
            kind.to_owned(),
            "people".to_owned(),
            committee,
            place.code.to_owned(),
            dice.between(2, 5).to_string(),
            accepted.to_string(),
            ended.to_string(),
            outcome.to_owned(),
            form.to_owned(),
            amount,
        ];
        pb::CaseLedgerRow { line: n + 2, cells: cells.to_vec() }
    });
    let batch = pb::ImportCasesRequest {
        rows: rows.collect(),
        request_id: desk.request_id(),
        ledger: format!("{CENTRE}-{year}"),
        columns: columns.map(str::to_owned).to_vec(),
    };
    let answer = desk.coordinator.clone().import_case_batch(pb::ImportCaseBatchRequest { batch: Some(batch) }).await?;
    let result = answer.into_inner().result.unwrap_or_default();
    anyhow::ensure!(result.refused.is_empty(), "rows of the year before were refused: {:?}", result.refused.first());
    Ok(())
}
