//! Collects the problems of one message.

use super::Invalid;
use crate::domain::{Expected, Party, Side};
use fengqiao_model::{Day, Text, Token};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::Force;
use std::str::FromStr;

/// The longest number: a unit's code of 64 characters, a letter, a year, and room for the count.
const NUMBER: usize = 96;
/// The largest amount: ten trillion yuan.
const AMOUNT: i64 = 1_000_000_000_000_000;
/// The most parties of a dispute.
const PARTIES: usize = 200;

/// The forces in the order of the contract's numbers, from 1.
pub const FORCES: [Force; 5] = [Force::People, Force::Administrative, Force::Judicial, Force::Industry, Force::Professional];

#[derive(Default)]
pub struct Reader {
    prefix: &'static str,
    pub problems: Vec<(String, String)>,
}

impl Reader {
    pub fn under(prefix: &'static str) -> Self {
        Self { prefix, problems: Vec::new() }
    }

    pub fn wrong(&mut self, field: &str, problem: impl ToString) {
        self.problems.push((format!("{}{field}", self.prefix), problem.to_string()));
    }

    pub fn finish<T>(self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Invalid(self.problems)),
        }
    }

    pub fn required<T: FromStr<Err: ToString>>(&mut self, field: &str, text: &str) -> Option<T> {
        if text.is_empty() {
            self.wrong(field, "must not be empty");
            return None;
        }
        text.parse().map_err(|e: T::Err| self.wrong(field, e.to_string())).ok()
    }

    pub fn optional<T: FromStr<Err: ToString>>(&mut self, field: &str, text: &str) -> Option<T> {
        if text.is_empty() { None } else { self.required(field, text) }
    }

    /// A code that has to be there: whether it is on its list, the rules say.
    pub fn reason(&mut self, field: &str, text: &str) -> String {
        self.required::<Token>(field, text).map(String::from).unwrap_or_default()
    }

    /// A code that may be there.
    pub fn code_or_none(&mut self, field: &str, text: &str) -> String {
        self.optional::<Token>(field, text).map(String::from).unwrap_or_default()
    }

    /// Some codes of a list of its own.
    pub fn codes(&mut self, field: &str, texts: &[String], most: usize) -> Vec<String> {
        if texts.len() > most {
            self.wrong(field, format!("must be at most {most}"));
        }
        let mut codes: Vec<String> = Vec::new();
        for (index, text) in texts.iter().take(most).enumerate() {
            let Some(code) = self.required::<Token>(&format!("{field}[{index}]"), text) else { continue };
            if codes.iter().any(|known| known == code.as_str()) {
                self.wrong(&format!("{field}[{index}]"), "stands twice");
            }
            codes.push(code.into());
        }
        codes
    }

    pub fn day(&mut self, field: &str, text: &str) -> Option<Day> {
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

    pub fn text(&mut self, field: &str, text: &str, limit: usize) -> Text {
        Text::new(text, limit).map_err(|e| self.wrong(field, e)).unwrap_or_default()
    }

    pub fn required_text(&mut self, field: &str, text: &str, limit: usize) -> Text {
        Text::required(text, limit).map_err(|e| self.wrong(field, e)).unwrap_or_default()
    }

    /// A value of a fixed list by its code.
    pub fn one_of<C: Copy, const N: usize>(
        &mut self,
        field: &str,
        text: &str,
        all: [C; N],
        code: fn(C) -> &'static str,
    ) -> Option<C> {
        let found = all.into_iter().find(|value| code(*value) == text);
        if found.is_none() {
            self.wrong(field, format!("must be one of {}", all.map(code).join(", ")));
        }
        found
    }

    /// The same, or nothing for an empty text.
    pub fn one_of_or_none<C: Copy, const N: usize>(
        &mut self,
        field: &str,
        text: &str,
        all: [C; N],
        code: fn(C) -> &'static str,
    ) -> Option<C> {
        if text.is_empty() { None } else { self.one_of(field, text, all, code) }
    }

    /// A force; `None` when not said.
    pub fn force(&mut self, field: &str, number: i32) -> Option<Force> {
        match usize::try_from(number) {
            Ok(0) => None,
            Ok(number) if number <= FORCES.len() => Some(FORCES[number - 1]),
            _ => {
                self.wrong(field, "must be a force");
                None
            }
        }
    }

    pub fn amount(&mut self, field: &str, fen: i64) -> i64 {
        if !(0..=AMOUNT).contains(&fen) {
            self.wrong(field, format!("must be from 0 to {AMOUNT} fen"));
        }
        fen
    }

    pub fn count(&mut self, field: &str, count: i32, most: i32) -> u32 {
        if !(0..=most).contains(&count) {
            self.wrong(field, format!("must be from 0 to {most}"));
        }
        u32::try_from(count).unwrap_or(0)
    }

    /// A number: what cannot be one is not looked for (a null character would end in an error of the database).
    pub fn number(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.wrong(field, "must not be empty");
        } else if text.chars().count() > NUMBER {
            self.wrong(field, format!("must have at most {NUMBER} characters"));
        } else if text.chars().any(char::is_control) {
            self.wrong(field, "must not contain control characters");
        }
    }

    pub fn expected(&mut self, etag: &str, after: &str) -> Option<Expected> {
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

    pub fn parties(&mut self, parties: &[pb::Party]) -> Vec<Party> {
        if parties.len() > PARTIES {
            self.wrong("parties", format!("must be at most {PARTIES}"));
        }
        parties.iter().take(PARTIES).enumerate().map(|(index, party)| self.party(index, party)).collect()
    }

    fn party(&mut self, index: usize, party: &pb::Party) -> Party {
        let name = |field: &str| format!("parties[{index}].{field}");
        Party {
            name: self.required_text(&name("name"), &party.name, 100),
            phone: self.text(&name("phone"), &party.phone, 40),
            identity_number: self.text(&name("identity_number"), &party.identity_number, 40),
            address: self.text(&name("address"), &party.address, 300),
            side: self.one_of_or_none(&name("side"), &party.side, Side::ALL, Side::code).unwrap_or_default(),
        }
    }

    /// A page's size.
    pub fn page_size(&mut self, size: i32) -> i64 {
        match size {
            0 => 100,
            size @ 1..=1000 => i64::from(size),
            _ => {
                self.wrong("page_size", "must be from 1 to 1000, or 0 for 100");
                1
            }
        }
    }
}
