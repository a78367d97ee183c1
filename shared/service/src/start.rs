//! Why a process could not start, and how it says so: settings first, then everything else with its causes.

use crate::SettingsError;
use std::{error::Error, process::ExitCode};

/// What kept a process from starting.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Settings, all problems at once.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Anything else: what was being done, and the cause.
    #[error("{what}")]
    Failed {
        /// What was being done.
        what: String,
        /// The cause.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StartError {
    /// For `map_err`: what was being done when it failed.
    pub fn when<E: Into<Box<dyn Error + Send + Sync>>>(what: impl Into<String>) -> impl FnOnce(E) -> Self {
        let what = what.into();
        move |source| StartError::Failed { what, source: source.into() }
    }

    /// Prints the problem and its causes to stderr and gives the exit code: 2 for settings, 1 otherwise.
    pub fn report(&self) -> ExitCode {
        eprintln!("{self}");
        let mut source = self.source();
        while let Some(cause) = source {
            eprintln!("  because {cause}");
            source = cause.source();
        }
        match self {
            StartError::Settings(_) => ExitCode::from(2),
            StartError::Failed { .. } => ExitCode::FAILURE,
        }
    }
}
