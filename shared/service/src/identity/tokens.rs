//! A caller out of a bearer token. It knows the SHA-256 of each token and whom it stands for; it refuses to know the tokens.
//!
//! The file lists the callers; a token is `openssl rand -hex 32`, its line `printf %s "$TOKEN" | sha256sum`:
//!
//! ```toml
//! [[caller]]
//! token_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
//! id = "li.si"
//! unit = "信访局"
//! division = "320831"     # "*" is the whole book; there is no default
//! roles = ["clerk"]
//! ```

use fengqiao_model::{Caller, Role};
use http::{HeaderMap, header::AUTHORIZATION};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

/// One token and whom it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenEntry {
    /// SHA-256 of the token.
    pub token_sha256: [u8; 32],
    /// Whom it stands for.
    pub caller: Caller,
}

/// The known tokens.
#[derive(Clone, Debug, Default)]
pub struct Tokens(HashMap<[u8; 32], Caller>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenFile {
    #[serde(default)]
    caller: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    token_sha256: String,
    id: String,
    unit: String,
    division: String,
    roles: Vec<String>,
}

impl Tokens {
    /// These tokens; of two with the same hash the later one holds.
    pub fn new(entries: impl IntoIterator<Item = TokenEntry>) -> Self {
        Self(entries.into_iter().map(|entry| (entry.token_sha256, entry.caller)).collect())
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a token file; all problems at once.
    pub fn read(path: &Path) -> Result<Self, Vec<String>> {
        let text = std::fs::read_to_string(path).map_err(|error| vec![format!("cannot be read: {error}")])?;
        Self::parse(&text)
    }

    /// The tokens in the text of a token file; all problems at once.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let file: TokenFile = toml::from_str(text).map_err(|error| vec![error.message().to_owned()])?;
        let (mut tokens, mut problems) = (HashMap::new(), Vec::new());
        for (index, line) in file.caller.into_iter().enumerate() {
            let number = index + 1;
            match entry(line) {
                Ok(entry) => match tokens.entry(entry.token_sha256) {
                    Entry::Vacant(free) => _ = free.insert(entry.caller),
                    Entry::Occupied(_) => problems.push(format!("caller {number} has a token of a caller before")),
                },
                Err(found) => problems.extend(found.into_iter().map(|problem| format!("caller {number}: {problem}"))),
            }
        }
        if tokens.is_empty() && problems.is_empty() {
            problems.push("must list at least one caller".to_owned());
        }
        if problems.is_empty() { Ok(Self(tokens)) } else { Err(problems) }
    }

    pub(super) fn caller(&self, headers: &HeaderMap) -> Option<Caller> {
        let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let hash: [u8; 32] = digest(&SHA256, token.trim().as_bytes()).as_ref().try_into().ok()?;
        // the time of finding a hash tells something about the hash, from which no token follows
        let (known, caller) = self.0.get_key_value(&hash)?;
        same(known, &hash).then(|| caller.clone())
    }
}

/// Compares in a time that does not depend on where the difference is.
fn same(left: &[u8; 32], right: &[u8; 32]) -> bool {
    let difference = left.iter().zip(right).fold(0, |difference, (l, r)| std::hint::black_box(difference | (l ^ r)));
    difference == 0
}

fn entry(line: Line) -> Result<TokenEntry, Vec<String>> {
    let mut problems = Vec::new();
    let token_sha256 = hash(&line.token_sha256);
    if token_sha256.is_none() {
        problems.push("token_sha256 must be 64 hexadecimal digits".to_owned());
    }
    let mut note = |field: &str, error: &dyn std::fmt::Display| problems.push(format!("{field} is malformed: {error}"));
    let id = line.id.parse().map_err(|error| note("id", &error)).ok();
    let unit = line.unit.parse().map_err(|error| note("unit", &error)).ok();
    let division = match line.division.as_str() {
        "*" => Some(None),
        code => code.parse().map_err(|error| note("division", &error)).ok().map(Some),
    };
    let roles: Vec<Role> =
        line.roles.iter().filter_map(|role| role.parse().map_err(|error| note("roles", &error)).ok()).collect();
    if line.roles.is_empty() {
        note("roles", &"must not be empty");
    }
    match (token_sha256, id, unit, division) {
        (Some(token_sha256), Some(id), Some(unit), Some(division)) if problems.is_empty() => {
            Ok(TokenEntry { token_sha256, caller: Caller { id, unit, division, roles } })
        }
        _ => Err(problems),
    }
}

fn hash(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // the SHA-256 of "test"
    const TEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    fn file(hash: &str, division: &str, roles: &str) -> String {
        format!(
            "[[caller]]\ntoken_sha256 = \"{hash}\"\nid = \"li.si\"\nunit = \"信访局\"\ndivision = \"{division}\"\nroles = {roles}\n"
        )
    }

    fn bearer(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())])
    }

    #[test]
    fn a_known_token_is_its_caller() {
        let tokens = Tokens::parse(&file(TEST, "320831", "[\"clerk\"]")).unwrap();
        for value in ["Bearer test", "bearer test"] {
            let caller = tokens.caller(&bearer(value)).unwrap();
            assert_eq!((caller.id.as_str(), caller.unit.as_str()), ("li.si", "信访局"));
            assert_eq!((caller.division, caller.roles), (Some("320831".parse().unwrap()), vec![Role::Clerk]));
        }
        for value in ["Bearer other", "test", "Basic test", "Bearer", ""] {
            assert_eq!(tokens.caller(&bearer(value)), None, "{value}");
        }
        assert_eq!(tokens.caller(&HeaderMap::new()), None);
        let whole = Tokens::parse(&file(TEST, "*", "[\"clerk\"]")).unwrap();
        assert_eq!(whole.caller(&bearer("Bearer test")).unwrap().division, None);
    }

    #[test]
    fn every_problem_of_a_file_is_told() {
        let text = file("abc", "x", "[\"emperor\"]") + &file(TEST, "32", "[\"clerk\"]") + &file(TEST, "32", "[]");
        let problems = Tokens::parse(&text).unwrap_err();
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(Tokens::parse("").is_err());
        assert!(Tokens::parse("[[callers]]").is_err());
        let twice = file(TEST, "32", "[\"clerk\"]").repeat(2);
        assert_eq!(Tokens::parse(&twice).unwrap_err(), ["caller 2 has a token of a caller before"]);
    }
}
