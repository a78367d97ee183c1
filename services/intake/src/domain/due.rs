//! The clocks of a petition as lines that can be listed: who owes each, which terms it had from which day on, and when the sweep has to
//! look at it. A line of a past day is found among them, so that every lamp can be lit again.

use super::{ClockRun, Petition, clocks};
use fengqiao_model::Day;
use fengqiao_statute::ClockTerms;

/// One clock under one of the terms it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockLine<'p> {
    /// Which clock of the petition, in the order of starting.
    pub place: usize,
    /// Which of its terms, in their order.
    pub edition: usize,
    /// The terms.
    pub terms: &'p ClockTerms,
    /// From which day on they are its terms.
    pub from_on: Day,
    /// The first day of the next terms; none for the last.
    pub until_on: Option<Day>,
    /// The day on which it ended.
    pub done_on: Option<Day>,
    /// The day on which its lapse was noted.
    pub lapsed_on: Option<Day>,
    /// The unit that owes what it asks for; empty when not known.
    pub unit: &'p str,
    /// The first day on which the sweep may have something to note of it.
    pub sweep_on: Option<Day>,
}

impl Petition {
    /// Every clock under all its terms.
    pub fn clock_lines(&self) -> Vec<ClockLine<'_>> {
        let mut lines = Vec::new();
        for (place, clock) in self.clocks.iter().enumerate() {
            let mut from_on = clock.terms.started_on;
            let last = clock.former.len();
            let former = clock.former.iter().map(|former| (&former.terms, Some(former.until)));
            for (edition, (terms, until_on)) in former.chain([(&clock.terms, None)]).enumerate() {
                lines.push(ClockLine {
                    place,
                    edition,
                    terms,
                    from_on,
                    until_on,
                    done_on: clock.done_on,
                    lapsed_on: clock.lapsed_on,
                    unit: self.owed_by(clock),
                    sweep_on: if edition == last { self.sweep_on(clock) } else { None },
                });
                from_on = until_on.unwrap_or(from_on);
            }
        }
        lines
    }

    /// The unit that owes what a clock asks for. A window is nobody's duty: there it is the unit whose act may still be disputed.
    pub fn owed_by(&self, clock: &ClockRun) -> &str {
        let received = |on: Day| self.routings.iter().rev().find(|routing| routing.received_on == on || routing.on == on);
        let handler = if self.responsible_unit.is_empty() { self.unit.as_str() } else { &self.responsible_unit };
        match clock.terms.rule.as_str() {
            clocks::ROUTED_NOTICE | clocks::OBJECTION | clocks::ASSIGNMENT => {
                received(clock.terms.started_on).map_or(handler, |routing| &routing.to_unit)
            }
            clocks::HANDLING | clocks::REVIEW_WINDOW => handler,
            clocks::REVIEW | clocks::REREVIEW_WINDOW => &self.review_unit,
            clocks::REREVIEW => &self.rereview_unit,
            _ => self.unit.as_str(),
        }
    }

    /// Days of a clock that the law does not count, both ends included: hearings of the re-review (XF 36), and nothing else.
    pub fn suspended(&self, rule: &str) -> Vec<(Day, Day)> {
        let stage = self.hearings.iter().filter(|hearing| rule == clocks::REREVIEW && hearing.stage == "rereview");
        stage.map(|hearing| (hearing.from, hearing.until)).collect()
    }

    /// Whether a clock was followed by a red lamp's record.
    pub(super) fn was_pressed(&self, clock: &ClockRun) -> bool {
        let since = clock.terms.started_on;
        self.supervisions.iter().any(|supervision| supervision.rule == clock.terms.rule && supervision.on > since)
    }

    /// The day after the earlier of its due days, until all is noted. An item that came in as a row of a ledger is told by its ledger
    /// as long as no step was taken here.
    fn sweep_on(&self, clock: &ClockRun) -> Option<Day> {
        let told_by_ledger = self.origin.as_ref().is_some_and(|origin| !origin.overtaken);
        let noted = clock.lapsed_on.is_some() && self.was_pressed(clock);
        (clock.runs() && !told_by_ledger && !noted).then(|| clock.terms.kpi_due.plus_days(1))
    }

    /// Keeps the terms that an event took from a clock, with its day. Clocks are only ever added at the end, so each is looked for at
    /// its own place (a correction may have moved its first day); only a ledger's row that tells more may shift them.
    pub(super) fn remember(&mut self, before: &[ClockRun], on: Day) {
        let mut met: Vec<usize> = Vec::new();
        for (place, clock) in self.clocks.iter_mut().enumerate() {
            let rule = |at: &usize| before[*at].terms.rule == clock.terms.rule && !met.contains(at);
            let same = |at: &usize| rule(at) && before[*at].terms.started_on == clock.terms.started_on;
            let own = Some(place).filter(|at| *at < before.len() && rule(at));
            let Some(at) = own.or_else(|| (0..before.len()).find(same)) else {
                clock.former.clear();
                continue;
            };
            met.push(at);
            clock.former.clone_from(&before[at].former);
            if before[at].terms != clock.terms {
                clock.former.push(Former { until: on, terms: before[at].terms.clone() });
            }
        }
    }
}

/// Terms that a clock had.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Former {
    /// The first day of the next terms.
    pub until: Day,
    /// The terms.
    pub terms: ClockTerms,
}
