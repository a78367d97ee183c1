//! The core by itself: every command in every state, random walks, and events to the wire and back.

mod events;
mod scene;
mod table;
mod transitions;
mod units;
mod walk;
