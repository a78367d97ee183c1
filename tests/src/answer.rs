//! What a command answered, and the figures of a report.

use serde_json::Value;
use std::fmt;

/// What a command that ended left behind.
#[derive(Clone)]
pub struct Answer {
    /// What was run, for messages.
    pub command: String,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, code, stdout, stderr } = self;
        write!(f, "{command}\nexit code {code:?}\nstandard output:\n{stdout}\nstandard error:\n{stderr}")
    }
}

impl Answer {
    /// Fails the test unless the exit code is this one.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Fails the test unless the exit code is 0.
    #[track_caller]
    pub fn done(self) -> Self {
        self.exits(0)
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("not JSON ({error}): {self}"))
    }

    /// Standard error as JSON: the error of a command with `--format json`. Lines before it are remarks.
    #[track_caller]
    pub fn error(&self) -> Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|error| panic!("no error in JSON ({error}): {self}"))
    }

    /// Everything it said.
    pub fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// `report annual --format json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Report(pub Value);

impl Report {
    /// A count in total.
    #[track_caller]
    pub fn total(&self, id: &str) -> i64 {
        self.value(id, None).unwrap_or_else(|| panic!("the report has no total of {id}"))
    }

    /// A count of one member of a dimension; a member that is not printed counts nothing.
    #[track_caller]
    pub fn of(&self, id: &str, key: &str, member: &str) -> i64 {
        self.value(id, Some((key, member))).unwrap_or(0)
    }

    fn value(&self, id: &str, dimension: Option<(&str, &str)>) -> Option<i64> {
        let wanted = |figure: &&Value| {
            let dims = figure["dims"].as_object().unwrap_or_else(|| panic!("a figure without dims: {figure}"));
            let fits = match dimension {
                None => dims.is_empty(),
                Some((key, member)) => dims.len() == 1 && dims.get(key).and_then(Value::as_str) == Some(member),
            };
            figure["id"] == id && fits
        };
        let figure = self.figures().iter().find(wanted)?;
        let value = figure["value"].as_i64();
        Some(value.unwrap_or_else(|| panic!("a count is a JSON integer in `value`, not {figure}")))
    }

    /// The members of a dimension for which a count is printed.
    pub fn members(&self, id: &str, key: &str) -> Vec<String> {
        let of = self.figures().iter().filter(|figure| figure["id"] == id);
        of.filter_map(|figure| figure["dims"][key].as_str()).map(str::to_owned).collect()
    }

    /// All figures.
    pub fn figures(&self) -> &[Value] {
        self.0["indicators"].as_array().map_or_else(|| panic!("a report without indicators: {}", self.0), Vec::as_slice)
    }
}
