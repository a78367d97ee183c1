//! The only place that knows which database engine runs: SQLite in a file, or PostgreSQL.
//!
//! | File | Knows |
//! |---|---|
//! | `db.rs`, `sqlite.rs`, `postgres.rs` | [`Db`], [`Tx`], [`on!`]; how each engine is opened, and why each setting |
//! | `migrate.rs` | kernel and service migrations as one history; which schema is too old or too new |
//! | `insert.rs`, `lookup.rs` | many rows in few statements, written and read |
//! | `query.rs` | a statement put together from parts, for filters |
//! | `envelope.rs` | the log's hash format, without any SQL |
//! | `log.rs`, `verify.rs` | appending to the log, reading it, checking it |
//! | `writer.rs` | group commit: one task that writes |
//! | `request.rs`, `series.rs`, `cursor.rs` | idempotency, document numbers, how far a follower got |
//! | `seal.rs`, `data_key.rs` | master key, data keys, sealed payloads |
//! | `error.rs` | what can go wrong, sorted by what the caller may do about it |
//!
//! A service keeps its SQL in its own `store.rs`, as constants, and runs each statement on either engine:
//!
//! ```text
//! pub async fn case(db: &Db, id: &str) -> Result<Option<CaseRow>, StoreError> {
//!     const SQL: &str = "SELECT id, status, version FROM cases WHERE id = $1";
//!     Ok(on!(read db, c => sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?)
//! }
//! ```
//!
//! # Rules for portable SQL
//!
//! Each answers a real difference between the engines.
//!
//! | Do | Because |
//! |---|---|
//! | write `$1`, `$2`, … ; `RETURNING`, `ON CONFLICT … DO UPDATE … WHERE`, CTEs, window functions, row values | both engines read them |
//! | times as `BIGINT`/`INTEGER` microseconds in columns named `…_us`; days as `TEXT` `YYYY-MM-DD` | one order, one arithmetic, no time zone |
//! | money as integer fen; enums as `TEXT`; every `TEXT` that is compared or sorted `COLLATE "C"` in PostgreSQL | its default collation sorts differently, and pages would differ |
//! | payloads as `BLOB`/`BYTEA` holding the published protobuf message | no JSON dialect |
//! | SQLite tables `STRICT`, and `NOT NULL` on every column, also keys; an empty text stands for "none" | type errors show as on PostgreSQL; `NULL` sorts and compares differently |
//! | the primary key of a log-like table `INTEGER NOT NULL PRIMARY KEY` / `BIGINT NOT NULL PRIMARY KEY` | the row id, and `i64` on both |
//! | flags as `BIGINT`/`INTEGER` 0 and 1, bound as `i64` | [`Column`] has no boolean |
//! | `CAST(SUM(x) AS BIGINT)`; `COUNT(*)` as it is | the sum of `BIGINT` is `NUMERIC` in PostgreSQL |
//! | no `LIKE`; `CASE` instead of `greatest` or `max(a, b)`; `NULLS LAST` spelt out | names and defaults differ |
//! | no `FOR UPDATE`; a versioned upsert (`… DO UPDATE SET … WHERE t.version = excluded.version - 1`), then compare the rows affected | optimistic lock in one bulk statement on both |
//! | sort keys before a bulk write; append to the log last | no deadlock between two PostgreSQL writers |
//! | no second connection while a transaction is open | the pool could starve |
//! | never compare error texts: [`StoreError::is_unique_violation`] and its siblings | constraint names exist on PostgreSQL only |

mod db;
mod error;
mod insert;
mod lookup;
mod migrate;
mod postgres;
mod query;
mod sqlite;

pub mod cursor;
pub mod data_key;
pub mod envelope;
pub mod log;
pub mod request;
pub mod seal;
pub mod series;
pub mod verify;
pub mod writer;

pub use cursor::Cursor;
pub use db::{Db, Engine, Location, Pools, Reader, Tx, TxKind};
pub use error::StoreError;
pub use insert::{Column, insert};
pub use log::{Appended, Event, Head, NewEvent};
pub use lookup::{Row, lookup};
pub use migrate::{KERNEL, Migrations, NO_MIGRATIONS, Policy, SchemaState};
pub use query::{Plan, Query, Value};
pub use request::RequestRecord;
pub use seal::{DataKey, HashKey, MasterKey};
pub use verify::{Broken, verify_chain};
pub use writer::{Apply, SubmitError, Writer, WriterSettings};
