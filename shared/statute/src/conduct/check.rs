//! Whether an item keeps the rules of conduct: pure, over what was recorded of it and a day.

use super::{Check, ConductBook, ConductRule, Subject};
use crate::{Calendar, ClockTerms, Length, lamp::DueBy, unrolled};
use fengqiao_model::Day;
use std::fmt;

/// One step that was recorded. Codes, ids and days; nothing personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Kind of the step, such as `accepted`.
    pub step: String,
    /// Its own day.
    pub on: Day,
    /// The day on which it was recorded.
    pub recorded_on: Day,
    /// Who took it.
    pub actor: String,
    /// The second person who agreed; empty when there is none.
    pub approved_by: String,
    /// The unit that took it; empty when not known.
    pub unit: String,
    /// Number of its paper; empty when there is none.
    pub document_number: String,
    /// Its reason code; empty when there is none.
    pub reason: String,
    /// The day on which its paper was received.
    pub received_on: Option<Day>,
}

/// One clock that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunClock {
    /// Its terms.
    pub terms: ClockTerms,
    /// The day on which it ended.
    pub ended_on: Option<Day>,
}

/// What was recorded of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What it is.
    pub subject: Subject,
    /// Day of registration: the day whose rules it is held to.
    pub registered_on: Day,
    /// Class of matter, as a code.
    pub matter_class: String,
    /// Channel, as a code; empty when not known.
    pub channel: String,
    /// Representatives.
    pub representatives: u32,
    /// Its steps, in the order of recording.
    pub deeds: Vec<Deed>,
    /// Its clocks.
    pub clocks: Vec<RunClock>,
    /// Explanations that supervision asked for: the day of asking, the day it is due, the day it came.
    pub explanations: Vec<(Day, Day, Option<Day>)>,
}

/// How a rule was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breach {
    /// A clock ended late.
    Late { clock: String, due: Day, done: Day },
    /// A clock still runs and is late.
    Overdue { clock: String, due: Day },
    /// A step lacks what the rule asks for.
    Lacks { step: String, on: Day, what: Lack },
    /// A step came late, or has not come yet.
    NotInTime { what: String, due: Day, came: Option<Day> },
    /// More of something than the rule allows.
    TooMany { what: String, count: u32, most: u32 },
    /// A step that must not be.
    Forbidden { step: String, on: Day },
}

/// What a step may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The number of its paper.
    Document,
    /// A reason code.
    Reason,
    /// A second person.
    SecondPerson,
    /// Another unit.
    OtherUnit,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::Late { clock, due, done } => write!(f, "{clock} was due on {due} and ended on {done}"),
            Breach::Overdue { clock, due } => write!(f, "{clock} was due on {due} and still runs"),
            Breach::Lacks { step, on, what } => {
                let what = match what {
                    Lack::Document => "has no document number",
                    Lack::Reason => "has no reason",
                    Lack::SecondPerson => "was not agreed or taken by a second person",
                    Lack::OtherUnit => "was not taken by another unit",
                };
                write!(f, "{step} of {on} {what}")
            }
            Breach::NotInTime { what, due, came: Some(came) } => write!(f, "{what} was due on {due} and came on {came}"),
            Breach::NotInTime { what, due, came: None } => write!(f, "{what} was due on {due} and has not come"),
            Breach::TooMany { what, count, most } => write!(f, "{count} of {what}, at most {most} are allowed"),
            Breach::Forbidden { step, on } => write!(f, "{step} of {on} must not be"),
        }
    }
}

/// That a rule applies to an item, and every breach of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<'b> {
    /// The rule.
    pub rule: &'b ConductRule,
    /// How it was broken by the day; empty when it was kept so far.
    pub breaches: Vec<Breach>,
}

impl ConductBook {
    /// The rules that apply to an item as it was known at the end of a day, in the order of the book. A rule whose occasion has not
    /// come does not apply: no extension, no rule about extensions.
    pub fn verdicts(&self, calendar: &Calendar, facts: &Facts, day: Day) -> Vec<Verdict<'_>> {
        if facts.registered_on > day {
            return Vec::new();
        }
        let view = View { facts, calendar, day };
        self.rules_on(facts.subject, facts.registered_on)
            .filter(|rule| rule.matter_class.is_empty() || rule.matter_class == facts.matter_class)
            .filter(|rule| rule.channel.is_empty() || rule.channel == facts.channel)
            .filter_map(|rule| view.check(&rule.check).map(|breaches| Verdict { rule, breaches }))
            .collect()
    }
}

/// An item as it stood at the end of a day.
struct View<'a> {
    facts: &'a Facts,
    calendar: &'a Calendar,
    day: Day,
}

impl View<'_> {
    fn deeds(&self) -> impl Iterator<Item = &Deed> {
        self.facts.deeds.iter().filter(|deed| deed.on <= self.day)
    }

    fn steps<'s>(&'s self, step: &'s str) -> impl Iterator<Item = &'s Deed> {
        self.deeds().filter(move |deed| step == "*" || deed.step == step)
    }

    fn by(&self, day: Option<Day>) -> Option<Day> {
        day.filter(|day| *day <= self.day)
    }

    /// `None`: the rule does not apply.
    fn check(&self, check: &Check) -> Option<Vec<Breach>> {
        match check {
            Check::ClockKept { clocks, by } => self.clock_kept(clocks, *by),
            Check::Documented { step } => self.each(step, |deed| deed.document_number.is_empty().then_some(Lack::Document)),
            Check::Reasoned { step } => self.each(step, |deed| deed.reason.is_empty().then_some(Lack::Reason)),
            Check::SecondPerson { step, after: None } => self
                .each(step, |deed| (deed.approved_by.is_empty() || deed.approved_by == deed.actor).then_some(Lack::SecondPerson)),
            Check::SecondPerson { step, after: Some(after) } => {
                self.against(step, after, |deed, before| (deed.actor == before.actor).then_some(Lack::SecondPerson))
            }
            Check::OtherUnit { step, than } => {
                self.against(step, than, |deed, before| (deed.unit == before.unit).then_some(Lack::OtherUnit))
            }
            Check::Received { step, within } => self.in_time(self.steps(step).map(|deed| {
                (format!("receipt of the paper of {} of {}", deed.step, deed.on), deed.on, *within, self.by(deed.received_on))
            })),
            Check::RecordedWithin { step, within } => self.in_time(self.steps(step).map(|deed| {
                (format!("recording of {} of {}", deed.step, deed.on), deed.on, *within, self.by(Some(deed.recorded_on)))
            })),
            Check::Follows { step, after, within } => {
                let deeds: Vec<&Deed> = self.deeds().collect();
                let answered = deeds.iter().enumerate().filter(|(_, deed)| deed.step == *after).map(|(at, deed)| {
                    let answer = deeds[at..].iter().find(|later| later.step == *step).map(|later| later.on);
                    (format!("{step} after {after} of {}", deed.on), deed.on, *within, answer)
                });
                self.in_time(answered.collect::<Vec<_>>().into_iter())
            }
            Check::AtMost { step, count: most } => {
                let count = u32::try_from(self.steps(step).count()).unwrap_or(u32::MAX);
                let breach = (count > *most).then(|| Breach::TooMany { what: step.clone(), count, most: *most });
                (count > 0).then(|| breach.into_iter().collect())
            }
            Check::Never { step } => {
                Some(self.steps(step).map(|deed| Breach::Forbidden { step: deed.step.clone(), on: deed.on }).collect())
            }
            Check::Explained => {
                let asked = self.facts.explanations.iter().filter(|(asked, _, _)| *asked <= self.day);
                let asked: Vec<_> = asked.collect();
                let breach = |(_, due, came): &&(Day, Day, Option<Day>)| {
                    late(*due, self.by(*came), self.day).then(|| Breach::NotInTime {
                        what: "explanation".to_owned(),
                        due: *due,
                        came: self.by(*came),
                    })
                };
                (!asked.is_empty()).then(|| asked.iter().filter_map(breach).collect())
            }
            Check::Representatives { most } => {
                let count = self.facts.representatives;
                let what = || "representatives".to_owned();
                let breach = (count > *most).then(|| Breach::TooMany { what: what(), count, most: *most });
                (count > 0).then(|| breach.into_iter().collect())
            }
        }
    }

    fn clock_kept(&self, clocks: &[String], by: DueBy) -> Option<Vec<Breach>> {
        let run = self.facts.clocks.iter().filter(|run| clocks.contains(&run.terms.rule) && run.terms.started_on <= self.day);
        let run: Vec<&RunClock> = run.collect();
        let breach = |run: &&RunClock| {
            let (clock, due) = (run.terms.rule.clone(), by.of(&run.terms));
            match self.by(run.ended_on) {
                Some(done) if done > due => Some(Breach::Late { clock, due, done }),
                None if self.day > due => Some(Breach::Overdue { clock, due }),
                _ => None,
            }
        };
        (!run.is_empty()).then(|| run.iter().filter_map(breach).collect())
    }

    fn each(&self, step: &str, lack: impl Fn(&Deed) -> Option<Lack>) -> Option<Vec<Breach>> {
        let deeds: Vec<&Deed> = self.steps(step).collect();
        let breach = |deed: &&Deed| lack(deed).map(|what| Breach::Lacks { step: deed.step.clone(), on: deed.on, what });
        (!deeds.is_empty()).then(|| deeds.iter().filter_map(breach).collect())
    }

    /// Holds each step against the last one of another kind before it; without one the rule does not apply.
    fn against(&self, step: &str, other: &str, lack: impl Fn(&Deed, &Deed) -> Option<Lack>) -> Option<Vec<Breach>> {
        let deeds: Vec<&Deed> = self.deeds().collect();
        let pairs = deeds.iter().enumerate().filter(|(_, deed)| deed.step == step).filter_map(|(at, deed)| {
            let before = deeds[..at].iter().rev().find(|before| before.step == other)?;
            Some((*deed, *before))
        });
        let pairs: Vec<(&Deed, &Deed)> = pairs.collect();
        let breach = |(deed, before): &(&Deed, &Deed)| {
            lack(deed, before).map(|what| Breach::Lacks { step: deed.step.clone(), on: deed.on, what })
        };
        (!pairs.is_empty()).then(|| pairs.iter().filter_map(breach).collect())
    }

    /// What had to come within a time of a day, and when it came.
    fn in_time(&self, awaited: impl Iterator<Item = (String, Day, Length, Option<Day>)>) -> Option<Vec<Breach>> {
        let awaited: Vec<_> = awaited.collect();
        let breach = |(what, from, within, came): &(String, Day, Length, Option<Day>)| {
            let due = unrolled(self.calendar, *from, *within);
            late(due, *came, self.day).then(|| Breach::NotInTime { what: what.clone(), due, came: *came })
        };
        (!awaited.is_empty()).then(|| awaited.iter().filter_map(breach).collect())
    }
}

fn late(due: Day, came: Option<Day>, day: Day) -> bool {
    came.unwrap_or(day) > due
}
