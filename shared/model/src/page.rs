//! Opaque page tokens bound to the filter they were made for.

use ring::digest;

/// A place in a list: the sort key after which to go on, and a short hash of the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken {
    /// The sort key of the last row already given.
    pub after: String,
}

/// Why a page token was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPage {
    /// Not a token of ours.
    #[error("must be a page token given by an earlier answer")]
    Malformed,
    /// The filter is not the one the token was made for.
    #[error("the filter changed since this page token was given")]
    FilterChanged,
}

impl PageToken {
    /// The token's text for a list filtered by `filter` (any canonical text of the filter).
    pub fn encode(&self, filter: &str) -> String {
        let mut text = hex(&hash(filter));
        text.push('.');
        text.push_str(&hex(self.after.as_bytes()));
        text
    }

    /// Reads a token; an empty text means the first page.
    pub fn decode(text: &str, filter: &str) -> Result<Option<Self>, InvalidPage> {
        if text.is_empty() {
            return Ok(None);
        }
        let (bound, after) = text.split_once('.').ok_or(InvalidPage::Malformed)?;
        let bound = unhex(bound).ok_or(InvalidPage::Malformed)?;
        let after = unhex(after).and_then(|b| String::from_utf8(b).ok()).ok_or(InvalidPage::Malformed)?;
        if bound != hash(filter) {
            return Err(InvalidPage::FilterChanged);
        }
        Ok(Some(Self { after }))
    }
}

fn hash(filter: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, filter.as_bytes()).as_ref()[..6].to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_its_filter() {
        let token = PageToken { after: "2024-01-01/x".to_owned() };
        let text = token.encode("state=accepted");
        assert_eq!(PageToken::decode(&text, "state=accepted"), Ok(Some(token)));
        assert_eq!(PageToken::decode(&text, "state=closed"), Err(InvalidPage::FilterChanged));
        assert_eq!(PageToken::decode("zz", ""), Err(InvalidPage::Malformed));
        assert_eq!(PageToken::decode("", "x"), Ok(None));
    }
}
