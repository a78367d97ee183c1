//! Which bodies could take a dispute, in which order, and why the others could not.

use super::{Candidate, Inputs, Loaded, Rejected};
use crate::domain::{Body, House};
use fengqiao_model::DivisionCode;
use fengqiao_statute::Force;

/// A stored decision names this many candidates, and this many bodies that could not: the nearest.
const CANDIDATES: usize = 20;
const REJECTED: usize = 50;

/// The forces of a type, and what is left of them.
pub(super) struct Chain {
    /// In the order in which they are asked.
    pub forces: Vec<Force>,
    /// Those that a rule leaves.
    pub allowed: Vec<Force>,
    /// Of these, those that have not tried yet.
    pub left: Vec<Force>,
}

/// The bodies that could take it, best first, and those that could not with the reason of each; before them the forces that were not
/// asked at all.
pub(super) fn ranked(inputs: &Inputs, house: &House, chain: &Chain) -> (Vec<Candidate>, Vec<Rejected>) {
    let mut candidates = Vec::new();
    let mut rejected_bodies = Vec::new();
    for loaded in &house.bodies {
        let force = loaded.body.force;
        let chosen = loaded.body.code.as_str() == inputs.chosen_body && chain.allowed.contains(&force);
        if !chosen && !chain.left.contains(&force) {
            continue;
        }
        let distance = loaded.body.division.as_ref().map_or(u32::MAX, |division| steps(division, &inputs.division));
        match hindrance(inputs, loaded, chosen) {
            Some(reason) => rejected_bodies.push((distance, loaded.body.code.to_string(), reason)),
            None => candidates
                .push((rank(inputs, loaded, chain, chosen, distance), candidate(inputs, loaded, chain, chosen, distance))),
        }
    }
    candidates.sort_by(|(a, _), (b, _)| a.cmp(b));
    rejected_bodies.sort();
    let forces = Force::ALL.into_iter().filter(|force| !chain.left.contains(force)).map(|force| Rejected {
        alternative: force.code().to_owned(),
        reason: if chain.forces.contains(&force) { "excluded" } else { "other_force" }.to_owned(),
    });
    let bodies = rejected_bodies
        .into_iter()
        .take(REJECTED)
        .map(|(_, alternative, reason)| Rejected { alternative, reason: reason.to_owned() });
    let rejected = forces.chain(bodies).collect();
    (candidates.into_iter().take(CANDIDATES).map(|(_, candidate)| candidate).collect(), rejected)
}

/// Why a body of a force that is asked cannot take it.
fn hindrance(inputs: &Inputs, loaded: &Loaded, chosen: bool) -> Option<&'static str> {
    let body = &loaded.body;
    let in_county = || body.division.as_ref().is_some_and(|division| same_county(division, &inputs.division));
    if !body.is_active(inputs.day) {
        Some("closed")
    } else if !takes(body, &inputs.dispute_type) {
        Some("not_competent")
    } else if inputs.excluded_bodies.iter().any(|code| code == body.code.as_str()) {
        Some("returned_before")
    } else if !chosen && !in_county() {
        Some("outside")
    } else if body.capacity > 0 && loaded.open >= body.capacity {
        Some("full")
    } else {
        None
    }
}

/// Whether a body takes the type by rule: a themed room or personal studio only what it names (D§9.4 item 5).
fn takes(body: &Body, dispute_type: &str) -> bool {
    let special = !body.theme.is_empty() || body.kind == "personal_studio";
    body.is_competent(dispute_type) && !(special && body.specialities.is_empty())
}

type Rank = (bool, usize, bool, bool, u32, bool, u64, String);

/// Chosen by the parties, order of the forces, a studio where one is wanted, names the type, near, holds the place, load, code. That
/// a personal studio names the type counts only where one is wanted: it is somebody's name that the parties ask for.
fn rank(inputs: &Inputs, loaded: &Loaded, chain: &Chain, chosen: bool, distance: u32) -> Rank {
    let body = &loaded.body;
    let order = chain.forces.iter().position(|force| *force == body.force).unwrap_or(usize::MAX);
    let wanted = inputs.flags.iter().any(|flag| flag == "personal_studio_wanted");
    let is_studio = body.kind == "personal_studio";
    let names_nothing = body.specialities.is_empty() || (is_studio && !wanted);
    let elsewhere = !body.division.as_ref().is_some_and(|division| division.contains(&inputs.division));
    // Without a known capacity a hundred cases count as full.
    let load = u64::from(loaded.open) * 10_000 / u64::from(if body.capacity == 0 { 100 } else { body.capacity });
    (!chosen, order, wanted && !is_studio, names_nothing, distance, elsewhere, load, body.code.to_string())
}

fn candidate(inputs: &Inputs, loaded: &Loaded, chain: &Chain, chosen: bool, distance: u32) -> Candidate {
    let body = &loaded.body;
    let mut grounds = Vec::new();
    if chosen {
        grounds.push("chosen_by_parties".to_owned());
    }
    grounds.push(match chain.forces.iter().position(|force| *force == body.force) {
        Some(0) | None => "first_force".to_owned(),
        Some(place) => format!("fallback_{place}"),
    });
    if body.kind == "personal_studio" {
        grounds.push("personal_studio".to_owned());
    }
    grounds.push(if body.specialities.is_empty() { "generalist" } else { "speciality" }.to_owned());
    let place = match &body.division {
        Some(division) if *division == inputs.division => "same_place",
        Some(division) if division.contains(&inputs.division) => "holds_the_place",
        Some(_) | None => "near",
    };
    grounds.push(place.to_owned());
    Candidate { body: body.code.to_string(), force: body.force, distance, load: loaded.open, capacity: body.capacity, grounds }
}

/// Whether the one lies in the county of the other, or holds it.
fn same_county(body: &DivisionCode, dispute: &DivisionCode) -> bool {
    let (body, dispute) = (body.county(), dispute.county());
    body.contains(&dispute) || dispute.contains(&body)
}

const LEVELS: [usize; 5] = [2, 4, 6, 9, 12];

/// Steps up and down in the tree of divisions.
pub(super) fn steps(a: &DivisionCode, b: &DivisionCode) -> u32 {
    let depth = |code: &DivisionCode| LEVELS.iter().filter(|digits| **digits <= code.as_str().len()).count();
    let shared = LEVELS
        .iter()
        .take_while(|digits| {
            let (a, b) = (a.as_str().get(..**digits), b.as_str().get(..**digits));
            a.is_some() && a == b
        })
        .count();
    u32::try_from(depth(a) + depth(b) - 2 * shared).unwrap_or(u32::MAX)
}
