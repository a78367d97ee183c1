//! A caller out of `x-fengqiao-…` metadata. It knows the keys and their shapes; it refuses to guess: a malformed value is an
//! error that names its key, never the default.

use fengqiao_model::{Caller, Role};
use http::HeaderMap;
use std::{fmt::Display, str::FromStr};

const ACTOR: &str = "x-fengqiao-actor";
const UNIT: &str = "x-fengqiao-unit";
const DIVISION: &str = "x-fengqiao-division";
const ROLES: &str = "x-fengqiao-roles";

/// A metadata key and what is wrong with its value.
type Malformed = (&'static str, String);

pub(super) fn caller(headers: &HeaderMap, default: &Caller) -> Result<Caller, Malformed> {
    let unit = match text(headers, UNIT)? {
        Some(encoded) => Some(parse(UNIT, &decode(encoded).ok_or((UNIT, "must be percent-encoded utf-8".to_owned()))?)?),
        None => None,
    };
    let roles = match text(headers, ROLES)? {
        Some(list) => Some(list.split(',').map(|role| parse::<Role>(ROLES, role.trim())).collect::<Result<Vec<_>, _>>()?),
        None => None,
    };
    Ok(Caller {
        id: text(headers, ACTOR)?.map(|id| parse(ACTOR, id)).transpose()?.unwrap_or_else(|| default.id.clone()),
        unit: unit.unwrap_or_else(|| default.unit.clone()),
        division: match text(headers, DIVISION)? {
            Some(division) => Some(parse(DIVISION, division)?),
            None => default.division.clone(),
        },
        roles: roles.unwrap_or_else(|| default.roles.clone()),
    })
}

fn text<'h>(headers: &'h HeaderMap, key: &'static str) -> Result<Option<&'h str>, Malformed> {
    let mut values = headers.get_all(key).iter();
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err((key, "must be given once".to_owned()));
    }
    first.map(|value| value.to_str().map_err(|_| (key, "must be ascii".to_owned()))).transpose()
}

fn parse<V: FromStr<Err: Display>>(key: &'static str, text: &str) -> Result<V, Malformed> {
    text.parse().map_err(|error| (key, format!("is malformed: {error}")))
}

/// Undoes percent-encoding; `None` where a `%` has no two digits after it or the bytes are not UTF-8.
fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => digit(rest.next()?)? * 16 + digit(rest.next()?)?,
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Identity;

    fn ask(pairs: &[(&'static str, &str)]) -> Result<Caller, Malformed> {
        let Identity::Development { default } = Identity::development() else { panic!() };
        let headers = pairs.iter().map(|(key, value)| (key.parse().unwrap(), value.parse().unwrap())).collect();
        caller(&headers, &default)
    }

    #[test]
    fn nothing_said_is_the_default() {
        let caller = ask(&[]).unwrap();
        assert_eq!((caller.id.as_str(), caller.unit.as_str(), caller.division), ("development", "office", None));
        assert_eq!(caller.roles, Role::ALL);
    }

    #[test]
    fn everything_can_be_said() {
        let caller =
            ask(&[(ACTOR, "li.si"), (UNIT, "%E4%BF%A1%E8%AE%BF%e5%b1%80 1"), (DIVISION, "320831"), (ROLES, "clerk, head")])
                .unwrap();
        assert_eq!((caller.id.as_str(), caller.unit.as_str()), ("li.si", "信访局 1"));
        assert_eq!(caller.division, Some("320831".parse().unwrap()));
        assert_eq!(caller.roles, [Role::Clerk, Role::Head]);
    }

    #[test]
    fn malformed_values_name_their_key() {
        for (key, value) in [
            (ACTOR, "li si"),
            (UNIT, "%E4"),
            (UNIT, "100%"),
            (UNIT, ""),
            (DIVISION, "county"),
            (ROLES, "clerk,emperor"),
            (ROLES, ""),
        ] {
            assert_eq!(ask(&[(key, value)]).unwrap_err().0, key, "{value}");
        }
        assert_eq!(ask(&[(ACTOR, "a"), (ACTOR, "b")]).unwrap_err().0, ACTOR);
    }
}
