//! Settings of this service, all problems at once: where its figures are kept.

use fengqiao_service::{Problem, Secret, Settings};
use fengqiao_store::{Location, Policy};
use std::path::PathBuf;

/// Where the figures are kept and how they are opened.
#[derive(Clone, Debug)]
pub struct ReportingSettings {
    /// The database.
    pub location: Location,
    /// Whether an older schema is brought up to date.
    pub policy: Policy,
}

impl ReportingSettings {
    /// Reads `DATA` (directory, default `fengqiao-data`), `DATABASE` (a PostgreSQL URL; SQLite in the data directory when not
    /// set), `MIGRATE`.
    pub fn read(settings: &mut Settings<'_>) -> Self {
        let data = settings.path("DATA").unwrap_or_else(|| PathBuf::from("fengqiao-data"));
        let url = settings.secret("DATABASE");
        let location = Location::of_service("reporting", &data, url.as_ref().map(Secret::expose)).unwrap_or_else(|problem| {
            settings.report(Problem::new("DATABASE", problem));
            Location::Sqlite(data.join("reporting.db"))
        });
        Self { location, policy: if settings.flag("MIGRATE", false) { Policy::Always } else { Policy::EmptyOnly } }
    }
}
