//! What a follower made is never followed back: the tables of what each service does with another's events have no way round.

use std::collections::{BTreeMap, BTreeSet};

#[test]
fn following_has_no_way_round() {
    let mut leads: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (followed, made) in fengqiao_intake::FOLLOWS.iter().chain(fengqiao_mediation::FOLLOWS) {
        leads.entry(followed).or_default().extend(made.iter().copied());
    }
    assert!(leads.contains_key("petition.routed_to_mediation") && leads.contains_key("case.opened_from_petition"), "{leads:?}");
    let mut problems = Vec::new();
    for start in leads.keys() {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&str> = leads[start].iter().copied().collect();
        while let Some(kind) = next.pop() {
            if kind == *start {
                problems.push(format!("{start} leads back to itself"));
            }
            if reached.insert(kind) {
                next.extend(leads.get(kind).into_iter().flatten());
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // And nobody makes anything of what only following makes.
    assert!(leads.get("mediation.progressed").is_none_or(BTreeSet::is_empty), "{leads:?}");
}
