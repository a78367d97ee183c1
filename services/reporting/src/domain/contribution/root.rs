//! What a dispute and a body count for. A dispute counts from its milestones, each under the force of the case that made it.

use super::{Dated, List, Measure};
use crate::domain::{Body, Dispute, What};
use std::collections::BTreeMap;

impl List {
    pub(super) fn dispute(&mut self, dispute: &Dispute) {
        for milestone in &dispute.milestones {
            self.force = milestone.force;
            let (measure, begins) = match milestone.what {
                What::Accepted => (Measure::DISPUTE_ACCEPTED, true),
                What::Reopened => (Measure::REOPENED, true),
                What::Concluded => (Measure::DISPUTE_CONCLUDED, false),
            };
            self.fact(measure, milestone.on, 1);
            self.fact(Measure::OF_LINKED_CASE, milestone.on, i64::from(begins && milestone.elsewhere));
            self.fact(Measure::RESOLVED, milestone.on, i64::from(!begins && milestone.resolved));
        }
    }

    pub(super) fn body(&mut self, body: &Body) {
        self.force = Some(body.force);
        self.fact(Measure::BEGUN, body.begun(), 1);
        if let Some(founded) = body.founded {
            self.fact(Measure::FOUNDED, founded, 1);
        }
        // A body whose staff changed twice in a year is one body that was adjusted.
        let mut first: BTreeMap<i16, Dated> = BTreeMap::new();
        for adjusted in &body.adjusted {
            let of_year = first.entry(adjusted.0.year()).or_insert(*adjusted);
            *of_year = (*of_year).min(*adjusted);
        }
        first.into_values().for_each(|adjusted| self.fact(Measure::ADJUSTED, adjusted, 1));
        if let Some(fostered) = body.fostered {
            self.fact(Measure::FOSTERED, fostered, 1);
        }
        if let Some(closed) = body.closed {
            self.fact(Measure::BODY_CLOSED, closed, 1);
        }
    }
}
