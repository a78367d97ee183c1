//! Settings of this service, all problems at once: where its book is, which key opens it, how far back a desk day may lie.

use crate::domain::{Law, Places};
use fengqiao_identifiers::Divisions;
use fengqiao_service::{Problem, Secret, Settings};
use fengqiao_statute::{Calendar, ConductBook, DataProblem, Known, Lamps, RuleBook};
use fengqiao_store::{Location, MasterKey, Policy, StoreError};
use std::path::PathBuf;

/// Where a book is kept and how it is opened.
#[derive(Clone, Debug)]
pub struct BookSettings {
    /// The database.
    pub location: Location,
    /// The master key itself; when not given, the file beside the data is used, made at the first start.
    pub master_key: Option<Secret>,
    /// The key file.
    pub master_key_file: PathBuf,
    /// Whether an older schema is brought up to date.
    pub policy: Policy,
    /// How many days back a business day may lie.
    pub days_back: i32,
    /// The law as this office has it.
    pub law: Law,
    /// Which division codes the desk may write.
    pub places: Places,
    /// How many days after its last day a closed petition can still be looked up.
    pub look_up_days: i32,
}

impl BookSettings {
    /// Reads `DATA` (directory, default `fengqiao-data`), `DATABASE` (a PostgreSQL URL; SQLite in the data directory when not
    /// set), `MASTER_KEY` or `MASTER_KEY_FILE`, `MIGRATE`, `DAYS_BACK`, `DIVISIONS`, `DIVISIONS_FILE`, `LOOK_UP_DAYS` (default two
    /// years, longer than the windows and clocks of review and re-review together), and the office's own law where it has some:
    /// `RULES_FILE` (clocks), `HOLIDAYS_FILE`, `LAMPS_FILE`, `CONDUCT_FILE`. A mistake in one of them is told with its line.
    pub fn read(settings: &mut Settings<'_>) -> Self {
        let data = settings.path("DATA").unwrap_or_else(|| PathBuf::from("fengqiao-data"));
        let url = settings.secret("DATABASE");
        let location = Location::of_service("intake", &data, url.as_ref().map(Secret::expose)).unwrap_or_else(|problem| {
            settings.report(Problem::new("DATABASE", problem));
            Location::Sqlite(data.join("intake.db"))
        });
        Self {
            location,
            master_key: settings.secret("MASTER_KEY"),
            master_key_file: data.join("master.key"),
            policy: if settings.flag("MIGRATE", false) { Policy::Always } else { Policy::EmptyOnly },
            days_back: settings.number("DAYS_BACK", 0..=366, 30),
            law: law(settings),
            places: places(settings),
            look_up_days: settings.number("LOOK_UP_DAYS", 1..=36_600, 730),
        }
    }

    /// The master key: from the setting, else from the file, which is made when it is not there.
    pub fn master(&self) -> Result<MasterKey, StoreError> {
        match &self.master_key {
            Some(key) => MasterKey::from_hex(key.expose().trim()),
            None => MasterKey::load_or_create(&self.master_key_file),
        }
    }
}

/// The law that ships, with the files of this office in place of those that it has of its own.
fn law(settings: &mut Settings<'_>) -> Law {
    let mut law = Law::shipped();
    file(settings, "RULES_FILE", &mut law.rules, RuleBook::from_toml);
    file(settings, "HOLIDAYS_FILE", &mut law.calendar, Calendar::from_toml);
    file(settings, "LAMPS_FILE", &mut law.lamps, Lamps::from_toml);
    let rules = law.rules.clone();
    file(settings, "CONDUCT_FILE", &mut law.conduct, |text| ConductBook::from_toml(text, &Known { rules: &rules }));
    law
}

/// Reads a file of law, where the setting names one; each mistake in it is a problem of its own.
fn file<T>(settings: &mut Settings<'_>, name: &str, law: &mut T, read: impl Fn(&str) -> Result<T, Vec<DataProblem>>) {
    let Some(path) = settings.path(name) else { return };
    match std::fs::read_to_string(&path) {
        Err(error) => settings.report(Problem::new(name, format!("{}: {error}", path.display()))),
        Ok(text) => match read(&text) {
            Ok(own) => *law = own,
            Err(problems) => {
                for problem in problems {
                    settings.report(Problem::new(name, format!("{}: {problem}", path.display())));
                }
            }
        },
    }
}

/// How strictly divisions are asked for, and the office's own file of them.
fn places(settings: &mut Settings<'_>) -> Places {
    let strict = settings.choice("DIVISIONS", &[("county", false), ("strict", true)], false);
    let Some(path) = settings.path("DIVISIONS_FILE") else { return Places { strict, ..Places::default() } };
    let read = match std::fs::read_to_string(&path) {
        Ok(text) => Divisions::with_file(&text).map_err(|problems| problems.iter().map(ToString::to_string).collect()),
        Err(error) => Err(vec![error.to_string()]),
    };
    let divisions = read.unwrap_or_else(|problems: Vec<String>| {
        for problem in problems {
            settings.report(Problem::new("DIVISIONS_FILE", format!("{}: {problem}", path.display())));
        }
        Divisions::shipped()
    });
    Places { divisions, strict }
}
