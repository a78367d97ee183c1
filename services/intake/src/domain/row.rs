//! One row of a petition ledger, cell by cell: read from text, brought to one canonical form, refused with line and column.

use fengqiao_model::{Day, DivisionCode, Text, Token};
use fengqiao_statute::{Channel, Conclusion, MatterClass, Rating, parse_yes_no};

/// The columns of a petition ledger, in the order of design §8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    ExternalRef,
    RegisteredAt,
    DivisionCode,
    Channel,
    MatterClass,
    Category,
    Title,
    Narrative,
    Petitioner,
    PersonCount,
    ResponsibleUnit,
    AcceptedAt,
    OpinionAt,
    Conclusion,
    FirstActionAt,
    RepeatOf,
    LitigationRelated,
    ExtendedTo,
    DeliveredAt,
    ReviewRequestedAt,
    ReviewAt,
    RereviewRequestedAt,
    RereviewAt,
    RatingOffice,
    RatingUnit,
}

impl Field {
    /// Every column with its English name.
    pub const ALL: [(Field, &'static str); 25] = [
        (Field::ExternalRef, "external_ref"),
        (Field::RegisteredAt, "registered_at"),
        (Field::DivisionCode, "division_code"),
        (Field::Channel, "channel"),
        (Field::MatterClass, "matter_class"),
        (Field::Category, "category"),
        (Field::Title, "title"),
        (Field::Narrative, "narrative"),
        (Field::Petitioner, "petitioner"),
        (Field::PersonCount, "person_count"),
        (Field::ResponsibleUnit, "responsible_unit"),
        (Field::AcceptedAt, "accepted_at"),
        (Field::OpinionAt, "opinion_at"),
        (Field::Conclusion, "conclusion"),
        (Field::FirstActionAt, "first_action_at"),
        (Field::RepeatOf, "repeat_of"),
        (Field::LitigationRelated, "litigation_related"),
        (Field::ExtendedTo, "extended_to"),
        (Field::DeliveredAt, "delivered_at"),
        (Field::ReviewRequestedAt, "review_requested_at"),
        (Field::ReviewAt, "review_at"),
        (Field::RereviewRequestedAt, "rereview_requested_at"),
        (Field::RereviewAt, "rereview_at"),
        (Field::RatingOffice, "rating_office"),
        (Field::RatingUnit, "rating_unit"),
    ];

    /// The English name.
    pub fn name(self) -> &'static str {
        Field::ALL[self as usize].1
    }

    /// The column with this English name.
    pub fn named(name: &str) -> Option<Field> {
        Field::ALL.iter().find(|(_, known)| *known == name).map(|(field, _)| *field)
    }

    /// Without these four there is no row.
    pub fn is_mandatory(self) -> bool {
        matches!(self, Field::ExternalRef | Field::RegisteredAt | Field::DivisionCode | Field::MatterClass)
    }

    /// Title, narrative and petitioner are personal.
    pub fn is_sealed(self) -> bool {
        matches!(self, Field::Title | Field::Narrative | Field::Petitioner)
    }
}

/// Canonical cell texts by column: days as YYYY-MM-DD, codes in English, counts in digits; an empty cell is empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Cells([String; 25]);

impl Cells {
    /// The cell of a column.
    pub fn get(&self, field: Field) -> &str {
        &self.0[field as usize]
    }

    /// Puts a canonical text into a cell.
    pub fn set(&mut self, field: Field, text: String) {
        self.0[field as usize] = text;
    }

    /// The day in a cell that holds days; `None` for an empty one.
    pub fn day(&self, field: Field) -> Option<Day> {
        self.get(field).parse().ok()
    }
}

/// One row, its cells canonical.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, header being 1.
    pub line: i64,
    /// The reference in the ledger: with the ledger's name the key of the row.
    pub external_ref: Token,
    /// The cells.
    pub cells: Cells,
}

/// Why a row was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRefusal {
    /// Line of the file.
    pub line: i64,
    /// Column at fault; empty for the whole row.
    pub column: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl Row {
    /// Reads the cells of a row, given in the order of `columns`.
    pub fn parse(line: i64, columns: &[Field], texts: &[String], today: Day) -> Result<Row, RowRefusal> {
        let refuse = |field: Field, reason: String| RowRefusal { line, column: field.name(), reason };
        if texts.len() != columns.len() {
            let reason = format!("the row has {} cells, the header has {}", texts.len(), columns.len());
            let column = columns.get(texts.len()).map_or("", |field| field.name());
            return Err(RowRefusal { line, column, reason });
        }
        let mut cells = Cells::default();
        for (field, raw) in columns.iter().zip(texts) {
            let text = raw.trim();
            if text.is_empty() {
                if field.is_mandatory() {
                    return Err(refuse(*field, "must not be empty".to_owned()));
                }
                continue;
            }
            let canonical = canonical(*field, raw, text, today).map_err(|reason| refuse(*field, reason))?;
            cells.set(*field, canonical);
        }
        if let Some((field, _)) = Field::ALL.iter().find(|(field, _)| field.is_mandatory() && cells.get(*field).is_empty()) {
            return Err(refuse(*field, "must not be empty".to_owned()));
        }
        let external_ref =
            cells.get(Field::ExternalRef).parse().map_err(|_| refuse(Field::ExternalRef, "is unusable".to_owned()))?;
        Ok(Row { line, external_ref, cells })
    }
}

const EARLIEST_YEAR: i16 = 1900;

fn canonical(field: Field, raw: &str, text: &str, today: Day) -> Result<String, String> {
    match field {
        Field::ExternalRef => text.parse::<Token>().map(String::from).map_err(|e| e.to_string()),
        Field::DivisionCode => text.parse::<DivisionCode>().map(String::from).map_err(|e| format!("{e}, is {}", shown(text))),
        Field::Channel => Channel::from_code_or_zh(text)
            .map(|c| c.code().to_owned())
            .map_err(|_| one_of(text, &Channel::ALL.map(Channel::code))),
        Field::MatterClass => MatterClass::from_code_or_zh(text)
            .map(|c| c.code().to_owned())
            .map_err(|_| one_of(text, &MatterClass::ALL.map(MatterClass::code))),
        Field::Conclusion => Conclusion::from_code_or_zh(text)
            .map(|c| c.code().to_owned())
            .map_err(|_| one_of(text, &Conclusion::ALL.map(Conclusion::code))),
        Field::RatingOffice | Field::RatingUnit => {
            Rating::from_code_or_zh(text).map(|c| c.code().to_owned()).map_err(|_| one_of(text, &Rating::ALL.map(Rating::code)))
        }
        Field::LitigationRelated => parse_yes_no(text)
            .map(|yes| yes.to_string())
            .ok_or_else(|| format!("must be 是, 否, true or false, is {}", shown(text))),
        Field::PersonCount => match text.parse::<u32>() {
            Ok(count @ 1..=999_999) => Ok(count.to_string()),
            _ => Err(format!("must be a whole number from 1 to 999999, is {}", shown(text))),
        },
        Field::Title => limited(raw, 500),
        Field::Narrative => limited(raw, 50_000),
        Field::Petitioner => limited(text, 200),
        Field::Category | Field::ResponsibleUnit | Field::RepeatOf => limited(text, 100),
        Field::RegisteredAt
        | Field::AcceptedAt
        | Field::OpinionAt
        | Field::FirstActionAt
        | Field::ExtendedTo
        | Field::DeliveredAt
        | Field::ReviewRequestedAt
        | Field::ReviewAt
        | Field::RereviewRequestedAt
        | Field::RereviewAt => {
            let day = Day::parse_lenient(text).map_err(|e| format!("is {e}: {}", shown(text)))?;
            if day.year() < EARLIEST_YEAR {
                return Err(format!("must not be before {EARLIEST_YEAR}, is {day}"));
            }
            // Plans may lie ahead; facts may not.
            if field != Field::ExtendedTo && day > today {
                return Err(format!("must not be after today ({today}), is {day}"));
            }
            Ok(day.to_string())
        }
    }
}

fn limited(text: &str, limit: usize) -> Result<String, String> {
    Text::new(text, limit).map(Text::into_string).map_err(|e| e.to_string())
}

fn one_of(text: &str, codes: &[&str]) -> String {
    format!("must be one of {}, is {}", codes.join(", "), shown(text))
}

/// A cell in a message: quoted, and cut when long.
pub(super) fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("\"{cut}\"")
}
