//! Between what is personal and its sealed form; query codes, which die with the key.

use crate::domain::{Party, PartyRole, Petition, SealedContent, Side};
use fengqiao_identifiers::PaperKind;
use fengqiao_model::Text;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{DataKey, StoreError, seal};
use prost::Message;
use std::ops::Range;

/// Letters and digits that are not mistaken for one another when read from a slip.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Encrypts the sealed part of an event.
pub fn sealed(key: &DataKey, id: &str, version: i64, content: &SealedContent) -> Vec<u8> {
    let message = pb::Sealed {
        title: content.title.as_str().to_owned(),
        narrative: content.narrative.as_str().to_owned(),
        parties: content
            .parties
            .iter()
            .map(|party| pb::SealedParty {
                name: party.name.as_str().to_owned(),
                phone: party.phone.as_str().to_owned(),
                identity_number: party.identity_number.as_str().to_owned(),
                address: party.address.as_str().to_owned(),
                side: party.side.code().to_owned(),
                identity_kind: party.identity_kind.code().to_owned(),
                role: if party.role == PartyRole::default() { String::new() } else { party.role.code().to_owned() },
            })
            .collect(),
        text: content.text.as_str().to_owned(),
        organ: content.organ.as_str().to_owned(),
    };
    seal::seal(key, id, version, &message.encode_to_vec())
}

/// Decrypts the sealed part of an event; nothing for an event without one.
pub fn unsealed(key: &DataKey, id: &str, version: i64, bytes: &[u8]) -> Result<SealedContent, StoreError> {
    if bytes.is_empty() {
        return Ok(SealedContent::default());
    }
    let plain = seal::open_sealed(key, id, version, bytes)?;
    let broken = || StoreError::Inconsistent { table: "event", column: "sealed", key: id.to_owned() };
    let message = pb::Sealed::decode(plain.as_slice()).map_err(|_| broken())?;
    let text = |text: &str| Text::new(text, usize::MAX).map_err(|_| broken());
    Ok(SealedContent {
        title: text(&message.title)?,
        narrative: text(&message.narrative)?,
        parties: message
            .parties
            .iter()
            .map(|party| {
                Ok(Party {
                    name: text(&party.name)?,
                    phone: text(&party.phone)?,
                    identity_kind: PaperKind::coded(&party.identity_kind).ok_or_else(broken)?,
                    identity_number: text(&party.identity_number)?,
                    address: text(&party.address)?,
                    side: Side::ALL.into_iter().find(|side| side.code() == party.side).ok_or_else(broken)?,
                    role: match party.role.as_str() {
                        "" => PartyRole::default(),
                        code => PartyRole::ALL.into_iter().find(|role| role.code() == code).ok_or_else(broken)?,
                    },
                })
            })
            .collect::<Result<_, StoreError>>()?,
        text: text(&message.text)?,
        organ: text(&message.organ)?,
    })
}

/// The query code of a representative: 65 bits derived from the petition's key, never stored, written `XXXX-XXXX-XXXXX`.
pub fn query_code(key: &DataKey, representative: u32, generation: u32) -> String {
    let mut info = representative.to_be_bytes().to_vec();
    info.extend(generation.to_be_bytes());
    let bytes = key.derive("petition query code", &info);
    let mut code = String::with_capacity(15);
    for (i, byte) in bytes.iter().take(13).enumerate() {
        if i == 4 || i == 8 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    code
}

/// The codes of some representatives, as the petition has them now.
pub fn query_codes(key: &DataKey, petition: &Petition, of: Range<u32>) -> Vec<String> {
    of.map(|representative| query_code(key, representative, petition.code_generation(representative))).collect()
}

/// Whether a typed code is this one; spaces, hyphens and case do not matter, nor does it matter where they differ.
pub fn same_code(typed: &str, code: &str) -> bool {
    let plain = |text: &str| -> Vec<u8> {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase());
        letters
            .map(|b| {
                if b == b'O' {
                    b'0'
                } else if matches!(b, b'I' | b'L') {
                    b'1'
                } else {
                    b
                }
            })
            .collect()
    };
    let (typed, code) = (plain(typed), plain(code));
    let difference = typed.iter().zip(&code).fold(typed.len() ^ code.len(), |difference, (a, b)| difference | usize::from(a ^ b));
    difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = query_code(&DataKey::from_bytes([7; 32]), 0, 0);
        assert_eq!(code.len(), 15);
        assert!(same_code(&code.to_lowercase().replace('-', " "), &code));
        assert!(!same_code(&code[..14], &code));
        assert_ne!(code, query_code(&DataKey::from_bytes([7; 32]), 1, 0));
        assert_ne!(code, query_code(&DataKey::from_bytes([7; 32]), 0, 1));
    }
}
