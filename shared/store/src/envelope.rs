//! The log's hash format, pure: whoever has the bytes can check them, with this file or without it.
//!
//! ```text
//! digest       = SHA-256( SHA-256(open) ‖ SHA-256(sealed) )
//! hash         = SHA-256( field(previous hash) ‖ field(position) ‖ header ‖ field(digest) )
//! header       = field(event_id) ‖ field(aggregate_id) ‖ field(version) ‖ field(kind) ‖ field(recorded_us)
//!                ‖ field(occurred_on) ‖ field(known_on) ‖ field(actor) ‖ field(request_id)
//! field(x)     = length of x as 4 bytes, big endian ‖ x
//! integers     = 8 bytes, big endian, two's complement (so their length field says 8)
//! texts        = UTF-8; days are written YYYY-MM-DD
//! hash before the first event = SHA-256( "fengqiao log" ‖ log_id )
//! ```
//!
//! `sealed` is the ciphertext as stored, empty when an event has none. A follower that may not see a payload gets its
//! SHA-256 instead, and checks the same chain. The test below fixes a vector.

use ring::digest::{Context, SHA256};

/// The envelope of an event, payloads apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Place in the log, from 1, without gaps.
    pub position: i64,
    /// Id of the event.
    pub event_id: &'a str,
    /// What changed.
    pub aggregate_id: &'a str,
    /// The aggregate's version after the event, from 1.
    pub version: i64,
    /// Kind of event, as the publisher names it.
    pub kind: &'a str,
    /// When it was recorded, microseconds since 1970.
    pub recorded_us: i64,
    /// The business day, `YYYY-MM-DD`.
    pub occurred_on: &'a str,
    /// The day since which it is known, `YYYY-MM-DD`.
    pub known_on: &'a str,
    /// Who did it: an id, never a name.
    pub actor: &'a str,
    /// The request that caused it.
    pub request_id: &'a str,
}

/// The hash that stands before the first event of a log.
pub fn genesis(log_id: &str) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(b"fengqiao log");
    context.update(log_id.as_bytes());
    finish(context)
}

/// The hash of an event, from the hash before it.
pub fn chain(previous: &[u8], header: &Header<'_>, digest: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for field in [
        previous,
        &header.position.to_be_bytes(),
        header.event_id.as_bytes(),
        header.aggregate_id.as_bytes(),
        &header.version.to_be_bytes(),
        header.kind.as_bytes(),
        &header.recorded_us.to_be_bytes(),
        header.occurred_on.as_bytes(),
        header.known_on.as_bytes(),
        header.actor.as_bytes(),
        header.request_id.as_bytes(),
        digest,
    ] {
        let length = u32::try_from(field.len()).expect("no field is as long as 4 GiB");
        context.update(&length.to_be_bytes());
        context.update(field);
    }
    finish(context)
}

/// The digest of both payloads.
pub fn digest(open: &[u8], sealed: &[u8]) -> [u8; 32] {
    digest_of_hashes(&payload_hash(open), &payload_hash(sealed))
}

/// The digest, for one who has the SHA-256 of a payload in place of the payload.
pub fn digest_of_hashes(open: &[u8], sealed: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(open);
    context.update(sealed);
    finish(context)
}

/// SHA-256 of a payload.
pub fn payload_hash(payload: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(payload);
    finish(context)
}

fn finish(context: Context) -> [u8; 32] {
    context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Computed independently, with Python's hashlib, from the text at the head of this file.
    #[test]
    fn the_format_does_not_change() {
        let header = Header {
            position: 1,
            event_id: "01890a5d-ac96-774b-bcce-b302099a8057",
            aggregate_id: "01890a5d-ac96-774b-bcce-b302099a8058",
            version: 1,
            kind: "PetitionLogged",
            recorded_us: 1_735_660_800_000_000,
            occurred_on: "2024-12-31",
            known_on: "2025-01-01",
            actor: "clerk-1",
            request_id: "01890a5d-ac96-774b-bcce-b302099a8059",
        };
        let digest = digest(b"open", b"");
        let first = chain(&genesis("log-1"), &header, &digest);
        assert_eq!(hex(&genesis("log-1")), "49c5d5676a35c937dc6a4fab7828e5a07dfa70fe63736a6130a8f6e72a586ca3");
        assert_eq!(hex(&digest), "0ff67a8fcb4bd5995633c7f8530f128cb71daecf9c40ccbe696029c1e9f4a596");
        assert_eq!(hex(&first), "ec65dd98f46ab0374871929513993b460d6e4b5689c778008a36e7f0fe2b6dab");
    }

    #[test]
    fn a_byte_moved_between_fields_changes_the_hash() {
        let header = |event_id, aggregate_id| Header {
            position: 1,
            event_id,
            aggregate_id,
            version: 1,
            kind: "",
            recorded_us: 0,
            occurred_on: "",
            known_on: "",
            actor: "",
            request_id: "",
        };
        assert_ne!(chain(&[], &header("ab", "c"), &[]), chain(&[], &header("a", "bc"), &[]));
        assert_ne!(digest(b"a", b""), digest(b"", b"a"));
    }
}
