//! Who calls. It knows where identity comes from (metadata in development, a token file otherwise); it refuses to know what
//! a caller may do with an item: permissions are asked for in `call`, divisions are compared by the services.
//!
//! **Development** believes what the client says, so it is for loopback only: [`Identity::check`] refuses anything else.
//! Metadata keys, all optional: `x-fengqiao-actor`, `x-fengqiao-unit`, `x-fengqiao-division`, `x-fengqiao-roles` (between
//! commas). Metadata is ASCII, so a unit with other characters is percent-encoded UTF-8 (`%E4%BF%A1%E8%AE%BF%E5%B1%80`); a
//! `%` itself is `%25`. What is missing is taken from the default: actor `development`, unit `office`, the whole book, every
//! role.
//!
//! **Tokens** wants `authorization: Bearer …` and looks the token's SHA-256 up in a file (see `tokens`).

mod metadata;
mod tokens;

pub use tokens::{TokenEntry, Tokens};

use crate::{Problem, Settings, errors};
use fengqiao_model::{Caller, Role};
use http::HeaderMap;
use std::net::SocketAddr;
use tonic::{Code, Status};

/// Where the identity of a caller comes from.
#[derive(Clone, Debug)]
pub enum Identity {
    /// The client says who it is; on loopback only.
    Development {
        /// Who calls when the client says nothing.
        default: Caller,
    },
    /// A bearer token says who it is.
    Tokens(Tokens),
}

impl Identity {
    /// Development identity with its defaults: actor `development`, unit `office`, the whole book, every role.
    pub fn development() -> Self {
        let default = Caller {
            id: "development".parse().expect("a valid actor id"),
            unit: "office".parse().expect("a valid unit"),
            division: None,
            roles: Role::ALL.to_vec(),
        };
        Self::Development { default }
    }

    /// Reads the setting `IDENTITY_TOKENS`, the path of a token file; development identity where it is missing. The result
    /// must still pass [`Identity::check`] for the address.
    pub fn read(settings: &mut Settings<'_>) -> Self {
        let Some(path) = settings.path("IDENTITY_TOKENS") else { return Self::development() };
        match Tokens::read(&path) {
            Ok(tokens) => Self::Tokens(tokens),
            Err(problems) => {
                for problem in problems {
                    settings.report(Problem::new("IDENTITY_TOKENS", format!("{}: {problem}", path.display())));
                }
                Self::Tokens(Tokens::default())
            }
        }
    }

    /// Refuses development identity on an address that others can reach.
    pub fn check(&self, listen: SocketAddr) -> Result<(), Problem> {
        match self {
            Self::Development { .. } if !listen.ip().to_canonical().is_loopback() => Err(Problem::new(
                "IDENTITY_TOKENS",
                format!("must name a token file, because {listen} can be reached from other machines"),
            )),
            _ => Ok(()),
        }
    }

    /// The caller behind these request headers, or UNAUTHENTICATED.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, Status> {
        match self {
            Self::Development { default } => metadata::caller(headers, default)
                .map_err(|(key, problem)| unauthenticated(&format!("{key} {problem}"), Some(("metadata_key", key)))),
            Self::Tokens(tokens) => {
                tokens.caller(headers).ok_or_else(|| unauthenticated("a known bearer token is needed in authorization", None))
            }
        }
    }
}

pub(crate) fn unauthenticated(message: &str, fact: Option<(&str, &str)>) -> Status {
    errors::status(Code::Unauthenticated, "UNAUTHENTICATED", message, fact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    #[test]
    fn development_is_for_loopback_only() {
        let identity = Identity::development();
        for loopback in ["127.0.0.1:1", "127.8.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            identity.check(loopback.parse().unwrap()).unwrap();
        }
        for open in ["0.0.0.0:1", "[::]:1", "192.168.1.7:1", "[::ffff:10.0.0.1]:1"] {
            let problem = identity.check(open.parse().unwrap()).unwrap_err();
            assert_eq!(problem.name, "IDENTITY_TOKENS");
        }
        Identity::Tokens(Tokens::default()).check("0.0.0.0:1".parse().unwrap()).unwrap();
    }

    #[test]
    fn a_missing_token_file_is_a_problem() {
        let map = Map::from([("F_IDENTITY_TOKENS", "/nowhere/tokens.toml")]);
        let mut settings = Settings::new(&map, "F_");
        assert!(matches!(Identity::read(&mut settings), Identity::Tokens(_)), "never falls back to development");
        assert!(settings.finish().unwrap_err().to_string().contains("/nowhere/tokens.toml"));
    }
}
