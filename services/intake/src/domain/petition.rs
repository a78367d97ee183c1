//! A petition item as it stands: the fold of its events. Holds nothing personal; what is personal is sealed in the log.

use super::Event;
use fengqiao_model::{ActorId, Day, DivisionCode, RequestId, Token};
use fengqiao_statute::{Channel, ClockTerms, Conclusion, MatterClass};
use serde::{Deserialize, Serialize};

/// Where a petition stands (D§2.3); HANDLING and ACCEPTED are one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Registered,
    Accepted,
    Extended,
    NotAccepted,
    NoLongerAccepted,
    Diverted,
    ConsultOnly,
    OpinionIssued,
    Settled,
    Answered,
    Forwarded,
    Withdrawn,
    Void,
    ReviewRequested,
    Reviewed,
    RereviewRequested,
    Final,
}

impl State {
    /// Every state, in the order of the contract's enum.
    pub const ALL: [State; 17] = [
        State::Registered,
        State::Accepted,
        State::Extended,
        State::NotAccepted,
        State::NoLongerAccepted,
        State::Diverted,
        State::ConsultOnly,
        State::OpinionIssued,
        State::Settled,
        State::Answered,
        State::Forwarded,
        State::Withdrawn,
        State::Void,
        State::ReviewRequested,
        State::Reviewed,
        State::RereviewRequested,
        State::Final,
    ];

    /// Whether the item still waits for the office or the unit.
    pub fn is_open(self) -> bool {
        matches!(self, State::Registered | State::Accepted | State::Extended)
    }

    /// Name in state rows and in messages.
    pub fn name(self) -> &'static str {
        match self {
            State::Registered => "registered",
            State::Accepted => "accepted",
            State::Extended => "extended",
            State::NotAccepted => "not_accepted",
            State::NoLongerAccepted => "no_longer_accepted",
            State::Diverted => "diverted",
            State::ConsultOnly => "consult_only",
            State::OpinionIssued => "opinion_issued",
            State::Settled => "settled",
            State::Answered => "answered",
            State::Forwarded => "forwarded",
            State::Withdrawn => "withdrawn",
            State::Void => "void",
            State::ReviewRequested => "review_requested",
            State::Reviewed => "reviewed",
            State::RereviewRequested => "rereview_requested",
            State::Final => "final",
        }
    }

    /// Name as petitioners and officials read it.
    pub fn zh(self) -> &'static str {
        match self {
            State::Registered => "已登记",
            State::Accepted => "办理中",
            State::Extended => "已延期",
            State::NotAccepted => "不予受理",
            State::NoLongerAccepted => "不再受理",
            State::Diverted => "已导入法定途径",
            State::ConsultOnly => "咨询",
            State::OpinionIssued => "已出具处理意见",
            State::Settled => "调解办结",
            State::Answered => "已答复",
            State::Forwarded => "已转送",
            State::Withdrawn => "已撤回",
            State::Void => "作废",
            State::ReviewRequested => "复查中",
            State::Reviewed => "已复查",
            State::RereviewRequested => "复核中",
            State::Final => "已终结",
        }
    }

    /// The state a conclusion leads to.
    pub fn of(conclusion: Conclusion) -> State {
        match conclusion {
            Conclusion::Replied => State::OpinionIssued,
            Conclusion::Settled => State::Settled,
            Conclusion::Refused => State::NotAccepted,
            Conclusion::NoLongerAccepted => State::NoLongerAccepted,
            Conclusion::Diverted => State::Diverted,
            Conclusion::Answered => State::Answered,
            Conclusion::Forwarded => State::Forwarded,
            Conclusion::ConsultOnly => State::ConsultOnly,
            Conclusion::Withdrawn => State::Withdrawn,
            Conclusion::Void => State::Void,
        }
    }
}

/// A request for more time that waits for its decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Calendar days asked for.
    pub days: u32,
    /// Who asked; somebody else decides.
    pub requested_by: ActorId,
}

/// What only ledger rows tell in this version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Further {
    /// First action of the petition office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_action_on: Option<Day>,
    /// External reference of the item this one repeats.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub repeat_of: String,
    /// Whether it is litigation-related.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub litigation_related: Option<bool>,
    /// The extended KPI due day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_to: Option<Day>,
    /// Day of receipt of the opinion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_on: Option<Day>,
    /// Day the review was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_requested_on: Option<Day>,
    /// Day of the review opinion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_on: Option<Day>,
    /// Day the re-review was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rereview_requested_on: Option<Day>,
    /// Day of the re-review opinion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rereviewed_on: Option<Day>,
    /// Rating code of the petition office.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rating_office: String,
    /// Rating code of the responsible unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rating_unit: String,
    /// Clock P-08.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<ClockTerms>,
    /// Clock P-10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rereview: Option<ClockTerms>,
    /// Which sealed cells the row had: title, narrative, petitioner.
    pub sealed_cells: [bool; 3],
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
    /// The unit that handles it; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub responsible_unit: String,
    /// Ledger of the external reference.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ledger: String,
    /// Reference in that ledger.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub external_ref: String,
    /// Numbers in other systems, unique in the book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_numbers: Vec<ForeignNumber>,
    /// Day of registration.
    pub registered_on: Day,
    /// Logged off line and sent later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offline: bool,
    /// How many representatives have a query code.
    #[serde(default)]
    pub representatives: u32,
    /// Where it stands.
    pub state: State,
    /// Day of acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<Day>,
    /// Day of the conclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concluded_on: Option<Day>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
    /// Reason code of a refusal, withdrawal or void.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Clock P-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_action: Option<ClockTerms>,
    /// Clock P-06, extension included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<ClockTerms>,
    /// A request for more time that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// Day on which more time was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_on: Option<Day>,
    /// Day on which it was last routed to mediation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routed_on: Option<Day>,
    /// How often it was routed to mediation; each time, mediation opens one dispute.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub routings: u32,
    /// The key of everything personal was destroyed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// What only ledger rows tell; present exactly for imported items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub further: Option<Box<Further>>,
    /// The request that made the last change.
    pub last_request: Option<RequestId>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Petition {
    /// The only way a petition changes. `None` in is an item that does not exist yet; `None` out is an event that cannot stand
    /// at this place of a log (a log that was written by this service has none).
    pub fn apply(before: Option<Petition>, event: &Event, actor: &ActorId, request: Option<RequestId>) -> Option<Petition> {
        let mut next = match (before, event) {
            (None, Event::Registered(petition)) | (None, Event::Imported(petition)) => {
                Petition { version: 0, ..(**petition).clone() }
            }
            (Some(old), Event::Advanced(petition)) => {
                // what a row does not tell stays
                Petition {
                    version: old.version,
                    erased: old.erased,
                    routed_on: old.routed_on,
                    routings: old.routings,
                    foreign_numbers: old.foreign_numbers,
                    ..(**petition).clone()
                }
            }
            (Some(mut old), event) => {
                old.change(event, actor)?;
                old
            }
            (None, _) => return None,
        };
        next.version += 1;
        next.last_request = request;
        Some(next)
    }

    fn change(&mut self, event: &Event, actor: &ActorId) -> Option<()> {
        match event {
            Event::Registered(_) | Event::Imported(_) | Event::Advanced(_) => return None,
            Event::Accepted { on, responsible_unit, handling, .. } => {
                self.state = State::Accepted;
                self.accepted_on = Some(*on);
                self.responsible_unit.clone_from(responsible_unit);
                self.handling.clone_from(handling);
            }
            Event::Refused { on, reason, conclusion, .. } => self.conclude(*conclusion, *on, reason),
            Event::ExtensionRequested { days, .. } => {
                self.extension = Some(Extension { days: *days, requested_by: actor.clone() });
            }
            Event::ExtensionDecided { on, handling } => {
                self.extension = None;
                if handling.is_some() {
                    self.state = State::Extended;
                    self.extended_on = Some(*on);
                    self.handling.clone_from(handling);
                }
            }
            Event::OpinionIssued { on, .. } => self.conclude(Conclusion::Replied, *on, ""),
            Event::Withdrawn { on, reason, .. } => self.conclude(Conclusion::Withdrawn, *on, reason),
            Event::RoutedToMediation(routed) => {
                self.routed_on = Some(routed.on);
                self.routings += 1;
            }
            Event::Voided { on, reason, .. } => self.conclude(Conclusion::Void, *on, reason),
            Event::PartiesErased { .. } => self.erased = true,
        }
        Some(())
    }

    fn conclude(&mut self, conclusion: Conclusion, on: Day, reason: &str) {
        self.state = State::of(conclusion);
        self.conclusion = Some(conclusion);
        self.concluded_on = Some(on);
        self.extension = None;
        reason.clone_into(&mut self.reason);
    }
}
