//! Events that carry the whole: a petition as it stands after a step of any kind, a unit as it stands. The list of kinds is open.

use super::super::{Raw, Read, check_texts, day, division, message, optional, terms};
use crate::{
    app::{Naming, Told},
    domain::{Change, Standing},
};
use fengqiao_proto::intake::v1::{PetitionClock, PetitionFacts, PetitionStepped, UnitChanged};

pub(super) fn step(open: &[u8]) -> Read<(Option<Naming>, Change)> {
    let event: PetitionStepped = message(open)?;
    let facts = event.petition.ok_or("the payload has no petition")?;
    let naming = Naming { number: facts.number.clone(), external_ref: facts.external_ref.clone() };
    let standing = standing(&event.on, facts)?;
    Ok((Some(naming), Change::Stepped(Box::new(standing))))
}

pub(super) fn unit(raw: &Raw<'_>, open: &[u8]) -> Read<Told> {
    let event: UnitChanged = message(open)?;
    let unit = event.unit.ok_or("the payload has no unit")?;
    // The key of its image is the name of its aggregate: `verify` counts on it.
    if unit.code.is_empty() || raw.aggregate.strip_prefix("unit:") != Some(unit.code.as_str()) {
        return Err("the event names another unit");
    }
    check_texts([&unit.code, &unit.level])?;
    Ok(Told::Unit { code: unit.code, level: unit.level, from: day(&event.on)? })
}

fn standing(on: &str, facts: PetitionFacts) -> Read<Standing> {
    let transfer = facts.routings.iter().find(|routing| routing.kind == "transferred");
    let transfer = match transfer {
        Some(routing) => Some((day(&routing.on)?, routing.from_unit.clone())),
        None => None,
    };
    let handling = last(&facts.clocks, &["P-06"]);
    let clock = |codes: &[&str]| terms(last(&facts.clocks, codes).and_then(|clock| clock.terms.clone()));
    Ok(Standing {
        on: day(on)?,
        division: division(&facts.division_code)?,
        persons: i64::from(facts.person_count),
        repeat: !facts.repeat_of.is_empty(),
        litigation: facts.litigation_related == "true",
        registered_on: day(&facts.registered_on)?,
        first_action_on: optional(&facts.first_action_on)?,
        accepted_on: optional(&facts.accepted_on)?,
        concluded_on: optional(&facts.concluded_on)?,
        review_requested_on: optional(&facts.review_requested_on)?,
        reviewed_on: optional(&facts.reviewed_on)?,
        rereview_requested_on: optional(&facts.rereview_requested_on)?,
        rereviewed_on: optional(&facts.rereviewed_on)?,
        reopenings: u32::try_from(facts.reopened).map_err(|_| "a number is malformed")?,
        reopened_on: optional(&facts.reopened_on)?,
        transfer,
        rated_on: optional(&facts.rated_on)?,
        first_action: terms(first_action(&facts).and_then(|clock| clock.terms.clone()))?,
        notice: clock(&["P-02", "P-03"])?,
        handling: clock(&["P-06"])?.zip(handling.map(|clock| clock.done_on.is_empty())),
        review: clock(&["P-08"])?,
        rereview: clock(&["P-10"])?,
        rating: clock(&["P-13"])?,
        class: facts.matter_class,
        channel: facts.channel,
        unit: facts.responsible_unit,
        category: facts.category,
        state: facts.state,
        conclusion: facts.conclusion,
        rating_office: facts.rating_office,
        rating_unit: facts.rating_unit,
    })
}

/// The first action is owed from registration; an item that is taken up again before it was ever accepted gets that clock anew.
fn first_action(facts: &PetitionFacts) -> Option<&PetitionClock> {
    let of_rule = |clock: &&PetitionClock| clock.terms.as_ref().is_some_and(|terms| terms.rule == "P-01");
    let from_registration =
        |clock: &PetitionClock| clock.terms.as_ref().is_some_and(|terms| terms.started_on == facts.registered_on);
    let mut clocks = facts.clocks.iter().filter(of_rule);
    clocks.clone().rfind(|clock| from_registration(clock)).or_else(|| clocks.next())
}

/// The clock that counts: the one of these rules that was started last.
fn last<'a>(clocks: &'a [PetitionClock], rules: &[&str]) -> Option<&'a PetitionClock> {
    clocks.iter().rev().find(|clock| clock.terms.as_ref().is_some_and(|terms| rules.contains(&terms.rule.as_str())))
}

impl Standing {
    /// Those that become keys.
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        let office = self.transfer.as_ref().map(|(_, office)| office);
        [&self.unit, &self.channel, &self.conclusion, &self.rating_office, &self.rating_unit].into_iter().chain(office)
    }
}
