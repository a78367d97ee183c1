//! Follows the petition log: what the petition office routes here opens a dispute, and parties erased there are erased here. It knows
//! the feed and which kinds have which effect; it refuses to know what the rules say. It never rejects: what cannot be read or placed
//! becomes a stuck event, and the cursor goes on.

mod decode;

use crate::app::{Book, PETITIONS, Told, take_over};
use fengqiao_feed::Follower;
use fengqiao_proto::feed::v1::{Event, HandedKey};
use fengqiao_store::{Cursor, Db, StoreError, cursor};
use std::fmt;

/// What each kind of intake's events makes here. What mediation's own progress made there makes nothing, so no change ever comes back
/// to where it began. A kind that does not stand here makes nothing either.
pub const FOLLOWS: &[(&str, &[&str])] = &[
    ("petition.registered", &[]),
    ("petition.accepted", &[]),
    ("petition.refused", &[]),
    ("petition.extension_requested", &[]),
    ("petition.extension_decided", &[]),
    ("petition.opinion_issued", &[]),
    ("petition.withdrawn", &[]),
    ("petition.routed_to_mediation", &["case.opened_from_petition"]),
    ("petition.voided", &[]),
    ("petition.parties_erased", &["dispute.parties_erased"]),
    ("petition.imported", &[]),
    ("petition.advanced", &[]),
    ("mediation.progressed", &[]),
    ("unit.registered", &[]),
    ("unit.imported", &[]),
    ("unit.updated", &[]),
    ("unit.succeeded", &[]),
    ("unit.closed", &[]),
];

/// The follower to give to [`fengqiao_feed::follow`].
#[derive(Clone)]
pub struct PetitionFollower {
    db: Db,
    book: Book,
}

impl PetitionFollower {
    pub(crate) fn new(db: Db, book: Book) -> Self {
        Self { db, book }
    }
}

impl fmt::Debug for PetitionFollower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PetitionFollower").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Follower for PetitionFollower {
    fn log(&self) -> &'static str {
        PETITIONS
    }

    fn name(&self) -> &'static str {
        "mediation"
    }

    async fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        cursor::load(&self.db, PETITIONS).await
    }

    async fn apply(&self, events: &[Event], keys: &[HandedKey], from: i64, to: &Cursor) -> Result<(), StoreError> {
        let key = |event: &Event| keys.iter().find(|key| key.position == event.position);
        let told: Vec<Told> = events.iter().filter_map(|event| decode::read(event, key(event), &to.log_id)).collect();
        take_over(&self.db, &self.book, &told, from, to).await
    }
}

#[cfg(test)]
mod tests {
    use super::FOLLOWS;
    use crate::domain::Kind;

    #[test]
    fn what_is_made_here_is_ours_and_never_followed() {
        for (at, (kind, made)) in FOLLOWS.iter().enumerate() {
            assert!(made.iter().all(|made| Kind::ALL.iter().any(|(_, own)| own == made)), "{kind}");
            assert!(made.iter().all(|made| FOLLOWS.iter().all(|(followed, _)| followed != made)), "{kind}");
            assert!(FOLLOWS[..at].iter().all(|(earlier, _)| earlier != kind), "{kind} stands twice");
        }
    }
}
