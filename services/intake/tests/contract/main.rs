//! What the intake service promises, asked through its gRPC service on each engine: one test program, so that one server of
//! PostgreSQL serves it all.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod asks;
mod bad_changes;
mod bad_import;
mod bad_input;
mod bad_repeats;
mod change;
mod desk;
mod erase;
mod extension;
mod follow;
mod import;
mod import_again;
mod import_cells;
mod life;
mod list;
mod log;
mod look_up;
mod mediation;
mod read;
mod route;
mod search;
mod secrets;
mod similar;
mod stream;
mod tamper;
