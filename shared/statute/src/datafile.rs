//! Reads a data file of law so that every mistake in it is reported with its line, all of them at once. Open to the services whose
//! own rules are data as well.

use std::{cell::RefCell, fmt, str::FromStr};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// One mistake in a data file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {field}: {problem}")]
pub struct DataProblem {
    /// Line of the file; the first is 1.
    pub line: usize,
    /// The field that is wrong, such as `length`; a table's name when the whole entry is meant.
    pub field: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// What is found while a file is read.
struct Findings<'t> {
    text: &'t str,
    problems: RefCell<Vec<DataProblem>>,
}

impl Findings<'_> {
    fn line(&self, offset: usize) -> usize {
        self.text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
    }

    fn add(&self, line: usize, field: &str, problem: impl Into<String>) {
        self.problems.borrow_mut().push(DataProblem { line, field: field.to_owned(), problem: problem.into() });
    }
}

/// One table of the file: the file itself, an entry of an array of tables, or an inline table.
pub struct Entry<'a> {
    name: String,
    line: usize,
    table: &'a DeTable<'a>,
    findings: &'a Findings<'a>,
    used: RefCell<Vec<&'static str>>,
}

/// Reads the file with `build`, which notes problems as it goes; the value comes only when there are none.
pub fn read<T>(text: &str, build: impl FnOnce(&Entry<'_>) -> Option<T>) -> Result<T, Vec<DataProblem>> {
    let findings = Findings { text, problems: RefCell::default() };
    let value = match DeTable::parse(text) {
        Ok(root) => {
            let entry =
                Entry { name: "file".to_owned(), line: 1, table: root.get_ref(), findings: &findings, used: RefCell::default() };
            let value = build(&entry);
            entry.finish();
            value
        }
        Err(error) => {
            let line = findings.line(error.span().map_or(0, |span| span.start));
            findings.add(line, "file", format!("not TOML: {}", error.message()));
            None
        }
    };
    let mut problems = findings.problems.into_inner();
    problems.sort_by_key(|problem| problem.line);
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => Err(problems),
    }
}

/// Reads a file that ships inside the program; a test reads each of them.
pub fn shipped<T>(file: &str, value: Result<T, Vec<DataProblem>>) -> T {
    match value {
        Ok(value) => value,
        Err(problems) => {
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            panic!("{file} as shipped is not valid: {}", problems.join("; "))
        }
    }
}

impl<'a> Entry<'a> {
    /// Line where the entry begins.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Line of a field, or of the entry when it has no such field.
    pub fn line_of(&self, field: &str) -> usize {
        self.table.get(field).map_or(self.line, |value| self.findings.line(value.span().start))
    }

    /// Notes a problem at a field.
    pub fn problem(&self, field: &str, problem: impl Into<String>) {
        self.findings.add(self.line_of(field), field, problem);
    }

    /// Notes a problem at a line found before.
    pub fn problem_at(&self, line: usize, field: &str, problem: impl Into<String>) {
        self.findings.add(line, field, problem);
    }

    fn value(&self, field: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.used.borrow_mut().push(field);
        self.table.get(field)
    }

    /// Whether the field is there.
    pub fn has(&self, field: &str) -> bool {
        self.table.contains_key(field)
    }

    fn missing<T>(&self, field: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.has(field) {
            self.findings.add(self.line, field, format!("{} has no {field}", self.name));
        }
        value
    }

    /// A text; must be there.
    pub fn text(&self, field: &'static str) -> Option<String> {
        self.missing(field, self.maybe_text(field))
    }

    /// A text, when it is there.
    pub fn maybe_text(&self, field: &'static str) -> Option<String> {
        let value = self.value(field)?;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(text.to_owned()),
            _ => {
                self.problem(field, "must be a text that is not empty");
                None
            }
        }
    }

    /// A text of a certain shape; must be there.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&self, field: &'static str) -> Option<T> {
        self.missing(field, self.maybe_parsed(field))
    }

    /// A text of a certain shape, when it is there.
    pub fn maybe_parsed<T: FromStr<Err: fmt::Display>>(&self, field: &'static str) -> Option<T> {
        let text = self.maybe_text(field)?;
        text.parse().map_err(|error: T::Err| self.problem(field, format!("{text}: {error}"))).ok()
    }

    /// A whole number; must be there.
    pub fn number<N: FromStr>(&self, field: &'static str) -> Option<N> {
        let value = self.value(field);
        let number = value.and_then(|value| value.get_ref().as_integer()).and_then(|number| number.as_str().parse().ok());
        if value.is_some() && number.is_none() {
            self.problem(field, "must be a whole number");
        }
        self.missing(field, number)
    }

    /// Yes or no; an absent one is no.
    pub fn yes(&self, field: &'static str) -> bool {
        let Some(value) = self.value(field) else { return false };
        let yes = value.get_ref().as_bool();
        if yes.is_none() {
            self.problem(field, "must be true or false");
        }
        yes.unwrap_or(false)
    }

    /// The texts of a list, each with its line; an absent list is empty.
    pub fn texts(&self, field: &'static str) -> Vec<(String, usize)> {
        let Some(value) = self.value(field) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.problem(field, "must be a list of texts");
            return Vec::new();
        };
        let item = |item: &Spanned<DeValue<'_>>| {
            let line = self.findings.line(item.span().start);
            let text = item.get_ref().as_str().map(|text| (text.to_owned(), line));
            if text.is_none() {
                self.problem_at(line, field, "must be a list of texts");
            }
            text
        };
        list.iter().filter_map(item).collect()
    }

    /// The entries of an array of tables; an absent one is empty.
    pub fn entries(&self, field: &'static str) -> Vec<Entry<'a>> {
        let Some(value) = self.value(field) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.problem(field, format!("must be written as [[{field}]]"));
            return Vec::new();
        };
        list.iter().filter_map(|item| self.entry_at(field, item)).collect()
    }

    /// An inline table, when it is there.
    pub fn maybe_entry(&self, field: &'static str) -> Option<Entry<'a>> {
        self.entry_at(field, self.value(field)?)
    }

    fn entry_at(&self, field: &'static str, value: &'a Spanned<DeValue<'a>>) -> Option<Entry<'a>> {
        let line = self.findings.line(value.span().start);
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.problem_at(line, field, "must be a table");
        }
        table.map(|table| Entry { name: field.to_owned(), line, table, findings: self.findings, used: RefCell::default() })
    }

    /// Reports the fields that nobody asked for: a misspelt name is a mistake, not a comment.
    pub fn finish(&self) {
        let used = self.used.borrow();
        for key in self.table.keys().filter(|key| !used.iter().any(|used| *used == key.get_ref().as_ref())) {
            let line = self.findings.line(key.span().start);
            self.findings.add(line, key.get_ref(), format!("{} has no field of this name", self.name));
        }
    }
}
