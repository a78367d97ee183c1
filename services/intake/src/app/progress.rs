//! What mediation told, in one transaction: cases, links, what is stuck, the cursor, and the log last. A link is written, and told
//! in the log, only when something that it shows changed.

use crate::{
    domain::{Link, PROGRESSED, Told},
    store::{self, FollowedCase, StuckEvent},
};
use fengqiao_model::{Day, DisputeId, Instant, PetitionId};
use fengqiao_store::{Cursor, Db, NewEvent, StoreError, Tx, cursor, log};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Name of the followed log, and of the cursor in it.
pub const MEDIATION: &str = "mediation";

/// What one event of mediation says, as read.
#[derive(Clone, Debug)]
pub enum Said {
    /// About a dispute that was opened for a petition.
    Dispute(Box<Dispute>),
    /// It cannot be read.
    Stuck(StuckEvent),
}

/// What became of a dispute that was opened for a petition.
#[derive(Clone, Debug)]
pub struct Dispute {
    /// Position of the event.
    pub position: i64,
    /// Its kind.
    pub kind: String,
    /// Id of the event that is made here of it.
    pub event_id: String,
    /// The request that caused it.
    pub request_id: String,
    /// Its business day.
    pub occurred_on: Day,
    pub petition: PetitionId,
    pub dispute: DisputeId,
    /// Number of the dispute.
    pub number: String,
    /// What the county counts last of it: nothing, a conclusion on a day, or that it is open.
    pub concluded: Option<Option<Day>>,
    /// The cases that changed.
    pub cases: Vec<ToldCase>,
}

/// A case as an event has it.
#[derive(Clone, Debug)]
pub struct ToldCase {
    pub id: String,
    pub state: String,
    pub body: String,
    pub applied_on: Day,
    pub ended_on: Option<Day>,
}

/// A batch that was followed.
pub struct Progress<'a> {
    /// What its events say, in order.
    pub said: &'a [Said],
    /// The present moment.
    pub now: Instant,
    /// Who made the events: the follower.
    pub actor: &'a str,
    /// The place before the batch.
    pub from: i64,
    /// The place after it.
    pub to: &'a Cursor,
}

/// Applies a batch and moves the cursor. Errors: `Conflict` when the cursor does not stand at `from`.
pub async fn progress(db: &Db, batch: Progress<'_>) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // First: of two replicas with the same batch, the second stops here.
    cursor::advance(&mut tx, MEDIATION, batch.from, batch.to).await?;
    let mut board = Board::load(&mut tx, batch.said).await?;
    for said in batch.said {
        match said {
            Said::Dispute(dispute) => board.place(dispute, batch.actor),
            Said::Stuck(stuck) => board.stuck.push(stuck.clone()),
        }
    }
    board.write(&mut tx, batch.now).await?;
    tx.commit().await
}

/// What one batch touches.
struct Board {
    /// Petitions that exist and were handed to mediation.
    routed: BTreeSet<String>,
    /// Links with the version each was loaded with.
    links: BTreeMap<String, (i64, Link)>,
    changed: BTreeSet<String>,
    /// Cases by dispute, then by id.
    cases: HashMap<String, BTreeMap<String, FollowedCase>>,
    /// Changed cases, with their disputes.
    touched: BTreeMap<String, String>,
    events: Vec<NewEvent>,
    stuck: Vec<StuckEvent>,
}

impl Board {
    async fn load(tx: &mut Tx, said: &[Said]) -> Result<Self, StoreError> {
        let (mut petitions, mut ids, mut disputes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for said in said {
            if let Said::Dispute(dispute) = said {
                petitions.insert(dispute.petition.to_string());
                ids.insert(Link::id(dispute.dispute));
                disputes.insert(dispute.dispute.to_string());
            }
        }
        let list = |set: BTreeSet<String>| set.into_iter().collect::<Vec<String>>();
        let known = store::by_ids(&mut *tx, &list(petitions)).await?;
        let routed = known.into_iter().filter(|(_, petition)| petition.mediation_routings > 0).map(|(id, _)| id).collect();
        let links = store::links(&mut *tx, &list(ids)).await?;
        let mut cases: HashMap<String, BTreeMap<String, FollowedCase>> = HashMap::new();
        for case in store::cases_of(tx, &list(disputes)).await? {
            cases.entry(case.dispute.clone()).or_default().insert(case.id.clone(), case);
        }
        Ok(Self {
            routed,
            links: links.into_iter().map(|(id, link)| (id, (link.version, link))).collect(),
            changed: BTreeSet::new(),
            cases,
            touched: BTreeMap::new(),
            events: Vec::new(),
            stuck: Vec::new(),
        })
    }

    fn place(&mut self, said: &Dispute, actor: &str) {
        let stuck = |reason: &str| StuckEvent { position: said.position, kind: said.kind.clone(), reason: reason.to_owned() };
        if !self.routed.contains(&said.petition.to_string()) {
            return self.stuck.push(stuck("no petition with this id was handed to mediation"));
        }
        let id = Link::id(said.dispute);
        let before = self.links.get(&id).cloned();
        if before.as_ref().is_some_and(|(_, link)| link.petition != said.petition.to_string()) {
            return self.stuck.push(stuck("the dispute belongs to another petition"));
        }
        self.keep_cases(said);
        let cases = self.cases.get(&said.dispute.to_string());
        let Some(shown) = cases.and_then(|cases| Shown::of(cases.values(), said.concluded)) else {
            return self.stuck.push(stuck("the dispute has no case"));
        };
        let told = Told {
            petition: said.petition,
            dispute: said.dispute,
            number: said.number.clone(),
            state: shown.state,
            body: shown.body,
            opened_on: shown.opened_on,
            ended_on: shown.ended_on,
            position: said.position,
        };
        let Some(after) = Link::apply(before.as_ref().map(|(_, link)| link), &told) else {
            return self.stuck.push(stuck("the dispute belongs to another petition"));
        };
        if before.as_ref().is_some_and(|(_, link)| link.shows(&after)) {
            return;
        }
        self.events.push(NewEvent {
            event_id: said.event_id.clone(),
            aggregate_id: id.clone(),
            version: after.version,
            kind: PROGRESSED,
            occurred_on: said.occurred_on,
            known_on: None,
            actor: actor.to_owned(),
            request_id: said.request_id.clone(),
            open: told.encode(),
            sealed: Vec::new(),
        });
        let prior = before.map_or(0, |(prior, _)| prior);
        self.changed.insert(id.clone());
        self.links.insert(id, (prior, after));
    }

    fn keep_cases(&mut self, said: &Dispute) {
        let dispute = said.dispute.to_string();
        let cases = self.cases.entry(dispute.clone()).or_default();
        for (place, told) in (0..).zip(&said.cases) {
            let known = cases.get(&told.id).map(|case| (case.since, case.place));
            let (since, place) = known.unwrap_or((said.position, place));
            let case = FollowedCase {
                id: told.id.clone(),
                dispute: dispute.clone(),
                since,
                place,
                state: told.state.clone(),
                body: told.body.clone(),
                applied_on: told.applied_on,
                ended_on: told.ended_on,
            };
            cases.insert(told.id.clone(), case);
            self.touched.insert(told.id.clone(), dispute.clone());
        }
    }

    /// Writes it all, the log last.
    async fn write(self, tx: &mut Tx, now: Instant) -> Result<(), StoreError> {
        for stuck in &self.stuck {
            tracing::warn!(position = stuck.position, kind = stuck.kind, reason = stuck.reason, "event of mediation is stuck");
        }
        let links: Vec<(&str, i64, &Link)> =
            self.changed.iter().filter_map(|id| self.links.get(id).map(|(prior, link)| (id.as_str(), *prior, link))).collect();
        store::save_links(tx, &links).await?;
        let cases: Vec<&FollowedCase> =
            self.touched.iter().filter_map(|(id, dispute)| self.cases.get(dispute)?.get(id)).collect();
        store::save_cases(tx, &cases).await?;
        store::save_stuck(tx, MEDIATION, &self.stuck).await?;
        if !self.events.is_empty() {
            log::append(tx, now, self.events).await?;
        }
        Ok(())
    }
}

/// What a link shows of a dispute's cases.
struct Shown {
    state: String,
    body: String,
    opened_on: Day,
    ended_on: Option<Day>,
}

impl Shown {
    /// The last case says where it stands, one that stands before one that is void. It goes on while a case of it is open; it ended
    /// on the day the county counts it as concluded, or, if that counts nothing of it, with its last case.
    fn of<'a>(cases: impl Iterator<Item = &'a FollowedCase>, concluded: Option<Option<Day>>) -> Option<Shown> {
        let mut cases: Vec<&FollowedCase> = cases.collect();
        cases.sort_by_key(|case| (case.since, case.place));
        let first = cases.first()?;
        let last = cases.iter().rfind(|case| case.state != "void").or(cases.last())?;
        let ended_on = if cases.iter().all(|case| case.ended_on.is_some()) {
            concluded.unwrap_or_else(|| cases.iter().filter_map(|case| case.ended_on).max())
        } else {
            None
        };
        Some(Shown { state: last.state.clone(), body: last.body.clone(), opened_on: first.applied_on, ended_on })
    }
}
