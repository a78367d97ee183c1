//! Petitions by their words: found by marks, then read, so that what is given really holds the words. Never an allegation: it has none.

use super::{read::Reading, sealing::unsealed};
use crate::{
    domain::{Party, Petition, SealedContent},
    store,
};
use fengqiao_likeness as likeness;
use fengqiao_model::{DivisionCode, PetitionId};
use fengqiao_store::{DataKey, StoreError, data_key, log};
use std::collections::{BTreeSet, HashMap};

/// The most petitions that one call looks at; a page that is not full then goes on from there.
const LOOKED_AT: usize = 2_000;

/// How many are looked at at once.
const STRIDE: i64 = 200;

/// What is looked for.
pub struct Search {
    /// Words in their plain form: each stands in a name, the title or the narrative.
    pub words: Vec<String>,
    /// A petitioner's phone number and number of a paper, where given.
    pub person: Party,
    /// Divisions to which it is restricted, the caller's own among them.
    pub within: Vec<DivisionCode>,
    /// Petitions after this one, in the order of the answer.
    pub after: Option<PetitionId>,
    pub page_size: usize,
}

/// A petition that was found.
pub struct Found {
    pub id: String,
    pub petition: Petition,
    pub content: SealedContent,
}

impl Reading {
    /// The latest petitions that hold all that is looked for, and from which one on to go on looking; `None` at the end.
    pub async fn search(&self, search: &Search) -> Result<(Vec<Found>, Option<PetitionId>), StoreError> {
        let tokens: Vec<String> = search.words.iter().flat_map(|word| likeness::query(word, 64)).collect();
        let mut marks = self.marker.words(&tokens);
        marks.extend(self.marker.persons(std::slice::from_ref(&search.person)).into_iter().flatten());
        marks.sort_unstable();
        marks.dedup();
        let Some(driver) = self.rarest(&marks).await? else { return Ok((Vec::new(), None)) };
        // What waits to be moved to where it is looked up is looked through by hand.
        let waiting: BTreeSet<PetitionId> = store::waiting(&self.db)
            .await?
            .into_iter()
            .filter(|(_, own)| marks.iter().all(|mark| own.head.contains(mark) || own.rest.contains(mark)))
            .map(|(id, _)| id)
            .collect();
        let (mut found, mut before, mut looked_at) = (Vec::new(), search.after, 0);
        loop {
            let indexed = store::with_mark(&self.db, driver, before, STRIDE).await?;
            let whole = indexed.len() < usize::try_from(STRIDE).unwrap_or(0);
            let floor = indexed.last().copied().filter(|_| !whole);
            let mut ids: BTreeSet<PetitionId> = self.with_all(&indexed, &marks).await?.into_iter().collect();
            ids.extend(waiting.iter().filter(|id| before.is_none_or(|b| **id < b) && floor.is_none_or(|f| **id >= f)));
            looked_at += indexed.len();
            for (id, entry) in self.read_through(search, ids).await? {
                if found.len() == search.page_size {
                    return Ok((found, before));
                }
                before = Some(id);
                found.extend(entry);
            }
            match floor {
                None => return Ok((found, None)),
                Some(floor) => before = Some(floor),
            }
            if looked_at >= LOOKED_AT {
                return Ok((found, before));
            }
        }
    }

    /// The mark that fewest petitions have, as far as a stride tells: by it the others are looked for.
    async fn rarest(&self, marks: &[i64]) -> Result<Option<i64>, StoreError> {
        let mut held: HashMap<i64, usize> = marks.iter().map(|mark| (*mark, 0)).collect();
        for (mark, _) in store::marked(&self.db, marks).await? {
            *held.entry(mark).or_default() += 1;
        }
        Ok(held.into_iter().min_by_key(|(mark, count)| (*count, *mark)).map(|(mark, _)| mark))
    }

    /// Those of the petitions that have all marks.
    async fn with_all(&self, petitions: &[PetitionId], marks: &[i64]) -> Result<Vec<PetitionId>, StoreError> {
        let own = store::marks_of(&self.db, petitions).await?;
        let has = |own: &store::Marks, mark: &i64| own.head.binary_search(mark).is_ok() || own.rest.binary_search(mark).is_ok();
        Ok(own.into_iter().filter(|(_, own)| marks.iter().all(|mark| has(own, mark))).map(|(id, _)| id).collect())
    }

    /// Each petition, the latest first, with what it holds if that is what is looked for and the caller may see it.
    async fn read_through(
        &self,
        search: &Search,
        ids: BTreeSet<PetitionId>,
    ) -> Result<Vec<(PetitionId, Option<Found>)>, StoreError> {
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let mut petitions: HashMap<String, Petition> = store::by_ids(&self.db, &texts).await?.into_iter().collect();
        petitions.retain(|_, petition| search.within.iter().all(|division| division.contains(&petition.division)));
        let visible: Vec<String> = petitions.keys().cloned().collect();
        let mut contents = self.contents(&visible).await?;
        let mut read = Vec::with_capacity(texts.len());
        for id in ids.into_iter().rev() {
            let text = id.to_string();
            let entry = petitions.remove(&text).zip(contents.remove(&text)).filter(|(_, content)| holds(content, &search.words));
            read.push((id, entry.map(|(petition, content)| Found { id: text, petition, content })));
        }
        Ok(read)
    }

    /// What is sealed of petitions, of those that were not erased.
    async fn contents(&self, ids: &[String]) -> Result<HashMap<String, SealedContent>, StoreError> {
        let mut keys = HashMap::new();
        for (id, wrapped) in data_key::load(&self.db, ids).await? {
            keys.insert(id.clone(), DataKey::unwrap(&wrapped, &self.master, &id)?);
        }
        let mut contents: HashMap<String, SealedContent> = HashMap::new();
        for event in log::of_aggregates(&self.db, ids).await? {
            if let Some(key) = keys.get(&event.aggregate_id).filter(|_| !event.sealed.is_empty()) {
                let later = unsealed(key, &event.aggregate_id, event.version, &event.sealed)?;
                contents.entry(event.aggregate_id).or_default().merge(later);
            }
        }
        Ok(contents)
    }
}

/// Whether each word stands in a name, in the title or in the narrative.
fn holds(content: &SealedContent, words: &[String]) -> bool {
    let mut texts: Vec<String> = content.parties.iter().map(|party| likeness::plain(party.name.as_str())).collect();
    texts.push(likeness::plain(content.title.as_str()));
    texts.push(likeness::plain(content.narrative.as_str()));
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}
