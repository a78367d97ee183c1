//! The pure core of reporting: what a petition counts for, from which day on, and how counts become figures.
//!
//! It knows facts, measures, slices and identities. It refuses to know time (days come in), databases, messages and logs,
//! and it never computes a due day: those come with the events.
//!
//! | File | Knows |
//! |---|---|
//! | `fact.rs` | the image of one petition, each day with the day since which it is known; how an event changes it |
//! | `contribution.rs` | what an image counts for: measure, basis day, stamp day, amount |
//! | `history.rs` | what a change posts, and when the old image must be kept (invariant FACT-1) |
//! | `measure.rs` | the measures and their numbers, for ever |
//! | `roll.rs` | where a contribution is added up: nodes, sheets, members, buckets |
//! | `postings.rs` | adding up in memory |
//! | `amounts.rs` | the packed vector in a bucket |
//! | `indicator.rs` | the figures' ids, titles, cohorts, sources; counts and rates |
//! | `annual.rs` | figures and identities from the sums of the roll |
//! | `explain.rs` | which contributions of one image stand behind a figure |
//! | `rejection.rs` | why a question is not answered |

mod amounts;
mod annual;
mod contribution;
mod explain;
mod fact;
mod history;
mod indicator;
mod measure;
mod postings;
mod rejection;
mod roll;
#[cfg(test)]
mod simulation;

pub use amounts::Amounts;
pub use annual::{Figure, Identity, Sums, Value};
pub use contribution::{Contribution, contributions};
pub use explain::{Explained, Question, explain};
pub use fact::{Change, Dated, Due, Fact, LedgerRow, Registration, Unplaced};
pub use history::{Known, Past, step};
pub use indicator::{DEFINITION_VERSION, Formula, INDICATORS, Indicator, indicator};
pub use measure::{Measure, NUMBERS, Outcome, Stage, Term};
pub use postings::Postings;
pub use rejection::Rejection;
pub use roll::{Bucket, Cell, Level, Place, Sheet, SliceKey, bucket_key, measure_of};
