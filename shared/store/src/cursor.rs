//! How far this database followed another service's log. Saved in the transaction that applies what was read.

use crate::{Column, Reader, StoreError, Tx, insert, on};
use fengqiao_model::Instant;

/// A place in another log. The serving side checks all of it, so that a restored or rebuilt log is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Id of the log.
    pub log_id: String,
    /// The last position applied; 0 before the first.
    pub position: i64,
    /// The hash of that event.
    pub hash: Vec<u8>,
    /// When that event was recorded.
    pub recorded_at: Instant,
}

/// How far `source` was followed; `None` before the first batch.
pub async fn load(reader: impl Into<Reader<'_>>, source: &str) -> Result<Option<Cursor>, StoreError> {
    const SQL: &str = "SELECT log_id, position, hash, recorded_us FROM cursor WHERE source = $1";
    let row: Option<(String, i64, Vec<u8>, i64)> =
        on!(any reader.into(), c => sqlx::query_as(SQL).bind(source).fetch_optional(c).await)?;
    Ok(row.map(|(log_id, position, hash, recorded_us)| Cursor { log_id, position, hash, recorded_at: Instant(recorded_us) }))
}

/// Moves the cursor of `source` from a position to another; `from_position` is 0 when there is no cursor yet. Errors:
/// `Conflict` when it does not stand there, or follows another log.
pub async fn advance(tx: &mut Tx, source: &str, from_position: i64, to: &Cursor) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE cursor SET position = $1, hash = $2, recorded_us = $3 \
                          WHERE source = $4 AND position = $5 AND log_id = $6";
    let moved = on!(tx tx, c => {
        sqlx::query(UPDATE)
            .bind(to.position)
            .bind(to.hash.as_slice())
            .bind(to.recorded_at.0)
            .bind(source)
            .bind(from_position)
            .bind(to.log_id.as_str())
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    if moved == 1 {
        return Ok(());
    }
    if from_position != 0 {
        return Err(StoreError::Conflict);
    }
    let columns = [
        Column::Str(&[source]),
        Column::Str(&[&to.log_id]),
        Column::I64(&[to.position]),
        Column::Slice(&[&to.hash]),
        Column::I64(&[to.recorded_at.0]),
    ];
    const INTO: &str = "cursor (source, log_id, position, hash, recorded_us)";
    match insert(tx, INTO, &columns, "ON CONFLICT (source) DO NOTHING").await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}
