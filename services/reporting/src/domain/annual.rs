//! The report: figures and identities from the sums of the roll. It knows arithmetic over slices; it refuses to know where
//! the sums were read and how figures are written down.

use super::{Formula, INDICATORS, Indicator, Measure, NUMBERS, Outcome, Place, Sheet, Stage, Term};
use std::collections::BTreeMap;

/// What one slice adds up to, for one year.
#[derive(Clone, Debug)]
struct Slice {
    /// With basis day in the year, by measure number.
    within: [i64; NUMBERS],
    /// Registered less closed, with basis day before the year.
    stock_before: i64,
    /// Registered less closed, with basis day by the end of the year; added up on its own, so that identities say something.
    stock_after: i64,
}

impl Default for Slice {
    fn default() -> Self {
        Self { within: [0; NUMBERS], stock_before: 0, stock_after: 0 }
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

/// An identity and its two sides, added up from different slices or measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// In words.
    pub text: String,
    /// Left side.
    pub left: i64,
    /// Right side.
    pub right: i64,
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
            let stock = match measure {
                Measure::REGISTERED => amount,
                Measure::CLOSED => -amount,
                _ => 0,
            };
            slice.stock_after += stock;
            if basis_year == self.year {
                slice.within[measure.index()] += amount;
            } else {
                slice.stock_before += stock;
            }
        }
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
        let nothing = Slice::default();
        let total = self.slice(Sheet::Total, "").unwrap_or(&nothing);
        let within = |measure: Measure| total.within[measure.index()];
        let mut all = vec![Identity {
            text: "carried_in + registered = closed + carried_out".to_owned(),
            left: total.stock_before + within(Measure::REGISTERED),
            right: within(Measure::CLOSED) + total.stock_after,
        }];
        let summed = |sheet: Sheet, measure: Measure| -> i64 {
            let members = self.slices.iter().filter(|((s, _), _)| *s == sheet);
            members.map(|(_, slice)| slice.within[measure.index()]).sum()
        };
        if place.keeps(Sheet::Conclusion) {
            all.push(Identity {
                text: "closed = sum over conclusions".to_owned(),
                left: within(Measure::CLOSED),
                right: summed(Sheet::Conclusion, Measure::CLOSED),
            });
            let text = "concluded = replied + settled".to_owned();
            let of = |member| self.slice(Sheet::Conclusion, member).map_or(0, |s| s.within[Measure::CLOSED.index()]);
            all.push(Identity { text, left: within(Measure::CONCLUDED), right: of("replied") + of("settled") });
        }
        for sheet in [Sheet::Division, Sheet::Month] {
            if place.keeps(sheet) {
                let text = format!("registered = sum over {}s", sheet.name());
                let right = summed(sheet, Measure::REGISTERED);
                all.push(Identity { text, left: within(Measure::REGISTERED), right });
            }
        }
        for stage in Stage::ALL {
            for term in Term::ALL {
                let of = |outcome| within(Measure::clock(stage, term, outcome));
                all.push(Identity {
                    text: format!("{}.{}: due = on_time + late + open_overdue", stage.name(), term.name()),
                    left: of(Outcome::Due),
                    right: of(Outcome::OnTime) + of(Outcome::Late) + of(Outcome::OpenOverdue),
                });
            }
        }
        all
    }

    fn slice(&self, sheet: Sheet, member: &str) -> Option<&Slice> {
        self.slices.get(&(sheet, member.to_owned()))
    }
}

impl Slice {
    fn value(&self, formula: Formula) -> Value {
        match formula {
            Formula::Count(measure) => Value::Count(self.within[measure.index()]),
            Formula::CarriedIn => Value::Count(self.stock_before),
            Formula::CarriedOut => Value::Count(self.stock_after),
            Formula::Rate { above, below } => {
                Value::Rate { numerator: self.within[above.index()], denominator: self.within[below.index()] }
            }
        }
    }
}

/// Whether the figure makes sense by this dimension. Totals are printed apart; stocks are of the year, not of a month of it;
/// only what is closed has a conclusion.
fn applies(sheet: Sheet, formula: Formula) -> bool {
    match (sheet, formula) {
        (Sheet::Total, _) => false,
        (Sheet::Conclusion, Formula::Count(measure)) => measure.by_conclusion(),
        (Sheet::Conclusion, _) | (Sheet::Month, Formula::CarriedIn | Formula::CarriedOut) => false,
        (Sheet::Unit | Sheet::Channel | Sheet::Division | Sheet::Month, _) => true,
    }
}

impl Indicator {
    /// Whether it is printed by this dimension.
    pub fn applies_to(&self, sheet: Sheet) -> bool {
        sheet == Sheet::Total || applies(sheet, self.formula)
    }
}
