//! An office's own file of divisions: villages above all, which do not ship, and whatever changed since.
//!
//! A CSV table. Columns by name, Chinese or English: 代码 code and 名称 name must be there; 启用 from, 停用 until (last day), 新代码
//! successor (several between semicolons) may be. The further columns of the statistics bureau's lists are passed over.

use super::{
    Divisions,
    table::{self, Table},
};
use fengqiao_model::{Day, DivisionCode};
use std::collections::{BTreeMap, BTreeSet};

/// One mistake in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {field}: {problem}")]
pub struct LineProblem {
    /// Line of the file; the header is 1.
    pub line: u64,
    /// The column, by its English name; `file` when none is meant.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub problem: String,
}

/// Columns and their names.
const COLUMNS: [(&str, &str); 5] =
    [("code", "代码"), ("name", "名称"), ("from", "启用"), ("until", "停用"), ("successor", "新代码")];
/// Columns of the statistics bureau's lists that say nothing new.
const PASSED_OVER: [&str; 4] = ["provinceCode", "cityCode", "areaCode", "streetCode"];
/// The most problems reported.
const PROBLEMS: usize = 100;

/// A row as read.
struct Read {
    line: u64,
    code: DivisionCode,
    from: Option<Day>,
    until: Option<Day>,
    text: String,
}

/// Reads the file; its counties must be in it or be known already.
pub fn read(text: &str, shipped: &Divisions) -> Result<Table, Vec<LineProblem>> {
    let mut problems = Vec::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let columns = match reader.headers() {
        Ok(header) => columns(header, &mut problems),
        Err(error) => return Err(vec![LineProblem { line: 1, field: "file", problem: error.to_string() }]),
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => rows.extend(row(&record, &columns, &mut problems)),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(LineProblem { line, field: "file", problem: error.to_string() });
            }
        }
        if problems.len() >= PROBLEMS {
            break;
        }
    }
    together(&rows, shipped, &mut problems);
    if problems.is_empty() {
        return Ok(Table::sorted(rows.into_iter().map(|row| row.text).collect()));
    }
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(PROBLEMS);
    Err(problems)
}

/// Where each column stands.
fn columns(header: &csv::StringRecord, problems: &mut Vec<LineProblem>) -> [Option<usize>; 5] {
    let mut found = [None; 5];
    for (at, cell) in header.iter().enumerate() {
        let name = cell.trim();
        match COLUMNS.iter().position(|(english, chinese)| name == *english || name == *chinese) {
            Some(column) if found[column].is_some() => {
                let problem = format!("{name} stands twice in the header");
                problems.push(LineProblem { line: 1, field: COLUMNS[column].0, problem });
            }
            Some(column) => found[column] = Some(at),
            None if PASSED_OVER.contains(&name) => {}
            None => {
                let known: Vec<String> = COLUMNS.iter().map(|(english, chinese)| format!("{english} ({chinese})")).collect();
                let problem = format!("there is no column {name}; there are {}", known.join(", "));
                problems.push(LineProblem { line: 1, field: "file", problem });
            }
        }
    }
    for column in [0, 1] {
        if found[column].is_none() {
            let problem = format!("the header has no column {} ({})", COLUMNS[column].0, COLUMNS[column].1);
            problems.push(LineProblem { line: 1, field: COLUMNS[column].0, problem });
        }
    }
    found
}

fn row(record: &csv::StringRecord, columns: &[Option<usize>; 5], problems: &mut Vec<LineProblem>) -> Option<Read> {
    let line = record.position().map_or(0, csv::Position::line);
    let before = problems.len();
    let mut wrong = |column: usize, problem: String| problems.push(LineProblem { line, field: COLUMNS[column].0, problem });
    let cell = |column: usize| columns[column].and_then(|at| record.get(at)).unwrap_or_default().trim();
    let (name, from, until) = (cell(1), table::begin(cell(2)), table::end(cell(3)));
    let code = cell(0).parse::<DivisionCode>().map_err(|error| wrong(0, format!("{:?} {error}", cell(0)))).ok();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(|c| c.is_control() || c == ',' || c == '"') {
        wrong(1, "must have 1 to 100 characters, no comma, quotation mark or control character among them".to_owned());
    }
    for (column, day) in [(2, from), (3, until)] {
        if day.is_none() && !cell(column).is_empty() {
            wrong(column, format!("{:?} must be a day such as 2024-12-31, or a year", cell(column)));
        }
    }
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        wrong(3, "must not be before the first day".to_owned());
    }
    for successor in cell(4).split([';', '；']).map(str::trim).filter(|successor| !successor.is_empty()) {
        if let Err(error) = successor.parse::<DivisionCode>() {
            wrong(4, format!("{successor:?} {error}"));
        }
    }
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let successors = cell(4).replace('；', ";").replace(char::is_whitespace, "");
    let text = format!("{},{name},{},{},{successors}\n", cell(0), day(from), day(until));
    code.filter(|_| problems.len() == before).map(|code| Read { line, code, from, until, text })
}

/// What can only be seen of all rows together: a code twice at the same time, a county that nobody knows.
fn together(rows: &[Read], shipped: &Divisions, problems: &mut Vec<LineProblem>) {
    let mut of: BTreeMap<&DivisionCode, Vec<&Read>> = BTreeMap::new();
    for row in rows {
        let earlier = of.entry(&row.code).or_default();
        let apart = |other: &&Read| {
            row.until.zip(other.from).is_some_and(|(until, from)| until < from)
                || other.until.zip(row.from).is_some_and(|(until, from)| until < from)
        };
        if let Some(other) = earlier.iter().find(|other| !apart(other)) {
            let problem = format!("{} stands on line {} already, for the same time", row.code, other.line);
            problems.push(LineProblem { line: row.line, field: "code", problem });
        }
        earlier.push(row);
    }
    let mut asked = BTreeSet::new();
    for row in rows.iter().filter(|row| row.code.as_str().len() > 6) {
        let county = row.code.county();
        if !of.contains_key(&county) && asked.insert(county.clone()) && shipped.rows(county.as_str()).next().is_none() {
            let problem = format!("{} lies in {county}, which is no county known, nor in this file", row.code);
            problems.push(LineProblem { line: row.line, field: "code", problem });
        }
    }
}
