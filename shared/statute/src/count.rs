//! How a length is counted from a day: D§6.2, after CC 200-203 and CPL 85. Each length carries its own unit; none is inferred.

use crate::Calendar;
use fengqiao_model::Day;
use std::{fmt, str::FromStr};

/// What a length is counted in. 日 and 工作日 are different units and never stand for each other (D§6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Calendar day 日, written D.
    CalendarDay,
    /// Working day 工作日, written W.
    WorkingDay,
    /// Calendar month 月, written M.
    Month,
    /// Calendar year 年, written Y.
    Year,
}

impl Unit {
    /// The letter of D§6.1.
    pub fn letter(self) -> char {
        match self {
            Unit::CalendarDay => 'D',
            Unit::WorkingDay => 'W',
            Unit::Month => 'M',
            Unit::Year => 'Y',
        }
    }
}

/// A length of time, written `60 D`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    /// How many units.
    pub amount: u32,
    /// Of which unit.
    pub unit: Unit,
}

impl Length {
    /// The longest amount that a text may name.
    pub const LONGEST: u32 = 9999;

    /// So many calendar days.
    pub fn calendar_days(amount: u32) -> Self {
        Self { amount, unit: Unit::CalendarDay }
    }

    /// So many working days.
    pub fn working_days(amount: u32) -> Self {
        Self { amount, unit: Unit::WorkingDay }
    }

    /// So many months.
    pub fn months(amount: u32) -> Self {
        Self { amount, unit: Unit::Month }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit.letter())
    }
}

/// Why a text is not a length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLength {
    /// No unit, or one that D§6.1 does not know.
    #[error("the unit must be D (calendar day), W (working day), M (month) or Y (year), as in 60 D")]
    Unit,
    /// Zero, negative, too long or not a number.
    #[error("the amount must be a whole number from 1 to {max}, as in 60 D", max = Length::LONGEST)]
    Amount,
}

impl FromStr for Length {
    type Err = InvalidLength;

    fn from_str(text: &str) -> Result<Self, InvalidLength> {
        let text = text.trim();
        let letter = text.chars().last().ok_or(InvalidLength::Unit)?;
        let unit = [Unit::CalendarDay, Unit::WorkingDay, Unit::Month, Unit::Year].into_iter().find(|u| u.letter() == letter);
        let unit = unit.ok_or(InvalidLength::Unit)?;
        let amount = text.trim_end_matches(letter).trim_end().parse().map_err(|_| InvalidLength::Amount)?;
        if (1..=Self::LONGEST).contains(&amount) { Ok(Self { amount, unit }) } else { Err(InvalidLength::Amount) }
    }
}

/// More days than there are from the year 0 to the last day that a `Day` can be; what is longer ends there.
const WHOLE_CALENDAR: u32 = 3_700_000;

/// When something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// As petition performance is reckoned: not rolled (D§6.2, OBS:GDKPI).
    pub kpi: Day,
    /// As the law has it: a last day that is a rest day moves to the next working day (CC 203).
    pub legal: Day,
    /// The days may still move, because a notice they depend on has not been issued.
    pub provisional: bool,
}

/// When a length that begins with an event on `start` ends.
pub fn due(calendar: &Calendar, start: Day, length: Length) -> Due {
    let kpi = unrolled(calendar, start, length);
    ending(calendar, start, kpi, length.unit)
}

/// The last day of a length, not moved off rest days. The start day is not counted (CC 201); months and years end on the
/// corresponding day or the last of that month (CC 202); working days are counted one by one.
pub fn unrolled(calendar: &Calendar, start: Day, length: Length) -> Day {
    let amount = |most: u32| i32::try_from(length.amount.min(most)).unwrap_or(i32::MAX);
    match length.unit {
        Unit::CalendarDay => start.plus_days(amount(WHOLE_CALENDAR)),
        Unit::WorkingDay => calendar.add_working_days(start, length.amount),
        Unit::Month => start.plus_months(amount(WHOLE_CALENDAR / 31)),
        Unit::Year => start.plus_months(12 * amount(WHOLE_CALENDAR / 372)),
    }
}

/// The first working day on or after the day (CC 203, CPL 85).
pub fn rolled(calendar: &Calendar, day: Day) -> Day {
    calendar.next_working(day)
}

/// When an extended length ends: the extension runs from the unrolled day, then rolls (design §6).
pub fn extended(calendar: &Calendar, unrolled_day: Day, extension: Length) -> Due {
    due(calendar, unrolled_day, extension)
}

/// The due days of a clock whose last unrolled day is known. Of a calendar clock only the roll depends on notices; of a
/// working-day clock every day after the start does.
pub(crate) fn ending(calendar: &Calendar, start: Day, kpi: Day, unit: Unit) -> Due {
    let legal = rolled(calendar, kpi);
    let depends_from = if unit == Unit::WorkingDay { start.plus_days(1).min(kpi) } else { kpi };
    Due { kpi, legal, provisional: calendar.touches_provisional(depends_from, legal) }
}
