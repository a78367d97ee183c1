//! What the mediation service promises, asked through its gRPC service on each engine: one test program, so that one server of
//! PostgreSQL serves it all.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod asks;
mod bodies;
mod county;
mod stream;
mod import_cells;
mod import;
mod bad_import;
mod bad_changes;
mod bad_input;
mod desk;
mod erase;
mod following;
mod life;
mod links;
mod list;
mod repeat;
mod rooms;
mod secrets;
mod similar;
mod tamper;
mod validate;
