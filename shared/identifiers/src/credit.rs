//! Unified social credit codes of GB 32100-2015: department 1, kind 1, division 6, organisation 9, check 1, out of 31 symbols.
//!
//! Department and kind may be letters (N: rural collectives, A: the military). The organisation part is an organisation code of its
//! own, but its check character is not asked for: the standard's own check covers the whole.

use crate::{OrganisationCode, compact};
use fengqiao_model::DivisionCode;
use std::fmt;

/// Digits and letters without I, O, S, V, Z.
const SYMBOLS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A credit code that passes its check, in 18 characters. `Debug` does not show it: a one-man business is a person.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CreditCode(String);

/// Which rule a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCreditCode {
    /// Not 18 characters.
    #[error("must have the 18 characters of a credit code, has {found}")]
    Length { found: usize },
    /// Not one of the symbols.
    #[error("must be digits and capital letters without I, O, S, V and Z; character {at} is not")]
    Symbol { at: usize },
    /// Characters 3 to 8.
    #[error("must have the digits of a division in characters 3 to 8; character {at} is none")]
    Division { at: usize },
    /// The check character.
    #[error("has a check character that does not fit: a character is mistyped, or two are exchanged (GB 32100)")]
    Check,
}

impl CreditCode {
    /// Reads a code as typed: full-width and lower-case letters, blanks and hyphens will do.
    pub fn parse(typed: &str) -> Result<Self, InvalidCreditCode> {
        let text = compact(typed).replace('-', "");
        let found = text.chars().count();
        if found != 18 {
            return Err(InvalidCreditCode::Length { found });
        }
        let symbol = |c: char| u8::try_from(c).is_ok_and(|c| SYMBOLS.contains(&c));
        if let Some(at) = text.chars().position(|c| !symbol(c)) {
            return Err(InvalidCreditCode::Symbol { at: at + 1 });
        }
        if let Some(at) = text.bytes().enumerate().position(|(at, c)| (2..8).contains(&at) && !c.is_ascii_digit()) {
            return Err(InvalidCreditCode::Division { at: at + 1 });
        }
        if text.as_bytes()[17] != check(&text.as_bytes()[..17]) {
            return Err(InvalidCreditCode::Check);
        }
        Ok(Self(text))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division that registered it; 100000 is the whole country's, which has no code here.
    pub fn division(&self) -> Option<DivisionCode> {
        self.0[2..8].parse().ok()
    }

    /// The organisation code in it, when its own check fits too.
    pub fn organisation(&self) -> Option<OrganisationCode> {
        OrganisationCode::parse(&self.0[8..17]).ok()
    }
}

/// The check character of 17 symbols.
fn check(symbols: &[u8]) -> u8 {
    let value = |c: &u8| SYMBOLS.iter().position(|symbol| symbol == c).unwrap_or_default();
    let sum: usize = symbols.iter().zip(WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
    SYMBOLS[(31 - sum % 31) % 31]
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CreditCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_are_right_in_every_writing() {
        for text in
            ["91350100M000100Y43", "9135 0100 m000100y43", "113208310143510981", "91110000600037341L", "９1350100M000100Y43"]
        {
            assert!(CreditCode::parse(text).is_ok(), "{text}");
        }
        let code = CreditCode::parse("113208310143510981").unwrap();
        assert_eq!(code.division().unwrap().as_str(), "320831");
        assert_eq!(code.organisation().unwrap().as_str(), "014351098");
    }

    #[test]
    fn each_rule_is_named() {
        use InvalidCreditCode as No;
        for (text, rule) in [
            ("91350100M000100Y4", No::Length { found: 17 }),
            ("9135O100M000100Y43", No::Symbol { at: 5 }),
            ("91350100S000100Y43", No::Symbol { at: 9 }),
            ("9135A100M000100Y43", No::Division { at: 5 }),
            ("91350100M000100Y44", No::Check),
            ("19350100M000100Y43", No::Check),
        ] {
            assert_eq!(CreditCode::parse(text), Err(rule), "{text}");
        }
    }
}
