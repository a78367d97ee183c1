//! The pure core of intake: what a petition is, what may be asked of it, what happened, and why the law or the rules say no.
//!
//! `decide(state, command, context) → changes | rejection` and `apply(state, event) → state`. Nothing here waits, reads, writes,
//! or asks for the time; nothing here knows a database or a wire format but the published event messages.

pub(crate) mod clocks;
mod command;
mod context;
mod decide;
mod event;
mod ledger;
mod link;
mod paper;
mod petition;
mod rejection;
mod route;
mod row;
mod sealed;
mod state;
mod step;
#[cfg(test)]
mod tests;

pub use clocks::ClockRun;
pub use command::{Command, Ending, Expected, HandOver, Issue, NewPetition, Receipt, Route};
pub use context::{Context, Law};
pub use decide::{Change, REPRESENTATIVES, decide};
pub use event::{Event, EventError};
pub(crate) use event::{clock as clock_message, facts as facts_message, foreign_number as foreign_number_message};
pub use ledger::{Verdict, compare, import};
pub use link::{LINKS, Link, PROGRESSED, Told};
pub use paper::Paper;
pub use petition::{Delivery, Extension, ForeignNumber, Hearing, LedgerOrigin, Petition, Routing, Supervision};
pub use rejection::{Rejection, every_rejection};
pub use route::Routed;
pub use row::{Cells, Field, Row, RowRefusal};
pub use sealed::{Party, PartyRole, SealedContent, Side};
pub use state::State;
pub use step::{Correction, Step, StepKind};
