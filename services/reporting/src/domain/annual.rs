//! The report: figures from the sums of the roll. It knows arithmetic over slices; it refuses to know where the sums were read
//! and how figures are written down.

use super::{Formula, INDICATORS, Identity, Indicator, Kind, Levels, Measure, NUMBERS, Place, Sheet, Stock, identity};
use std::collections::{BTreeMap, BTreeSet};

/// What one slice adds up to, for one year.
#[derive(Clone, Debug)]
struct Slice {
    /// With basis day in the year, by measure number.
    within: [i64; NUMBERS],
    /// By stock: with basis day before the year, and by its end; each added up on its own, so that identities say something.
    stocks: [(i64, i64); Stock::ALL.len()],
    /// Themes of the bodies at work.
    themes: BTreeSet<String>,
}

impl Default for Slice {
    fn default() -> Self {
        Self { within: [0; NUMBERS], stocks: Default::default(), themes: BTreeSet::new() }
    }
}

/// The sums behind the figures of one place and year, as of one day.
#[derive(Clone, Debug)]
pub struct Sums {
    year: i64,
    slices: BTreeMap<(Sheet, String), Slice>,
}

/// A figure's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number of things.
    Count(i64),
    /// Numerator and denominator; never divided here.
    Rate { numerator: i64, denominator: i64 },
}

/// One figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it says.
    pub indicator: &'static Indicator,
    /// The dimension; [`Sheet::Total`] for none.
    pub sheet: Sheet,
    /// The member; empty for a total.
    pub member: String,
    /// The value.
    pub value: Value,
}

impl Sums {
    /// Nothing yet.
    pub fn new(year: i64) -> Self {
        Self { year, slices: BTreeMap::new() }
    }

    /// Adds amounts of a slice with basis days in one year; years after the one asked for are left out.
    pub fn add(&mut self, sheet: Sheet, member: &str, basis_year: i64, amounts: impl IntoIterator<Item = (Measure, i64)>) {
        if basis_year > self.year {
            return;
        }
        let slice = self.slices.entry((sheet, member.to_owned())).or_default();
        for (measure, amount) in amounts {
            let within = basis_year == self.year;
            for (stock, (before, after)) in Stock::ALL.into_iter().zip(&mut slice.stocks) {
                let amount = stock.sign(measure).wrapping_mul(amount);
                *after = after.wrapping_add(amount);
                *before = before.wrapping_add(if within { 0 } else { amount });
            }
            if within {
                let sum = &mut slice.within[measure.index()];
                *sum = sum.wrapping_add(amount);
            }
        }
    }

    /// Adds the theme of a body at work.
    pub fn add_theme(&mut self, sheet: Sheet, member: &str, theme: &str) {
        self.slices.entry((sheet, member.to_owned())).or_default().themes.insert(theme.to_owned());
    }

    /// Adds the units of each level up; those of which nobody knows the level are in none.
    pub fn add_levels(&mut self, levels: &Levels) {
        let units = self.slices.iter().filter(|((sheet, _), _)| *sheet == Sheet::Unit);
        let mut by_level: BTreeMap<&str, Slice> = BTreeMap::new();
        for ((_, unit), slice) in units {
            if let Some(level) = levels.of(unit) {
                by_level.entry(level).or_default().add(slice);
            }
        }
        let by_level: Vec<_> = by_level.into_iter().map(|(level, slice)| ((Sheet::Level, level.to_owned()), slice)).collect();
        self.slices.extend(by_level);
    }

    /// All figures in canonical order: totals (also zeros), then by dimension, member and indicator where something counts.
    pub fn figures(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        let nothing = Slice::default();
        let total = self.slice(Sheet::Total, "").unwrap_or(&nothing);
        for indicator in INDICATORS.iter() {
            figures.push(Figure { indicator, sheet: Sheet::Total, member: String::new(), value: total.value(indicator.formula) });
        }
        for ((sheet, member), slice) in &self.slices {
            for indicator in INDICATORS.iter().filter(|i| applies(*sheet, i.formula)) {
                let value = slice.value(indicator.formula);
                if let Value::Count(0) | Value::Rate { denominator: 0, .. } = value {
                    continue;
                }
                figures.push(Figure { indicator, sheet: *sheet, member: member.clone(), value });
            }
        }
        figures
    }

    /// The identities the figures of a place must satisfy. Those that need a sheet which is not kept there are left out.
    pub fn identities(&self, place: &Place) -> Vec<Identity> {
        identity::identities(self, place)
    }

    /// What a slice adds up to, with basis day in the year.
    pub(super) fn within(&self, sheet: Sheet, member: &str, measure: Measure) -> i64 {
        self.slice(sheet, member).map_or(0, |slice| slice.within[measure.index()])
    }

    /// The same over all members of a sheet.
    pub(super) fn summed(&self, sheet: Sheet, measure: Measure) -> i64 {
        self.of_sheet(sheet).fold(0, |sum, slice| sum.wrapping_add(slice.within[measure.index()]))
    }

    /// A stock of a slice at the beginning and at the end.
    pub(super) fn stock(&self, sheet: Sheet, member: &str, stock: Stock) -> (i64, i64) {
        self.slice(sheet, member).map_or((0, 0), |slice| slice.stocks[stock as usize])
    }

    /// A stock at the end over all members of a sheet.
    pub(super) fn stock_over(&self, sheet: Sheet, stock: Stock) -> i64 {
        self.of_sheet(sheet).map(|slice| slice.stocks[stock as usize].1).sum()
    }

    fn of_sheet(&self, sheet: Sheet) -> impl Iterator<Item = &Slice> {
        self.slices.iter().filter(move |((s, _), _)| *s == sheet).map(|(_, slice)| slice)
    }

    fn slice(&self, sheet: Sheet, member: &str) -> Option<&Slice> {
        self.slices.get(&(sheet, member.to_owned()))
    }
}

impl Slice {
    fn add(&mut self, other: &Slice) {
        for (sum, more) in self.within.iter_mut().zip(&other.within) {
            *sum = sum.wrapping_add(*more);
        }
        for ((before, after), more) in self.stocks.iter_mut().zip(&other.stocks) {
            *before = before.wrapping_add(more.0);
            *after = after.wrapping_add(more.1);
        }
    }

    fn value(&self, formula: Formula) -> Value {
        match formula {
            Formula::Count(measure) => Value::Count(self.within[measure.index()]),
            Formula::CarriedIn(stock) => Value::Count(self.stocks[stock as usize].0),
            Formula::CarriedOut(stock) => Value::Count(self.stocks[stock as usize].1),
            Formula::Themes => Value::Count(i64::try_from(self.themes.len()).unwrap_or(i64::MAX)),
            Formula::Rate { above, below } => {
                Value::Rate { numerator: self.within[above.index()], denominator: self.within[below.index()] }
            }
        }
    }
}

/// Whether the figure makes sense by this dimension. Totals are printed apart; stocks are of the year, not of a month of it;
/// only what is closed has a conclusion; a dispute has the force of its first case when it is accepted and of its last when it
/// is concluded, so that its stock has none; agreements stand where their cases do.
fn applies(sheet: Sheet, formula: Formula) -> bool {
    let is_stock = matches!(formula, Formula::CarriedIn(_) | Formula::CarriedOut(_) | Formula::Themes);
    match (formula.kind(), sheet) {
        (_, Sheet::Total) => false,
        (_, Sheet::Division) => true,
        (_, Sheet::Month) => !is_stock,
        (Kind::Petition, Sheet::Unit | Sheet::Level | Sheet::Channel) => true,
        (Kind::Petition, Sheet::Conclusion) => matches!(formula, Formula::Count(measure) if measure.by_conclusion()),
        (Kind::Case, Sheet::Force | Sheet::Type | Sheet::Source | Sheet::Body | Sheet::BodyKind) => true,
        (Kind::Dispute, Sheet::Type | Sheet::Source) => true,
        (Kind::Dispute, Sheet::Force) => !is_stock,
        (Kind::Body, Sheet::Force | Sheet::BodyKind) => true,
        _ => false,
    }
}

impl Indicator {
    /// Whether it is printed by this dimension.
    pub fn applies_to(&self, sheet: Sheet) -> bool {
        sheet == Sheet::Total || applies(sheet, self.formula)
    }
}
