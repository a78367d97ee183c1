//! From messages to the domain: every field is read once, and all problems of a message are reported together.

mod change;
mod change_stages;
mod clocks;
mod conduct;
mod list;
mod party;
mod read;
mod unit;

pub use clocks::{adopt, due, explain_supervision, restatements, supervise};
pub use conduct::{check_conduct, conduct_breaches, conduct_rules};
pub use list::{Listing, PETITION, Watched, list, mask, watch};
use party::parties;
pub use read::{Which, look_up, look_up_days, rules_day, which};
pub use unit::{
    AskedUnit, AskedUnits, close_unit, higher, import_units, register_unit, silent, succeed_unit, units, update_unit, which_unit,
};

use super::status::Invalid;
use crate::domain::{Command, Expected, Field, NewPetition, Route, Row, RowRefusal, SealedContent};
pub use change::*;
pub use change_stages::*;
use fengqiao_identifiers::DocumentNumber;
use fengqiao_model::{Day, DivisionCode, PetitionId, RequestId, Text, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Channel, MatterClass};
use std::str::FromStr;

/// The most items in one batch call.
pub const BATCH: usize = 500;
/// The longest number of a paper.
const PAPER_NUMBER: usize = 100;
/// The longest number: a unit's code of 64 characters, a year, and room for the count.
const NUMBER: usize = 96;
/// The most rows in one import message.
pub const ROWS: usize = 2_000;

/// The most codes in one list.
const CODES: usize = 20;
/// The most people on the other side of a dispute.
const RESPONDENTS: usize = 50;

/// Collects the problems of one message.
#[derive(Default)]
struct Reader {
    prefix: &'static str,
    problems: Vec<(String, String)>,
}

impl Reader {
    fn under(prefix: &'static str) -> Self {
        Self { prefix, problems: Vec::new() }
    }

    fn wrong(&mut self, field: &str, problem: impl ToString) {
        self.problems.push((format!("{}{field}", self.prefix), problem.to_string()));
    }

    fn finish<T>(self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Invalid(self.problems)),
        }
    }

    fn required<T: FromStr<Err: ToString>>(&mut self, field: &str, text: &str) -> Option<T> {
        if text.is_empty() {
            self.wrong(field, "must not be empty");
            return None;
        }
        text.parse().map_err(|e: T::Err| self.wrong(field, e.to_string())).ok()
    }

    fn optional<T: FromStr<Err: ToString>>(&mut self, field: &str, text: &str) -> Option<T> {
        if text.is_empty() { None } else { self.required(field, text) }
    }

    fn day(&mut self, field: &str, text: &str) -> Option<Day> {
        if text.is_empty() {
            return None;
        }
        match text.parse::<Day>() {
            Ok(day) if day.year() >= 1900 => return Some(day),
            Ok(_) => self.wrong(field, "must not be before 1900"),
            Err(_) => self.wrong(field, "must be a day of the form 2024-12-31"),
        }
        None
    }

    fn text(&mut self, field: &str, text: &str, limit: usize) -> Text {
        Text::new(text, limit).map_err(|e| self.wrong(field, e)).unwrap_or_default()
    }

    fn required_text(&mut self, field: &str, text: &str, limit: usize) -> Text {
        Text::required(text, limit).map_err(|e| self.wrong(field, e)).unwrap_or_default()
    }

    /// The number of a paper, when it has one: in any brackets, kept as given.
    fn paper_number(&mut self, field: &str, text: &str) -> Text {
        if text.trim().is_empty() { self.text(field, text, PAPER_NUMBER) } else { self.required_paper_number(field, text) }
    }

    /// The number of a paper that must have one.
    fn required_paper_number(&mut self, field: &str, text: &str) -> Text {
        let text = self.required_text(field, text, PAPER_NUMBER);
        if !text.is_empty()
            && let Err(error) = DocumentNumber::parse(text.as_str())
        {
            self.wrong(field, error);
        }
        text
    }

    fn code<C: Copy, const N: usize>(&mut self, field: &str, text: &str, all: [C; N], code: fn(C) -> &'static str) -> Option<C> {
        let found = all.into_iter().find(|value| code(*value) == text);
        if found.is_none() {
            self.wrong(field, format!("must be one of {}", all.map(code).join(", ")));
        }
        found
    }

    /// Codes of a list that another service keeps: their shape is all that can be checked here.
    fn codes(&mut self, field: &str, codes: &[String]) -> Vec<String> {
        if codes.len() > CODES {
            self.wrong(field, format!("must be at most {CODES}"));
        }
        for (index, code) in codes.iter().take(CODES).enumerate() {
            let is_word = code.starts_with(|c: char| c.is_ascii_lowercase())
                && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                && code.len() <= 64;
            if !is_word {
                self.wrong(&format!("{field}[{index}]"), "must be a lower-case word of at most 64 letters, digits and _");
            } else if codes[..index].contains(code) {
                self.wrong(&format!("{field}[{index}]"), "stands twice");
            }
        }
        codes.to_vec()
    }

    /// Something without which a call makes no sense.
    fn agreed(&mut self, field: &str, yes: bool) {
        if !yes {
            self.wrong(field, "must be true: without the consent of both sides nothing goes to mediation (OP25)");
        }
    }

    /// A number or a slip: what cannot be one is not looked for (a null character would end in an error of the database).
    fn number(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.wrong(field, "must not be empty");
        } else if text.chars().count() > NUMBER {
            self.wrong(field, format!("must have at most {NUMBER} characters"));
        } else if text.trim().chars().any(char::is_control) {
            self.wrong(field, "must not contain control characters");
        }
    }

    fn expected(&mut self, etag: &str, after: &str) -> Option<Expected> {
        match (etag.is_empty(), after.is_empty()) {
            (false, true) => match etag.parse::<i64>() {
                Ok(version) if version > 0 => Some(Expected::Version(version)),
                _ => {
                    self.wrong("etag", "must be an etag given by an earlier answer");
                    None
                }
            },
            (true, false) => self.required("after_request_id", after).map(Expected::After),
            _ => {
                self.wrong("etag", "exactly one of etag and after_request_id must be given");
                None
            }
        }
    }
}

/// A parsed change: request id, petition, expectation, command.
pub struct Asked {
    pub request_id: RequestId,
    pub id: Option<PetitionId>,
    pub expected: Option<Expected>,
    pub command: Command,
}

/// LogPetition.
pub fn log(request: &pb::LogPetitionRequest, today: Day) -> Result<Asked, Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let Some(petition) = &request.petition else {
        reader.wrong("petition", "must not be empty");
        return reader.finish(None);
    };
    let mut fields = Reader::under("petition.");
    let id: Option<PetitionId> = fields.optional("id", &petition.id);
    let new = new_petition(&mut fields, petition, today);
    reader.problems.append(&mut fields.problems);
    let mut fields = Reader::under("mediate_here.");
    let mediate_here = request.mediate_here.as_ref().map(|here| Box::new(mediate_here(&mut fields, here, today)));
    reader.problems.append(&mut fields.problems);
    let new = new.map(|new| NewPetition { mediate_here, ..new });
    let asked = request_id.zip(new).map(|(request_id, new)| Asked {
        request_id,
        id,
        expected: None,
        command: Command::Log(Box::new(new)),
    });
    reader.finish(asked)
}

fn new_petition(reader: &mut Reader, petition: &pb::NewPetition, today: Day) -> Option<NewPetition> {
    let slip: Option<Token> = reader.optional("slip", &petition.slip);
    let occurred_on = reader.day("occurred_on", &petition.occurred_on);
    let channel = reader.code("channel", &petition.channel, Channel::ALL, Channel::code);
    let matter_class = reader.code("matter_class", &petition.matter_class, MatterClass::ALL, MatterClass::code);
    let category = reader.text("category", &petition.category, 100);
    let division: Option<DivisionCode> = reader.required("division_code", &petition.division_code);
    let responsible_unit = reader.optional("responsible_unit", &petition.responsible_unit);
    let title = reader.required_text("title", &petition.title, 200);
    let narrative = reader.text("narrative", &petition.narrative, 50_000);
    let parties = parties(reader, "parties", &petition.parties, 200, today);
    let person_count = match petition.person_count {
        0 => u32::try_from(parties.len().max(1)).unwrap_or(1),
        count @ 1..=9_999 => {
            let count = u32::try_from(count).unwrap_or(1);
            if (count as usize) < parties.len() {
                reader.wrong("person_count", "must not be smaller than the number of parties");
            }
            count
        }
        _ => {
            reader.wrong("person_count", "must be from 1 to 9999, or 0 to count the parties");
            1
        }
    };
    let ledger: Option<Token> = reader.optional("ledger", &petition.ledger);
    let external_ref: Option<Token> = reader.optional("external_ref", &petition.external_ref);
    if ledger.is_some() && external_ref.is_none() {
        reader.wrong("external_ref", "must not be empty when a ledger is given");
    }
    Some(NewPetition {
        slip: slip.map(String::from).unwrap_or_default(),
        occurred_on,
        channel: channel?,
        matter_class: matter_class?,
        category,
        division: division?,
        responsible_unit,
        person_count,
        ledger,
        external_ref,
        offline: petition.offline,
        mediate_here: None,
        urgent: petition.urgent,
        sealed: SealedContent { title, narrative, parties, ..SealedContent::default() },
    })
}

fn mediate_here(reader: &mut Reader, here: &pb::MediateHere, today: Day) -> Route {
    reader.agreed("applicant_consents", here.applicant_consents);
    reader.agreed("respondent_consents", here.respondent_consents);
    Route {
        on: None,
        dispute_type: reader.required_text("dispute_type", &here.dispute_type, 64),
        flags: reader.codes("flags", &here.flags),
        already_at: reader.codes("already_at", &here.already_at),
        respondents: parties(reader, "respondents", &here.respondents, RESPONDENTS, today),
        text: reader.text("text", &here.text, 2_000),
    }
}

/// A batch of ledger rows: its ledger, its columns, and each row as read or refused.
pub struct AskedImport {
    pub request_id: RequestId,
    pub ledger: Option<Token>,
    pub columns: Vec<Field>,
    pub rows: Vec<Row>,
    pub refused: Vec<RowRefusal>,
}

/// ImportPetitions.
pub fn import(request: &pb::ImportPetitionsRequest, today: Day) -> Result<AskedImport, Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let ledger = reader.optional("ledger", &request.ledger);
    let mut columns = Vec::new();
    for name in &request.columns {
        match Field::named(name) {
            Some(field) if columns.contains(&field) => reader.wrong("columns", format!("{name} stands twice")),
            Some(field) => columns.push(field),
            None => reader.wrong("columns", "has a column that a petition ledger does not have"),
        }
    }
    for (field, name) in Field::ALL {
        if field.is_mandatory() && !columns.contains(&field) {
            reader.wrong("columns", format!("{name} is missing"));
        }
    }
    if request.rows.len() > ROWS {
        reader.wrong("rows", format!("must be at most {ROWS}"));
    }
    let request_id = reader.finish(request_id)?;
    let (mut rows, mut refused) = (Vec::with_capacity(request.rows.len()), Vec::new());
    for row in &request.rows {
        match Row::parse(row.line, &columns, &row.cells, today) {
            Ok(row) => rows.push(row),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok(AskedImport { request_id, ledger, columns, rows, refused })
}
