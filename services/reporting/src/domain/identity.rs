//! The identities that the figures of a place must satisfy, each side added up from other slices or measures than the other. It
//! knows which figures belong together; it refuses to know what they rest on.

use super::{Kind, Measure, Outcome, Place, Sheet, Stage, Stock, Sums, Term};

/// An identity and its two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// In words.
    pub text: String,
    /// Left side.
    pub left: i64,
    /// Right side.
    pub right: i64,
}

/// Those that need a sheet which is not kept at the place are left out; those without anything to count say 0 = 0.
pub(super) fn identities(sums: &Sums, place: &Place) -> Vec<Identity> {
    let mut all = Checked { sums, place, list: Vec::new() };
    all.petitions();
    all.cases();
    all.disputes();
    all.rest();
    all.list
}

struct Checked<'a> {
    sums: &'a Sums,
    place: &'a Place,
    list: Vec<Identity>,
}

impl Checked<'_> {
    fn add(&mut self, text: impl Into<String>, left: i64, right: i64) {
        self.list.push(Identity { text: text.into(), left, right });
    }

    fn total(&self, measure: Measure) -> i64 {
        self.sums.within(Sheet::Total, "", measure)
    }

    fn totals<const N: usize>(&self, measures: [Measure; N]) -> i64 {
        measures.into_iter().fold(0, |sum, measure| sum.wrapping_add(self.total(measure)))
    }

    fn before(&self, stock: Stock) -> i64 {
        self.sums.stock(Sheet::Total, "", stock).0
    }

    fn after(&self, stock: Stock) -> i64 {
        self.sums.stock(Sheet::Total, "", stock).1
    }

    /// A total is the sum over the members of a sheet.
    fn summed(&mut self, name: &str, measure: Measure, sheet: Sheet) {
        if self.place.keeps(sheet) {
            let text = format!("{name} = sum over {}s", sheet.name());
            self.add(text, self.total(measure), self.sums.summed(sheet, measure));
        }
    }

    fn petitions(&mut self) {
        let reopened = self.total(Measure::PETITION_REOPENED);
        let left = self.before(Stock::Petitions) + self.total(Measure::REGISTERED) + reopened;
        let right = self.total(Measure::CLOSED) + self.after(Stock::Petitions);
        let flows = if reopened == 0 { "registered" } else { "registered + reopened" };
        self.add(format!("carried_in + {flows} = closed + carried_out"), left, right);
        if self.place.keeps(Sheet::Conclusion) {
            let (closed, concluded) = (self.total(Measure::CLOSED), self.total(Measure::CONCLUDED));
            self.add("closed = sum over conclusions", closed, self.sums.summed(Sheet::Conclusion, Measure::CLOSED));
            let of = |member| self.sums.within(Sheet::Conclusion, member, Measure::CLOSED);
            self.add("concluded = replied + settled", concluded, of("replied") + of("settled"));
        }
        self.summed("registered", Measure::REGISTERED, Sheet::Division);
        self.summed("registered", Measure::REGISTERED, Sheet::Month);
        Stage::OF_PETITIONS.into_iter().for_each(|stage| self.clock(stage));
        self.levels();
    }

    /// Levels are those of the units: what stands under none of them is said, never guessed.
    fn levels(&mut self) {
        if !self.place.keeps(Sheet::Level) {
            return;
        }
        let (all, by_unit, by_level) = (
            self.total(Measure::REGISTERED),
            self.sums.summed(Sheet::Unit, Measure::REGISTERED),
            self.sums.summed(Sheet::Level, Measure::REGISTERED),
        );
        let (unlevelled, unitless) = (by_unit - by_level, all - by_unit);
        let text = format!("registered = sum over levels + {unlevelled} of units without level + {unitless} without unit");
        self.add(text, all, by_level + unlevelled + unitless);
    }

    fn clock(&mut self, stage: Stage) {
        let kind = if stage.kind() == Kind::Petition { "" } else { "case." };
        for term in Term::ALL {
            let of = |outcome| self.total(Measure::clock(stage, term, outcome));
            let right = of(Outcome::OnTime) + of(Outcome::Late) + of(Outcome::OpenOverdue);
            let text = format!("{kind}{}.{}: due = on_time + late + open_overdue", stage.name(), term.name());
            self.add(text, of(Outcome::Due), right);
        }
    }

    fn cases(&mut self) {
        let left = self.before(Stock::Pending) + self.total(Measure::APPLIED);
        let ends = [Measure::CASE_ACCEPTED, Measure::DECLINED, Measure::REFUSED];
        let right = self.totals(ends) + self.after(Stock::Pending);
        self.add("case: pending_in + applied = accepted + declined + refused + pending", left, right);
        let left = self.before(Stock::Cases) + self.total(Measure::CASE_ACCEPTED);
        let right = self.totals([Measure::CASE_CONCLUDED, Measure::TRANSFERRED]) + self.after(Stock::Cases);
        self.add("case: carried_in + accepted = concluded + transferred + carried_out", left, right);
        let outcomes = [
            Measure::AGREED,
            Measure::PARTIAL,
            Measure::SETTLED_PRIVATELY,
            Measure::FAILED,
            Measure::WITHDRAWN,
            Measure::TERMINATED,
        ];
        let text = "case: concluded = agreed + partial + settled_privately + failed + withdrawn + terminated";
        self.add(text, self.total(Measure::CASE_CONCLUDED), self.totals(outcomes));
        for sheet in [Sheet::Force, Sheet::Type, Sheet::Source, Sheet::Division, Sheet::Month] {
            self.summed("case.accepted", Measure::CASE_ACCEPTED, sheet);
        }
        for sheet in [Sheet::Force, Sheet::Type] {
            self.summed("case.concluded", Measure::CASE_CONCLUDED, sheet);
        }
        self.clock(Stage::Case);
    }

    fn disputes(&mut self) {
        let begun = self.totals([Measure::DISPUTE_ACCEPTED, Measure::REOPENED]);
        let left = self.before(Stock::Disputes) + begun;
        let right = self.total(Measure::DISPUTE_CONCLUDED) + self.after(Stock::Disputes);
        self.add("dispute: carried_in + accepted + reopened = concluded + carried_out", left, right);
        // A case of a linked dispute counts where its own dispute arose, the milestone it made where the root did: over the
        // whole book, and wherever linked disputes arose at one place, the two cancel out.
        let linked = self.total(Measure::OF_LINKED_ROOT) - self.total(Measure::OF_LINKED_CASE);
        let bridge = begun + self.totals([Measure::RECEIVED, Measure::JOINED]) + linked;
        let text = match linked {
            0 => "bridge: case.accepted = dispute.accepted + dispute.reopened + case.received + case.joined".to_owned(),
            n => format!(
                "bridge: case.accepted = dispute.accepted + dispute.reopened + case.received + case.joined + {n} linked elsewhere"
            ),
        };
        self.add(text, self.total(Measure::CASE_ACCEPTED), bridge);
        self.summed("dispute.accepted", Measure::DISPUTE_ACCEPTED, Sheet::Force);
        self.summed("dispute.concluded", Measure::DISPUTE_CONCLUDED, Sheet::Force);
        self.summed("dispute.concluded", Measure::DISPUTE_CONCLUDED, Sheet::Type);
    }

    fn rest(&mut self) {
        let (due, performed) = (self.total(Measure::PERFORMANCE_DUE), self.total(Measure::PERFORMED));
        let parts = self.totals([Measure::PERFORMED_ON_TIME, Measure::PERFORMED_LATE, Measure::UNPERFORMED]);
        self.add("agreement: performance_due = performed_on_time + performed_late + unperformed", due, parts);
        let parts = self.totals([Measure::PERFORMED_ON_TIME, Measure::PERFORMED_LATE]);
        self.add("agreement: performed = performed_on_time + performed_late", performed, parts);
        if self.place.keeps(Sheet::Force) {
            let active = self.after(Stock::Bodies);
            self.add("body.active = sum over forces", active, self.sums.stock_over(Sheet::Force, Stock::Bodies));
        }
    }
}
