//! Where a dispute goes: a pure function of dispute, flags, consent, exclusions, bodies, load and rules to a ranked list of candidates
//! with the rule, the inputs and the rejected alternatives (design §5; D§3.8, D§4.1, D§9.4). The rules are data.

use super::{Context, Group, House, Rejection};
use fengqiao_model::{CaseId, Day, DisputeId, DivisionCode};
use fengqiao_statute::{DisputeTypes, Force};

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

/// The rules of routing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingRules {
    version: String,
    rules: Vec<RoutingRule>,
    flags: Vec<String>,
    organs: Vec<String>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingRule {
    /// Id, such as `R3.court`.
    pub id: String,
    /// What it says, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Article or section.
    pub source: String,
    /// confirmed, local_model or to_be_confirmed.
    pub mark: String,
}

impl RoutingRules {
    /// The rules that ship with the program.
    pub fn shipped() -> Self {
        Self { version: String::new(), rules: Vec::new(), flags: Vec::new(), organs: Vec::new() }
    }

    /// Version of the rules.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules, in the order in which they are asked.
    pub fn rules(&self) -> &[RoutingRule] {
        &self.rules
    }

    /// The flags that a dispute may carry.
    pub fn flags(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().map(String::as_str)
    }

    /// The organs that may have the matter already.
    pub fn organs(&self) -> impl Iterator<Item = &str> {
        self.organs.iter().map(String::as_str)
    }
}

/// Where the rules send a dispute.
pub fn route(inputs: &Inputs, house: &House, rules: &RoutingRules, types: &DisputeTypes) -> Decision {
    let _ = (house, types);
    Decision {
        rules_version: rules.version().to_owned(),
        rule: String::new(),
        rule_zh: String::new(),
        source: String::new(),
        disposition: Disposition::NotDispatched,
        body: String::new(),
        force: None,
        inputs: Vec::new(),
        candidates: Vec::new(),
        rejected: Vec::new(),
        duties: Vec::new(),
        overridden: false,
        decided_by: String::new(),
        decided_on: inputs.day,
    }
}

/// Where the rules would send the case; a proposal, which nobody has confirmed.
pub fn propose(
    group: &Group,
    dispute: DisputeId,
    case: CaseId,
    house: &House,
    context: &Context<'_>,
) -> Result<Decision, Rejection> {
    let _ = (group, dispute, case, house, context);
    Err(Rejection::CaseNotFound)
}
