//! What intake does, one function per use: load, decide, save, append; read, unseal, look up; take over what mediation tells.

mod batch;
mod desk;
mod progress;
mod read;
mod request;
mod reshape;
mod sealing;

pub use batch::Book;
pub use progress::{Dispute, MEDIATION, Progress, Said, ToldCase, progress};
pub use read::{Reading, Shown, Told, fold};
pub use request::{ImportOutcome, Outcome, Reply, Request, Work};
pub use reshape::reshape;
