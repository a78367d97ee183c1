//! What intake does, one function per use: load, decide, save, append; read, unseal, look up.

mod batch;
mod desk;
mod read;
mod request;
mod sealing;

pub use batch::Book;
pub use read::{Reading, Shown, fold};
pub use request::{ImportOutcome, Outcome, Reply, Request, Work};
