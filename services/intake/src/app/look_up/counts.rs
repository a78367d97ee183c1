//! How often the look-up was asked, by day and outcome. Counted in memory and written in batches, so that counting a look-up costs no
//! write; three numbers a day, whatever anybody asks. It refuses to know who asked, or for what.

use crate::store::{self, DayCounts};
use fengqiao_model::Day;
use fengqiao_store::{Db, StoreError};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What became of a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedUp {
    /// Answered with a status.
    Answered,
    /// Answered with silence, for whatever reason.
    NotFound,
    /// Told to wait.
    BackedOff,
}

/// Days that wait to be written while the database is not there; older ones are given up.
const DAYS: usize = 8;

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub struct Counts(Mutex<BTreeMap<Day, DayCounts>>);

impl Counts {
    /// Counts one.
    pub fn count(&self, day: Day, what: LookedUp) {
        let mut waiting = self.waiting();
        let counts = waiting.entry(day).or_default();
        match what {
            LookedUp::Answered => counts.answered += 1,
            LookedUp::NotFound => counts.not_found += 1,
            LookedUp::BackedOff => counts.backed_off += 1,
        }
    }

    /// Writes what waits; keeps it when that fails.
    pub async fn flush(&self, db: &Db) -> Result<(), StoreError> {
        let taken = std::mem::take(&mut *self.waiting());
        if taken.is_empty() {
            return Ok(());
        }
        let written = store::add_look_ups(db, &taken).await;
        if written.is_err() {
            let mut waiting = self.waiting();
            for (day, counts) in taken {
                waiting.entry(day).or_default().add(counts);
            }
            while waiting.len() > DAYS {
                waiting.pop_first();
            }
        }
        written
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<Day, DayCounts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
