//! One cell: from what people write to one canonical form, or why not.

use super::CaseField;
use crate::domain::Law;
use fengqiao_model::{Day, DivisionCode, Text, Token};
use fengqiao_statute::{AgreementForm, CaseSource, Confirmation, Force, Outcome, SessionMode, parse_yes_no};

const EARLIEST_YEAR: i16 = 1900;
/// As for amounts given in calls.
const MOST_FEN: i64 = 1_000_000_000_000_000;

macro_rules! code {
    ($kind:ident, $text:expr) => {
        $kind::from_code_or_zh($text)
            .map(|value| value.code().to_owned())
            .map_err(|_| one_of($text, &$kind::ALL.map($kind::code)))
    };
}

/// The canonical text of a cell that is not empty. `on` is the day of the row's application.
pub(super) fn canonical(field: CaseField, raw: &str, on: Day, today: Day, law: &Law) -> Result<String, String> {
    let text = raw.trim();
    match field {
        CaseField::ExternalRef | CaseField::Body | CaseField::HandedOnTo => {
            text.parse::<Token>().map(String::from).map_err(|e| e.to_string())
        }
        CaseField::DivisionCode => text.parse::<DivisionCode>().map(String::from).map_err(|e| format!("{e}, is {}", shown(text))),
        CaseField::Source => code!(CaseSource, text),
        CaseField::Force => code!(Force, text),
        CaseField::Outcome => code!(Outcome, text),
        CaseField::AgreementForm => code!(AgreementForm, text),
        CaseField::SessionMode => code!(SessionMode, text),
        CaseField::Confirmation => code!(Confirmation, text),
        CaseField::DisputeType => match law.types.find(text, on) {
            Some(kind) => Ok(kind.code.clone()),
            None => Err(format!("must be a dispute type of the list, such as T02 or 邻里纠纷, is {}", shown(text))),
        },
        CaseField::Hard => parse_yes_no(text)
            .map(|yes| yes.to_string())
            .ok_or_else(|| format!("must be 是, 否, true or false, is {}", shown(text))),
        CaseField::PartyCount => match text.parse::<u32>() {
            Ok(count @ 1..=999_999) => Ok(count.to_string()),
            _ => Err(format!("must be a whole number from 1 to 999999, is {}", shown(text))),
        },
        CaseField::AmountYuan | CaseField::ClaimedYuan | CaseField::PaidYuan => match fen(text) {
            Some(fen) => Ok(yuan(fen)),
            None => Err(format!("must be an amount in yuan with at most two decimals, is {}", shown(text))),
        },
        CaseField::Reason => match law.reasons.on(today).find(|reason| reason.code == text || reason.zh == text) {
            Some(reason) => Ok(reason.code.clone()),
            None => limited(text, 500),
        },
        CaseField::Narrative => limited(raw, 50_000),
        CaseField::RootRef | CaseField::PetitionRef | CaseField::Mediator if text.contains(['\n', '\t']) => {
            Err("must be one line".to_owned())
        }
        CaseField::RootRef | CaseField::PetitionRef | CaseField::Mediator => limited(text, 100),
        CaseField::BodyKind => limited(text, 64),
        CaseField::AppliedAt
        | CaseField::AcceptedAt
        | CaseField::ConcludedAt
        | CaseField::PerformanceDue
        | CaseField::PerformedAt
        | CaseField::ConfirmationAppliedAt => {
            let day = Day::parse_lenient(text).map_err(|e| format!("is {e}: {}", shown(text)))?;
            if day.year() < EARLIEST_YEAR {
                return Err(format!("must not be before {EARLIEST_YEAR}, is {day}"));
            }
            // Plans may lie ahead; facts may not.
            if field != CaseField::PerformanceDue && day > today {
                return Err(format!("must not be after today ({today}), is {day}"));
            }
            Ok(day.to_string())
        }
    }
}

/// Yuan as written, in fen; `None` for what is not an amount.
pub(in crate::domain) fn fen(text: &str) -> Option<i64> {
    let (yuan, rest) = text.split_once('.').map_or((text, ""), |(yuan, rest)| (yuan, rest));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let shape = !yuan.is_empty() && digits(yuan) && digits(rest) && rest.len() <= 2 && (rest.is_empty() != text.contains('.'));
    if !shape {
        return None;
    }
    let fen = yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(format!("{rest:0<2}").parse().ok()?)?;
    (fen <= MOST_FEN).then_some(fen)
}

/// Fen as yuan, with the decimals they need.
pub(in crate::domain) fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { (fen / 100).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}

fn limited(text: &str, limit: usize) -> Result<String, String> {
    Text::new(text, limit).map(Text::into_string).map_err(|e| e.to_string())
}

fn one_of(text: &str, codes: &[&str]) -> String {
    format!("must be one of {}, is {}", codes.join(", "), shown(text))
}

/// A cell in a message: quoted, and cut when long.
pub(in crate::domain) fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("\"{cut}\"")
}
