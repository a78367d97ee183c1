//! The table of data keys, each wrapped by the master key. Deleting a row makes what it sealed unreadable for ever.

use crate::{Column, Reader, StoreError, Tx, lookup, on};
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
