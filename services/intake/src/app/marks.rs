//! What of a petition is hashed, so that it is found again: its persons, and words of its texts. Each purpose has a key of its own.
//!
//! Never of an allegation (XF 30): it is in no index.

use crate::{
    domain::{Party, Petition, SealedContent},
    store::Marks,
};
use fengqiao_likeness as likeness;
use fengqiao_statute::MatterClass;
use fengqiao_store::{HashKey, MasterKey};
use std::collections::BTreeSet;

/// The most words of a petition by which it is found: of names, title and narrative, in this order.
pub const WORDS: usize = 256;

/// How many of these are kept for names.
const OF_NAMES: usize = 64;

/// What tells that two entries are one person, most telling first: name on the wire and weight beside a score in thousandths.
pub const GROUNDS: [(&str, u32); 3] = [("same_identity_number", 500), ("same_phone", 350), ("same_name", 150)];

/// The keys of this book.
pub struct Marker {
    persons: [HashKey; 3],
    words: HashKey,
}

impl Marker {
    /// The keys that belong to a master key.
    pub fn of(master: &MasterKey) -> Self {
        let persons = ["petition identity number", "petition phone", "petition name"].map(|label| master.hash_key(label));
        Self { persons, words: master.hash_key("petition words") }
    }

    /// The marks of a petition; none for an allegation, nor where nothing is left of it.
    pub fn marks(&self, petition: &Petition, content: &SealedContent) -> Option<Marks> {
        if petition.matter_class == MatterClass::Allegation || petition.erased {
            return None;
        }
        let head = self.head(content.title.as_str(), content.narrative.as_str());
        let names = content.parties.iter().flat_map(|party| likeness::tokens(party.name.as_str(), OF_NAMES)).take(OF_NAMES);
        let mut words: Vec<String> = names.collect();
        for text in [&content.title, &content.narrative] {
            words.extend(likeness::tokens(text.as_str(), WORDS.saturating_sub(words.len())));
        }
        let mut rest: BTreeSet<i64> = words.iter().map(|word| self.words.mark(word)).collect();
        rest.extend(self.persons(&content.parties).into_iter().flatten());
        let rest: Vec<i64> = rest.into_iter().filter(|mark| head.binary_search(mark).is_err()).collect();
        (!head.is_empty() || !rest.is_empty()).then_some(Marks { head, rest })
    }

    /// The marks of a title and of the opening of a narrative, in order.
    pub fn head(&self, title: &str, narrative: &str) -> Vec<i64> {
        let marks: BTreeSet<i64> = likeness::head(title, narrative).iter().map(|word| self.words.mark(word)).collect();
        marks.into_iter().collect()
    }

    /// The marks of words that are looked for.
    pub fn words(&self, words: &[String]) -> Vec<i64> {
        words.iter().map(|word| self.words.mark(word)).collect()
    }

    /// The marks of persons, by ground, in the order of [`GROUNDS`]. Who only acts for others is left out: the principal counts.
    pub fn persons(&self, parties: &[Party]) -> [BTreeSet<i64>; 3] {
        let mut marks: [BTreeSet<i64>; 3] = Default::default();
        for party in parties.iter().filter(|party| party.role.is_principal()) {
            let plain = [
                likeness::paper(party.identity_number.as_str()),
                likeness::phone(party.phone.as_str()),
                likeness::name(party.name.as_str()),
            ];
            for ((text, key), marks) in plain.iter().zip(&self.persons).zip(&mut marks) {
                marks.extend(text.as_ref().map(|text| key.mark(text)));
            }
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PartyRole;
    use fengqiao_model::Text;

    fn party(name: &str, phone: &str, role: PartyRole) -> Party {
        let text = |text| Text::new(text, 100).unwrap();
        Party { name: text(name), phone: text(phone), role, ..Party::default() }
    }

    #[test]
    fn the_same_person_written_otherwise_has_the_same_marks_and_an_agent_none() {
        let marker = Marker::of(&MasterKey::from_hex(&"0f".repeat(32)).unwrap());
        let one = marker.persons(&[party("王小明", "+86 139-0523-0001", PartyRole::Petitioner)]);
        assert_eq!(one, marker.persons(&[party(" 王 小明", "13905230001", PartyRole::CoSigner)]));
        assert_eq!(one.iter().flatten().count(), 2);
        assert_eq!(marker.persons(&[party("王小明", "13905230001", PartyRole::Agent)]).iter().flatten().count(), 0);
        let other = Marker::of(&MasterKey::from_hex(&"0e".repeat(32)).unwrap());
        assert!(one[1].is_disjoint(&other.persons(&[party("王小明", "13905230001", PartyRole::Petitioner)])[1]));
    }
}
