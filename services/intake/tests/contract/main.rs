//! What the intake service promises, asked through its gRPC service on each engine: one test program, so that one server of
//! PostgreSQL serves it all.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod asks;
mod at_desk;
mod bad_changes;
mod bad_clocks;
mod bad_import;
mod bad_input;
mod bad_repeats;
mod bad_stages;
mod bad_units;
mod calendar;
mod change;
mod conduct;
mod desk;
mod due;
mod erase;
mod extension;
mod follow;
mod identifiers;
mod import;
mod import_again;
mod import_cells;
mod life;
mod list;
mod list_orders;
mod log;
mod look_up;
mod look_up_fields;
mod mediation;
mod read;
mod route;
mod search;
mod secrets;
mod similar;
mod stages;
mod stream;
mod supervise;
mod sweep;
mod tamper;
mod units;
mod units_ended;
mod watch;
mod work;
