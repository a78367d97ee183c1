//! What intake does, one function per use: load, decide, save, append; read, unseal, look up, watch; take over what mediation tells.

mod batch;
mod conduct;
mod desk;
mod law;
mod look_up;
mod progress;
mod read;
mod request;
mod reshape;
mod sealing;
mod sweep;
mod unit;
mod watch;

pub use batch::Book;
pub use conduct::conduct_facts;
pub use desk::KnownUnits;
pub use law::LawInForce;
pub use look_up::{Counts, LookUp, LookedUp, REPRESENTATIVES, Turnstile};
pub use progress::{Dispute, MEDIATION, Progress, Said, ToldCase, progress};
pub use read::{AsOf, Reading, Shown, fold};
pub use request::{ImportOutcome, Outcome, Reply, Request, UnitOutcome, Work};
pub use reshape::reshape;
pub use sweep::{Sweeper, Swept};
pub use unit::{SilentUnit, fold_unit, silent_units, unit_as_of_version};
pub use watch::{Looked, WatchError, Watching};
