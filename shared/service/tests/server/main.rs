//! A real server on a real port: calls, limits, grpc-web, health, reflection and the end.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod calls;
mod probe;
mod standard;
mod stop;
mod web;
