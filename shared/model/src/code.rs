//! Coded values. Codes are text: leading zeros count, and lists grow.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Why a text is not a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCode {
    /// Division codes have a fixed shape.
    #[error("must be a division code of 2, 4, 6, 9 or 12 digits")]
    NotDivision,
    /// A token of another shape.
    #[error("must be 1 to 64 characters without spaces at the ends, control characters or quotation marks")]
    NotToken,
}

/// An administrative division: province 2, city 4, county 6 (GB/T 2260), township 9, village 12 digits (statistical code).
/// A shorter code holds every longer one that begins with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DivisionCode(String);

impl DivisionCode {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this division or lies in it.
    pub fn contains(&self, other: &DivisionCode) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The county (first 6 digits), or the whole code when it is wider than a county.
    pub fn county(&self) -> DivisionCode {
        self.cut(6)
    }

    /// The township (first 9 digits); `None` when the code names nothing so small.
    pub fn township(&self) -> Option<DivisionCode> {
        (self.0.len() >= 9).then(|| self.cut(9))
    }

    /// The village (12 digits); `None` when the code names nothing so small.
    pub fn village(&self) -> Option<DivisionCode> {
        (self.0.len() == 12).then(|| self.clone())
    }

    fn cut(&self, digits: usize) -> DivisionCode {
        DivisionCode(self.0.chars().take(digits).collect())
    }
}

impl FromStr for DivisionCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let shape =
            matches!(text.len(), 2 | 4 | 6 | 9 | 12) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        if shape { Ok(Self(text.to_owned())) } else { Err(InvalidCode::NotDivision) }
    }
}

/// A short identifying text that is shown and compared as given: a unit's code, a ledger's name, an external reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token(String);

impl Token {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Token {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let shape = !text.is_empty()
            && text.chars().count() <= 64
            && text.trim() == text
            && !text.chars().any(|c| c.is_control() || c == '"');
        if shape { Ok(Self(text.to_owned())) } else { Err(InvalidCode::NotToken) }
    }
}

macro_rules! text_code {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = InvalidCode;

            fn try_from(text: String) -> Result<Self, InvalidCode> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text_code!(DivisionCode, Token);
