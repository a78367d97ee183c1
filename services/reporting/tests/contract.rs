//! The service on each engine, through its follower and its gRPC service: no sockets, no other service.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

#[path = "contract/asking.rs"]
mod asking;
#[path = "contract/figures.rs"]
mod figures;
#[path = "contract/following.rs"]
mod following;
#[path = "contract/ledger.rs"]
mod ledger;
#[path = "contract/mediation.rs"]
mod mediation;
#[path = "contract/quarrel.rs"]
mod quarrel;
#[path = "contract/steps.rs"]
mod steps;
#[path = "contract/support.rs"]
mod support;
