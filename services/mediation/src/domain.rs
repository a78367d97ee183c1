//! The pure core of mediation: what a body, a case and a dispute are, what may be asked of them, where a case goes, what happened, and
//! why the law or the rules say no.
//!
//! `decide(state, command, context) → changes | rejection` and `apply(state, event) → state`. Nothing here waits, reads, writes,
//! or asks for the time; nothing here knows a database or a wire format but the published event messages.
//!
//! | file | knows |
//! |---|---|
//! | `body`, `case`, `dispute`, `group` | what stands: bodies, cases, roots, and the disputes that are one quarrel |
//! | `command`, `decide/` | what may be asked, and what the rules answer |
//! | `file`, `papers` | the work on a case, and what its bound file has to hold: data in `data/` |
//! | `draft` | what a decision changes, with all that follows for the root, as events |
//! | `milestone` | what the county counts of a root |
//! | `event/`, `apply` | what happened, to and from its messages; the only way anything changes |
//! | `routing/`, `clock` | where a case goes, and how long it has: data in `data/` |
//! | `row/`, `ledger/` | rows of a ledger |
//! | `rejection`, `sealed`, `context` | why not; what is personal; what a decision may look at |

mod apply;
mod body;
mod case;
mod clock;
mod command;
mod context;
mod decide;
mod dispute;
mod draft;
mod event;
pub mod file;
mod group;
mod ledger;
mod milestone;
mod papers;
mod rejection;
mod routing;
mod row;
mod sealed;
#[cfg(test)]
mod tests;

pub use body::{Adjustment, Body};
pub use case::{Case, CaseState, Entry};
pub use clock::ClockTable;
pub use command::{
    BodyCommand, Command, Conclusion, Correction, DisputeCommand, Expected, Held, NewBody, NewDispute, Planned, Target, Work,
};
pub use context::{Context, Law};
pub use decide::{Booked, decide_body, decide_case, decide_dispute, open};
pub use dispute::{Dispute, Milestone, What};
pub use event::{BodyKind, DisputeEvent, Event, EventError, HandOver, Kind};
pub use event::{body_message, case_message, clock_message, decision_message, dispute_message};
pub use group::{Aggregate, Change, Group, House};
pub use ledger::{Verdict, compare_row, import_row, imported_body};
pub use milestone::milestones;
pub use papers::PaperList;
pub use rejection::{Rejection, every_rejection};
pub use routing::{Candidate, Coded, Decision, Disposition, Inputs, Loaded, Rejected, RoutingRule, RoutingRules, propose, route};
pub use row::{CaseCells, CaseField, CaseRow, RowRefusal};
pub use sealed::{Party, SealedContent, Side};
