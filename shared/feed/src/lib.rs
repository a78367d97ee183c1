//! A log over gRPC, both ends: every event once, in order, checked by its hash chain. It knows the feed protocol
//! (`proto/fengqiao/feed/v1/feed.proto`); it refuses to know what any event means.
//!
//! | File | Knows |
//! |---|---|
//! | `serve.rs` | [`Feed`]: who may follow which log from where |
//! | `tail.rs` | reading a log page by page and waiting for more |
//! | `rights.rs` | which parts of an event a follower gets, and whether with its key |
//! | `follow.rs` | [`follow`]: from a stored cursor to the next one, for ever |
//! | `check.rs` | FEED-1: same log, no gap, unbroken chain, no key without its event |
//! | `source.rs` | [`Source`]: the same protocol in this process or over TCP |
//! | `status.rs` | the reasons of the protocol, and which of them end a follower |
//! | `backoff.rs` | how long to wait before the next attempt |
//!
//! A follower stores its cursor in the transaction that applies the events, so each event takes effect exactly once,
//! however often it is delivered. What does not fit (another log, a gap, a broken chain) stops it, visibly.

mod backoff;
mod check;
mod follow;
mod rights;
mod serve;
mod source;
mod status;
mod tail;

pub use follow::{FollowState, FollowStatus, Follower, follow};
pub use rights::Rights;
pub use serve::Feed;
pub use source::{RemoteSource, Source, SourceError, feed_source};
