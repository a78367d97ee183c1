//! The indicators: which counts and rates a report prints, in which order, and what each rests on. It knows definitions; it
//! refuses to know sums.
//!
//! | File | Knows |
//! |---|---|
//! | here | what an indicator is; the first ones of petitions |
//! | `indicator/petition.rs` | those of reopening, review stages, and P1 to P9 of D§5.2 |
//! | `indicator/mediation.rs` | those of cases, disputes, agreements and bodies |

mod mediation;
mod petition;

use super::{Kind, Measure, Outcome, Stage, Stock, Term};
use std::sync::LazyLock;

/// Version of the definitions below; raised with any change of meaning (which also needs a new id).
pub const DEFINITION_VERSION: &str = "2026.1";

/// How a figure comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// A measure, with basis day in the period.
    Count(Measure),
    /// What was open before the period.
    CarriedIn(Stock),
    /// What is open at the end of the period, or by the cut-off.
    CarriedOut(Stock),
    /// Distinct themes of the bodies at work at the end of the period, or by the cut-off.
    Themes,
    /// One measure over another; both are printed too.
    Rate { above: Measure, below: Measure },
}

impl Formula {
    /// What it is a figure of.
    pub fn kind(self) -> Kind {
        match self {
            Formula::Count(measure) | Formula::Rate { above: measure, .. } => measure.kind(),
            Formula::CarriedIn(stock) | Formula::CarriedOut(stock) => stock.kind(),
            Formula::Themes => Kind::Body,
        }
    }
}

/// One indicator.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Stable id.
    pub id: String,
    /// Title in Chinese.
    pub zh: String,
    /// Title in English.
    pub en: String,
    /// Which day puts an item into the period.
    pub cohort: Cohort,
    /// Article, section or practice it rests on.
    pub source: &'static str,
    /// How it is computed.
    pub formula: Formula,
}

/// Which day puts an item into the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cohort {
    Registration,
    Acceptance,
    Conclusion,
    Opening,
    Closing,
    Voiding,
    Due(&'static str, Term),
    /// In words: English, Chinese.
    Words(&'static str, &'static str),
}

impl Cohort {
    /// In English.
    pub fn en(self) -> String {
        match self {
            Cohort::Registration => "day of registration".to_owned(),
            Cohort::Acceptance => "day of acceptance".to_owned(),
            Cohort::Conclusion => "day of the conclusion".to_owned(),
            Cohort::Opening => "open when the period begins".to_owned(),
            Cohort::Closing => "open when the period ends".to_owned(),
            Cohort::Voiding => "day of voiding; of registration for ledger rows".to_owned(),
            Cohort::Due(rule, term) => format!("{} due day of clock {rule}", term.name()),
            Cohort::Words(en, _) => en.to_owned(),
        }
    }

    /// In Chinese.
    pub fn zh(self) -> String {
        match self {
            Cohort::Registration => "登记日在期内".to_owned(),
            Cohort::Acceptance => "受理日在期内".to_owned(),
            Cohort::Conclusion => "办结日在期内".to_owned(),
            Cohort::Opening => "期初未结".to_owned(),
            Cohort::Closing => "期末未结".to_owned(),
            Cohort::Voiding => "作废日在期内（导入台账按登记日）".to_owned(),
            Cohort::Due(rule, term) => format!("{rule} {}届满日在期内", term.zh()),
            Cohort::Words(_, zh) => zh.to_owned(),
        }
    }
}

impl Indicator {
    /// The rule that counts an item under it; empty for a rate.
    pub fn rule(&self) -> String {
        match self.formula {
            Formula::Count(measure) => measure.rule(),
            Formula::CarriedIn(stock) => format!("{} before the period", of_stock(stock)),
            Formula::CarriedOut(stock) => format!("{} by the end of the period", of_stock(stock)),
            Formula::Themes => "theme of a body at work by the end of the period".to_owned(),
            Formula::Rate { .. } => String::new(),
        }
    }
}

fn of_stock(stock: Stock) -> &'static str {
    match stock {
        Stock::Petitions => "registered or taken up again, and not closed",
        Stock::Pending => "applied for and neither accepted nor refused nor declined",
        Stock::Cases => "accepted and neither concluded nor transferred",
        Stock::Disputes => "accepted or taken up again, and not concluded",
        Stock::Bodies => "at work, and not closed",
    }
}

/// Every indicator, in the order of reports.
pub static INDICATORS: LazyLock<Vec<Indicator>> = LazyLock::new(|| {
    let mut all = Vec::new();
    let mut count = |formula, id: &str, zh: &str, en: &str, cohort: Cohort, source| {
        let [id, zh, en] = [id, zh, en].map(str::to_owned);
        all.push(Indicator { id, zh, en, cohort, source, formula });
    };
    let registered = Formula::Count(Measure::REGISTERED);
    count(registered, "petition.registered", "登记件数", "Items registered", Cohort::Registration, "XF 22");
    let accepted = Formula::Count(Measure::ACCEPTED);
    count(accepted, "petition.accepted", "受理件数", "Items accepted", Cohort::Acceptance, "XF 23");
    let concluded = Formula::Count(Measure::CONCLUDED);
    let en = "Items concluded by opinion or settlement";
    count(concluded, "petition.concluded", "办结件数", en, Cohort::Conclusion, "XF 32");
    let closed = Formula::Count(Measure::CLOSED);
    let en = "Items closed in any way but void";
    count(closed, "petition.closed", "结案件数", en, Cohort::Conclusion, "XF 22, 23, 32");
    count(
        Formula::CarriedIn(Stock::Petitions),
        "petition.carried_in",
        "上期结转件数",
        "Items carried in",
        Cohort::Opening,
        "stock",
    );
    count(
        Formula::CarriedOut(Stock::Petitions),
        "petition.carried_out",
        "结转下期件数",
        "Items carried out",
        Cohort::Closing,
        "stock",
    );
    let voided = Formula::Count(Measure::VOIDED);
    count(voided, "petition.voided", "作废件数", "Entries voided", Cohort::Voiding, "practice");
    let persons = Formula::Count(Measure::PERSONS);
    count(persons, "petition.persons", "信访人数", "Petitioners of items registered", Cohort::Registration, "practice");
    let (cohort, source) =
        (Cohort::Due("P-01", Term::Kpi), "D§5.2 P1 (first-time, no litigation, at most 9,999 persons), any channel; clock P-01");
    let due = Formula::Count(Measure::TIMELY_DUE);
    let en = "Items whose first action was due";
    count(due, "petition.timely_acceptance.due", "应及时受理件数", en, cohort, source);
    let timely = Formula::Count(Measure::TIMELY);
    let en = "Items with a first action in time";
    count(timely, "petition.timely_acceptance.on_time", "及时受理件数", en, cohort, source);
    let rate = Formula::Rate { above: Measure::TIMELY, below: Measure::TIMELY_DUE };
    count(rate, "petition.timely_acceptance_rate", "及时受理率", "Rate of timely acceptance", cohort, source);
    for stage in Stage::OF_PETITIONS {
        all.extend(of_clock(stage));
    }
    all.extend(petition::indicators());
    all.extend(mediation::indicators());
    all
});

fn of_clock(stage: Stage) -> Vec<Indicator> {
    let source = stage.source();
    let cohort = |term: Term| match (stage, term) {
        (Stage::Case, Term::Kpi) => Cohort::Words("kpi due day of the clock of the force", "本类调解考核期限届满日在期内"),
        (Stage::Case, Term::Legal) => Cohort::Words("legal due day of the clock of the force", "本类调解法定期限届满日在期内"),
        _ => Cohort::Due(stage.clock(), term),
    };
    let items = if stage == Stage::Case { "Cases" } else { "Items" };
    let mut all = Vec::new();
    for term in Term::ALL {
        for outcome in Outcome::ALL {
            let measure = Measure::clock(stage, term, outcome);
            all.push(Indicator {
                id: measure.id(),
                zh: format!("{}{}{}件数", stage.zh(), term.zh(), outcome.zh()),
                en: format!("{items} with {} {} term {}", stage.name(), term.name(), outcome.en()),
                cohort: cohort(term),
                source,
                formula: Formula::Count(measure),
            });
        }
    }
    for term in Term::ALL {
        let above = Measure::clock(stage, term, Outcome::OnTime);
        let below = Measure::clock(stage, term, Outcome::Due);
        all.push(Indicator {
            id: format!("{}.{}.on_time_rate.{}", stage.kind().name(), stage.name(), term.name()),
            zh: format!("{}按期率（{}）", stage.zh(), term.zh()),
            en: format!("Rate of {} on time ({})", stage.name(), term.name()),
            cohort: cohort(term),
            source,
            formula: Formula::Rate { above, below },
        });
    }
    all
}

/// The indicator with this id.
pub fn indicator(id: &str) -> Option<&'static Indicator> {
    INDICATORS.iter().find(|indicator| indicator.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_measure_is_printed_once_and_ids_are_unique() {
        let counts: BTreeSet<_> = INDICATORS
            .iter()
            .filter_map(|i| match i.formula {
                Formula::Count(measure) => {
                    assert_eq!(i.id, measure.id());
                    Some(measure)
                }
                _ => None,
            })
            .collect();
        assert_eq!(counts.len(), super::super::measure::MEASURES.iter().filter(|m| !m.is_silent()).count());
        let ids: BTreeSet<_> = INDICATORS.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids.len(), INDICATORS.len());
        for indicator in INDICATORS.iter() {
            if let Formula::Rate { above, below } = indicator.formula {
                assert!(ids.contains(above.id().as_str()) && ids.contains(below.id().as_str()));
            }
        }
    }
}
