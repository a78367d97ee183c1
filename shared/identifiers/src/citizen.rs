//! Citizen numbers of GB 11643-1999: division 6, birth 8, sequence 3, check character (ISO 7064 MOD 11-2).
//!
//! The division is that of the first registration and may have been withdrawn long ago, before any list we have; of it only the
//! province is checked. Cards of foreigners with permanent residence have numbers of the same make since 2023-12-01, with 9 first.
//! The old form of 15 digits is refused: it has no check character, and the cards that bore it ended on 2013-01-01 (Law on
//! Resident Identity Cards 23).

use crate::compact;
use fengqiao_model::{Day, DivisionCode};
use std::fmt;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";
/// Provinces of GB/T 2260; 83 stands on residence permits of people from Taiwan, 9 on those of foreigners.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65,
    71, 81, 82, 83,
];
/// Nobody older was alive when the numbers came (1984): an earlier year is a mistake.
const EARLIEST: i16 = 1850;

/// A citizen number that passes its check, in 18 characters. `Debug` never shows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CitizenNumber(String);

/// Which rule a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCitizenNumber {
    /// Not 18 characters.
    #[error("must have the 18 characters of a citizen number, has {found}")]
    Length { found: usize },
    /// The old form.
    #[error("has the 15 digits of the first cards, which ended on 2013-01-01; a citizen number has 18")]
    FirstGeneration,
    /// Something that is no digit.
    #[error("must be 17 digits and a digit or X; character {at} is not")]
    Character { at: usize },
    /// Digits 1 and 2.
    #[error("must begin with a province (GB/T 2260), or 9 for foreigners")]
    Province,
    /// Digits 7 to 14.
    #[error("must have a day of birth in digits 7 to 14")]
    Birth,
    /// Born tomorrow.
    #[error("must not have a day of birth after {today} in digits 7 to 14")]
    Future { today: Day },
    /// The check character.
    #[error("has a check character that does not fit: a character is mistyped, or two are exchanged (GB 11643)")]
    Check,
}

impl CitizenNumber {
    /// Reads a number as typed: full-width digits, blanks and a lower-case x will do. Nobody is born after `today`.
    pub fn parse(typed: &str, today: Day) -> Result<Self, InvalidCitizenNumber> {
        let text = compact(typed);
        let found = text.chars().count();
        if found == 15 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidCitizenNumber::FirstGeneration);
        }
        if found != 18 {
            return Err(InvalidCitizenNumber::Length { found });
        }
        let fits = |(at, c): (usize, char)| c.is_ascii_digit() || at == 17 && c == 'X';
        if let Some(at) = text.chars().enumerate().position(|character| !fits(character)) {
            return Err(InvalidCitizenNumber::Character { at: at + 1 });
        }
        let number = |from: usize, to: usize| text[from..to].parse::<i16>().unwrap_or_default();
        let province = number(0, 2);
        if province < 90 && !PROVINCES.iter().any(|known| i16::from(*known) == province) {
            return Err(InvalidCitizenNumber::Province);
        }
        let small = |from: usize| i8::try_from(number(from, from + 2)).unwrap_or_default();
        let birth = Day::new(number(6, 10), small(10), small(12)).filter(|day| day.year() >= EARLIEST);
        match birth {
            None => return Err(InvalidCitizenNumber::Birth),
            Some(birth) if birth > today => return Err(InvalidCitizenNumber::Future { today }),
            Some(_) => {}
        }
        if text.as_bytes()[17] != check(&text.as_bytes()[..17]) {
            return Err(InvalidCitizenNumber::Check);
        }
        Ok(Self(text))
    }

    /// Whether a text looks like a citizen number, right or mistyped.
    pub fn is_shape(typed: &str) -> bool {
        let text = compact(typed);
        text.len() == 18 && text.bytes().enumerate().all(|(at, b)| b.is_ascii_digit() || at == 17 && b == b'X')
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Day of birth.
    pub fn birth(&self) -> Day {
        let day = format!("{}-{}-{}", &self.0[6..10], &self.0[10..12], &self.0[12..14]).parse();
        day.expect("checked when it was read")
    }

    /// Whether it is a man's: the sequence is odd.
    pub fn is_male(&self) -> bool {
        self.0.as_bytes()[16] % 2 == 1
    }

    /// The division of the first registration, as it was called then; `None` for foreigners.
    pub fn division(&self) -> Option<DivisionCode> {
        (!self.0.starts_with('9')).then(|| self.0[..6].parse().ok()).flatten()
    }
}

/// The check character of 17 digits.
fn check(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[usize::try_from(sum % 11).unwrap_or_default()]
}

impl fmt::Debug for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CitizenNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn read(text: &str) -> Result<CitizenNumber, InvalidCitizenNumber> {
        CitizenNumber::parse(text, day("2026-03-02"))
    }

    #[test]
    fn the_published_example_is_right() {
        let number = read(" 11010519491231002x").unwrap();
        assert_eq!(number.as_str(), "11010519491231002X");
        assert_eq!((number.birth(), number.is_male()), (day("1949-12-31"), false));
        assert_eq!(number.division().unwrap().as_str(), "110105");
        assert_eq!(read("１１０１０５１９４９１２３１００２Ｘ"), Ok(number.clone()));
        assert_eq!(format!("{number:?}"), "CitizenNumber(…)");
    }

    #[test]
    fn each_rule_is_named() {
        use InvalidCitizenNumber as No;
        for (text, rule) in [
            ("", No::Length { found: 0 }),
            ("1101051949123100", No::Length { found: 16 }),
            ("110105491231002", No::FirstGeneration),
            ("1101051949123100X2", No::Character { at: 17 }),
            ("11010519491231O02X", No::Character { at: 15 }),
            ("17010519491231002X", No::Province),
            ("00010519491231002X", No::Province),
            ("11010519490229002X", No::Birth),
            ("11010500001231002X", No::Birth),
            ("11010518491231002X", No::Birth),
            ("11010520260303002X", No::Future { today: day("2026-03-02") }),
            ("110105194912310021", No::Check),
            ("11010519491231020X", No::Check),
        ] {
            assert_eq!(read(text), Err(rule), "{text}");
        }
    }

    #[test]
    fn a_foreigner_and_a_resident_from_taiwan_have_one_too() {
        for seventeen in ["93284019850101001", "83000019850101001"] {
            let whole = format!("{seventeen}{}", char::from(check(seventeen.as_bytes())));
            let number = read(&whole).unwrap();
            assert_eq!(number.division().is_none(), seventeen.starts_with('9'));
        }
    }
}
