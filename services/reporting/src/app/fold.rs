//! The facts of a batch: the fold of events over what was stored. Used by the live store and by verification alike. It knows
//! which images an event touches; it refuses to know what they count for.

use super::Log;
use crate::{
    domain::{
        Body, BodyTold, Case, CaseTold, Change, Dispute, DisputeTold, Fact, Kind, Known, Petition, Telling, Unit, ever, step,
    },
    store::{PastImage, Stored, StuckEvent},
};
use fengqiao_model::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What one event says.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its log.
    pub log: Log,
    /// Its position in the log.
    pub position: i64,
    /// Its kind.
    pub kind: String,
    /// Its business day.
    pub on: Day,
    /// The day since which it is known.
    pub known: Day,
    /// The day on which it was recorded.
    pub recorded: Day,
    /// What it tells.
    pub told: Told,
}

/// What an event tells, and of what.
#[derive(Clone, Debug)]
pub enum Told {
    /// What changed in a petition.
    Petition {
        /// Its id.
        id: String,
        /// What names it, where the event says so.
        naming: Option<Naming>,
        /// The change.
        change: Change,
    },
    /// The level of a unit of intake's register.
    Unit {
        /// Its code.
        code: String,
        /// Code of its level; empty while nobody knows it.
        level: String,
        /// The day from which it has it.
        from: Day,
    },
    /// How a body stands.
    Body {
        /// The body.
        body: Box<BodyTold>,
        /// A ledger named it.
        imported: bool,
    },
    /// How a dispute stands, and some of its cases.
    Dispute {
        /// The dispute.
        dispute: Box<DisputeTold>,
        /// Those of its cases that the event changed.
        cases: Vec<CaseTold>,
        /// A ledger told it.
        imported: bool,
    },
    /// Nothing that figures care about.
    Nothing,
}

/// What names a petition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// Its number.
    pub number: String,
    /// Its reference in its ledger.
    pub external_ref: String,
}

/// An event as read: either it says something, or it is stuck.
#[derive(Clone, Debug)]
pub enum Reading {
    /// It says this.
    Item(Box<Item>),
    /// It cannot be read.
    Stuck(StuckEvent),
}

impl Told {
    /// The keys of the images it touches by itself.
    pub fn keys(&self) -> Vec<String> {
        match self {
            Told::Petition { id, .. } => vec![Kind::Petition.key(id)],
            Told::Unit { code, .. } => vec![Kind::Unit.key(code)],
            Told::Body { body, .. } => vec![Kind::Body.key(&body.code)],
            Told::Dispute { dispute, cases, .. } => {
                let of_case = |case: &CaseTold| {
                    let body = (!case.body.is_empty()).then(|| Kind::Body.key(&case.body));
                    [Some(Kind::Case.key(&case.id)), body]
                };
                let cases = cases.iter().flat_map(of_case).flatten();
                cases.chain([Kind::Dispute.key(&dispute.id)]).collect()
            }
            Told::Nothing => Vec::new(),
        }
    }
}

/// Images, and what became of them.
#[derive(Debug, Default)]
pub(super) struct Fold {
    pub(super) facts: BTreeMap<String, Stored>,
    pub(super) changed: BTreeSet<String>,
    pub(super) pasts: Vec<PastImage>,
    pub(super) stuck: Vec<StuckEvent>,
}

impl Fold {
    /// Applies an event; `posted` gets each image that is taken away (-1) or added (1).
    pub(super) fn apply(&mut self, item: &Item, mut posted: impl FnMut(&Known, i64)) {
        match &item.told {
            Told::Petition { id, naming, change } => self.petition(item, id, naming.as_ref(), change, &mut posted),
            Told::Unit { code, level, from } => self.unit(item, code, level, *from, &mut posted),
            Told::Body { body, imported } => self.body(item, body, *imported, &mut posted),
            Told::Dispute { dispute, cases, imported } => {
                self.dispute(item, dispute, cases, *imported, &mut posted);
                self.used_bodies(item, dispute, cases, *imported, &mut posted);
            }
            Told::Nothing => {}
        }
    }

    /// Applies only what an event says about bodies: those whose founding nobody told depend on the cases of all disputes.
    pub(super) fn apply_to_bodies(&mut self, item: &Item) {
        match &item.told {
            Told::Body { body, imported } => self.body(item, body, *imported, &mut |_, _| {}),
            Told::Dispute { dispute, cases, imported } => self.used_bodies(item, dispute, cases, *imported, &mut |_, _| {}),
            Told::Petition { .. } | Told::Unit { .. } | Told::Nothing => {}
        }
    }

    /// The keys of a dispute's cases that an event touches although it does not name them: the dispute is of another place or
    /// type now, or linked.
    pub(super) fn also_touched(&self, told: &Told) -> Vec<String> {
        let Told::Dispute { dispute, cases, .. } = told else { return Vec::new() };
        let moved = self.known_dispute(dispute).filter(|old| !old.gives_the_same(dispute.root()));
        let others = moved.into_iter().flat_map(|old| &old.cases).filter(|id| !cases.iter().any(|case| case.id == **id));
        others.map(|id| Kind::Case.key(id)).collect()
    }

    fn known_dispute(&self, told: &DisputeTold) -> Option<&Dispute> {
        match self.facts.get(&Kind::Dispute.key(&told.id))?.known.fact {
            Fact::Dispute(ref dispute) => Some(dispute),
            _ => None,
        }
    }

    fn petition(
        &mut self,
        item: &Item,
        id: &str,
        naming: Option<&Naming>,
        change: &Change,
        posted: &mut impl FnMut(&Known, i64),
    ) {
        let key = Kind::Petition.key(id);
        let before = self.facts.get(&key);
        let old = match before.map(|b| &b.known.fact) {
            Some(Fact::Petition(petition)) => Some(petition.as_ref()),
            _ => None,
        };
        let petition = match Petition::after(old, change, item.known) {
            Ok(petition) => petition,
            Err(unplaced) => {
                let (position, kind) = (item.position, item.kind.clone());
                let stuck = StuckEvent { log: item.log.name(), position, kind, reason: unplaced.reason().to_owned() };
                return self.stuck.push(stuck);
            }
        };
        let (number, external_ref) = match (naming, before) {
            (Some(naming), _) => (naming.number.clone(), naming.external_ref.clone()),
            (None, Some(before)) => (before.number.clone(), before.external_ref.clone()),
            (None, None) => Default::default(),
        };
        let fact = Fact::Petition(Box::new(petition));
        self.put(key, (&number, &external_ref), fact, (item.known, change.vouched()), posted);
    }

    fn unit(&mut self, item: &Item, code: &str, level: &str, from: Day, posted: &mut impl FnMut(&Known, i64)) {
        let key = Kind::Unit.key(code);
        let old = match self.facts.get(&key).map(|b| &b.known.fact) {
            Some(Fact::Unit(unit)) => Some(unit.as_ref()),
            _ => None,
        };
        let unit = Unit::after(old, level, from, item.known);
        self.put(key, (code, ""), Fact::Unit(Box::new(unit)), (item.known, false), posted);
    }

    fn body(&mut self, item: &Item, told: &BodyTold, imported: bool, posted: &mut impl FnMut(&Known, i64)) {
        let key = Kind::Body.key(&told.code);
        let telling = if imported { Telling::Vouched { not_before: self.counts_from(&key) } } else { Telling::Told(item.known) };
        let old = match self.facts.get(&key).map(|b| &b.known.fact) {
            Some(Fact::Body(body)) => Some(body.as_ref()),
            _ => None,
        };
        let body = Body::after(old, told, item.on, telling);
        self.put(key, (&told.code, ""), Fact::Body(Box::new(body)), (item.known, imported), posted);
    }

    fn dispute(
        &mut self,
        item: &Item,
        told: &DisputeTold,
        cases: &[CaseTold],
        imported: bool,
        posted: &mut impl FnMut(&Known, i64),
    ) {
        let key = Kind::Dispute.key(&told.id);
        let moved = self.also_touched(&item.told);
        let (telling, known) = self.telling(item, told, cases, imported);
        let how = (known, telling.vouched());
        let dispute = Dispute::after(self.known_dispute(told), told, cases.iter().map(|case| case.id.as_str()), telling);
        self.put(key, (&told.number, &told.root_ref), Fact::Dispute(Box::new(dispute)), how, posted);
        for case in cases {
            let key = Kind::Case.key(&case.id);
            let old = match self.facts.get(&key).map(|b| &b.known.fact) {
                Some(Fact::Case(case)) => Some(case.as_ref()),
                _ => None,
            };
            let image = Case::after(old, case, told.root(), telling);
            self.put(key, (&case.number, &case.external_ref), Fact::Case(Box::new(image)), how, posted);
        }
        for key in moved {
            let Some(Stored { number, external_ref, known: Known { fact: Fact::Case(case), .. }, .. }) = self.facts.get(&key)
            else {
                continue;
            };
            let (number, external_ref) = (number.clone(), external_ref.clone());
            let image = Fact::Case(Box::new(case.of_root(told.root())));
            self.put(key, (&number, &external_ref), image, how, posted);
        }
    }

    /// A ledger vouches for its days, but only for what counts by itself: no day of a dispute that is linked with others, and
    /// none before the day from which one of the images counts. Otherwise a case could count on days on which its root, which
    /// was known to be otherwise then, does not, and the bridge between the two would break.
    fn telling(&self, item: &Item, dispute: &DisputeTold, cases: &[CaseTold], imported: bool) -> (Telling, Day) {
        if !imported {
            return (Telling::Told(item.known), item.known);
        }
        if dispute.linked || dispute.has_linked {
            return (Telling::Told(item.recorded), item.recorded);
        }
        let keys = cases.iter().map(|case| Kind::Case.key(&case.id)).chain([Kind::Dispute.key(&dispute.id)]);
        let not_before = keys.map(|key| self.counts_from(&key)).max().unwrap_or_else(ever);
        (Telling::Vouched { not_before }, item.known)
    }

    fn used_bodies(
        &mut self,
        item: &Item,
        dispute: &DisputeTold,
        cases: &[CaseTold],
        imported: bool,
        posted: &mut impl FnMut(&Known, i64),
    ) {
        for case in cases.iter().filter(|case| !case.body.is_empty() && case.voided_on.is_none()) {
            let key = Kind::Body.key(&case.body);
            let Some(Stored { known: Known { fact: Fact::Body(body), from }, .. }) = self.facts.get(&key) else { continue };
            let telling = if imported { Telling::Vouched { not_before: *from } } else { Telling::Told(item.known) };
            if let Some(body) = body.used_by(case.applied_on, &dispute.division, telling) {
                self.put(key, (&case.body, ""), Fact::Body(Box::new(body)), (item.known, imported), posted);
            }
        }
    }

    /// The first day from which the image counts.
    fn counts_from(&self, key: &str) -> Day {
        self.facts.get(key).map_or_else(ever, |stored| stored.known.from)
    }

    /// Puts an image in the place of the one before.
    fn put(
        &mut self,
        key: String,
        (number, external_ref): (&str, &str),
        fact: Fact,
        (known, vouched): (Day, bool),
        posted: &mut impl FnMut(&Known, i64),
    ) {
        let before = self.facts.get(&key);
        let step = step(before.map(|b| &b.known), fact, known, vouched);
        let (number, external_ref) = (number.to_owned(), external_ref.to_owned());
        let now = Stored { id: key.clone(), number, external_ref, known: step.current };
        if before == Some(&now) {
            return;
        }
        if let Some(before) = before {
            posted(&Known { fact: before.known.fact.clone(), from: step.taken_from }, -1);
        }
        posted(&now.known, 1);
        self.pasts.extend(step.past.map(|past| PastImage { id: key.clone(), past }));
        self.changed.insert(key.clone());
        self.facts.insert(key, now);
    }
}
