//! Disputes that may be one quarrel: found by keyed hashes of their parties, ranked by how much they have in common. A person decides.

use super::read::Reading;
use crate::{
    domain::{Dispute, Party},
    store::{self, StoredDispute},
};
use fengqiao_model::DivisionCode;
use fengqiao_store::{DataKey, MasterKey, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// The most candidates given.
const MOST: usize = 20;

/// What tells that two parties may be one, most telling first: name on the wire and weight.
const GROUNDS: [(&str, u32); 3] = [("same_identity_number", 8), ("same_phone", 4), ("same_name", 2)];

/// The key under which parties are hashed.
pub struct SimilarityKey(DataKey);

/// A candidate.
pub struct Alike {
    pub id: String,
    pub dispute: Dispute,
    /// Why, most telling first.
    pub reasons: Vec<&'static str>,
}

impl SimilarityKey {
    /// The key of this book.
    pub fn of(master: &MasterKey) -> Self {
        Self(DataKey::from_bytes(master.derive("similarity")))
    }

    /// The hashes of parties, by ground, in the order of [`GROUNDS`].
    fn by_ground(&self, parties: &[Party]) -> [BTreeSet<String>; 3] {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let mut hashes: [BTreeSet<String>; 3] = Default::default();
        for party in parties {
            let phone: String = party.phone.as_str().chars().filter(char::is_ascii_digit).collect();
            let phone = phone.strip_prefix("0086").or(phone.strip_prefix("86")).unwrap_or(&phone).to_owned();
            let texts = [letters(party.identity_number.as_str()), phone, letters(party.name.as_str())];
            // What is too short tells nothing: 无, an extension, a single letter.
            for ((text, least), (slot, (ground, _))) in texts.iter().zip([6, 7, 2]).zip(hashes.iter_mut().zip(GROUNDS)) {
                if text.chars().count() >= least {
                    slot.insert(self.hash(ground, text));
                }
            }
        }
        hashes
    }

    fn hash(&self, ground: &str, text: &str) -> String {
        self.0.derive(ground, text.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// All hashes of parties.
    pub fn hashes(&self, parties: &[Party]) -> BTreeSet<String> {
        self.by_ground(parties).into_iter().flatten().collect()
    }
}

impl Reading {
    /// The disputes that may be the same quarrel as one with these parties, type and place; `but` is left out, with what it is linked
    /// to. At most 20, most alike first.
    pub async fn similar(
        &self,
        parties: &[Party],
        dispute_type: &str,
        division: Option<&DivisionCode>,
        but: Option<(&str, Option<&Dispute>)>,
    ) -> Result<Vec<Alike>, StoreError> {
        let mut grounds: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (ground, hashes) in self.similarity.by_ground(parties).into_iter().enumerate() {
            let hashes: Vec<String> = hashes.into_iter().collect();
            for (_, id) in store::disputes_like(&self.db, &hashes).await? {
                grounds.entry(id).or_default().insert(ground);
            }
        }
        if grounds.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<String> = grounds.keys().cloned().collect();
        let mut ranked = Vec::new();
        for StoredDispute { id, dispute, .. } in store::by_ids(&self.db, &ids).await? {
            if but.is_some_and(|(own, known)| own == id || known.is_some_and(|known| is_linked(own, known, &id, &dispute))) {
                continue;
            }
            let found = grounds.get(&id).into_iter().flatten().map(|ground| GROUNDS[*ground]);
            let type_and_place = [
                ("same_type", u32::from(!dispute_type.is_empty() && dispute.dispute_type == dispute_type)),
                ("same_place", u32::from(division.is_some_and(|division| *division == dispute.division))),
            ];
            let all: Vec<(&'static str, u32)> =
                found.chain(type_and_place.into_iter().filter(|(_, weight)| *weight > 0)).collect();
            let weight: u32 = all.iter().map(|(_, weight)| weight).sum();
            ranked.push((weight, Alike { id, dispute, reasons: all.into_iter().map(|(reason, _)| reason).collect() }));
        }
        // Of two that are equally alike the later one first: ids begin with their time.
        ranked.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| y.id.cmp(&x.id)));
        Ok(ranked.into_iter().take(MOST).map(|(_, alike)| alike).collect())
    }
}

/// Whether two disputes are linked already, to each other or to a third.
fn is_linked(own: &str, known: &Dispute, id: &str, other: &Dispute) -> bool {
    let root = |id: &str, dispute: &Dispute| dispute.linked_into.map_or_else(|| id.to_owned(), |root| root.to_string());
    root(own, known) == root(id, other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_model::Text;

    fn party(name: &str, phone: &str) -> Party {
        let text = |text| Text::new(text, 100).unwrap();
        Party { name: text(name), phone: text(phone), ..Party::default() }
    }

    #[test]
    fn the_same_person_written_otherwise_has_the_same_hashes() {
        let key = SimilarityKey::of(&MasterKey::from_hex(&"0f".repeat(32)).unwrap());
        let one = key.hashes(&[party("王小明", "+86 139-0000-1234")]);
        assert_eq!(one, key.hashes(&[party(" 王 小明", "13900001234")]));
        assert_eq!(one.len(), 2);
        assert!(key.hashes(&[party("王", "110")]).is_empty());
        let other = SimilarityKey::of(&MasterKey::from_hex(&"0e".repeat(32)).unwrap());
        assert!(one.is_disjoint(&other.hashes(&[party("王小明", "13900001234")])));
    }
}
