//! Where a dispute goes: a pure function of dispute, flags, consent, exclusions, bodies, load and rules to a ranked list of candidates
//! with the rule, the inputs and the rejected alternatives (design §5; D§3.8, D§4.1, D§9.4). The rules are data.

mod propose;
mod rank;
mod route;
mod rules;

pub(super) use propose::inputs_of;
pub use propose::propose;
pub use route::route;
pub use rules::{Coded, RoutingRule, RoutingRules};

use fengqiao_model::{Day, DivisionCode};
use fengqiao_statute::Force;

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// Type, by code.
    pub dispute_type: String,
    /// Where it arose.
    pub division: DivisionCode,
    /// Flags given at logging.
    pub flags: Vec<String>,
    /// Organs that have the matter already.
    pub already_at: Vec<String>,
    pub applicant_consents: bool,
    pub respondent_consents: bool,
    /// The body the parties chose; may be empty.
    pub chosen_body: String,
    /// Forces that tried already (failed, refused) in this root: the next of the chain is asked (D§9.4 item 6).
    pub tried: Vec<Force>,
    /// Bodies that returned the case or had it before: not proposed again.
    pub excluded_bodies: Vec<String>,
    /// The day of the decision.
    pub day: Day,
}

/// A body and how many cases it has open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    pub body: super::Body,
    pub open: u32,
}

/// What becomes of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// To a body.
    Dispatch,
    /// Nobody mediates now; why stands in the rule.
    NotDispatched,
}

/// A body that could take the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub body: String,
    pub force: Force,
    /// Steps in the division tree.
    pub distance: u32,
    pub load: u32,
    /// 0: none known.
    pub capacity: u32,
    /// Why it ranks where it does, as codes.
    pub grounds: Vec<String>,
}

/// A body (or a whole force) that was not considered further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Code of the body, or name of the force.
    pub alternative: String,
    /// other_force, not_competent, full, closed, outside, excluded, returned_before.
    pub reason: String,
}

/// The decision, as it is stored and readable for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub rules_version: String,
    /// Id of the deciding rule.
    pub rule: String,
    pub rule_zh: String,
    pub source: String,
    pub disposition: Disposition,
    /// The chosen body; empty when not dispatched.
    pub body: String,
    /// Its force, or the first force of the type.
    pub force: Option<Force>,
    /// "name=value", in a fixed order; nothing personal.
    pub inputs: Vec<String>,
    /// Best first.
    pub candidates: Vec<Candidate>,
    pub rejected: Vec<Rejected>,
    /// What else has to be done, as codes.
    pub duties: Vec<String>,
    /// A person chose another body than the first candidate.
    pub overridden: bool,
    /// Who confirmed or overrode; empty for a proposal.
    pub decided_by: String,
    pub decided_on: Day,
}
