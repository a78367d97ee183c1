//! What every process needs around its API: settings, identity, errors, log lines, a server, a beginning and an end.
//!
//! It knows processes, sockets and callers. It refuses to know any service's domain, any message of the contract, and any
//! database.
//!
//! How a process starts, in order:
//!
//! 1. `settings`: [`Settings`] reads every value through a [`Lookup`] (flags over environment over file, see [`Layered`])
//!    and reports **all** problems at once. [`Secret`] values cannot be printed.
//! 2. `telemetry`: [`Telemetry`] sends log lines to stderr, human on a terminal and JSON otherwise.
//! 3. `identity`: [`Identity`] says who calls; without an identity setting only a loopback address may be served.
//! 4. `server`: [`Server`] puts health, reflection, grpc-web, limits, the caller and the request span around the services.
//! 5. `lifecycle`: [`Lifecycle`] runs the server and the tasks beside it, until a signal or until one of them fails.
//!
//! How it ends, in order: `stop` is cancelled by a signal → health says NOT_SERVING → `draining` is cancelled, and the open
//! streams end with UNAVAILABLE → running calls finish, for at most the grace → what is left is cut → `closing` is
//! cancelled, and writers flush and end → exit code 0, or 1 when a task or the server failed.
//!
//! In a handler: [`permitted`] gives the [`Caller`](fengqiao_model::Caller) or the refusal, [`errors`] builds every
//! [`Status`](tonic::Status), [`call_id`] is what `errors::internal` and log lines name the call by.

mod answers;
mod call;
pub mod errors;
mod identity;
mod lifecycle;
mod lookup;
mod peer;
mod process;
mod secret;
mod server;
mod settings;
mod start;
mod telemetry;

pub use answers::{Answers, answers};
pub use call::{call_id, caller, permitted};
pub use identity::{Identity, TokenEntry, Tokens};
pub use lifecycle::Lifecycle;
pub use lookup::{Environment, File, Layered, Lookup, Map};
pub use peer::{Peer, Proxies, peer};
pub use process::{PREFIX, Process, ready, sources};
pub use secret::Secret;
pub use server::{Limits, MAX_MESSAGE, Origins, Server, ServerError, ServerSettings, Tls};
pub use settings::{Problem, Settings, SettingsError};
pub use start::StartError;
pub use telemetry::{Telemetry, log_panics};
