//! Petitions that may be the same matter of the same person: found by marks, ranked by how much they have in common. A person decides.

use super::{marks::GROUNDS, read::Reading};
use crate::{
    domain::{Party, Petition, State},
    store::{self, LATEST, Marks},
};
use fengqiao_likeness as likeness;
use fengqiao_model::{DivisionCode, PetitionId, Text};
use fengqiao_store::StoreError;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most candidates given, and the most units to ask.
const MOST: usize = 20;

/// How many candidates are looked at closely: those that share most.
const CLOSELY: usize = 200;

/// What the same place adds to a score in thousandths.
const SAME_PLACE: u32 = 50;

/// What is known of a petition that is being taken down.
pub struct Sought {
    pub persons: Vec<Party>,
    pub title: Text,
    pub narrative: Text,
    pub division: Option<DivisionCode>,
    /// Itself, when it is logged already.
    pub but: Option<PetitionId>,
}

/// A candidate.
pub struct Alike {
    pub id: String,
    pub petition: Petition,
    /// Why, most telling first.
    pub reasons: Vec<&'static str>,
    /// What title and opening share, in thousandths.
    pub score: u32,
}

/// What was found.
#[derive(Default)]
pub struct Similar {
    pub shown: Vec<Alike>,
    /// Units at which there is one that the caller may not see.
    pub ask: BTreeSet<String>,
}

/// What speaks for one candidate.
#[derive(Default)]
struct Evidence {
    /// By which of the grounds it is the same person.
    grounds: BTreeSet<usize>,
    /// What the shared words weigh: the rarer a word, the more.
    words: u64,
}

impl Reading {
    /// The petitions that may be the same as the one sought, as far as a caller of this division may see them.
    pub async fn similar(&self, sought: &Sought, division: Option<&DivisionCode>) -> Result<Similar, StoreError> {
        let persons = self.marker.persons(&sought.persons);
        let head = self.marker.head(sought.title.as_str(), sought.narrative.as_str());
        let (evidence, mut known) = self.evidence(&persons, &head).await?;
        let mut ranked: Vec<(PetitionId, Evidence)> = evidence.into_iter().filter(|(id, _)| Some(*id) != sought.but).collect();
        ranked.sort_by_key(|(id, evidence)| std::cmp::Reverse((weight(&evidence.grounds), evidence.words, *id)));
        // The best by their persons, and the best by their words.
        let mut closely: Vec<(PetitionId, Evidence)> = ranked.drain(..ranked.len().min(CLOSELY / 2)).collect();
        ranked.sort_by_key(|(id, evidence)| std::cmp::Reverse((evidence.words, *id)));
        closely.extend(ranked.drain(..ranked.len().min(CLOSELY / 2)));
        let unknown: Vec<PetitionId> = closely.iter().map(|(id, _)| *id).filter(|id| !known.contains_key(id)).collect();
        known.extend(store::marks_of(&self.db, &unknown).await?);

        let ids: Vec<String> = closely.iter().map(|(id, _)| id.to_string()).chain(sought.but.map(|id| id.to_string())).collect();
        let petitions: HashMap<String, Petition> = store::by_ids(&self.db, &ids).await?.into_iter().collect();
        let mut all = Vec::new();
        for (id, evidence) in closely {
            let id_text = id.to_string();
            let (Some(marks), Some(petition)) = (known.get(&id), petitions.get(&id_text)) else { continue };
            if petition.state == State::Void {
                continue;
            }
            let score = likeness::score(&head, &marks.head);
            let least = if evidence.grounds.is_empty() { likeness::ALIKE } else { likeness::ALIKE_SAME_PERSON };
            let alike = score >= least;
            if evidence.grounds.is_empty() && !alike {
                continue;
            }
            let place = sought.division.as_ref() == Some(&petition.division);
            let mut reasons: Vec<&'static str> = evidence.grounds.iter().map(|ground| GROUNDS[*ground].0).collect();
            reasons.extend(alike.then_some("same_text"));
            reasons.extend(place.then_some("same_place"));
            let weight = weight(&evidence.grounds) + if alike { score } else { 0 } + if place { SAME_PLACE } else { 0 };
            all.push((weight, Alike { id: id_text, petition: petition.clone(), reasons, score }));
        }
        // Of two that are equally alike the later one first: ids begin with their time.
        all.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| y.id.cmp(&x.id)));
        let mut similar = Similar::default();
        for (_, alike) in all {
            if division.is_none_or(|division| division.contains(&alike.petition.division)) {
                if similar.shown.len() < MOST {
                    similar.shown.push(alike);
                }
            } else if similar.ask.len() < MOST {
                similar.ask.insert(alike.petition.unit.to_string());
            }
        }
        Ok(similar)
    }

    /// Who has one of these marks, and what that says; also the marks of those that were looked through by hand.
    async fn evidence(
        &self,
        persons: &[BTreeSet<i64>; 3],
        head: &[i64],
    ) -> Result<(BTreeMap<PetitionId, Evidence>, HashMap<PetitionId, Marks>), StoreError> {
        let grounds: HashMap<i64, usize> =
            persons.iter().enumerate().flat_map(|(ground, marks)| marks.iter().map(move |mark| (*mark, ground))).collect();
        let mut asked: Vec<i64> = grounds.keys().copied().chain(head.iter().copied()).collect();
        asked.sort_unstable();
        asked.dedup();
        let waiting: HashMap<PetitionId, Marks> = store::waiting(&self.db).await?.into_iter().collect();
        let mut holders: BTreeMap<i64, BTreeSet<PetitionId>> = BTreeMap::new();
        for (mark, petition) in store::marked(&self.db, &asked).await? {
            holders.entry(mark).or_default().insert(petition);
        }
        for (petition, marks) in &waiting {
            for mark in marks.all().filter(|mark| asked.binary_search(mark).is_ok()) {
                holders.entry(mark).or_default().insert(*petition);
            }
        }
        let mut evidence: BTreeMap<PetitionId, Evidence> = BTreeMap::new();
        for (mark, petitions) in holders {
            // Whether a mark was moved to where it is looked up must not matter: of many, the latest.
            let latest: Vec<PetitionId> = petitions.into_iter().rev().take(LATEST).collect();
            let rarity = u64::from((2 * LATEST as u32).ilog2() - (latest.len() as u32).ilog2());
            for petition in latest {
                let evidence = evidence.entry(petition).or_default();
                match grounds.get(&mark) {
                    Some(ground) => drop(evidence.grounds.insert(*ground)),
                    None => evidence.words += rarity,
                }
            }
        }
        Ok((evidence, waiting))
    }
}

fn weight(grounds: &BTreeSet<usize>) -> u32 {
    grounds.iter().map(|ground| GROUNDS[*ground].1).sum()
}
