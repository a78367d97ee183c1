//! Idempotency: which write requests were carried out, and with what content.

use crate::{Column, Reader, StoreError, Tx, lookup, on};
use fengqiao_model::Instant;
use std::collections::HashMap;

/// A request that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// Id minted by the client.
    pub request_id: String,
    /// Keyed hash of the parsed content, see [`crate::MasterKey::fingerprint`].
    pub fingerprint: Vec<u8>,
    /// What it changed.
    pub aggregate_id: String,
    /// The version it led to.
    pub version: i64,
    /// When it was carried out.
    pub recorded_at: Instant,
}

/// Those of the requests that were carried out, by id.
pub async fn find(reader: impl Into<Reader<'_>>, request_ids: &[String]) -> Result<HashMap<String, RequestRecord>, StoreError> {
    const SQL: &str = "SELECT request.request_id, fingerprint, aggregate_id, version, recorded_us \
                       FROM keys JOIN request ON request.request_id = keys.request_id";
    let rows: Vec<(String, Vec<u8>, String, i64, i64)> =
        lookup(reader, &[("request_id", Column::Text(request_ids))], SQL).await?;
    Ok(rows
        .into_iter()
        .map(|(request_id, fingerprint, aggregate_id, version, recorded_us)| {
            let record = RequestRecord {
                request_id: request_id.clone(),
                fingerprint,
                aggregate_id,
                version,
                recorded_at: Instant(recorded_us),
            };
            (request_id, record)
        })
        .collect())
}

/// Records requests. Errors: a unique violation when one of them is recorded already, by another writer.
pub async fn insert(tx: &mut Tx, records: &[RequestRecord]) -> Result<(), StoreError> {
    const INTO: &str = "request (request_id, fingerprint, aggregate_id, version, recorded_us)";
    let columns = [
        Column::Str(&records.iter().map(|r| r.request_id.as_str()).collect::<Vec<_>>()),
        Column::Slice(&records.iter().map(|r| r.fingerprint.as_slice()).collect::<Vec<_>>()),
        Column::Str(&records.iter().map(|r| r.aggregate_id.as_str()).collect::<Vec<_>>()),
        Column::I64(&records.iter().map(|r| r.version).collect::<Vec<_>>()),
        Column::I64(&records.iter().map(|r| r.recorded_at.0).collect::<Vec<_>>()),
    ];
    crate::insert(tx, INTO, &columns, "").await.map(drop)
}

/// Forgets requests carried out before a moment; gives their number.
pub async fn purge(tx: &mut Tx, before: Instant) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM request WHERE recorded_us < $1";
    Ok(on!(tx tx, c => sqlx::query(SQL).bind(before.0).execute(c).await.map(|done| done.rows_affected()))?)
}
