//! Mediation: bodies of the five forces, disputes and their cases, routed with a reason, counted once.

pub mod domain;
