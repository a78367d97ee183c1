//! Document numbers without gaps, from 1, per series and year.

use crate::{StoreError, Tx, on};

/// Takes `count` numbers and gives the first. They are given back when the transaction is rolled back, and nobody else gets
/// numbers of this series until it ends, so take them late. Several series: take them in sorted order.
pub async fn take(tx: &mut Tx, name: &str, year: i64, count: i64) -> Result<i64, StoreError> {
    const SQL: &str = "INSERT INTO series (name, year, last) VALUES ($1, $2, $3) \
                       ON CONFLICT (name, year) DO UPDATE SET last = series.last + excluded.last RETURNING last";
    if count < 1 {
        return Err(StoreError::Misuse("at least one number must be taken"));
    }
    let last: i64 = on!(tx tx, c => sqlx::query_scalar(SQL).bind(name).bind(year).bind(count).fetch_one(c).await)?;
    Ok(last - count + 1)
}
