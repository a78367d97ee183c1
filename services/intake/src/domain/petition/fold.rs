//! How events change a petition item.

use super::{Delivery, Extension, Petition};
use crate::domain::{ClockRun, Event, Paper, State, clocks};
use fengqiao_model::{ActorId, Day, PetitionId, RequestId};
use fengqiao_statute::Conclusion;

impl Petition {
    /// The only way a petition changes. `None` in is an item that does not exist yet; `None` out is an event that cannot stand
    /// at this place of a log (a log that was written by this service has none).
    pub fn apply(before: Option<Petition>, event: &Event, actor: &ActorId, request: Option<RequestId>) -> Option<Petition> {
        let (clocks, last_request) =
            before.as_ref().map_or_else(Default::default, |before| (before.clocks.clone(), before.last_request));
        let mut next = match (before, event) {
            (None, Event::Registered(petition)) | (None, Event::Imported(petition)) => {
                Petition { version: 0, ..(**petition).clone() }
            }
            (Some(old), Event::Advanced(petition)) => old.advanced_to((**petition).clone()),
            (Some(old), Event::Stepped(step)) => {
                let mut next = Petition { version: old.version, ..step.petition.clone() };
                if let Some(origin) = next.origin.as_mut().filter(|_| step.kind.overtakes_row()) {
                    origin.overtaken = true;
                }
                next
            }
            (Some(mut old), event) => {
                old.change(event, actor)?;
                old
            }
            (None, _) => return None,
        };
        next.version += 1;
        next.remember(&clocks, event.occurred_on());
        // What passing time does breaks no chain of work off line.
        next.last_request = request.or(last_request);
        Some(next)
    }

    /// As a row has it now; what a row does not tell stays.
    fn advanced_to(self, row: Petition) -> Petition {
        Petition {
            version: self.version,
            erased: self.erased,
            routed_on: self.routed_on,
            mediation_routings: self.mediation_routings,
            code_generations: self.code_generations,
            supervisions: self.supervisions,
            deliveries: self.deliveries,
            foreign_numbers: self.foreign_numbers,
            repeat_of: if self.repeat_of.parse::<PetitionId>().is_ok() { self.repeat_of } else { row.repeat_of },
            ..row
        }
    }

    fn change(&mut self, event: &Event, actor: &ActorId) -> Option<()> {
        match event {
            Event::Registered(_) | Event::Imported(_) | Event::Advanced(_) | Event::Stepped(_) => return None,
            Event::Accepted { on, responsible_unit, handling, .. } => {
                self.state = State::Accepted;
                self.accepted_on = Some(*on);
                self.responsible_unit.clone_from(responsible_unit);
                self.acted(*on);
                self.done(&clocks::ENDED_BY_ACCEPTANCE, *on);
                self.start(handling.clone());
            }
            Event::Refused { on, reason, conclusion, .. } => self.conclude(*conclusion, *on, reason),
            Event::ExtensionRequested { days, .. } => {
                self.extension = Some(Extension { days: *days, requested_by: actor.clone() });
            }
            Event::ExtensionDecided { on, handling } => {
                self.extension = None;
                if let Some(terms) = handling {
                    self.state = State::Extended;
                    self.extended_on = Some(*on);
                    self.reterm(clocks::HANDLING, terms.clone());
                }
            }
            Event::OpinionIssued { on, delivered_on, delivered_by, windows, .. } => {
                self.conclude(Conclusion::Replied, *on, "");
                self.delivered_on = *delivered_on;
                self.deliveries.extend(delivered_on.map(|on| Delivery {
                    paper: Paper::Opinion.code().to_owned(),
                    on,
                    means: delivered_by.clone(),
                }));
                self.clocks.extend(windows.iter().cloned().map(ClockRun::started));
            }
            Event::Withdrawn { on, reason, .. } => self.conclude(Conclusion::Withdrawn, *on, reason),
            Event::RoutedToMediation(routed) => {
                self.routed_on = Some(routed.on);
                self.mediation_routings += 1;
            }
            Event::Voided { on, reason, .. } => {
                self.conclude(Conclusion::Void, *on, reason);
                // What was entered in error never became final.
                self.final_on = None;
            }
            Event::PartiesErased { .. } => self.erased = true,
        }
        Some(())
    }

    /// Ends it. An assignment's report is still owed after an answer of substance; nothing is after a withdrawal or a void.
    pub(in crate::domain) fn conclude(&mut self, conclusion: Conclusion, on: Day, reason: &str) {
        self.state = State::of(conclusion);
        self.conclusion = Some(conclusion);
        self.concluded_on = Some(on);
        self.extension = None;
        reason.clone_into(&mut self.reason);
        if conclusion != Conclusion::Void {
            self.first_action_on.get_or_insert(on);
        }
        let owed = !matches!(conclusion, Conclusion::Withdrawn | Conclusion::Void);
        for clock in &mut self.clocks {
            if clock.done_on.is_none() && !(owed && clock.terms.rule == clocks::ASSIGNMENT) {
                clock.done_on = Some(on);
            }
        }
    }
}
