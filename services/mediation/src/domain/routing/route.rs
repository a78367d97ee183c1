//! The decision itself: the rules are asked in their order, the bodies ranked, and everything that was looked at is kept.

use super::{
    Decision, Disposition, Inputs, RoutingRule, RoutingRules,
    rank::{Chain, ranked},
    rules::{Then, When},
};
use crate::domain::House;
use fengqiao_statute::{DisputeType, DisputeTypes, Force};

/// Where the rules send a dispute.
pub fn route(inputs: &Inputs, house: &House, rules: &RoutingRules, types: &DisputeTypes) -> Decision {
    let kind = types.find(&inputs.dispute_type, inputs.day);
    let asked = Asked::of(inputs, rules);
    let chain = chain(inputs, kind, asked.narrow);
    let (candidates, rejected) = ranked(inputs, house, &chain);
    let holds = |rule: &RoutingRule| match rule.when {
        None => true,
        Some(When::ConsentMissing) => !(inputs.applicant_consents && inputs.respondent_consents),
        Some(When::Tried) => chain.forces.iter().any(|force| inputs.tried.contains(force)),
        Some(When::Exhausted) => chain.left.is_empty() && candidates.is_empty(),
        Some(When::NoBody) => candidates.is_empty(),
        Some(When::Always) => true,
    };
    let decides = |rule: &&&RoutingRule| matches!(rule.then, Then::NotDispatched { .. } | Then::Dispatch) && holds(rule);
    let deciding = asked.rules.iter().find(decides).copied();
    let dispatched = deciding.is_some_and(|rule| rule.then == Then::Dispatch);
    let looked_for_a_body = dispatched || deciding.is_some_and(|rule| matches!(rule.when, Some(When::Exhausted | When::NoBody)));
    let exhausted = deciding.is_some_and(|rule| rule.when == Some(When::Exhausted));
    let ways = kind.iter().filter(|_| exhausted).flat_map(|kind| &kind.other_routes).map(|way| format!("tell_{way}"));
    let of_rules = deciding.iter().chain(&asked.narrow).chain(&asked.beside).flat_map(|rule| rule.duties.iter().cloned());
    let mut duties: Vec<String> = Vec::new();
    for duty in of_rules.chain(ways) {
        if !duties.contains(&duty) {
            duties.push(duty);
        }
    }
    // A rule that narrows or that goes beside says more than the last one, which always holds.
    let named = match deciding {
        Some(rule) if rule.when == Some(When::Always) => asked.narrow.or(asked.beside).or(deciding),
        other => other,
    };
    let best = candidates.first().filter(|_| dispatched);
    Decision {
        rules_version: rules.version().to_owned(),
        rule: named.map(|rule| rule.id.clone()).unwrap_or_default(),
        rule_zh: named.map(|rule| rule.zh.clone()).unwrap_or_default(),
        source: named.map(|rule| rule.source.clone()).unwrap_or_default(),
        disposition: if best.is_some() { Disposition::Dispatch } else { Disposition::NotDispatched },
        body: best.map(|candidate| candidate.body.clone()).unwrap_or_default(),
        force: best.map(|candidate| candidate.force).or(chain.forces.first().copied()),
        inputs: looked_at(inputs, house),
        rejected: if looked_for_a_body { rejected } else { all_excluded(&chain) },
        candidates: if dispatched { candidates } else { Vec::new() },
        duties,
        overridden: false,
        decided_by: String::new(),
        decided_on: inputs.day,
    }
}

/// The rules whose flags, type and organs fit; of them the first that narrows, and the first that goes beside.
struct Asked<'a> {
    rules: Vec<&'a RoutingRule>,
    narrow: Option<&'a RoutingRule>,
    beside: Option<&'a RoutingRule>,
}

impl<'a> Asked<'a> {
    fn of(inputs: &Inputs, rules: &'a RoutingRules) -> Self {
        let rules: Vec<&RoutingRule> = rules.rules().iter().filter(|rule| rule.fits(inputs)).collect();
        let first = |wanted: fn(&Then) -> bool| rules.iter().copied().find(|rule| wanted(&rule.then));
        let narrow = first(|then| matches!(then, Then::Narrow(_)));
        let beside = first(|then| *then == Then::Beside);
        Self { rules, narrow, beside }
    }
}

/// The forces of the type, without those that a rule takes away and those that tried.
fn chain(inputs: &Inputs, kind: Option<&DisputeType>, narrow: Option<&RoutingRule>) -> Chain {
    let forces: Vec<Force> = kind.map(|kind| kind.forces().collect()).unwrap_or_default();
    let mut allowed = forces.clone();
    if let Some(Then::Narrow(only)) = narrow.map(|rule| &rule.then) {
        allowed.retain(|force| only.contains(force));
    }
    let left = allowed.iter().copied().filter(|force| !inputs.tried.contains(force)).collect();
    Chain { forces, allowed, left }
}

/// What is kept of a dispute that goes to nobody: no force was asked.
fn all_excluded(chain: &Chain) -> Vec<super::Rejected> {
    Force::ALL
        .into_iter()
        .map(|force| super::Rejected {
            alternative: force.code().to_owned(),
            reason: if chain.forces.contains(&force) { "excluded" } else { "other_force" }.to_owned(),
        })
        .collect()
}

/// The inputs as they are kept.
fn looked_at(inputs: &Inputs, house: &House) -> Vec<String> {
    let forces: Vec<_> = inputs.tried.iter().map(|force| force.code()).collect();
    vec![
        format!("dispute_type={}", inputs.dispute_type),
        format!("division={}", inputs.division),
        format!("flags={}", inputs.flags.join(",")),
        format!("already_at={}", inputs.already_at.join(",")),
        format!("applicant_consents={}", inputs.applicant_consents),
        format!("respondent_consents={}", inputs.respondent_consents),
        format!("chosen_body={}", inputs.chosen_body),
        format!("tried={}", forces.join(",")),
        format!("excluded_bodies={}", inputs.excluded_bodies.join(",")),
        format!("day={}", inputs.day),
        format!("bodies={}", house.bodies.len()),
    ]
}
