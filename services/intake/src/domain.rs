//! The pure core of intake: what a petition is, what may be asked of it, what happened, and why the law or the rules say no.
//!
//! `decide(state, command, context) → changes | rejection` and `apply(state, event) → state`. Nothing here waits, reads, writes,
//! or asks for the time; nothing here knows a database or a wire format but the published event messages.

pub(crate) mod clocks;
mod code;
mod command;
mod context;
mod decide;
mod due;
mod event;
mod lamp;
mod lapse;
mod ledger;
mod link;
mod notices;
mod paper;
mod petition;
mod places;
mod rejection;
mod route;
mod row;
mod sealed;
mod state;
mod step;
mod supervise;
#[cfg(test)]
mod tests;
mod unit;

pub use clocks::ClockRun;
pub use code::{IDENTIFIED_BY, Reissue, reissued};
pub use command::{Command, Correcting, Ending, Expected, HandOver, Issue, NewPetition, Receipt, Route};
pub use context::{Context, Law};
pub use decide::{Change, REPRESENTATIVES, decide};
pub use due::ClockLine;
pub use event::{Event, EventError};
pub(crate) use event::{clock as clock_message, facts as facts_message, foreign_number as foreign_number_message};
pub use lamp::OWED;
pub use lapse::{next_lapse, next_restatement};
pub use ledger::{Verdict, compare, import};
pub use link::{LINKS, Link, PROGRESSED, Told};
pub use notices::{ADOPTED, Adopted, CALENDAR, Notices};
pub use paper::Paper;
pub use petition::{
    Delivery, Extension, ForeignNumber, Hearing, IMAGE_SHAPE, LedgerOrigin, Petition, Routing, Supervision, is_petition,
};
pub use places::Places;
pub use rejection::{Rejection, every_rejection};
pub use route::{DeskDispute, Routed, decide_at_desk};
pub use row::{Cells, Field, Row, RowRefusal};
pub use sealed::{Party, PartyRole, SealedContent, Side};
pub use state::State;
pub use step::{Correction, Step, StepKind};
pub use supervise::{Explained, Measure, Pressed};
pub(crate) use unit::record as unit_message;
pub use unit::{
    Directory, HigherOrgan, NewUnit, Period, Standing, UNIT_CODE, UNITS, Unit, UnitCommand, UnitEvent, UnitField, UnitKind,
    UnitRow, UnitVerdict, decide_unit, logged_by, moved, named_by, take_unit_row,
};
