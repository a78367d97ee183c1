//! What intake does, one function per use: load, decide, save, append; read, unseal, look up; take over what mediation tells.

mod batch;
mod desk;
mod look_up;
mod progress;
mod read;
mod request;
mod sealing;

pub use batch::Book;
pub use look_up::{Counts, LookUp, LookedUp, REPRESENTATIVES, Turnstile};
pub use progress::{Dispute, MEDIATION, Progress, Said, ToldCase, progress};
pub use read::{AsOf, Reading, Shown, fold};
pub use request::{ImportOutcome, Outcome, Reply, Request, Work};
