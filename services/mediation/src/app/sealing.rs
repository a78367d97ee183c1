//! Between what is personal and its sealed form.

use crate::domain::{Party, SealedContent, Side};
use fengqiao_model::Text;
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::{DataKey, StoreError, seal};
use prost::Message;

/// Encrypts the sealed part of an event.
pub fn sealed(key: &DataKey, id: &str, version: i64, content: &SealedContent) -> Vec<u8> {
    let text = |text: &Text| text.as_str().to_owned();
    let message = pb::Sealed {
        title: text(&content.title),
        narrative: text(&content.narrative),
        parties: content
            .parties
            .iter()
            .map(|party| pb::SealedParty {
                name: text(&party.name),
                phone: text(&party.phone),
                identity_number: text(&party.identity_number),
                address: text(&party.address),
                side: party.side.code().to_owned(),
            })
            .collect(),
        text: text(&content.text),
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
    let parties = message.parties.iter().map(|party| {
        Ok(Party {
            name: text(&party.name)?,
            phone: text(&party.phone)?,
            identity_number: text(&party.identity_number)?,
            address: text(&party.address)?,
            side: side(&party.side),
        })
    });
    Ok(SealedContent {
        title: text(&message.title)?,
        narrative: text(&message.narrative)?,
        parties: parties.collect::<Result<_, StoreError>>()?,
        text: text(&message.text)?,
    })
}

/// The side with this name; third for none.
pub fn side(code: &str) -> Side {
    Side::ALL.into_iter().find(|side| side.code() == code).unwrap_or_default()
}
