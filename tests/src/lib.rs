//! The system as a whole, tested from outside: real processes, the real command line, real databases.
//!
//! | File | Knows |
//! |---|---|
//! | `binaries.rs` | building the binaries, once per test process |
//! | `world.rs` | one test's directories, databases and servers |
//! | `place.rs` | where the books of a county are, on either engine; copies of it, and bytes in it |
//! | `server.rs` | a server process: started, ready, killed, stopped |
//! | `apart.rs` | the three services as processes of their own that follow each other |
//! | `answer.rs` | what a command answered; a report's figures |
//! | `desk.rs`, `room.rs` | calls over gRPC, as the apps of a petition office and of a mediation room make them |
//! | `played.rs` | services in this process, on a clock played forward |
//! | `replay.rs` | a ledger of petitions lived through, call by call |
//! | `proxy.rs` | a network that loses, delays and cuts |
//! | `repeats.rs` | real messages, which of them are one matter, and how well that is told |
//! | `ledger.rs` | ledgers: those of `../shared`, and made ones |
//!
//! Tests are written once and run on each engine:
//!
//! ```text
//! on_each_engine! {
//!     async fn what_must_hold(world: &World) { … }
//! }
//! ```

mod answer;
mod apart;
mod binaries;
mod desk;
pub mod ledger;
mod place;
mod played;
mod proxy;
pub mod repeats;
pub mod replay;
mod room;
mod server;
mod world;

pub use answer::{Answer, Report};
pub use apart::Apart;
pub use binaries::{built, repository};
pub use desk::{Desk, petition, request_id};
pub use fengqiao_store::Engine;
pub use fengqiao_testkit::eventually;
pub use place::{Place, contains};
pub use played::Played;
pub use proxy::Proxy;
pub use room::{Room, dispute, named};
pub use server::{Launch, Server};
pub use world::{World, in_a_world};

use std::time::Duration;

/// For a condition that comes within moments on a machine that is not busy.
pub const SOON: Duration = Duration::from_secs(60);

/// Makes two tests of each function, `name::sqlite` and `name::postgres`, each with a world of its own.
#[macro_export]
macro_rules! on_each_engine {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a body may need nothing of its file")]
            use super::*;

            #[test]
            $(#[$meta])*
            fn sqlite() {
                $crate::in_a_world($crate::Engine::Sqlite, async |$world: &$crate::World| $body);
            }

            #[test]
            $(#[$meta])*
            fn postgres() {
                $crate::in_a_world($crate::Engine::Postgres, async |$world: &$crate::World| $body);
            }
        }
    )+};
}

/// A test on SQLite alone, or on PostgreSQL alone: `on_engine! { Postgres; async fn name(world: &World) { … } }`.
#[macro_export]
macro_rules! on_engine {
    ($engine:ident; $($(#[$meta:meta])* async fn $name:ident($world:ident: &World) $body:block)+) => {$(
        #[test]
        $(#[$meta])*
        fn $name() {
            $crate::in_a_world($crate::Engine::$engine, async |$world: &$crate::World| $body);
        }
    )+};
}
