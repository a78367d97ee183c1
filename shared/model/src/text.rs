//! Free text as people write it: kept in NFC, measured in characters, newline and tab allowed, other control characters
//! refused.

use unicode_normalization::UnicodeNormalization;

/// A checked text; may be empty. `Debug` never shows it, because free text is personal data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text(String);

/// Why a text was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Longer than the field allows.
    #[error("must have at most {limit} characters, has {found}")]
    TooLong { limit: usize, found: usize },
    /// A control character other than newline and tab.
    #[error("must not contain control characters (found U+{code:04X} at character {at})")]
    Control { code: u32, at: usize },
    /// Nothing but white space where something is needed.
    #[error("must not be empty")]
    Empty,
}

impl Text {
    /// Checks a text of at most `limit` characters. CR LF becomes LF; a byte order mark is dropped.
    pub fn new(raw: &str, limit: usize) -> Result<Self, InvalidText> {
        let text: String = raw.trim_start_matches('\u{feff}').replace("\r\n", "\n").nfc().collect();
        if let Some((at, c)) = text.chars().enumerate().find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(InvalidText::Control { code: u32::from(c), at: at + 1 });
        }
        let found = text.chars().count();
        if found > limit {
            return Err(InvalidText::TooLong { limit, found });
        }
        Ok(Self(text))
    }

    /// As [`Text::new`], and something other than white space must be there.
    pub fn required(raw: &str, limit: usize) -> Result<Self, InvalidText> {
        let text = Self::new(raw, limit)?;
        if text.0.trim().is_empty() { Err(InvalidText::Empty) } else { Ok(text) }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_refused_and_named() {
        assert_eq!(Text::new("a\u{7}b", 9), Err(InvalidText::Control { code: 7, at: 2 }));
        assert_eq!(Text::new("a\tb\r\nc", 9).map(Text::into_string), Ok("a\tb\nc".to_owned()));
    }

    #[test]
    fn length_is_in_characters() {
        assert!(Text::new("枫桥经验", 4).is_ok());
        assert_eq!(Text::new("枫桥经验", 3), Err(InvalidText::TooLong { limit: 3, found: 4 }));
        assert_eq!(Text::required(" \n", 3), Err(InvalidText::Empty));
        assert_eq!(format!("{:?}", Text::new("王小明", 9).unwrap()), "Text(3 characters)");
    }
}
