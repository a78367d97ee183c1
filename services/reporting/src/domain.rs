//! The pure core of reporting: what petitions, cases, disputes and bodies count for, from which day on, and how counts become
//! figures.
//!
//! It knows facts, measures, slices and identities. It refuses to know time (days come in), databases, messages and logs,
//! and it never computes a due day or a milestone: those come with the events.
//!
//! | File | Knows |
//! |---|---|
//! | `fact.rs` | the image of one thing, each day with the day since which it is known; what every image stands under |
//! | `petition.rs` | the image of a petition, and how an event changes it |
//! | `unit.rs` | the levels that a unit is known to have |
//! | `case.rs`, `dispute.rs`, `body.rs` | the images of mediation, and what an event that tells how things stand makes of them |
//! | `contribution.rs` | what an image counts for: measure, basis day, stamp day, amount, force |
//! | `history.rs` | what a change posts, and when the old image must be kept (invariant FACT-1) |
//! | `measure.rs`, `clock.rs`, `stock.rs` | the measures and their numbers, for ever; the words of clocks; what is open |
//! | `roll.rs` | where a contribution is added up: nodes, sheets, members, buckets |
//! | `postings.rs` | adding up in memory |
//! | `amounts.rs` | the packed vector in a bucket |
//! | `indicator.rs` | the figures' ids, titles, cohorts, sources; counts and rates |
//! | `annual.rs`, `identity.rs` | figures, and the identities they must satisfy, from the sums of the roll |
//! | `explain.rs` | which contributions of one image stand behind a figure |
//! | `rejection.rs` | why a question is not answered |

mod amounts;
mod annual;
mod body;
mod case;
mod clock;
mod contribution;
mod dispute;
mod explain;
mod fact;
mod history;
mod identity;
mod indicator;
mod measure;
mod petition;
mod postings;
mod rejection;
mod roll;
#[cfg(test)]
mod simulation;
mod stock;
mod unit;

pub use amounts::Amounts;
pub use annual::{Figure, Sums, Value};
pub use body::{Body, BodyTold};
pub use case::{Case, CaseTold, Entry, Root};
pub use clock::{Outcome, Stage, Term};
pub use contribution::{Contribution, contributions};
pub use dispute::{Dispute, DisputeTold, MilestoneTold, What};
pub use explain::{Explained, Question, explain, works};
pub use fact::{Dated, Due, Fact, Kind, Members, Telling};
pub use history::{Known, Past, ever, step};
pub use identity::Identity;
pub use indicator::{DEFINITION_VERSION, Formula, INDICATORS, Indicator, indicator};
pub use measure::{Measure, NUMBERS};
pub use petition::{Change, Course, LedgerRow, Petition, Rating, Registration, Round, Standing};
pub use postings::Postings;
pub use rejection::Rejection;
pub use roll::{Bucket, Cell, Level, Place, Sheet, SliceKey, bucket_key, measure_of};
pub use stock::Stock;
pub use unit::{Levels, Unit};
