//! One running clock: its terms, how they come about, are extended and restated, and whether it is on time on a day.
//!
//! The terms are reckoned once, by the service that owns the item, and travel with it (design §6).

use crate::{
    Calendar, Exclusion, ExclusionError, Length, Rule, RuleBook, Unit,
    count::{self, Due},
    exclusion,
};
use fengqiao_model::Day;
use serde::{Deserialize, Serialize};

/// The terms of a clock (D§6.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClockTerms {
    /// Code of the rule, such as `P-06`.
    pub rule: String,
    /// Version of the rule in force on the trigger day; a running clock keeps it.
    pub rule_version: String,
    /// Version of the calendar that the days were reckoned with.
    pub calendar_version: String,
    /// Trigger day; it is not counted itself.
    pub started_on: Day,
    /// Due day of the performance practice, not rolled.
    pub kpi_due: Day,
    /// Due day in law, rolled to a working day.
    pub legal_due: Day,
    /// The days may still move, because a notice they depend on has not been issued.
    pub provisional: bool,
}

/// Why no clock runs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRule {
    /// The book has no version of the rule for that day.
    #[error("the rule book has no rule {code} in force on {day}")]
    NotInForce {
        /// The rule.
        code: String,
        /// The trigger day.
        day: Day,
    },
    /// The book has no such version of the rule.
    #[error("the rule book has no version {version} of rule {code}")]
    NoVersion {
        /// The rule.
        code: String,
        /// The version that the clock keeps.
        version: String,
    },
    /// The law sets no length.
    #[error("rule {code} sets no length: {why}")]
    NoLength {
        /// The rule.
        code: String,
        /// What it says instead.
        why: String,
    },
}

/// Why a clock is not extended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionError {
    /// The law allows none.
    #[error("{rule} cannot be extended ({source_article})")]
    NotAllowed {
        /// The rule.
        rule: String,
        /// The article that allows none.
        source_article: String,
    },
    /// Nothing, beyond all reason, or another unit than the rule's.
    #[error("an extension of {rule} must be from 1 {unit} to {max} {unit}", max = Length::LONGEST)]
    NotInUnit {
        /// The rule.
        rule: String,
        /// The letter of its unit.
        unit: char,
    },
    /// More than the law allows, with what was granted before.
    #[error("{rule} can be extended by at most {most} in all")]
    TooLong {
        /// The rule.
        rule: String,
        /// The bound.
        most: Length,
    },
    /// The clock's rule is not in the book.
    #[error(transparent)]
    NoRule(#[from] NoRule),
}

impl ClockTerms {
    fn with(&self, calendar: &Calendar, due: Due) -> Self {
        Self {
            calendar_version: calendar.version().to_owned(),
            kpi_due: due.kpi,
            legal_due: due.legal,
            provisional: due.provisional,
            ..self.clone()
        }
    }
}

/// Starts the clock of a rule on the day of its trigger event, by the version in force on that day.
pub fn start_clock(book: &RuleBook, calendar: &Calendar, code: &str, trigger_day: Day) -> Result<ClockTerms, NoRule> {
    let missing = || NoRule::NotInForce { code: code.to_owned(), day: trigger_day };
    let rule = book.rule_on(code, trigger_day).ok_or_else(missing)?;
    let due = count::due(calendar, trigger_day, length_of(rule)?);
    Ok(ClockTerms {
        rule: rule.code.clone(),
        rule_version: rule.version.clone(),
        calendar_version: calendar.version().to_owned(),
        started_on: trigger_day,
        kpi_due: due.kpi,
        legal_due: due.legal,
        provisional: due.provisional,
    })
}

/// Starts the clock of a rule whose length the law leaves to somebody: who set it says until which day it runs, not rolled.
pub fn start_until(
    book: &RuleBook,
    calendar: &Calendar,
    code: &str,
    trigger_day: Day,
    kpi_day: Day,
) -> Result<ClockTerms, NoRule> {
    let missing = || NoRule::NotInForce { code: code.to_owned(), day: trigger_day };
    let rule = book.rule_on(code, trigger_day).ok_or_else(missing)?;
    let due = count::ending(calendar, trigger_day, kpi_day, Unit::CalendarDay);
    Ok(ClockTerms {
        rule: rule.code.clone(),
        rule_version: rule.version.clone(),
        calendar_version: calendar.version().to_owned(),
        started_on: trigger_day,
        kpi_due: due.kpi,
        legal_due: due.legal,
        provisional: due.provisional,
    })
}

/// Extends a clock within the bound of its rule; several extensions count together. It runs from the unrolled due day, then
/// rolls (design §6). Give the terms as they were reckoned without exclusions; those come last.
pub fn extend_clock(
    terms: &ClockTerms,
    book: &RuleBook,
    calendar: &Calendar,
    extension: Length,
) -> Result<ClockTerms, ExtensionError> {
    let rule = rule_of(terms, book)?;
    let length = length_of(rule)?;
    let Some(allowed) = &rule.extension else {
        return Err(ExtensionError::NotAllowed { rule: rule.code.clone(), source_article: rule.source.clone() });
    };
    if extension.unit != length.unit || !(1..=Length::LONGEST).contains(&extension.amount) {
        return Err(ExtensionError::NotInUnit { rule: rule.code.clone(), unit: length.unit.letter() });
    }
    let kpi = count::unrolled(calendar, terms.kpi_due, extension);
    if let Some(most) = allowed.length {
        let last = count::unrolled(calendar, count::unrolled(calendar, terms.started_on, length), most);
        if kpi > last {
            return Err(ExtensionError::TooLong { rule: rule.code.clone(), most });
        }
    }
    Ok(terms.with(calendar, count::ending(calendar, terms.started_on, kpi, length.unit)))
}

/// The terms when the extended due day is given as a fact, as ledgers do: the legal due is that day, rolled. Whether the law
/// allowed so much is not asked; the fact is recorded as it was.
pub fn extend_to(terms: &ClockTerms, calendar: &Calendar, kpi_day: Day) -> ClockTerms {
    terms.with(calendar, count::ending(calendar, terms.started_on, kpi_day, Unit::CalendarDay))
}

/// The terms when some intervals are not counted: the clock ends after as many days as before, none of them excluded. Give the
/// terms as they were reckoned without exclusions, and all exclusions at once: they are merged, so that no day is left out
/// twice. Causes that the rule does not name are an error (D§6.5).
pub fn with_exclusions(
    terms: &ClockTerms,
    book: &RuleBook,
    calendar: &Calendar,
    exclusions: &[Exclusion],
) -> Result<ClockTerms, ExclusionError> {
    let rule = rule_of(terms, book)?;
    let unit = length_of(rule)?.unit;
    let out = exclusion::allowed(rule, exclusions)?;
    let excluded = |day: Day| out.iter().any(|(from, to)| (*from..=*to).contains(&day));
    let counts = |day: Day| unit != Unit::WorkingDay || calendar.is_working(day);

    let mut kpi = terms.started_on;
    let mut left = match unit {
        Unit::WorkingDay => calendar.working_days_between(terms.started_on, terms.kpi_due),
        _ => u32::try_from(terms.kpi_due.days_since(terms.started_on)).unwrap_or(0),
    };
    while left > 0 && kpi.plus_days(1) > kpi {
        kpi = kpi.plus_days(1);
        left -= u32::from(counts(kpi) && !excluded(kpi));
    }
    let mut due = count::ending(calendar, terms.started_on, kpi, unit);
    // The day it rolls to must count as well.
    while excluded(due.legal) && due.legal.plus_days(1) > due.legal {
        due.legal = calendar.next_working(due.legal.plus_days(1));
    }
    due.provisional |= calendar.touches_provisional(due.kpi, due.legal);
    Ok(terms.with(calendar, due))
}

/// The terms of a running clock after a notice was loaded (design §6): a calendar clock keeps its unrolled day and rolls anew, a
/// working-day clock keeps its number of working days. Give the terms as they were reckoned without exclusions; those come last.
pub fn restate_clock(terms: &ClockTerms, book: &RuleBook, old: &Calendar, new: &Calendar) -> Result<ClockTerms, NoRule> {
    let unit = length_of(rule_of(terms, book)?)?.unit;
    let kpi = match unit {
        Unit::WorkingDay => new.add_working_days(terms.started_on, old.working_days_between(terms.started_on, terms.kpi_due)),
        _ => terms.kpi_due,
    };
    Ok(terms.with(new, count::ending(new, terms.started_on, kpi, unit)))
}

fn rule_of<'b>(terms: &ClockTerms, book: &'b RuleBook) -> Result<&'b Rule, NoRule> {
    book.rule(&terms.rule, &terms.rule_version)
        .ok_or_else(|| NoRule::NoVersion { code: terms.rule.clone(), version: terms.rule_version.clone() })
}

fn length_of(rule: &Rule) -> Result<Length, NoRule> {
    let why = || rule.no_length.clone().unwrap_or_default();
    rule.length.ok_or_else(|| NoRule::NoLength { code: rule.code.clone(), why: why() })
}

/// A clock, and the day on which what it waited for happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The terms.
    pub terms: ClockTerms,
    /// The day on which it stopped.
    pub ended_on: Option<Day>,
}

/// How a clock stands. The due day itself is in time until 24:00 (CC 203, 1259).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Ended by its due day.
    OnTime,
    /// Ended after its due day.
    Late,
    /// Still runs, the due day has not passed.
    Running,
    /// Still runs, though the due day has passed.
    Overdue,
}

impl Clock {
    /// How the clock stood at the end of a day, by the performance practice.
    pub fn kpi_standing(&self, as_of: Day) -> Standing {
        self.standing(self.terms.kpi_due, as_of)
    }

    /// How the clock stood at the end of a day, in law.
    pub fn legal_standing(&self, as_of: Day) -> Standing {
        self.standing(self.terms.legal_due, as_of)
    }

    fn standing(&self, due: Day, as_of: Day) -> Standing {
        match self.ended_on.filter(|ended| *ended <= as_of) {
            Some(ended) if ended <= due => Standing::OnTime,
            Some(_) => Standing::Late,
            None if as_of <= due => Standing::Running,
            None => Standing::Overdue,
        }
    }
}
