//! What the county counts: the milestones of a root, from the cases of all disputes that are one quarrel (design §5, §7; D§5.7).
//!
//! A sweep over the days. The first acceptance makes the root accepted; it concludes when a case ends that is not handed on, while
//! no other is open and no case that was given away still waits for the one that goes on with it; an acceptance after that reopens
//! it. Knows no body and no law; voided cases count nowhere.

use super::{Case, CaseState, Entry, Milestone, What};
use fengqiao_model::Day;
use fengqiao_statute::Outcome;

/// The milestones of a root from its cases and those of the disputes linked into it; sets how each accepted case entered the root.
pub fn milestones(cases: &mut [&mut Case]) -> Vec<Milestone> {
    let (sweep, entries) = {
        let view: Vec<&Case> = cases.iter().map(|case| &**case).collect();
        let successors = successors(&view);
        let mut sweep = Sweep::new(&view, &successors);
        for (day, step) in ordered(&view, &successors) {
            sweep.take(day, step);
        }
        (sweep.milestones, sweep.entries)
    };
    for (case, entry) in cases.iter_mut().zip(entries) {
        case.entry = entry;
    }
    sweep
}

/// The case that goes on with one that was given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Successor {
    case: usize,
    /// Said so: it was opened by the step itself, or stands at the body that the ledger names. Otherwise it is only the next one.
    named: bool,
}

/// Given away: transferred, or handed on with its conclusion.
pub(super) fn passes_on(case: &Case) -> bool {
    case.handed_on || case.outcome == Some(Outcome::Transferred)
}

/// Accepted, and it counts.
fn accepted(case: &Case) -> Option<Day> {
    if case.state == CaseState::Void { None } else { case.accepted_on }
}

/// The day on which a case ended without ever having been accepted.
fn ended_unaccepted(case: &Case) -> Option<Day> {
    match case.state {
        CaseState::Void => case.voided_on,
        _ if case.accepted_on.is_some() => None,
        _ => case.ended_on,
    }
}

/// For each case the one that goes on with it. A case logged here says which case it follows; rows of a ledger only name a body, so
/// they are matched in the order in which they were given away.
fn successors(cases: &[&Case]) -> Vec<Option<Successor>> {
    let mut found: Vec<Option<Successor>> = vec![None; cases.len()];
    let given_away =
        |index: usize| accepted(cases[index]).is_some() && cases[index].ended_on.is_some() && passes_on(cases[index]);
    let mut waiting: Vec<usize> = (0..cases.len()).filter(|index| given_away(*index)).collect();
    waiting.retain(|index| {
        let follows = cases.iter().position(|case| case.from == Some(cases[*index].id));
        found[*index] = follows.map(|case| Successor { case, named: true });
        follows.is_none() && cases[*index].imported_cells.is_some()
    });
    waiting.sort_by_key(|index| (cases[*index].ended_on, *index));
    for index in waiting {
        found[index] = (0..cases.len())
            .filter(|candidate| can_follow(cases, &found, index, *candidate))
            .map(|candidate| {
                let named = !cases[candidate].body.is_empty() && cases[candidate].body == cases[index].handed_on_to;
                let early = accepted(cases[candidate]) < cases[index].ended_on && accepted(cases[candidate]).is_some();
                (!named, early, cases[candidate].applied_on, candidate)
            })
            .min()
            .map(|(unnamed, _, _, case)| Successor { case, named: !unnamed });
    }
    found
}

/// Whether a row may be the one that goes on with the row at `index`.
fn can_follow(cases: &[&Case], found: &[Option<Successor>], index: usize, candidate: usize) -> bool {
    let (given, next) = (cases[index], cases[candidate]);
    let taken = found.iter().flatten().any(|successor| successor.case == candidate);
    let came_before = accepted(next).is_some_and(|on| Some(on) < given.accepted_on)
        || ended_unaccepted(next).is_some_and(|on| Some(on) < given.ended_on)
        || next.applied_on < given.applied_on;
    let is_ancestor = || {
        let mut behind = candidate;
        for _ in 0..cases.len() {
            match found[behind] {
                Some(successor) if successor.case == index => return true,
                Some(successor) => behind = successor.case,
                None => return false,
            }
        }
        true
    };
    candidate != index && !taken && next.from.is_none() && next.state != CaseState::Void && !came_before && !is_ancestor()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Accept(usize),
    End(usize),
    /// The case that was to go on with this one ended without having been accepted.
    WaitOver(usize),
}

/// The steps by day. Within a day acceptances come before ends, but a case is accepted before it ends, and what follows a case
/// comes after its end: the village fails and hands on, then the township takes it.
fn ordered(cases: &[&Case], successors: &[Option<Successor>]) -> Vec<(Day, Step)> {
    let mut steps: Vec<(Day, Step)> = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let Some(on) = accepted(case) else { continue };
        steps.push((on, Step::Accept(index)));
        if let Some(end) = case.ended_on {
            steps.push((end, Step::End(index)));
            if let Some(over) = successors[index].and_then(|successor| ended_unaccepted(cases[successor.case])) {
                steps.push((over, Step::WaitOver(index)));
            }
        }
    }
    steps.sort();
    let follows = |index: usize| -> Vec<usize> {
        let by_ledger = successors.iter().position(|successor| successor.is_some_and(|s| s.case == index));
        let by_name = cases[index].from.and_then(|from| cases.iter().position(|case| case.id == from));
        by_ledger.into_iter().chain(by_name).collect()
    };
    let mut done = Vec::with_capacity(steps.len());
    while let Some((day, _)) = steps.first().copied() {
        let same_day = steps.partition_point(|(other, _)| *other <= day);
        let ready = |step: Step| match step {
            Step::Accept(index) => follows(index).iter().all(|before| !steps[..same_day].contains(&(day, Step::End(*before)))),
            Step::End(index) => !steps[..same_day].contains(&(day, Step::Accept(index))),
            Step::WaitOver(index) => !steps[..same_day].contains(&(day, Step::End(index))),
        };
        let next = steps[..same_day].iter().position(|(_, step)| ready(*step)).unwrap_or(0);
        done.push(steps.remove(next));
    }
    done
}

/// The root while the days pass.
struct Sweep<'a> {
    cases: &'a [&'a Case],
    successors: &'a [Option<Successor>],
    entries: Vec<Option<Entry>>,
    milestones: Vec<Milestone>,
    open: usize,
    /// Ended, and given away to a case that has not been accepted yet.
    waits: Vec<usize>,
    /// Their wait is over, even if they end later.
    arrived: Vec<bool>,
    first: Option<usize>,
    last_concluded: Option<usize>,
}

impl<'a> Sweep<'a> {
    fn new(cases: &'a [&'a Case], successors: &'a [Option<Successor>]) -> Self {
        Self {
            cases,
            successors,
            entries: vec![None; cases.len()],
            milestones: Vec::new(),
            open: 0,
            waits: Vec::new(),
            arrived: vec![false; cases.len()],
            first: None,
            last_concluded: None,
        }
    }

    fn take(&mut self, day: Day, step: Step) {
        match step {
            Step::Accept(index) => self.accept(day, index),
            Step::End(index) => self.end(day, index),
            Step::WaitOver(index) => {
                self.arrived[index] = true;
                if self.stops_waiting(index) && self.is_over() {
                    self.conclude(day, self.last_concluded.or(self.first), false);
                }
            }
        }
    }

    fn stops_waiting(&mut self, index: usize) -> bool {
        let before = self.waits.len();
        self.waits.retain(|waiting| *waiting != index);
        self.waits.len() < before
    }

    fn is_over(&self) -> bool {
        self.open == 0 && self.waits.is_empty() && self.milestones.last().is_some_and(|last| last.what != What::Concluded)
    }

    fn accept(&mut self, day: Day, index: usize) {
        let given = self.successors.iter().position(|successor| successor.is_some_and(|s| s.case == index));
        let received = given.is_some_and(|given| {
            self.arrived[given] = true;
            self.stops_waiting(given) || self.successors[given].is_some_and(|successor| successor.named)
        });
        self.open += 1;
        self.first.get_or_insert(index);
        let entry = match self.milestones.last().map(|last| last.what) {
            None => Entry::First,
            Some(What::Concluded) => Entry::Reopens,
            Some(_) if received => Entry::Received,
            Some(_) => Entry::Joined,
        };
        self.entries[index] = Some(entry);
        match entry {
            Entry::First => self.note(What::Accepted, day, index, false),
            Entry::Reopens => self.note(What::Reopened, day, index, false),
            Entry::Received | Entry::Joined => {}
        }
    }

    fn end(&mut self, day: Day, index: usize) {
        let case = self.cases[index];
        self.open -= 1;
        let concludes = case.outcome.is_some_and(Outcome::concludes);
        if concludes {
            self.last_concluded = Some(index);
        }
        if passes_on(case) && !self.arrived[index] {
            self.waits.push(index);
        }
        if !self.is_over() {
            return;
        }
        let resolves = |index: usize| self.cases[index].outcome.is_some_and(Outcome::resolves);
        if concludes && !passes_on(case) {
            self.conclude(day, Some(index), resolves(index));
        } else {
            // It was given away, and what went on with it is over already.
            let by = self.last_concluded.or(self.first);
            self.conclude(day, by, by.is_some_and(|by| by != index && resolves(by)));
        }
    }

    fn conclude(&mut self, day: Day, by: Option<usize>, resolved: bool) {
        if let Some(index) = by {
            self.note(What::Concluded, day, index, resolved);
        }
    }

    fn note(&mut self, what: What, on: Day, index: usize, resolved: bool) {
        let case = self.cases[index];
        self.milestones.push(Milestone { what, on, force: case.force, resolved, case: case.id, apart: false });
    }
}
