//! What the mediation service promises, asked through its gRPC service on each engine: one test program, so that one server of
//! PostgreSQL serves it all.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

mod asks;
mod county;
mod desk;
mod life;
