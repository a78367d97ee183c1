//! Follows mediation, so that a petition shows what became of its dispute. It knows the feed and which kinds have which effect; it
//! refuses to know what a case's states mean. It never rejects: what cannot be read or placed becomes a stuck event, and the cursor
//! goes on.

mod decode;

use crate::app::{MEDIATION, Progress, Said, progress};
use fengqiao_feed::Follower;
use fengqiao_model::Clock;
use fengqiao_proto::feed::v1::{Event, HandedKey};
use fengqiao_store::{Cursor, Db, StoreError, cursor};
use std::{fmt, sync::Arc};

/// What each kind of mediation's events makes here. Nothing that is made here is followed by anybody, so no change ever comes
/// back to where it began.
pub const FOLLOWS: &[(&str, &[&str])] = &[
    ("body.registered", &[]),
    ("body.imported", &[]),
    ("body.updated", &[]),
    ("body.adjusted", &[]),
    ("body.fostered", &[]),
    ("body.closed", &[]),
    ("body.reopened", &[]),
    ("case.opened", &["mediation.progressed"]),
    ("case.opened_from_petition", &["mediation.progressed"]),
    ("case.dispatched", &["mediation.progressed"]),
    ("case.taken", &["mediation.progressed"]),
    ("case.returned", &["mediation.progressed"]),
    ("case.declined", &["mediation.progressed"]),
    ("case.refused", &["mediation.progressed"]),
    ("case.transferred", &["mediation.progressed"]),
    ("case.concluded", &["mediation.progressed"]),
    ("case.performed", &["mediation.progressed"]),
    ("case.confirmed", &["mediation.progressed"]),
    ("case.corrected", &["mediation.progressed"]),
    ("case.voided", &["mediation.progressed"]),
    ("case.imported", &["mediation.progressed"]),
    ("case.advanced", &["mediation.progressed"]),
    ("case.consented", &[]),
    ("case.mediator_assigned", &[]),
    ("case.mediator_recused", &[]),
    ("case.session_scheduled", &[]),
    ("case.session_recorded", &[]),
    ("case.clock_suspended", &[]),
    ("case.clock_resumed", &[]),
    ("case.clock_extended", &[]),
    ("case.body_joined", &[]),
    ("case.body_left", &[]),
    ("case.risk_raised", &[]),
    ("case.risk_resolved", &[]),
    ("case.followed_up", &[]),
    ("case.graded", &[]),
    ("case.leader_assigned", &[]),
    ("case.agreement_amended", &[]),
    ("case.agreement_annulled", &["mediation.progressed"]),
    ("case.performance_planned", &[]),
    ("case.instalment_recorded", &[]),
    ("case.referred_to_court", &[]),
    ("case.reported_to_court", &[]),
    ("case.archived", &[]),
    ("dispute.reopened", &["mediation.progressed"]),
    ("dispute.linked", &["mediation.progressed"]),
    ("dispute.unlinked", &["mediation.progressed"]),
    ("dispute.restated", &["mediation.progressed"]),
    ("dispute.parties_erased", &["mediation.progressed"]),
];

/// The follower to give to [`fengqiao_feed::follow`].
#[derive(Clone)]
pub struct MediationFollower {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl MediationFollower {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }
}

impl fmt::Debug for MediationFollower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediationFollower").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Follower for MediationFollower {
    fn log(&self) -> &'static str {
        MEDIATION
    }

    fn name(&self) -> &'static str {
        "intake"
    }

    async fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        cursor::load(&self.db, MEDIATION).await
    }

    async fn apply(&self, events: &[Event], _keys: &[HandedKey], from: i64, to: &Cursor) -> Result<(), StoreError> {
        let said: Vec<Said> = events.iter().filter_map(|event| decode::read(event, &to.log_id)).collect();
        progress(&self.db, Progress { said: &said, now: self.clock.now(), actor: self.name(), from, to }).await
    }
}

#[cfg(test)]
mod tests {
    use super::FOLLOWS;
    use crate::domain::PROGRESSED;

    #[test]
    fn nothing_that_is_made_here_is_followed() {
        for (kind, made) in FOLLOWS {
            assert!(made.iter().all(|made| *made == PROGRESSED), "{kind}");
            assert!(FOLLOWS.iter().filter(|(other, _)| other == kind).count() == 1, "{kind} stands once");
        }
        assert!(FOLLOWS.iter().all(|(kind, _)| *kind != PROGRESSED));
    }
}
