//! The core by itself: every command in every state, and events to the wire and back.

mod events;
mod transitions;
mod units;
