//! One row of a ledger of units, cell by cell: read from text, brought to one canonical form, refused with line and column.

use super::{NewUnit, Standing, UNIT_CODE, Unit};
use crate::domain::{RowRefusal, row::shown};
use fengqiao_model::{Day, DivisionCode, Text, Token};
use fengqiao_statute::UnitLevel;

/// The columns of a ledger of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitField {
    Code,
    Name,
    Kind,
    Level,
    Parent,
    DivisionCode,
    Competence,
    FoundedOn,
    ClosedOn,
    Successor,
}

impl UnitField {
    /// Every column with its English name.
    pub const ALL: [(UnitField, &'static str); 10] = [
        (UnitField::Code, "code"),
        (UnitField::Name, "name"),
        (UnitField::Kind, "kind"),
        (UnitField::Level, "level"),
        (UnitField::Parent, "parent"),
        (UnitField::DivisionCode, "division_code"),
        (UnitField::Competence, "competence"),
        (UnitField::FoundedOn, "founded_on"),
        (UnitField::ClosedOn, "closed_on"),
        (UnitField::Successor, "successor"),
    ];

    /// The English name.
    pub fn name(self) -> &'static str {
        UnitField::ALL[self as usize].1
    }

    /// The column with this English name.
    pub fn named(name: &str) -> Option<UnitField> {
        UnitField::ALL.iter().find(|(_, known)| *known == name).map(|(field, _)| *field)
    }

    /// Without these four there is no row.
    pub fn is_mandatory(self) -> bool {
        matches!(self, UnitField::Code | UnitField::Name | UnitField::Level | UnitField::DivisionCode)
    }
}

/// Kinds that have a Chinese name in ledgers; any other kind is a free code.
const KINDS: [(&str, &str); 3] =
    [("petition_office", "信访部门"), ("responsible_unit", "责任单位"), ("joint_conference", "联席会议")];

/// What parts the items of one cell.
const PARTED: [char; 4] = ['、', ';', '；', '，'];

/// Canonical cell texts by column; an empty cell is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitRow {
    /// Line of the file, header being 1.
    pub line: i64,
    cells: [String; 10],
}

impl UnitRow {
    /// Reads the cells of a row, given in the order of `columns`.
    pub fn parse(line: i64, columns: &[UnitField], texts: &[String], today: Day) -> Result<UnitRow, RowRefusal> {
        let mut row = UnitRow { line, cells: Default::default() };
        if texts.len() != columns.len() {
            let column = columns.get(texts.len()).map_or("", |field| field.name());
            let reason = format!("the row has {} cells, the header has {}", texts.len(), columns.len());
            return Err(RowRefusal { line, column, reason });
        }
        for (field, text) in columns.iter().zip(texts) {
            let text = text.trim();
            if !text.is_empty() {
                row.cells[*field as usize] = canonical(*field, text, today).map_err(|reason| row.refusal(*field, reason))?;
            }
        }
        if let Some((field, _)) = UnitField::ALL.iter().find(|(field, _)| field.is_mandatory() && row.get(*field).is_empty()) {
            return Err(row.refusal(*field, "must not be empty"));
        }
        Ok(row)
    }

    /// The cell of a column.
    pub fn get(&self, field: UnitField) -> &str {
        &self.cells[field as usize]
    }

    /// Its code.
    pub fn code(&self) -> &str {
        self.get(UnitField::Code)
    }

    /// Why it is not taken.
    pub fn refusal(&self, field: UnitField, reason: impl Into<String>) -> RowRefusal {
        RowRefusal { line: self.line, column: field.name(), reason: reason.into() }
    }

    /// The day in a cell that holds days.
    pub fn day(&self, field: UnitField) -> Option<Day> {
        self.get(field).parse().ok()
    }

    /// The recorded row with what this one adds. Errors: both have something else in a column.
    pub(super) fn beside(&self, recorded: &UnitRow, columns: &[UnitField]) -> Result<UnitRow, RowRefusal> {
        let mut merged = UnitRow { line: self.line, ..recorded.clone() };
        for field in columns {
            let (was, is) = (recorded.get(*field), self.get(*field));
            if was != is && !was.is_empty() {
                return Err(self.refusal(*field, format!("recorded {}, the row says {}", shown(was), shown(is))));
            }
            is.clone_into(&mut merged.cells[*field as usize]);
        }
        Ok(merged)
    }

    /// Whether it says the same, wherever it stands.
    pub(super) fn same_cells(&self, other: &UnitRow) -> bool {
        self.cells == other.cells
    }

    /// The row that a recorded unit came from.
    pub(super) fn of(unit: &Unit) -> UnitRow {
        let standing = &unit.standing;
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let competence: Vec<String> =
            standing.categories.iter().cloned().chain(standing.divisions.iter().map(ToString::to_string)).collect();
        let cells = [
            unit.code.clone(),
            standing.name.clone(),
            standing.kind.clone(),
            standing.level.map_or("", UnitLevel::code).to_owned(),
            standing.parent.clone(),
            standing.division.as_ref().map(ToString::to_string).unwrap_or_default(),
            competence.join("、"),
            day(unit.founded_on),
            day(unit.closed_on),
            unit.successor.clone(),
        ];
        UnitRow { line: 0, cells }
    }

    /// The unit that the row describes, its end apart.
    pub(super) fn unit(&self) -> NewUnit {
        let competence = || self.get(UnitField::Competence).split('、').filter(|item| !item.is_empty());
        NewUnit {
            code: self.code().to_owned(),
            standing: Standing {
                name: self.get(UnitField::Name).to_owned(),
                kind: self.get(UnitField::Kind).to_owned(),
                level: UnitLevel::from_code_or_zh(self.get(UnitField::Level)).ok(),
                parent: self.get(UnitField::Parent).to_owned(),
                division: self.get(UnitField::DivisionCode).parse().ok(),
                categories: competence().filter(|item| item.parse::<DivisionCode>().is_err()).map(str::to_owned).collect(),
                divisions: competence().filter_map(|item| item.parse().ok()).collect(),
            },
            founded_on: self.day(UnitField::FoundedOn),
        }
    }
}

const EARLIEST_YEAR: i16 = 1900;

fn canonical(field: UnitField, text: &str, today: Day) -> Result<String, String> {
    match field {
        UnitField::Code | UnitField::Parent | UnitField::Successor => limited(text, UNIT_CODE),
        UnitField::Name => limited(text, 100),
        UnitField::Kind => match KINDS.iter().find(|(_, zh)| *zh == text) {
            Some((code, _)) => Ok((*code).to_owned()),
            None => text.parse::<Token>().map(String::from).map_err(|error| error.to_string()),
        },
        UnitField::Level => UnitLevel::from_code_or_zh(text)
            .map(|level| level.code().to_owned())
            .map_err(|_| format!("must be one of {}, is {}", UnitLevel::ALL.map(UnitLevel::code).join(", "), shown(text))),
        UnitField::DivisionCode => {
            text.parse::<DivisionCode>().map(String::from).map_err(|error| format!("{error}, is {}", shown(text)))
        }
        UnitField::Competence => competence(text),
        UnitField::FoundedOn | UnitField::ClosedOn => {
            let day = Day::parse_lenient(text).map_err(|error| format!("is {error}: {}", shown(text)))?;
            if day.year() < EARLIEST_YEAR {
                return Err(format!("must not be before {EARLIEST_YEAR}, is {day}"));
            }
            if day > today {
                return Err(format!("must not be after today ({today}), is {day}"));
            }
            Ok(day.to_string())
        }
    }
}

/// Content categories and divisions of one cell: categories first, each in the order of the cell.
fn competence(text: &str) -> Result<String, String> {
    let items: Vec<&str> = text.split(PARTED).map(str::trim).filter(|item| !item.is_empty()).collect();
    if items.len() > 100 {
        return Err("must be at most 100".to_owned());
    }
    let (mut categories, mut divisions) = (Vec::new(), Vec::new());
    for item in items {
        let item = limited(item, 100)?;
        let list = if item.bytes().all(|b| b.is_ascii_digit()) {
            item.parse::<DivisionCode>().map_err(|error| format!("{error}, is {}", shown(&item)))?;
            &mut divisions
        } else {
            &mut categories
        };
        if !list.contains(&item) {
            list.push(item);
        }
    }
    Ok(categories.into_iter().chain(divisions).collect::<Vec<_>>().join("、"))
}

fn limited(text: &str, limit: usize) -> Result<String, String> {
    Text::new(text, limit).map(Text::into_string).map_err(|error| error.to_string())
}
