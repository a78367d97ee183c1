//! What planned sessions take of the time of mediators and rooms.

use crate::domain::{Booked, Dispute};
use fengqiao_store::{Column, Reader, StoreError, Tx, insert, lookup, on};

/// A slot that is taken, and by which dispute's session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Booking {
    pub resource: String,
    pub slot: i64,
    pub session_id: String,
    pub dispute_id: String,
}

impl Booking {
    /// As a decision looks at it.
    pub fn booked(self) -> Booked {
        Booked { resource: self.resource, slot: self.slot, session: self.session_id }
    }
}

/// What the planned sessions of a dispute take.
pub fn taken(id: &str, dispute: &Dispute) -> Vec<Booking> {
    let sessions = dispute.cases.iter().filter(|case| case.state.is_open()).flat_map(|case| &case.file.sessions);
    let slots = sessions.flat_map(|session| session.takes().into_iter().map(move |slot| (session, slot)));
    slots
        .map(|(session, (resource, slot))| Booking { resource, slot, session_id: session.id.clone(), dispute_id: id.to_owned() })
        .collect()
}

/// Which of these slots are taken.
pub async fn bookings(reader: impl Into<Reader<'_>>, wanted: &[(String, i64)]) -> Result<Vec<Booking>, StoreError> {
    const SQL: &str = "SELECT booking.resource, booking.slot, booking.session_id, booking.dispute_id FROM keys JOIN booking \
        ON booking.resource = keys.resource AND booking.slot = keys.slot";
    let resources: Vec<String> = wanted.iter().map(|(resource, _)| resource.clone()).collect();
    let slots: Vec<i64> = wanted.iter().map(|(_, slot)| *slot).collect();
    lookup(reader, &[("resource", Column::Text(&resources)), ("slot", Column::I64(&slots))], SQL).await
}

/// Writes what the sessions of disputes take now, in the place of what they took before.
/// Errors: Conflict when somebody else took a slot meanwhile.
pub async fn save_bookings(tx: &mut Tx, disputes: &[&str], bookings: &[Booking]) -> Result<(), StoreError> {
    const FORGET: &str = "DELETE FROM booking WHERE dispute_id = $1";
    for id in disputes {
        on!(tx &mut *tx, c => sqlx::query(FORGET).bind(*id).execute(c).await.map(drop))?;
    }
    const INTO: &str = "booking (resource, slot, session_id, dispute_id)";
    let columns = [
        Column::Str(&bookings.iter().map(|booking| booking.resource.as_str()).collect::<Vec<_>>()),
        Column::I64(&bookings.iter().map(|booking| booking.slot).collect::<Vec<_>>()),
        Column::Str(&bookings.iter().map(|booking| booking.session_id.as_str()).collect::<Vec<_>>()),
        Column::Str(&bookings.iter().map(|booking| booking.dispute_id.as_str()).collect::<Vec<_>>()),
    ];
    let saved = insert(tx, INTO, &columns, "ON CONFLICT (resource, slot) DO NOTHING").await?;
    if saved == bookings.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// What the sessions of these disputes take: what `verify` compares with the fold.
pub async fn bookings_of(tx: &mut Tx, disputes: &[String]) -> Result<Vec<Booking>, StoreError> {
    const SQL: &str = "SELECT booking.resource, booking.slot, booking.session_id, booking.dispute_id FROM keys JOIN booking \
        ON booking.dispute_id = keys.dispute_id";
    lookup(tx, &[("dispute_id", Column::Text(disputes))], SQL).await
}

/// How many slots are taken in all.
pub async fn count_bookings(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(on!(tx tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM booking").fetch_one(c).await)?)
}
