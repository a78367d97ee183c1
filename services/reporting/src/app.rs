//! One function per use: apply a batch, answer a question, verify. It knows the order of reading, computing and writing; it
//! refuses to know messages and statements.
//!
//! | File | Knows |
//! |---|---|
//! | `app/fold.rs` | which images an event touches, and what becomes of them |
//! | `app/apply.rs` | one batch of events in one transaction |
//! | `app/report.rs` | figures from the roll, in one snapshot |
//! | `app/explain.rs` | the items behind a figure, page by page |
//! | `app/freshness.rs` | how far each log is followed, and what "complete" means |
//! | `app/verify.rs` | FACT-1: roll = facts; facts = fold of the logs |

mod apply;
mod explain;
mod fold;
mod freshness;
mod report;
#[cfg(test)]
mod simulation;
mod verify;

pub use apply::apply;
pub use explain::{ExplainedItem, explain};
pub use fold::{Item, Naming, Reading, Told};
pub use freshness::{Freshness, Freshnesses, freshness, stuck};
pub use report::report;
pub use verify::{Difference, verify, verify_facts};

use crate::domain::{Kind, Rejection};
use fengqiao_store::StoreError;

/// A log that is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Log {
    /// Of petitions and units.
    Intake,
    /// Of bodies, disputes and cases.
    Mediation,
}

impl Log {
    /// Both.
    pub const ALL: [Log; 2] = [Log::Intake, Log::Mediation];

    /// Its name.
    pub fn name(self) -> &'static str {
        ["intake", "mediation"][self as usize]
    }

    /// The log with this name.
    pub fn named(name: &str) -> Option<Log> {
        Log::ALL.into_iter().find(|log| log.name() == name)
    }

    /// The log that tells of things of this kind.
    pub fn of(kind: Kind) -> Log {
        if matches!(kind, Kind::Petition | Kind::Unit) { Log::Intake } else { Log::Mediation }
    }
}

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
