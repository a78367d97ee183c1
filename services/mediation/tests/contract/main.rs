//! What the mediation service promises, asked through its gRPC service on each engine: one test program, so that one server of
//! PostgreSQL serves it all.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod asks;
mod bad_changes;
mod bad_import;
mod bad_input;
mod bad_work;
mod bodies;
mod county;
mod desk;
mod erase;
mod following;
mod import;
mod import_cells;
mod life;
mod links;
mod list;
mod repeat;
mod replicas;
mod rooms;
mod schema;
mod secrets;
mod similar;
mod stream;
mod tamper;
mod validate;
mod work;
