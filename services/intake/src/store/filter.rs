//! What petitions are asked for: one filter, as terms of a statement and as a question to one petition. The two say the same, which
//! a test compares. Knows columns; no engine, no pages.

use super::{is_repeat, open_due, township};
use crate::domain::{Petition, State};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_store::Query;

/// Days, both ends included; an end that is not given does not filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Days {
    /// Whether an end is given.
    pub fn given(self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// A day that is not there lies in no range.
    fn hold(self, day: Option<Day>) -> bool {
        !self.given() || day.is_some_and(|day| self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to))
    }
}

/// A filter over petitions; what is empty does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A division and all in it: the narrower of what is asked for and what the caller may see.
    pub division: Option<DivisionCode>,
    /// The two have nothing in common: nothing is found.
    pub nowhere: bool,
    /// The office that registered it.
    pub unit: String,
    pub responsible_unit: String,
    /// Any of these.
    pub states: Vec<State>,
    pub channel: String,
    pub matter_class: String,
    pub category: String,
    pub registered: Days,
    pub accepted: Days,
    pub concluded: Days,
    /// Legal due day of the running clock.
    pub due: Days,
    /// Only repeats, or only others.
    pub repeats: Option<bool>,
    /// Changed after this position of the log; needs the order by change.
    pub changed_after: i64,
}

impl Filter {
    /// Narrows the filter to a division, beside what it has.
    pub fn within(mut self, division: Option<&DivisionCode>) -> Self {
        let Some(division) = division else { return self };
        match &self.division {
            Some(asked) if division.contains(asked) => {}
            Some(asked) if !asked.contains(division) => self.nowhere = true,
            _ => self.division = Some(division.clone()),
        }
        self
    }

    /// Whether a petition is asked for, whatever the place of its last change.
    pub fn holds(&self, p: &Petition) -> bool {
        let is = |asked: &str, value: &str| asked.is_empty() || asked == value;
        !self.nowhere
            && self.division.as_ref().is_none_or(|division| division.contains(&p.division))
            && is(&self.unit, p.unit.as_str())
            && is(&self.responsible_unit, &p.responsible_unit)
            && (self.states.is_empty() || self.states.contains(&p.state))
            && is(&self.channel, p.channel.map_or("", |channel| channel.code()))
            && is(&self.matter_class, p.matter_class.code())
            && is(&self.category, &p.category)
            && self.registered.hold(Some(p.registered_on))
            && self.accepted.hold(p.accepted_on)
            && self.concluded.hold(p.concluded_on)
            && self.due.hold(open_due(p))
            && self.repeats.is_none_or(|repeats| repeats == is_repeat(p))
    }

    /// The terms that no walk along an index takes over. `walked` are the columns of the walk.
    pub(super) fn terms(&self, walked: &[&str]) -> Vec<Query> {
        let mut terms = Vec::new();
        if let Some(division) = self.division.as_ref().filter(|d| !walked.contains(&"township") || d.as_str() != township(d)) {
            let mut term = Query::new("petition.division >= ");
            // ':' is the character after '9', so [code, code:) holds every code that begins with it
            term.bind(division.as_str()).push(" AND petition.division < ").bind(format!("{division}:"));
            terms.push(term);
        }
        let texts = [
            ("petition.unit = ", "unit", &self.unit),
            ("petition.responsible_unit = ", "responsible_unit", &self.responsible_unit),
            ("petition.channel = ", "channel", &self.channel),
            ("petition.matter_class = ", "matter_class", &self.matter_class),
            ("petition.category = ", "category", &self.category),
        ];
        for (text, column, value) in texts {
            if !value.is_empty() && !walked.contains(&column) {
                let mut term = Query::new(text);
                term.bind(value.as_str());
                terms.push(term);
            }
        }
        if !self.states.is_empty() && !walked.contains(&"state") {
            let mut term = Query::new("petition.state IN (");
            for (at, state) in self.states.iter().enumerate() {
                term.push(if at == 0 { "" } else { ", " }).bind(state.name());
            }
            term.push(")");
            terms.push(term);
        }
        let ranges = [
            ("petition.registered_on", "registered_on", self.registered),
            ("petition.accepted_on", "accepted_on", self.accepted),
            ("petition.concluded_on", "concluded_on", self.concluded),
            ("petition.open_due", "open_due", self.due),
        ];
        for (name, column, days) in ranges {
            if days.given() && !walked.contains(&column) {
                let mut term = Query::new(name);
                term.push(" <> ''");
                range(&mut term, name, days);
                terms.push(term);
            }
        }
        if let Some(repeats) = self.repeats {
            let mut term = Query::new("petition.is_repeat = ");
            term.bind(i64::from(repeats));
            terms.push(term);
        }
        terms
    }
}

/// Adds the ends of a range, each with AND before it.
pub(super) fn range(query: &mut Query, column: &'static str, days: Days) {
    if let Some(from) = days.from {
        query.push(" AND ").push(column).push(" >= ").bind(from.to_string());
    }
    if let Some(to) = days.to {
        query.push(" AND ").push(column).push(" <= ").bind(to.to_string());
    }
}
