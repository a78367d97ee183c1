//! Opaque tokens of a place in a log, with which a stream goes on where it ended.

use crate::page::{hex, unhex};

/// A place in a log: which log, behind which event, and that event's hash. The serving side compares all three, so that another, a
/// rebuilt or a shorter log is noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeToken {
    /// Id of the log.
    pub log_id: String,
    /// The last position that was looked at; 0 before the first event.
    pub position: i64,
    /// The hash of the event there; at 0 that with which the log begins.
    pub hash: Vec<u8>,
}

/// Why a resume token was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a resume token given by an earlier answer")]
pub struct InvalidResume;

impl ResumeToken {
    /// The token's text.
    pub fn encode(&self) -> String {
        hex(format!("{}/{}/{}", self.log_id, self.position, hex(&self.hash)).as_bytes())
    }

    /// Reads a token; an empty text is none.
    pub fn decode(text: &str) -> Result<Option<Self>, InvalidResume> {
        if text.is_empty() {
            return Ok(None);
        }
        let text = unhex(text).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(InvalidResume)?;
        let mut parts = text.splitn(3, '/');
        let mut next = || parts.next().filter(|part| !part.is_empty()).ok_or(InvalidResume);
        let (log_id, position, hash) = (next()?.to_owned(), next()?.parse::<i64>(), next()?);
        let position = position.ok().filter(|position| *position >= 0).ok_or(InvalidResume)?;
        Ok(Some(Self { log_id, position, hash: unhex(hash).ok_or(InvalidResume)? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_again() {
        let token = ResumeToken { log_id: "01890a5d".to_owned(), position: 7, hash: vec![1, 255] };
        assert_eq!(ResumeToken::decode(&token.encode()), Ok(Some(token.clone())));
        assert_eq!(ResumeToken::decode(""), Ok(None));
        let negative = ResumeToken { position: -1, ..token.clone() };
        for wrong in [
            "zz",
            "00",
            "é",
            &token.encode()[1..],
            &negative.encode(),
            &hex(b"a/b/00"),
            &hex(b"a/1/zz"),
            &hex(b"a/1"),
            &hex(b"/1/00"),
        ] {
            assert_eq!(ResumeToken::decode(wrong), Err(InvalidResume), "{wrong}");
        }
    }
}
