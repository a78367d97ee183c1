//! A petition item as it stands: the fold of its events. Holds nothing personal; what is personal is sealed in the log.

mod fold;
mod parts;

pub use parts::{Delivery, Extension, ForeignNumber, Hearing, LedgerOrigin, Routing, Supervision};

use super::{ClockRun, State};
use fengqiao_model::{Day, DivisionCode, PetitionId, RequestId, Token};
use fengqiao_statute::{Channel, Conclusion, MatterClass};
use serde::{Deserialize, Serialize};

/// The shape of the images in state rows. It grows when the fold of events that were written before gives another image than it gave
/// then: at the next start every petition is folded anew.
pub const IMAGE_SHAPE: i64 = 2;

/// Whether an aggregate of the log is a petition: their ids are UUIDs, those of all others are words.
pub fn is_petition(id: &str) -> bool {
    id.parse::<PetitionId>().is_ok()
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

    /// Whether a person confirmed that it repeats another one. What a ledger's row says is a reference there, and no id.
    pub fn is_repeat(&self) -> bool {
        self.repeat_of.parse::<PetitionId>().is_ok()
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
}
