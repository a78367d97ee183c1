//! What one decision looks at and what comes out of it: the disputes that count as one quarrel, the bodies, and the changes.

use super::{Body, Case, Dispute, Event, Loaded, SealedContent};
use fengqiao_model::{CaseId, DisputeId, Token};

/// A root and the disputes linked into it: together what the county counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The dispute that stays the root.
    pub root: (DisputeId, Dispute),
    /// The disputes linked into it.
    pub linked: Vec<(DisputeId, Dispute)>,
}

impl Group {
    /// A dispute that nothing is linked into.
    pub fn of(id: DisputeId, dispute: Dispute) -> Self {
        Self { root: (id, dispute), linked: Vec::new() }
    }

    /// More cases than one quarrel ever has: what goes on like this is a mistake, and every step looks at all of them.
    pub const MOST_CASES: usize = 200;

    /// Whether no case can be added any more.
    pub fn is_full(&self) -> bool {
        self.cases().count() >= Group::MOST_CASES
    }

    /// The root, then the linked ones.
    pub fn disputes(&self) -> impl Iterator<Item = (DisputeId, &Dispute)> {
        std::iter::once(&self.root).chain(&self.linked).map(|(id, dispute)| (*id, dispute))
    }

    /// The dispute with this id.
    pub fn dispute(&self, id: DisputeId) -> Option<&Dispute> {
        self.disputes().find(|(known, _)| *known == id).map(|(_, dispute)| dispute)
    }

    /// The same, to change it: for whoever applies events.
    pub fn dispute_mut(&mut self, id: DisputeId) -> Option<&mut Dispute> {
        std::iter::once(&mut self.root).chain(&mut self.linked).find(|(known, _)| *known == id).map(|(_, dispute)| dispute)
    }

    /// Every case, those of the root first.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.disputes().flat_map(|(_, dispute)| &dispute.cases)
    }

    /// The case with this id and its dispute.
    pub fn find(&self, id: CaseId) -> Option<(DisputeId, &Dispute, &Case)> {
        self.disputes().find_map(|(dispute_id, dispute)| dispute.case(id).map(|case| (dispute_id, dispute, case)))
    }
}

/// The bodies that routing and the checks of receiving bodies look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct House {
    /// Each with its load.
    pub bodies: Vec<Loaded>,
}

impl House {
    /// The body with this code.
    pub fn find(&self, code: &str) -> Option<&Loaded> {
        self.bodies.iter().find(|loaded| loaded.body.code.as_str() == code)
    }
}

/// What an event belongs to in the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregate {
    Dispute(DisputeId),
    Body(Token),
}

impl Aggregate {
    /// Its id in the log.
    pub fn id(&self) -> String {
        match self {
            Aggregate::Dispute(id) => id.to_string(),
            Aggregate::Body(code) => Body::aggregate(code),
        }
    }
}

/// One event, what it belongs to, and what of it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The dispute or body that changes.
    pub target: Aggregate,
    /// What happened.
    pub event: Event,
    /// Its personal part.
    pub sealed: Option<SealedContent>,
}
