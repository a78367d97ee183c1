//! The register of divisions: which place a code means on a day, what it lies in, what replaced it.
//!
//! Three layers, each asked before the next: an office's own file, which is the truth for each code it holds; counties and above
//! since 1981, with the years in which each code and name was in use (`data/counties.csv`); townships as of one statistical year
//! (`data/townships.csv.gz`). Only years are known of shipped codes, so in the year of a change the old and the new one are both
//! valid. Townships are unpacked when the first one is asked for.

mod office;
mod table;

pub use office::LineProblem;

use fengqiao_model::{Day, DivisionCode};
use flate2::read::GzDecoder;
use std::{
    fmt,
    io::Read,
    sync::{Arc, LazyLock},
};
use table::{Row, Table};

static COUNTIES: LazyLock<Table> = LazyLock::new(|| Table::shipped(include_str!("../data/counties.csv").into()));
static TOWNSHIPS: LazyLock<Table> = LazyLock::new(|| {
    let mut text = String::new();
    let unpacked = GzDecoder::new(include_bytes!("../data/townships.csv.gz").as_slice()).read_to_string(&mut text);
    unpacked.expect("data/townships.csv.gz as shipped can be unpacked; a test does it");
    Table::shipped(text.into())
});

/// One division under the code and name it had at some time.
#[derive(Clone, PartialEq, Eq)]
pub struct Division<'a> {
    /// Its code.
    pub code: DivisionCode,
    /// Its name, without what it lies in.
    pub name: &'a str,
    /// First day, when known.
    pub from: Option<Day>,
    /// Last day, when it is over or its end is known.
    pub until: Option<Day>,
    /// The codes that its area has since.
    pub successors: Vec<DivisionCode>,
    /// Not a division of GB/T 2260 nor a street, town or township, but an area that statistics set apart: a development zone, a farm.
    pub statistical: bool,
}

/// What a code means on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// A division of that day.
    Valid(Division<'a>),
    /// It was one before.
    Withdrawn(Division<'a>),
    /// It becomes one later.
    NotYet(Division<'a>),
    /// A code with zeros behind: the division is written shorter here.
    Padded(Division<'a>),
    /// Not known; the smallest known division around it.
    Unknown(Option<Division<'a>>),
}

/// The register. Copies are cheap.
#[derive(Clone, Default)]
pub struct Divisions {
    office: Option<Arc<Table>>,
}

impl Divisions {
    /// What ships with the product: provinces to townships.
    pub fn shipped() -> Self {
        Self::default()
    }

    /// The same with an office's own file over it: a table with a header, of codes and names, the days from and until which each is
    /// valid, and what replaced it. Every mistake is reported with its line.
    pub fn with_file(text: &str) -> Result<Self, Vec<LineProblem>> {
        office::read(text, &Self::shipped()).map(|table| Self { office: Some(Arc::new(table)) })
    }

    /// What the code means on the day.
    pub fn find(&self, code: &DivisionCode, day: Day) -> Found<'_> {
        let rows: Vec<Row<'_>> = self.rows(code.as_str()).collect();
        if let Some(row) = rows.iter().rfind(|row| row.holds_on(day)) {
            return Found::Valid(self.division(row));
        }
        let (past, future): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.until.is_some_and(|until| until < day));
        match (past.last(), future.first()) {
            (Some(row), _) => Found::Withdrawn(self.division(row)),
            (None, Some(row)) => Found::NotYet(self.division(row)),
            (None, None) => match unpadded(code).and_then(|short| self.valid(&short, day)) {
                Some(division) => Found::Padded(division),
                None => Found::Unknown(parents(code).find_map(|parent| self.valid(&parent, day))),
            },
        }
    }

    /// The division of the code, when it is one on the day.
    pub fn valid(&self, code: &DivisionCode, day: Day) -> Option<Division<'_>> {
        self.rows(code.as_str()).filter(|row| row.holds_on(day)).last().map(|row| self.division(&row))
    }

    /// The name of the code on the day, with what it lies in: 江苏省淮安市金湖县. Names that only group counties are left out.
    pub fn full_name(&self, code: &DivisionCode, day: Day) -> Option<String> {
        let own = self.valid(code, day)?;
        let mut names: Vec<&str> =
            parents(code).filter_map(|parent| self.valid(&parent, day)).filter(is_place).map(|d| d.name).collect();
        names.reverse();
        names.push(own.name);
        names.dedup();
        Some(names.concat())
    }

    /// The divisions of the day directly below the code, in the order of their codes.
    pub fn within(&self, code: &DivisionCode, day: Day) -> Vec<Division<'_>> {
        let digits = match code.as_str().len() {
            2 => 4,
            4 => 6,
            6 => 9,
            9 => 12,
            _ => return Vec::new(),
        };
        let mut below: Vec<Division<'_>> = Vec::new();
        for table in self.tables(digits) {
            let rows = table.under(code.as_str()).filter(|row| row.code.len() == digits && row.holds_on(day));
            let rows = rows.filter(|row| self.rows(row.code).any(|own| own == *row));
            below.extend(rows.map(|row| self.division(&row)));
        }
        below.sort_by(|a, b| a.code.cmp(&b.code));
        below.dedup_by(|later, earlier| later.code == earlier.code);
        below
    }

    /// Whether anything of the level below is known in this division: townships of a county, villages of a township.
    pub fn knows_below(&self, code: &DivisionCode) -> bool {
        let length = code.as_str().len();
        let tables = if length >= 6 { self.tables(9) } else { self.tables(length) };
        tables.iter().any(|table| table.under(code.as_str()).any(|row| row.code.len() > length))
    }

    /// The tables that may hold codes of so many digits.
    fn tables(&self, digits: usize) -> Vec<&Table> {
        let shipped: &Table = if digits >= 9 { &TOWNSHIPS } else { &COUNTIES };
        self.office.iter().map(Arc::as_ref).chain([shipped]).collect()
    }

    /// Everything known of one code, oldest first: an office's file is the truth for what it holds.
    fn rows<'a>(&'a self, code: &str) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let own = self.office.as_deref().filter(|table| table.of(code).next().is_some());
        let shipped: &Table = if code.len() >= 9 { &TOWNSHIPS } else { &COUNTIES };
        own.unwrap_or(shipped).of(code)
    }

    fn division<'a>(&self, row: &Row<'a>) -> Division<'a> {
        let code: DivisionCode = row.code.parse().expect("checked when the table was read");
        let in_statistical = row.code.len() > 6 && self.rows(&row.code[..6]).last().is_some_and(|county| county.statistical);
        Division {
            name: row.name,
            from: row.from,
            until: row.until,
            successors: row.successors(),
            statistical: row.statistical || in_statistical || is_statistical(row.code),
            code,
        }
    }
}

/// By the third block of a township's code, 400 and above are enterprise-run or other areas, and so is the last block of a village's
/// (D§7.1).
fn is_statistical(code: &str) -> bool {
    matches!(code.len(), 9 | 12) && code[code.len() - 3..].parse::<u16>().is_ok_and(|block| block >= 400)
}

/// Not one of the names that only group counties: 市辖区, 县, 省直辖县级行政区划.
fn is_place(division: &Division<'_>) -> bool {
    !(division.code.as_str().len() == 4 && division.statistical)
}

/// A code without the zeros that fill it up to 6, 9 or 12 digits elsewhere.
fn unpadded(code: &DivisionCode) -> Option<DivisionCode> {
    let mut short = code.as_str();
    loop {
        let zeros = if short.len() > 6 { "000" } else { "00" };
        match short.strip_suffix(zeros).filter(|rest| !rest.is_empty()) {
            Some(rest) => short = rest,
            None => break,
        }
    }
    (short.len() < code.as_str().len()).then(|| short.parse().ok()).flatten()
}

/// What a code lies in, the nearest first.
fn parents(code: &DivisionCode) -> impl Iterator<Item = DivisionCode> {
    let code = code.as_str().to_owned();
    [9, 6, 4, 2].into_iter().filter_map(move |digits| code.get(..digits).filter(|part| *part != code)?.parse().ok())
}

impl fmt::Debug for Divisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let office = self.office.as_ref().map_or(0, |table| table.len());
        write!(f, "Divisions(shipped, {office} of the office)")
    }
}

impl fmt::Debug for Division<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.name)
    }
}

impl fmt::Display for Division<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.name)
    }
}
