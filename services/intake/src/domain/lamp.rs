//! The lamp of a whole petition: the most urgent of its clocks that the office or the unit owes. Pure.

use super::{Law, Petition};
use fengqiao_model::Day;
use fengqiao_statute::Lamp;

/// The clocks that make an open item late: its first action, its notice, its opinion. Those of the petitioner's rights do not.
pub const OWED: [&str; 4] = ["P-01", "P-02", "P-03", "P-06"];

impl Petition {
    /// The lamp on a day, of an item that is open now.
    pub fn lamp(&self, law: &Law, on: Day) -> Option<Lamp> {
        let owed = self.running().filter(|run| self.state.is_open() && OWED.contains(&run.terms.rule.as_str()));
        let lamps = owed.filter_map(|run| law.lamps.of(&run.terms.rule).lamp(&law.calendar, &run.terms, run.done_on, &[], on));
        lamps.max_by_key(|lamp| urgency(*lamp))
    }
}

fn urgency(lamp: Lamp) -> u8 {
    match lamp {
        Lamp::Grey => 0,
        Lamp::Green => 1,
        Lamp::Yellow => 2,
        Lamp::Red => 3,
    }
}
