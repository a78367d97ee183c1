//! Numbers of papers: 机关代字〔2024〕12号 with hexagonal brackets (GB/T 9704), （2024）金黎民调字第12号 with round ones. All brackets
//! and full-width digits are accepted and kept as given; only brackets that do not pair are a mistake.

use crate::search_form;

/// The number of a paper as given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentNumber(String);

/// What is wrong with the number of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocumentNumber {
    #[error("must not be empty")]
    Empty,
    #[error("must not contain control characters")]
    Control,
    #[error("must have a closing bracket for each opening one")]
    Brackets,
}

impl DocumentNumber {
    /// Keeps a number as given.
    pub fn parse(text: &str) -> Result<Self, InvalidDocumentNumber> {
        if text.trim().is_empty() {
            return Err(InvalidDocumentNumber::Empty);
        }
        if text.chars().any(char::is_control) {
            return Err(InvalidDocumentNumber::Control);
        }
        let depth = search_form(text).chars().try_fold(0_u32, |depth, c| match c {
            '(' => Some(depth + 1),
            ')' => depth.checked_sub(1),
            _ => Some(depth),
        });
        if depth == Some(0) { Ok(Self(text.to_owned())) } else { Err(InvalidDocumentNumber::Brackets) }
    }

    /// As given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As compared: every writing of one number is equal.
    pub fn search_form(&self) -> String {
        search_form(&self.0)
    }

    /// The year in its first brackets, when that is what stands there.
    pub fn year(&self) -> Option<i16> {
        let form = self.search_form();
        let inside = form.split_once('(')?.1.split_once(')')?.0;
        (inside.len() == 4).then(|| inside.parse().ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_brackets_are_kept_as_given_and_compare_equal() {
        for text in ["金信〔2026〕1号", "金信（2026）1号", "金信[2026]1号", "金信［２０２６］１号", "金信（2026)1号"]
        {
            let number = DocumentNumber::parse(text).unwrap();
            assert_eq!((number.as_str(), number.year()), (text, Some(2026)));
            assert_eq!(number.search_form(), "金信(2026)1号");
        }
        let mediation = DocumentNumber::parse("（2024）金黎民调字第12号").unwrap();
        assert_eq!((mediation.year(), DocumentNumber::parse("12号").unwrap().year()), (Some(2024), None));
    }

    #[test]
    fn unpaired_brackets_are_a_mistake() {
        for text in ["金信〔2026 1号", "金信2026〕1号", "〕2026〔"] {
            assert_eq!(DocumentNumber::parse(text), Err(InvalidDocumentNumber::Brackets), "{text}");
        }
        assert_eq!(DocumentNumber::parse(" "), Err(InvalidDocumentNumber::Empty));
        assert_eq!(DocumentNumber::parse("a\n"), Err(InvalidDocumentNumber::Control));
    }
}
