//! The pure core of mediation: what a body, a case and a dispute are, what may be asked of them, where a case goes, what happened, and
//! why the law or the rules say no.
//!
//! `decide(state, command, context) → changes | rejection` and `apply(state, event) → state`. Nothing here waits, reads, writes,
//! or asks for the time; nothing here knows a database or a wire format but the published event messages.

mod body;
mod case;
mod command;
mod dispute;
mod event;
mod routing;
mod sealed;

pub use body::{Adjustment, Body};
pub use case::{Case, CaseState, Entry};
pub use command::{BodyCommand, Command, Conclusion, Correction, DisputeCommand, Expected, NewBody, NewDispute, Target};
pub use dispute::{Dispute, Milestone, What};
pub use event::{BodyKind, DisputeEvent, Event, HandOver, Kind};
pub use routing::{Candidate, Decision, Disposition, Inputs, Loaded, Rejected};
pub use sealed::{Party, SealedContent, Side};
