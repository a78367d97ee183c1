//! What intake does, one function per use: load, decide, save, append; read, unseal, look up; take over what mediation tells.

mod batch;
mod conduct;
mod desk;
mod law;
mod progress;
mod read;
mod request;
mod sealing;
mod sweep;

pub use batch::Book;
pub use conduct::conduct_facts;
pub use law::LawInForce;
pub use progress::{Dispute, MEDIATION, Progress, Said, ToldCase, progress};
pub use read::{Reading, Shown, fold};
pub use request::{ImportOutcome, Outcome, Reply, Request, Work};
pub use sweep::{Sweeper, Swept};
