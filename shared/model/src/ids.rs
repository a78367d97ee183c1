//! Typed ids from one list. Ids are UUIDs, written in lower case with hyphens; ours are of version 7 (time first), because
//! random primary keys cost four times as much to insert.

use crate::{Clock, Instant};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Why a text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Not a UUID in its hyphenated form.
    #[error("must be a uuid, such as 01890a5d-ac96-774b-bcce-b302099a8057")]
    NotUuid,
    /// An actor id of another shape.
    #[error("must be 1 to 64 letters, digits, or one of . _ - @ :")]
    NotActor,
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// The id with these sixteen bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(uuid::Uuid::from_bytes(bytes))
            }

            /// The sixteen bytes of the id.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.len() != 36 {
                    return Err(InvalidId::NotUuid);
                }
                match uuid::Uuid::try_parse(text) {
                    Ok(id) if !id.is_nil() => Ok(Self(id)),
                    _ => Err(InvalidId::NotUuid),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )*};
}

uuid_ids! {
    /// A petition item.
    PetitionId;
    /// A dispute: the root that the county counts.
    DisputeId;
    /// A case: one body's engagement with a dispute.
    CaseId;
    /// One event of a log.
    EventId;
    /// One write request, minted by the client; the same id with the same content is the same request.
    RequestId;
}

/// Who acts: a person or system known to the identity provider. An id, never a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ActorId(String);

impl ActorId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ActorId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let shape = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@' | b':'));
        if shape { Ok(Self(text.to_owned())) } else { Err(InvalidId::NotActor) }
    }
}

impl TryFrom<String> for ActorId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<ActorId> for String {
    fn from(id: ActorId) -> Self {
        id.0
    }
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Mints ids of UUID version 7: 48 bits of the clock's milliseconds, then random bits of the operating system.
#[derive(Clone, Debug)]
pub struct IdSource(SystemRandom);

impl Default for IdSource {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl IdSource {
    /// Sixteen bytes of a new version 7 UUID at the clock's present moment.
    pub fn mint(&self, clock: &impl Clock) -> [u8; 16] {
        let mut tail = [0_u8; 10];
        self.0.fill(&mut tail).expect("the operating system's random source works");
        version_7(clock.now(), tail)
    }
}

/// The id that a follower gives to what an event of another log makes: time from the event, tail from a hash of the log's id, the
/// position and a label, so that every rebuild gives the same one.
pub fn derived_id(recorded_at: Instant, log_id: &str, position: i64, label: &str) -> [u8; 16] {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for part in [log_id.as_bytes(), &position.to_be_bytes(), label.as_bytes()] {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    let mut tail = [0_u8; 10];
    tail.copy_from_slice(&context.finish().as_ref()[..10]);
    version_7(recorded_at, tail)
}

/// A UUID of version 7 shape from a moment and ten bytes.
fn version_7(at: Instant, tail: [u8; 10]) -> [u8; 16] {
    let milliseconds = u64::try_from(at.0 / 1000).unwrap_or(0);
    *uuid::Builder::from_unix_timestamp_millis(milliseconds, &tail).into_uuid().as_bytes()
}
