//! Divisions as sorted lines of text: `code,name,from,until,successors,s`, what is empty at the end left off. A line costs its bytes
//! and four more; nothing is parsed before it is asked for.

use fengqiao_model::{Day, DivisionCode};
use std::borrow::Cow;

/// Sorted lines.
pub struct Table {
    text: Cow<'static, str>,
    /// Where each line begins.
    starts: Vec<u32>,
}

/// One line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    pub code: &'a str,
    pub name: &'a str,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub until: Option<Day>,
    pub statistical: bool,
    successors: &'a str,
}

impl Row<'_> {
    /// Whether it was or will be in force on the day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// What replaced it.
    pub fn successors(&self) -> Vec<DivisionCode> {
        self.successors.split(';').filter_map(|code| code.parse().ok()).collect()
    }
}

impl Table {
    /// Lines that ship, sorted when they were made; those that begin with # say where they are from.
    pub fn shipped(text: Cow<'static, str>) -> Self {
        let mut starts = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if !line.starts_with('#') {
                starts.push(u32::try_from(at).expect("a table of less than 4 GiB"));
            }
            at += line.len();
        }
        Self { text, starts }
    }

    /// Lines in any order.
    pub fn sorted(mut lines: Vec<String>) -> Self {
        lines.sort();
        Self::shipped(lines.concat().into())
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    fn line(&self, start: u32) -> &str {
        let rest = &self.text[usize::try_from(start).unwrap_or(usize::MAX)..];
        rest.lines().next().unwrap_or_default()
    }

    fn code(&self, start: u32) -> &str {
        let line = self.line(start);
        line.split_once(',').map_or(line, |(code, _)| code)
    }

    /// The lines of one code, oldest first.
    pub fn of<'a>(&'a self, code: &str) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let first = self.starts.partition_point(|start| self.code(*start) < code);
        let last = first + self.starts[first..].partition_point(|start| self.code(*start) == code);
        self.starts[first..last].iter().map(|start| row(self.line(*start)))
    }

    /// The lines of the code and of everything in it.
    pub fn under<'a>(&'a self, code: &str) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let first = self.starts.partition_point(|start| self.code(*start) < code);
        let last = first + self.starts[first..].partition_point(|start| self.code(*start).starts_with(code));
        self.starts[first..last].iter().map(|start| row(self.line(*start)))
    }
}

fn row(line: &str) -> Row<'_> {
    let mut cells = line.split(',');
    let mut next = || cells.next().unwrap_or_default();
    let (code, name) = (next(), next());
    let from = begin(next());
    let until = end(next());
    let successors = next();
    Row { code, name, from, until, successors, statistical: next() == "s" }
}

/// A day, or the first of a year.
pub fn begin(cell: &str) -> Option<Day> {
    cell.parse().ok().or_else(|| Day::first_of_year(year(cell)?))
}

/// A day, or the last of a year.
pub fn end(cell: &str) -> Option<Day> {
    cell.parse().ok().or_else(|| Day::last_of_year(year(cell)?))
}

fn year(cell: &str) -> Option<i16> {
    (cell.len() == 4).then(|| cell.parse().ok()).flatten()
}
