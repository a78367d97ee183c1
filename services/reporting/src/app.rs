//! One function per use: apply a batch, answer a question, verify. It knows the order of reading, computing and writing; it
//! refuses to know messages and statements.
//!
//! | File | Knows |
//! |---|---|
//! | `app/apply.rs` | one batch of events in one transaction |
//! | `app/report.rs` | figures from the roll, in one snapshot |
//! | `app/explain.rs` | the items behind a figure, page by page |
//! | `app/freshness.rs` | how far the log is followed, and what "complete" means |
//! | `app/verify.rs` | FACT-1: roll = facts; facts = fold of the log |

mod apply;
mod explain;
mod freshness;
mod report;
mod verify;

pub use apply::{Item, Naming, Reading, apply};
pub use explain::{ExplainedItem, explain};
pub use freshness::{Freshness, freshness, stuck};
pub use report::report;
pub use verify::{Difference, verify, verify_facts};

use crate::domain::Rejection;
use fengqiao_store::StoreError;

/// The log that is followed.
pub const LOG: &str = "intake";

/// The most a facts query reads at once.
const PAGE: i64 = 1000;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The question is not answered, with a reason.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}
