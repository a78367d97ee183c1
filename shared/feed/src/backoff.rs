//! How long to wait before the next attempt: doubling, with jitter, so that followers do not come back in step.

use ring::rand::{SecureRandom, SystemRandom};
use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);

/// Counts attempts since the last success.
pub(crate) struct Backoff {
    attempt: u32,
    random: SystemRandom,
}

impl Backoff {
    /// Nothing failed yet.
    pub(crate) fn new() -> Self {
        Self { attempt: 0, random: SystemRandom::new() }
    }

    /// The wait before the next attempt: between half of the step and the step.
    pub(crate) fn next(&mut self) -> Duration {
        let step = SHORTEST.saturating_mul(1 << self.attempt.min(16)).min(LONGEST);
        self.attempt = self.attempt.saturating_add(1);
        let mut byte = [255];
        // without randomness the whole step is waited, which is safe
        let _ = self.random.fill(&mut byte);
        step / 2 + (step / 2).mul_f64(f64::from(byte[0]) / 255.0)
    }

    /// How many attempts failed in a row.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempt
    }

    /// Something worked.
    pub(crate) fn reset(&mut self) {
        self.attempt = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_five_seconds_and_begins_again() {
        let mut backoff = Backoff::new();
        for step in [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000].map(Duration::from_millis) {
            let wait = backoff.next();
            assert!(step / 2 <= wait && wait <= step, "{wait:?} is not within {step:?}");
        }
        for _ in 0..100 {
            assert!(backoff.next() <= LONGEST);
        }
        backoff.reset();
        assert!(backoff.next() <= SHORTEST);
    }
}
