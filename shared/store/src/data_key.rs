//! The table of data keys, each wrapped by the master key. Deleting a row makes what it sealed unreadable for ever.

use crate::{Column, DataKey, MasterKey, Reader, StoreError, Tx, lookup, on};
use std::collections::HashMap;

/// Stores wrapped keys, one per aggregate. Errors: a unique violation when an aggregate has one.
pub async fn insert(tx: &mut Tx, aggregate_ids: &[String], wrapped: &[Vec<u8>]) -> Result<(), StoreError> {
    const INTO: &str = "data_key (aggregate_id, wrapped)";
    crate::insert(tx, INTO, &[Column::Text(aggregate_ids), Column::Bytes(wrapped)], "").await.map(drop)
}

/// The wrapped keys of those aggregates that have one.
pub async fn load(reader: impl Into<Reader<'_>>, aggregate_ids: &[String]) -> Result<HashMap<String, Vec<u8>>, StoreError> {
    const SQL: &str =
        "SELECT data_key.aggregate_id, wrapped FROM keys JOIN data_key ON data_key.aggregate_id = keys.aggregate_id";
    let rows: Vec<(String, Vec<u8>)> = lookup(reader, &[("aggregate_id", Column::Text(aggregate_ids))], SQL).await?;
    Ok(rows.into_iter().collect())
}

/// Deletes an aggregate's key; false when it had none. After the commit call [`crate::Db::scrub_keys`].
pub async fn destroy(tx: &mut Tx, aggregate_id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM data_key WHERE aggregate_id = $1";
    Ok(on!(tx tx, c => sqlx::query(SQL).bind(aggregate_id).execute(c).await.map(|done| done.rows_affected() > 0))?)
}

/// Whether the master key opens the keys of this database, tried on one of them; true when there is none yet. A book that is
/// opened with another key must not be written to.
pub async fn fits(reader: impl Into<Reader<'_>>, master: &MasterKey) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT aggregate_id, wrapped FROM data_key ORDER BY aggregate_id LIMIT 1";
    let row: Option<(String, Vec<u8>)> = on!(any reader.into(), c => sqlx::query_as(SQL).fetch_optional(c).await)?;
    Ok(row.is_none_or(|(aggregate_id, wrapped)| DataKey::unwrap(&wrapped, master, &aggregate_id).is_ok()))
}
