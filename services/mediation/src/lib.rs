//! Mediation: bodies of the five forces, disputes and their cases, routed with a reason, counted once.
//!
//! | File | Knows |
//! |---|---|
//! | `domain.rs` | the pure core: bodies, cases, disputes, routing, milestones, rejections, ledger rows |
//! | `app.rs` | one batch of requests as one transaction; reading, unsealing, comparing |
//! | `store.rs` | portable SQL over bodies, disputes and cases |
//! | `follow.rs` | from the petition log to disputes; the follower |
//! | `api.rs` | the gRPC service: parse, call, reply, status |
//! | `verify.rs` | the log's chain, and every row against the fold of its events |
//! | `process.rs`, `settings.rs` | as part of a process, or one of its own; where the book is, which key opens it |

mod api;
mod app;
pub mod domain;
mod follow;
mod process;
mod settings;
mod store;
mod verify;

pub use api::{MediationApi, error_table};
pub use follow::{FOLLOWS, PetitionFollower};
pub use process::{Mediation, serve};
pub use settings::BookSettings;
pub use store::{MIGRATIONS, StuckEvent, stuck};
pub use verify::{Verified, verify_book};
