//! Organisation codes of GB 11714: eight digits or letters and a check character, with or without a hyphen between them.

use crate::compact;
use std::fmt;

const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// An organisation code that passes its check, in nine characters without the hyphen.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OrganisationCode(String);

/// Which rule a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrganisationCode {
    /// Not nine characters.
    #[error("must have the 9 characters of an organisation code, with or without a hyphen before the last, has {found}")]
    Length { found: usize },
    /// Something that is neither digit nor letter.
    #[error("must be 8 digits or letters and a digit or X; character {at} is not")]
    Character { at: usize },
    /// The check character.
    #[error("has a check character that does not fit: a character is mistyped, or two are exchanged (GB 11714)")]
    Check,
}

impl OrganisationCode {
    /// Reads a code as typed: full-width and lower-case letters and blanks will do.
    pub fn parse(typed: &str) -> Result<Self, InvalidOrganisationCode> {
        let mut text = compact(typed);
        let found = text.chars().count();
        if found == 10 && text.chars().nth(8) == Some('-') {
            text = text.replacen('-', "", 1);
        } else if found != 9 {
            return Err(InvalidOrganisationCode::Length { found });
        }
        let fits = |(at, c): (usize, char)| c.is_ascii_digit() || if at == 8 { c == 'X' } else { c.is_ascii_uppercase() };
        if let Some(at) = text.chars().enumerate().position(|character| !fits(character)) {
            return Err(InvalidOrganisationCode::Character { at: at + 1 });
        }
        if text.as_bytes()[8] != check(&text.as_bytes()[..8]) {
            return Err(InvalidOrganisationCode::Check);
        }
        Ok(Self(text))
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The check character of eight: 11 less the remainder, 10 written X, 11 written 0.
fn check(eight: &[u8]) -> u8 {
    let value = |c: &u8| u32::from(if c.is_ascii_digit() { c - b'0' } else { c - b'A' + 10 });
    let sum: u32 = eight.iter().zip(WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or_default(),
    }
}

impl fmt::Debug for OrganisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrganisationCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_are_right_in_every_writing() {
        for text in ["014351098", "01435109-8", "０１４３５１０９－８", "M000100Y4", "m000100y-4"] {
            assert!(OrganisationCode::parse(text).is_ok(), "{text}");
        }
        assert_eq!(OrganisationCode::parse("01435109-8").unwrap().as_str(), "014351098");
    }

    #[test]
    fn each_rule_is_named() {
        use InvalidOrganisationCode as No;
        for (text, rule) in [
            ("", No::Length { found: 0 }),
            ("0143510-98", No::Length { found: 10 }),
            ("0143510+8", No::Character { at: 8 }),
            ("01435109Y", No::Character { at: 9 }),
            ("014351097", No::Check),
            ("01435190-8", No::Check),
        ] {
            assert_eq!(OrganisationCode::parse(text), Err(rule), "{text}");
        }
    }
}
