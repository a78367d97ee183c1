//! What intake does, one function per use: load, decide, save, append; read, unseal, look up; take over what mediation tells.

mod batch;
mod desk;
mod marks;
mod progress;
mod read;
mod request;
mod sealing;
mod search;
mod similar;

pub use batch::Book;
pub use marks::Marker;
pub use progress::{Dispute, MEDIATION, Progress, Said, ToldCase, progress};
pub use read::{Reading, Shown, fold};
pub use request::{ImportOutcome, Outcome, Reply, Request, Work};
pub use search::{Found, Search};
pub use similar::{Alike, Sought};
