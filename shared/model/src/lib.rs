//! The words every service uses: days, instants, ids, codes, texts, callers, tokens of pages and streams.
//!
//! Pure: no async, no input or output, no database, no wire format. What is here cannot be wrong once it exists: parsing
//! happens in the constructors, and they say what was wrong with the input.

mod caller;
mod clock;
mod code;
mod day;
mod ids;
mod page;
mod resume;
mod text;

pub use caller::{Caller, Permission, Role};
pub use clock::{Clock, ManualClock, SystemClock};
pub use code::{DivisionCode, InvalidCode, Token};
pub use day::{Day, Instant, InvalidDay};
pub use ids::{ActorId, CaseId, DisputeId, EventId, IdSource, InvalidId, PetitionId, RequestId, derived_id};
pub use page::{InvalidPage, PageToken};
pub use resume::{InvalidResume, ResumeToken};
pub use text::{InvalidText, Text};
