//! Phone numbers: any is kept as given, because landlines, extensions and foreign numbers exist; what looks mistyped is doubted.

use crate::compact;
use std::fmt;

/// A mobile number: 11 digits from 1, without the country's 86. `Debug` never shows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Mobile(String);

/// Why a text is no mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a mobile number: 11 digits from 1, no second 0, 1 or 2")]
pub struct NotMobile;

impl Mobile {
    /// Reads a number as typed: full-width digits, blanks, hyphens, and +86 or 0086 before it will do.
    pub fn parse(typed: &str) -> Result<Self, NotMobile> {
        let text = digits(typed).ok_or(NotMobile)?;
        let mobile = text.len() == 11 && text.starts_with('1') && !matches!(text.as_bytes()[1], b'0'..=b'2');
        if mobile { Ok(Self(text)) } else { Err(NotMobile) }
    }

    /// The 11 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mobile(…)")
    }
}

/// The digits of a number of this country, when it is nothing but digits.
fn digits(typed: &str) -> Option<String> {
    let text = compact(typed).replace(['-', '(', ')'], "");
    let text = ["+86", "0086"].iter().find_map(|country| text.strip_prefix(country)).unwrap_or(&text);
    let only = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    only.then(|| text.to_owned())
}

/// What looks wrong with a phone number that begins like a mobile one; `None` for everything else, which may be right.
pub fn phone_doubt(typed: &str) -> Option<&'static str> {
    let text = digits(typed)?;
    if !text.starts_with('1') || Mobile::parse(typed).is_ok() {
        return None;
    }
    match text.len() {
        11 => Some("is no mobile number: none begins with 10, 11 or 12"),
        9 | 10 => Some("begins like a mobile number and has fewer than 11 digits"),
        12 | 13 => Some("begins like a mobile number and has more than 11 digits"),
        // Service numbers such as 110 and 12345.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles_are_read_and_others_are_left_alone() {
        for text in ["13912345678", "+86 139-1234-5678", "008613912345678", "１３９１２３４５６７８"] {
            assert_eq!(Mobile::parse(text).as_ref().map(Mobile::as_str), Ok("13912345678"), "{text}");
        }
        for text in
            ["", "12345", "0517-86801234", "12912345678", "1391234567", "139123456789", "(0517) 8680", "无", "+852 1234 5678"]
        {
            assert!(Mobile::parse(text).is_err(), "{text}");
        }
        for text in ["", "12345", "110", "0517-86801234", "86801234", "无", "+852 1234 5678", "13912345678转2"] {
            assert_eq!(phone_doubt(text), None, "{text}");
        }
        for text in ["1391234567", "139123456789", "12912345678"] {
            assert!(phone_doubt(text).is_some(), "{text}");
        }
    }
}
