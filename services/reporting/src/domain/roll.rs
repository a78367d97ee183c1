//! Where a contribution is added up: nodes, one-dimensional sheets, members, buckets. It knows the shape of the roll; it
//! refuses to know how it is stored and what the figures are.
//!
//! | Node | Sheets |
//! |---|---|
//! | county (6 digits; an item that names only a province or city: that code) | all |
//! | township (9 digits) | total, unit, force, type, month |
//! | village (12 digits) | total |
//!
//! Wider questions add up counties. A contribution goes into two buckets of each slice: the *year* of its stamp, a vector over
//! the measures, and the *month* of its stamp, a vector over (day of the month, measure). "As of D" is then the year buckets
//! before D's year and D's months up to D, cut after D in the last: a handful of rows. (The design also names buckets for all
//! time and for a day. The day lives inside the month's vector and all time is the sum of a few years, which halves the rows
//! an import has to write.)

use super::{Contribution, Measure, Members};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_statute::Force;
use std::fmt;

/// How wide a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// County or, for items that do not say more, wider.
    County = 6,
    /// Township.
    Township = 9,
    /// Village.
    Village = 12,
}

/// A one-dimensional slice of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sheet {
    /// Everything.
    Total,
    /// By responsible unit; of transfers by the office that made them.
    Unit,
    /// By level of that unit: not kept in the roll, but added up from the units.
    Level,
    /// By channel.
    Channel,
    /// By conclusion: only what is closed.
    Conclusion,
    /// By child place.
    Division,
    /// By month of the basis day, 01 to 12.
    Month,
    /// By force: of the milestone for disputes.
    Force,
    /// By type of dispute.
    Type,
    /// By source of a case or dispute.
    Source,
    /// By body of a case.
    Body,
    /// By kind of the body of a case, or of a body.
    BodyKind,
}

impl Sheet {
    /// Every sheet, in the order of reports.
    pub const ALL: [Sheet; 12] = [
        Sheet::Total,
        Sheet::Unit,
        Sheet::Level,
        Sheet::Channel,
        Sheet::Conclusion,
        Sheet::Division,
        Sheet::Month,
        Sheet::Force,
        Sheet::Type,
        Sheet::Source,
        Sheet::Body,
        Sheet::BodyKind,
    ];

    /// Its name: also the key of a dimension.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 12] = [
            "total",
            "unit",
            "level",
            "channel",
            "conclusion",
            "division",
            "month",
            "force",
            "type",
            "source",
            "body",
            "body_kind",
        ];
        NAMES[self as usize]
    }

    /// The sheet with this name.
    pub fn named(name: &str) -> Option<Sheet> {
        Sheet::ALL.into_iter().find(|sheet| sheet.name() == name)
    }
}

/// One member of one sheet of one node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SliceKey {
    /// How wide the node is.
    pub level: Level,
    /// Division code of the node.
    pub node: String,
    /// The sheet.
    pub sheet: Sheet,
    /// The member; empty for the total.
    pub member: String,
}

/// A span of stamp days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// A calendar year.
    Year(i32),
    /// A calendar month: year × 100 + month.
    Month(i32),
}

impl Bucket {
    /// (kind, number) as stored.
    pub fn stored(self) -> (&'static str, i64) {
        match self {
            Bucket::Year(year) => ("year", i64::from(year)),
            Bucket::Month(month) => ("month", i64::from(month)),
        }
    }

    /// The month of a day.
    pub fn month_of(day: Day) -> i32 {
        i32::from(day.year()) * 100 + i32::from(day.month())
    }
}

/// One vector of the roll.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Where.
    pub slice: SliceKey,
    /// Year of the basis day.
    pub basis_year: i64,
    /// When counted.
    pub bucket: Bucket,
}

/// The key inside a vector: the measure's number, and in a month's vector the day of the month above it.
pub fn bucket_key(measure: Measure, day_of_month: u16) -> u16 {
    day_of_month * 256 + u16::from(measure.number())
}

/// Reads a key of [`bucket_key`]: (measure, day of the month); `None` for a number nobody knows.
pub fn measure_of(key: u16) -> Option<(Measure, u16)> {
    Some((Measure::of(u8::try_from(key % 256).ok()?)?, key / 256))
}

/// What a question is about: a division and all that lies in it, or the whole book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub Option<DivisionCode>);

impl Place {
    /// The nodes that add up to it are of this level …
    pub fn level(&self) -> Level {
        match self.code().len() {
            12 => Level::Village,
            9 => Level::Township,
            _ => Level::County,
        }
    }

    /// … and their codes begin with this.
    pub fn code(&self) -> &str {
        self.0.as_ref().map_or("", DivisionCode::as_str)
    }

    /// The first text behind all codes that begin with it: digits sort before ':'.
    pub fn behind(&self) -> String {
        format!("{}:", self.code())
    }

    /// Whether it holds the division.
    pub fn holds(&self, division: &DivisionCode) -> bool {
        self.0.as_ref().is_none_or(|place| place.contains(division))
    }

    /// Whether the sheet is kept for places of this width.
    pub fn keeps(&self, sheet: Sheet) -> bool {
        self.level().keeps(sheet)
    }
}

impl Level {
    /// Whether nodes of this width have the sheet.
    pub fn keeps(self, sheet: Sheet) -> bool {
        match self {
            Level::County => true,
            Level::Township => {
                matches!(sheet, Sheet::Total | Sheet::Unit | Sheet::Level | Sheet::Month | Sheet::Force | Sheet::Type)
            }
            Level::Village => sheet == Sheet::Total,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The child place under which a county lists an item: its township, or what there is.
pub(super) fn child(division: &DivisionCode) -> DivisionCode {
    division.township().unwrap_or_else(|| division.county())
}

/// Months as members.
pub(super) const MONTHS: [&str; 12] = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];

/// The place in [`MONTHS`] of the member under which a basis day falls.
pub(super) fn month_at(basis: Day) -> usize {
    usize::from(basis.month().unsigned_abs()).clamp(1, 12) - 1
}

impl SliceKey {
    /// Which of so many parts it belongs to (FNV-1a of its texts).
    pub(super) fn part(&self, parts: u64) -> u64 {
        let texts = [self.node.as_str(), self.sheet.name(), &self.member];
        let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) % parts
    }
}

/// The nodes a division adds up to, from the widest.
pub(super) fn nodes(division: &DivisionCode) -> impl Iterator<Item = (Level, DivisionCode)> {
    let county = Some((Level::County, division.county()));
    let township = division.township().map(|code| (Level::Township, code));
    let village = division.village().map(|code| (Level::Village, code));
    [county, township, village].into_iter().flatten()
}

impl Members<'_> {
    /// The child place under which a county lists it.
    pub fn child(&self) -> DivisionCode {
        child(self.division)
    }

    /// Whether a contribution of the image stands under the member of the sheet.
    pub(super) fn has(&self, sheet: Sheet, member: &str, contribution: &Contribution) -> bool {
        match sheet {
            Sheet::Total => true,
            Sheet::Unit => self.unit_of(contribution) == member,
            // Only the register of units knows: see `Question`.
            Sheet::Level => false,
            Sheet::Channel => self.channel == member,
            Sheet::Conclusion => contribution.measure.by_conclusion() && self.conclusion_of(contribution) == member,
            Sheet::Division => child(self.division).as_str() == member,
            Sheet::Month => MONTHS[month_at(contribution.basis)] == member,
            Sheet::Force => contribution.force.is_some_and(|force| force.code() == member),
            Sheet::Type => self.dispute_type == member,
            Sheet::Source => self.source == member,
            Sheet::Body => self.body == member,
            Sheet::BodyKind => self.body_kind == member,
        }
    }
}

/// The place of a force in [`Force::ALL`].
pub(super) fn force_at(force: Force) -> usize {
    force as usize
}
