//! How far the import is, on a terminal only.

use crate::{output, table::thousands};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A bar on standard error; silent where nobody looks.
pub struct Progress {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
}

impl Progress {
    /// A bar over the bytes of the file.
    pub fn new(size: Option<u64>, read: Arc<AtomicU64>) -> Self {
        let target = if output::watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(size, target);
        let template = if size.is_some() { "{bar:30} {bytes}/{total_bytes} {msg} {eta}" } else { "{spinner} {bytes} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, read }
    }

    /// So many rows have their verdict.
    pub fn rows(&self, rows: i64) {
        self.bar.set_position(self.read.load(Ordering::Relaxed));
        let seconds = self.bar.elapsed().as_millis().max(1);
        let rate = i64::try_from(u128::try_from(rows).unwrap_or(0) * 1000 / seconds).unwrap_or(0);
        self.bar.set_message(format!("{} rows, {} rows/s", thousands(rows), thousands(rate)));
    }

    /// Something worth saying: in place of the rows on a terminal, a line of its own otherwise.
    pub fn note(&self, text: &str) {
        if self.bar.is_hidden() { output::note(text) } else { self.bar.println(text) }
    }

    /// What is going on now; for a terminal only.
    pub fn doing(&self, text: String) {
        self.bar.set_message(text);
    }

    /// Takes the bar away.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}
