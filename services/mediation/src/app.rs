//! What mediation does, one function per use: load, decide, save, append; read, unseal, compare, list.
//!
//! | File | Knows |
//! |---|---|
//! | `app/request.rs` | what is handed to the writer, and what comes back |
//! | `app/batch.rs` | one batch of requests as one transaction |
//! | `app/desk.rs` | what a batch touches, and deciding on it in order |
//! | `app/read.rs` | one dispute or body as it stands or stood, with what is sealed |
//! | `app/similar.rs` | disputes that may be one quarrel |
//! | `app/take_over.rs` | what the petition log tells, done in one transaction |
//! | `app/sealing.rs` | between what is personal and its sealed form |

mod batch;
mod desk;
mod read;
mod request;
mod sealing;
mod similar;
mod take_over;

pub use batch::Book;
pub use read::{Reading, Shown, Step, fold_body, fold_dispute};
pub use request::{Asking, Changed, ImportOutcome, Outcome, Reply, Request, Work};
pub use sealing::side;
pub use similar::{Alike, SimilarityKey};
pub use take_over::{PETITIONS, Routed, Told, take_over};
