//! Typed settings out of texts, with all problems at once. It knows shapes (numbers, durations, addresses, paths, choices,
//! secrets); it refuses to stop at the first problem, and to show a secret's value.

use crate::{Lookup, Secret};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::SocketAddr,
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

/// One thing that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting's name.
    pub name: String,
    /// What is wrong, in words.
    pub problem: String,
}

impl Problem {
    /// A problem with the setting of this name.
    pub fn new(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { name: name.into(), problem: problem.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.problem)
    }
}

/// Everything that is wrong with the settings, one problem a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError(pub Vec<Problem>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsError {}

/// Reads settings and collects what is wrong with them. Readers return the default where a value is missing or wrong, so
/// that reading goes on; [`Settings::finish`] tells whether the values may be used. Names are without the prefix.
pub struct Settings<'a> {
    lookup: &'a dyn Lookup,
    prefix: &'a str,
    known: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl<'a> Settings<'a> {
    /// Reads variables that begin with `prefix` (`FENGQIAO_`).
    pub fn new(lookup: &'a dyn Lookup, prefix: &'a str) -> Self {
        Self { lookup, prefix, known: BTreeSet::new(), problems: Vec::new() }
    }

    /// All problems, unknown names with the prefix among them; or nothing is wrong. Call it after everything was read.
    pub fn finish(mut self) -> Result<(), SettingsError> {
        let unknown: BTreeSet<String> =
            self.lookup.names().into_iter().filter(|name| name.starts_with(self.prefix) && !self.known.contains(name)).collect();
        for name in unknown {
            let hint = self
                .known
                .iter()
                .map(|known| (distance(known, &name), known))
                .min()
                .filter(|(distance, _)| *distance <= 3)
                .map_or(String::new(), |(_, known)| format!(", did you mean {known}?"));
            self.problems.push(Problem { problem: format!("no such setting{hint}"), name });
        }
        if self.problems.is_empty() { Ok(()) } else { Err(SettingsError(self.problems)) }
    }

    /// Adds a problem found by somebody else; its name is without the prefix.
    pub fn report(&mut self, problem: Problem) {
        let name = self.full(&problem.name);
        self.problems.push(Problem { name, ..problem });
    }

    /// Says that the name is a setting although nobody reads it here.
    pub fn allow(&mut self, name: &str) {
        let name = self.full(name);
        self.known.insert(name);
    }

    /// A text, as it is.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let name = self.full(name);
        let value = self.lookup.get(&name);
        self.known.insert(name);
        value
    }

    /// A path; not looked at.
    pub fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    /// Items between commas, trimmed; empty ones are dropped.
    pub fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let text = self.text(name)?;
        Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
    }

    /// Anything that parses from text; `expected` completes "must be …".
    pub fn parsed<V: FromStr>(&mut self, name: &str, expected: &str) -> Option<V> {
        let text = self.text(name)?;
        let value = text.trim().parse().ok();
        if value.is_none() {
            self.report(Problem::new(name, format!("must be {expected}, not {text:?}")));
        }
        value
    }

    /// A whole number in the range.
    pub fn number<N>(&mut self, name: &str, range: RangeInclusive<N>, default: N) -> N
    where
        N: FromStr + PartialOrd + fmt::Display,
    {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        match self.parsed(name, &expected) {
            Some(number) if range.contains(&number) => number,
            Some(number) => {
                self.report(Problem::new(name, format!("must be {expected}, not {number}")));
                default
            }
            None => default,
        }
    }

    /// A duration in the range: `500ms`, `30s`, `5m`, `2h`, `1d`.
    pub fn duration(&mut self, name: &str, range: RangeInclusive<Duration>, default: Duration) -> Duration {
        self.optional_duration(name, range).unwrap_or(default)
    }

    /// A duration in the range, or `None` where nothing is set.
    pub fn optional_duration(&mut self, name: &str, range: RangeInclusive<Duration>) -> Option<Duration> {
        let text = self.text(name)?;
        let duration = parse_duration(&text);
        if duration.is_some_and(|duration| range.contains(&duration)) {
            return duration;
        }
        let (from, to) = (show_duration(*range.start()), show_duration(*range.end()));
        self.report(Problem::new(name, format!("must be a duration from {from} to {to}, such as 30s or 5m, not {text:?}")));
        None
    }

    /// An address with a port: `127.0.0.1:50051`, `[::]:50051`.
    pub fn address(&mut self, name: &str, default: SocketAddr) -> SocketAddr {
        self.parsed(name, "an address with a port, such as 127.0.0.1:50051").unwrap_or(default)
    }

    /// One of a few words.
    pub fn choice<V: Clone>(&mut self, name: &str, choices: &[(&str, V)], default: V) -> V {
        let Some(text) = self.text(name) else { return default };
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text.trim()) {
            return value.clone();
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        self.report(Problem::new(name, format!("must be one of {}, not {text:?}", words.join(", "))));
        default
    }

    /// `true` or `false`, also `on` and `off`.
    pub fn flag(&mut self, name: &str, default: bool) -> bool {
        self.choice(name, &[("true", true), ("false", false), ("on", true), ("off", false)], default)
    }

    /// A secret from `NAME`, or from the file that `NAME_FILE` names (its last line ending does not count).
    pub fn secret(&mut self, name: &str) -> Option<Secret> {
        let in_file = format!("{name}_FILE");
        match (self.text(name), self.path(&in_file)) {
            (Some(_), Some(_)) => {
                self.report(Problem::new(name, format!("is set twice: here and by {}", self.full(&in_file))));
                None
            }
            (Some(text), None) => Some(Secret::new(text)),
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
                Err(error) => {
                    self.report(Problem::new(in_file, format!("{} cannot be read: {error}", path.display())));
                    None
                }
            },
            (None, None) => None,
        }
    }

    fn full(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let units = BTreeMap::from(UNITS);
    let milliseconds = number.parse::<u64>().ok()?.checked_mul(*units.get(unit.trim())?)?;
    Some(Duration::from_millis(milliseconds))
}

fn show_duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    let fits = |unit: &&(&str, u64)| milliseconds.is_multiple_of(u128::from(unit.1));
    UNITS.iter().rev().find(fits).map_or_else(String::new, |(unit, size)| format!("{}{unit}", milliseconds / u128::from(*size)))
}

/// How many letters to change, add or drop between the two names.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let cost = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    #[test]
    fn all_problems_come_at_once() {
        let map = Map::from([
            ("F_WORKERS", "many"),
            ("F_ROWS", "0"),
            ("F_GRACE", "soon"),
            ("F_LISTEN", "localhost"),
            ("F_FORMAT", "xml"),
            ("F_LISTN", "127.0.0.1:1"),
            ("F_ELEPHANT", "x"),
            ("OTHER_THING", "not ours"),
            ("F_KEY", "hunter2"),
            ("F_KEY_FILE", "/nowhere"),
            ("F_TOKEN_FILE", "/nowhere/token"),
        ]);
        let mut settings = Settings::new(&map, "F_");
        let second = Duration::from_secs(1);
        assert_eq!(settings.number("WORKERS", 1..=64, 2), 2);
        assert_eq!(settings.number("ROWS", 1..=64, 3), 3);
        assert_eq!(settings.duration("GRACE", second..=second * 300, second * 10), second * 10);
        settings.address("LISTEN", "127.0.0.1:50051".parse().unwrap());
        assert_eq!(settings.choice("FORMAT", &[("human", 1), ("json", 2)], 1), 1);
        assert!(settings.secret("KEY").is_none());
        assert!(settings.secret("TOKEN").is_none());
        settings.allow("UNREAD");
        let error = settings.finish().unwrap_err();
        let expected = "\
F_WORKERS: must be a whole number from 1 to 64, not \"many\"
F_ROWS: must be a whole number from 1 to 64, not 0
F_GRACE: must be a duration from 1s to 5m, such as 30s or 5m, not \"soon\"
F_LISTEN: must be an address with a port, such as 127.0.0.1:50051, not \"localhost\"
F_FORMAT: must be one of human, json, not \"xml\"
F_KEY: is set twice: here and by F_KEY_FILE
F_TOKEN_FILE: /nowhere/token cannot be read: No such file or directory (os error 2)
F_ELEPHANT: no such setting
F_LISTN: no such setting, did you mean F_LISTEN?";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn good_values_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let key = directory.path().join("key");
        std::fs::write(&key, "from the file\n").unwrap();
        let map = Map::from([
            ("F_WORKERS", "8"),
            ("F_GRACE", "500ms"),
            ("F_AGE", "5m"),
            ("F_LISTEN", "[::1]:7"),
            ("F_DATA", "/data"),
            ("F_ORIGINS", "a, b ,"),
            ("F_REFLECTION", "off"),
            ("F_KEY_FILE", key.to_str().unwrap()),
        ]);
        let mut settings = Settings::new(&map, "F_");
        let day = Duration::from_secs(86_400);
        assert_eq!(settings.number("WORKERS", 1..=64, 2), 8);
        assert_eq!(settings.duration("GRACE", Duration::ZERO..=day, day), Duration::from_millis(500));
        assert_eq!(settings.optional_duration("AGE", Duration::ZERO..=day), Some(Duration::from_secs(300)));
        assert_eq!(settings.optional_duration("NOTHING", Duration::ZERO..=day), None);
        assert_eq!(settings.address("LISTEN", "127.0.0.1:1".parse().unwrap()), "[::1]:7".parse().unwrap());
        assert_eq!(settings.path("DATA"), Some(PathBuf::from("/data")));
        assert_eq!(settings.list("ORIGINS"), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert!(!settings.flag("REFLECTION", true));
        assert_eq!(settings.secret("KEY").unwrap().expose(), "from the file");
        settings.finish().unwrap();
    }
}
