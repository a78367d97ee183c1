//! Portable SQL of this service: the only place with statements. It knows tables; it refuses to know what a figure means.
//!
//! | File | Knows |
//! |---|---|
//! | `store/facts.rs` | `fact`, `fact_past`: images as JSON |
//! | `store/roll.rs` | `roll`: vectors by cell |
//! | here | `stuck` |

mod facts;
mod roll;

pub use facts::{
    PastImage, Stored, count_facts, facts, facts_after, facts_of, images_known_on, pasts_between, save_facts, save_pasts,
    units_after,
};
pub use roll::{count_roll, county_nodes, merge, roll_after, sums};

use fengqiao_store::{Column, Db, Migrations, Reader, StoreError, Tx, insert, on};

/// The tables of this service.
pub static MIGRATIONS: Migrations =
    Migrations { sqlite: sqlx::migrate!("migrations/sqlite"), postgres: sqlx::migrate!("migrations/postgres") };

/// An event that has no place in the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StuckEvent {
    /// Name of its log.
    pub log: &'static str,
    /// Its position in the log.
    pub position: i64,
    /// Its kind.
    pub kind: String,
    /// Why.
    pub reason: String,
}

/// Notes events that have no place.
pub async fn save_stuck(tx: &mut Tx, stuck: &[StuckEvent]) -> Result<(), StoreError> {
    let columns = [
        Column::Str(&stuck.iter().map(|s| s.log).collect::<Vec<_>>()),
        Column::I64(&stuck.iter().map(|s| s.position).collect::<Vec<_>>()),
        Column::Str(&stuck.iter().map(|s| s.kind.as_str()).collect::<Vec<_>>()),
        Column::Str(&stuck.iter().map(|s| s.reason.as_str()).collect::<Vec<_>>()),
    ];
    insert(tx, "stuck (log, position, kind, reason)", &columns, "").await.map(drop)
}

/// How many events of a log have no place.
pub async fn count_stuck(db: &Db, log: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM stuck WHERE log = $1";
    Ok(on!(read db, c => sqlx::query_scalar(SQL).bind(log).fetch_one(c).await)?)
}

/// The events of a log that have no place, up to a limit, by position.
pub async fn stuck(reader: impl Into<Reader<'_>>, log: &'static str, limit: i64) -> Result<Vec<StuckEvent>, StoreError> {
    const SQL: &str = "SELECT position, kind, reason FROM stuck WHERE log = $1 ORDER BY position LIMIT $2";
    let rows: Vec<(i64, String, String)> =
        on!(any reader.into(), c => sqlx::query_as(SQL).bind(log).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(position, kind, reason)| StuckEvent { log, position, kind, reason }).collect())
}
