//! Events of another log that have no place here, and why.

use fengqiao_store::{Column, Reader, StoreError, Tx, insert, on};

/// An event that has no place.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StuckEvent {
    /// Name of the log.
    pub log: String,
    /// Its position there.
    pub position: i64,
    /// Its kind.
    pub kind: String,
    /// Why.
    pub reason: String,
}

/// Notes events that have no place.
pub async fn save_stuck(tx: &mut Tx, stuck: &[StuckEvent]) -> Result<(), StoreError> {
    let columns = [
        Column::Str(&stuck.iter().map(|s| s.log.as_str()).collect::<Vec<_>>()),
        Column::I64(&stuck.iter().map(|s| s.position).collect::<Vec<_>>()),
        Column::Str(&stuck.iter().map(|s| s.kind.as_str()).collect::<Vec<_>>()),
        Column::Str(&stuck.iter().map(|s| s.reason.as_str()).collect::<Vec<_>>()),
    ];
    insert(tx, "stuck (log, position, kind, reason)", &columns, "").await.map(drop)
}

/// All events that have no place, up to a limit, by log and position.
pub async fn stuck(reader: impl Into<Reader<'_>>, limit: i64) -> Result<Vec<StuckEvent>, StoreError> {
    const SQL: &str = "SELECT log, position, kind, reason FROM stuck ORDER BY log, position LIMIT $1";
    Ok(on!(any reader.into(), c => sqlx::query_as(SQL).bind(limit).fetch_all(c).await)?)
}
