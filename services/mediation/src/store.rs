//! Portable SQL of mediation: loading, saving and listing bodies, disputes and cases. Knows no engine; decides nothing.
//!
//! | File | Knows |
//! |---|---|
//! | `store/bodies.rs` | `body`, `body_load` |
//! | `store/disputes.rs` | `dispute`: images as JSON |
//! | `store/cases.rs` | `mediation_case`: what cases are found and listed by |
//! | `store/bookings.rs` | `booking`: what sessions take of the time of mediators and rooms |
//! | `store/similarity.rs` | `similarity`: keyed hashes of parties |
//! | `store/stuck.rs` | `stuck` |

mod bodies;
mod bookings;
mod cases;
mod disputes;
mod similarity;
mod stuck;

pub use bodies::{
    BodyFilter, BodyRow, Load, StoredBody, all_bodies, bodies_by_codes, body_rows_after, list_bodies, save_bodies, save_loads,
};
pub use bookings::{Booking, bookings, bookings_of, count_bookings, save_bookings, taken};
pub use cases::{CaseColumns, CaseFilter, ListedCase, case_columns, count_cases, list_cases, save_cases, stuck_reason};
pub use disputes::{
    DisputeRow, StoredDispute, by_case_ids, by_case_number, by_ids, by_petitions, by_references, by_root_refs, dispute_by_number,
    dispute_rows_after, numbers_taken, save_disputes,
};
pub use similarity::{disputes_like, forget_similar, save_similar};
pub use stuck::{StuckEvent, save_stuck, stuck};

use fengqiao_store::{Migrations, StoreError};

/// Tables of this service, from number 0100 on.
pub static MIGRATIONS: Migrations =
    Migrations { sqlite: sqlx::migrate!("migrations/sqlite"), postgres: sqlx::migrate!("migrations/postgres") };

fn inconsistent(table: &'static str, key: &str) -> StoreError {
    StoreError::Inconsistent { table, column: "image", key: key.to_owned() }
}

/// An optional day as a column holds it.
fn day(day: Option<fengqiao_model::Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
