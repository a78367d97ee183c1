//! A petition item as it stands: the fold of its events. Holds nothing personal; what is personal is sealed in the log.

use super::{ClockRun, Event, Paper, State, clocks};
use fengqiao_model::{ActorId, Day, DivisionCode, PetitionId, RequestId, Token};
use fengqiao_statute::{Channel, Conclusion, MatterClass};
use serde::{Deserialize, Serialize};

/// The shape of the images in state rows. It grows when the fold of events that were written before gives another image than it gave
/// then: at the next start every petition is folded anew.
pub const IMAGE_SHAPE: i64 = 2;

/// Whether an aggregate of the log is a petition: their ids are UUIDs, those of all others are words.
pub fn is_petition(id: &str) -> bool {
    id.parse::<PetitionId>().is_ok()
}

/// A request for more time that waits for its decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Calendar days asked for.
    pub days: u32,
    /// Who asked; somebody else decides.
    pub requested_by: ActorId,
}

/// One way between units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// Assigned, with a time limit for the report; else only transferred.
    pub assigned: bool,
    /// The unit it came from.
    pub from_unit: String,
    /// The unit it went to.
    pub to_unit: String,
    /// Day of the routing.
    pub on: Day,
    /// Day of receipt by that unit.
    pub received_on: Day,
    /// Day on which the report is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback_due: Option<Day>,
    /// Day on which that unit said it is not competent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objected_on: Option<Day>,
    /// Who said it; somebody else decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objected_by: Option<ActorId>,
    /// Whether the objection was upheld; `None` while it waits or none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upheld: Option<bool>,
    /// Day of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<Day>,
}

/// One measure of supervision (XF 40).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    /// Code of the measure.
    pub measure: String,
    /// Day of it.
    pub on: Day,
    /// The unit pressed.
    pub unit: String,
    /// The clock whose lamp turned red, when that pressed it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// Day on which an explanation is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation_due: Option<Day>,
    /// Day of the explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained_on: Option<Day>,
}

/// One hearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    /// handling, review or rereview.
    pub stage: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// A paper that the petitioner received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Code of the paper.
    pub paper: String,
    /// Day of receipt.
    pub on: Day,
    /// Code of the means; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
}

/// What only items that came in as rows of a ledger have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerOrigin {
    /// Which sealed cells the row had: title, narrative, petitioner.
    pub sealed_cells: [bool; 3],
    /// The extended KPI due day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_to: Option<Day>,
    /// A step was taken here that no row can tell, so that a row would undo it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overtaken: bool,
}

/// A number in another system, such as an order of the 12345 hotline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ForeignNumber {
    /// The system.
    pub system: String,
    /// The number there.
    pub number: String,
}

/// A petition item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Petition {
    /// How many events made it what it is; the etag.
    pub version: i64,
    /// Number in the office's series.
    pub number: String,
    /// Slip the petitioner took home.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub slip: String,
    /// The office that registered it.
    pub unit: Token,
    /// Where the matter arose.
    pub division: DivisionCode,
    /// How it came in; a ledger row may leave it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Class of matter (XF 29-31).
    pub matter_class: MatterClass,
    /// Content category.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Number of petitioners; 0 when a ledger row does not say.
    pub person_count: u32,
    /// The unit that handles it, or to which it was last transferred or assigned; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub responsible_unit: String,
    /// Ledger of the external reference.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ledger: String,
    /// Reference in that ledger.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub external_ref: String,
    /// Day of registration.
    pub registered_on: Day,
    /// Logged off line and sent later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offline: bool,
    /// How many representatives have a query code.
    #[serde(default)]
    pub representatives: u32,
    /// Generation of each representative's query code; empty: all 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code_generations: Vec<u32>,
    /// Where it stands.
    pub state: State,
    /// First action of the petition office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_action_on: Option<Day>,
    /// Day of acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<Day>,
    /// Day of the conclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concluded_on: Option<Day>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
    /// Reason code of a refusal, diversion, withdrawal or void.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Day of receipt of the handling opinion by the petitioner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<Day>,
    /// Day on which the request for review was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_requested_on: Option<Day>,
    /// Organ that reviews.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub review_unit: String,
    /// Day of the review opinion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_on: Option<Day>,
    /// Day of receipt of the review opinion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_delivered_on: Option<Day>,
    /// Day on which the request for re-review was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rereview_requested_on: Option<Day>,
    /// Organ that re-reviews.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rereview_unit: String,
    /// Day of the re-review opinion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rereviewed_on: Option<Day>,
    /// Day on which it became final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_on: Option<Day>,
    /// The item this one repeats: id of a petition, or the external reference that a ledger row names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repeat_of: String,
    /// Whether it is litigation-related, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub litigation_related: Option<bool>,
    /// Rating code of the petition office.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rating_office: String,
    /// Rating code of the responsible unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rating_unit: String,
    /// Day of the rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rated_on: Option<Day>,
    /// Every clock that was started, in the order of starting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockRun>,
    /// The ways it took between units, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routings: Vec<Routing>,
    /// Measures of supervision, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supervisions: Vec<Supervision>,
    /// Hearings, in the order recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hearings: Vec<Hearing>,
    /// Papers that the petitioner received, in the order recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<Delivery>,
    /// Numbers in other systems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_numbers: Vec<ForeignNumber>,
    /// A request for more time that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// Day on which more time was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_on: Option<Day>,
    /// How often it was opened again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reopened: u32,
    /// Day on which it was last opened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_on: Option<Day>,
    /// Day on which it was last routed to mediation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routed_on: Option<Day>,
    /// How often it was routed to mediation; each time, mediation opens one dispute.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mediation_routings: u32,
    /// The key of everything personal was destroyed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// Present exactly for imported items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<LedgerOrigin>,
    /// The request that made the last change.
    pub last_request: Option<RequestId>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Petition {
    /// An item of which no more is known than that it was registered.
    pub fn registered(unit: Token, division: DivisionCode, matter_class: MatterClass, registered_on: Day) -> Self {
        Self {
            version: 0,
            number: String::new(),
            slip: String::new(),
            unit,
            division,
            channel: None,
            matter_class,
            category: String::new(),
            person_count: 0,
            responsible_unit: String::new(),
            ledger: String::new(),
            external_ref: String::new(),
            registered_on,
            offline: false,
            representatives: 0,
            code_generations: Vec::new(),
            state: State::Registered,
            first_action_on: None,
            accepted_on: None,
            concluded_on: None,
            conclusion: None,
            reason: String::new(),
            delivered_on: None,
            review_requested_on: None,
            review_unit: String::new(),
            reviewed_on: None,
            review_delivered_on: None,
            rereview_requested_on: None,
            rereview_unit: String::new(),
            rereviewed_on: None,
            final_on: None,
            repeat_of: String::new(),
            litigation_related: None,
            rating_office: String::new(),
            rating_unit: String::new(),
            rated_on: None,
            clocks: Vec::new(),
            routings: Vec::new(),
            supervisions: Vec::new(),
            hearings: Vec::new(),
            deliveries: Vec::new(),
            foreign_numbers: Vec::new(),
            extension: None,
            extended_on: None,
            reopened: 0,
            reopened_on: None,
            routed_on: None,
            mediation_routings: 0,
            erased: false,
            origin: None,
            last_request: None,
        }
    }

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

    /// Whether a person confirmed that it repeats another one. What a ledger's row says is a reference there, and no id.
    pub fn is_repeat(&self) -> bool {
        self.repeat_of.parse::<PetitionId>().is_ok()
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

    /// The generation of a representative's query code: how often it was given anew.
    pub fn code_generation(&self, representative: u32) -> u32 {
        usize::try_from(representative).ok().and_then(|at| self.code_generations.get(at)).copied().unwrap_or(0)
    }

    /// The last day on which anything became of it; `None` while nothing did.
    pub fn last_day(&self) -> Option<Day> {
        let days = [
            self.concluded_on,
            self.delivered_on,
            self.review_requested_on,
            self.reviewed_on,
            self.review_delivered_on,
            self.rereview_requested_on,
            self.rereviewed_on,
            self.final_on,
            self.rated_on,
        ];
        days.into_iter().flatten().max()
    }

    fn change(&mut self, event: &Event, actor: &ActorId) -> Option<()> {
        match event {
            Event::Registered(_) | Event::Imported(_) | Event::Advanced(_) | Event::Stepped(_) => return None,
            Event::Accepted { on, responsible_unit, handling, .. } => {
                self.state = State::Accepted;
                self.accepted_on = Some(*on);
                self.responsible_unit.clone_from(responsible_unit);
                self.acted(*on);
                self.done(&[clocks::DIRECT_NOTICE, clocks::ROUTED_NOTICE, clocks::OBJECTION], *on);
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
    pub(super) fn conclude(&mut self, conclusion: Conclusion, on: Day, reason: &str) {
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
