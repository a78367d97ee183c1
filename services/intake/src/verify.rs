//! Off-line check of a book: the chain of its log, and its state rows against the fold of its events.

use crate::{
    app::{fold, fold_unit},
    domain::{
        Adopted, CALENDAR, Event as PetitionEvent, LINKS, Link, Notices, Petition, Told, UNITS, Unit, is_petition, logged_by,
    },
    store::{self, ClockRow, LinkRow, NoticesRow, StateRow, UnitDbRow},
};
use fengqiao_store::{Db, Event, StoreError, Tx, log, verify_chain};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// What a check found: one line per difference, in the order found; empty when all is well.
pub struct Verified {
    /// Events checked.
    pub events: i64,
    /// Petitions checked.
    pub petitions: i64,
    /// What mediation told of petitions, checked: one for each dispute.
    pub links: i64,
    /// Units checked.
    pub units: i64,
    /// Events of followed logs that have no place here: not a difference, but somebody must look.
    pub stuck: i64,
    /// Differences, each naming its place.
    pub differences: Vec<String>,
}

/// How many differences are listed; the first is what matters.
const LISTED: usize = 20;
const PAGE: i64 = 2_000;

/// Checks a book in one consistent view of it. Memory stays bounded whatever its size.
pub async fn verify_book(db: &Db) -> Result<Verified, StoreError> {
    let mut tx = db.snapshot().await?;
    let stuck = store::stuck_count(&mut tx).await?;
    let mut verified = Verified { events: 0, petitions: 0, links: 0, units: 0, stuck, differences: Vec::new() };
    match verify_chain(&mut tx).await {
        Ok(head) => verified.events = head.position,
        Err(broken) => {
            verified.differences.push(format!("position {}: {}", broken.position, broken.what));
            return Ok(verified);
        }
    }
    let mut logged = BTreeSet::new();
    verified.petitions = compare::<Petition>(&mut tx, &mut verified.differences, &mut logged).await?;
    verified.links = compare::<Link>(&mut tx, &mut verified.differences, &mut logged).await?;
    verified.units = compare::<Unit>(&mut tx, &mut verified.differences, &mut logged).await?;
    compare_logged(&mut tx, logged, &mut verified.differences).await?;
    let lost = store::lost_clocks(&mut tx).await?;
    if lost > 0 {
        note(&mut verified.differences, format!("{lost} clocks belong to no petition"));
    }
    compare_notices(&mut tx, &mut verified.differences).await?;
    Ok(verified)
}

/// A state that stands in a table and is the fold of events; those of one kind stand together in the order of ids.
trait Folded: Clone + Sized {
    /// What it is called.
    const WHAT: &'static str;
    /// Behind which id the first one stands.
    const AFTER: &'static str;
    /// Its row.
    type Row: PartialEq;

    /// Whether an aggregate is one.
    fn is_one(id: &str) -> bool;
    /// One step of the fold.
    fn step(before: Option<&Self>, event: &Event) -> Result<Self, StoreError>;
    /// The unit that an event shows at work, and the day.
    fn logged(_event: &Event) -> Option<(String, String)> {
        None
    }
    /// The row it has to have.
    fn row(&self, id: &str) -> Result<Self::Row, StoreError>;
    /// The id of a row.
    fn id(row: &Self::Row) -> &str;
    /// The id that the row of an aggregate has.
    fn row_id(id: &str) -> &str {
        id
    }
    /// The rows after an id, in the order of ids.
    async fn rows_after(tx: &mut Tx, after: &str) -> Result<Vec<Self::Row>, StoreError>;
}

impl Folded for Petition {
    const WHAT: &'static str = "petition";
    const AFTER: &'static str = "";
    type Row = (StateRow, Vec<ClockRow>);

    fn is_one(id: &str) -> bool {
        is_petition(id)
    }

    fn step(before: Option<&Self>, event: &Event) -> Result<Self, StoreError> {
        fold(before.cloned(), event)
    }

    fn logged(event: &Event) -> Option<(String, String)> {
        let decoded = PetitionEvent::decode(&event.kind, &event.open).ok()?;
        logged_by(&decoded).map(|(unit, day)| (unit.to_owned(), day.to_string()))
    }

    fn row(&self, id: &str) -> Result<Self::Row, StoreError> {
        Ok((StateRow::of(id, self)?, ClockRow::of(id, self)))
    }

    fn id(row: &Self::Row) -> &str {
        &row.0.id
    }

    async fn rows_after(tx: &mut Tx, after: &str) -> Result<Vec<Self::Row>, StoreError> {
        let rows = store::rows_after(tx, after, PAGE).await?;
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let mut clocks: HashMap<String, Vec<ClockRow>> = HashMap::new();
        for clock in store::clocks_of(tx, &ids).await? {
            clocks.entry(clock.petition_id.clone()).or_default().push(clock);
        }
        Ok(rows
            .into_iter()
            .map(|row| (clocks.remove(&row.id).unwrap_or_default(), row))
            .map(|(clocks, row)| (row, clocks))
            .collect())
    }
}

impl Folded for Link {
    const WHAT: &'static str = "link";
    const AFTER: &'static str = LINKS;
    type Row = LinkRow;

    fn is_one(id: &str) -> bool {
        id.starts_with(LINKS)
    }

    fn step(before: Option<&Self>, event: &Event) -> Result<Self, StoreError> {
        let broken = || StoreError::Inconsistent { table: "event", column: "open", key: event.position.to_string() };
        let told = Told::decode(&event.kind, &event.open).map_err(|_| broken())?;
        Link::apply(before, &told).ok_or_else(broken)
    }

    fn row(&self, id: &str) -> Result<LinkRow, StoreError> {
        LinkRow::of(id, self)
    }

    fn id(row: &LinkRow) -> &str {
        &row.id
    }

    async fn rows_after(tx: &mut Tx, after: &str) -> Result<Vec<LinkRow>, StoreError> {
        store::link_rows_after(tx, after, PAGE).await
    }
}

/// The notices that were taken over: one history and one row.
async fn compare_notices(tx: &mut Tx, differences: &mut Vec<String>) -> Result<(), StoreError> {
    let mut notices: Option<Notices> = None;
    for event in log::of_aggregate(&mut *tx, CALENDAR, 0).await? {
        match Adopted::decode(&event.kind, &event.open) {
            Ok(adopted) => notices = Some(Notices::apply(notices.as_ref(), &adopted)),
            Err(_) => note(differences, format!("position {}: the event does not fit what came before it", event.position)),
        }
    }
    let row = notices.map(|notices| NoticesRow::of(CALENDAR, &notices)).transpose()?;
    if store::notices_rows_after(tx, "", 2).await? != Vec::from_iter(row) {
        note(differences, "the calendar does not stand as its events say".to_owned());
    }
    Ok(())
}

impl Folded for Unit {
    const WHAT: &'static str = "unit";
    const AFTER: &'static str = UNITS;
    type Row = UnitDbRow;

    fn is_one(id: &str) -> bool {
        id.starts_with(UNITS)
    }

    fn step(before: Option<&Self>, event: &Event) -> Result<Self, StoreError> {
        fold_unit(before, event)
    }

    fn row(&self, _id: &str) -> Result<UnitDbRow, StoreError> {
        UnitDbRow::of(self)
    }

    fn id(row: &UnitDbRow) -> &str {
        &row.code
    }

    fn row_id(id: &str) -> &str {
        id.strip_prefix(UNITS).unwrap_or(id)
    }

    async fn rows_after(tx: &mut Tx, after: &str) -> Result<Vec<UnitDbRow>, StoreError> {
        store::unit_rows_after(tx, after, PAGE).await
    }
}

/// Compares the days on which units logged something with what the events of petitions say.
async fn compare_logged(
    tx: &mut Tx,
    mut logged: BTreeSet<(String, String)>,
    differences: &mut Vec<String>,
) -> Result<(), StoreError> {
    let mut after = (String::new(), String::new());
    loop {
        let page = store::logged_after(tx, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(last);
        for (unit, day) in page {
            let said = (unit, day);
            if !logged.remove(&said) {
                note(differences, format!("unit {} is noted as at work on {}, which no event says", said.0, said.1));
            }
        }
    }
    for (unit, day) in logged {
        note(differences, format!("unit {unit} was at work on {day}, which is not noted"));
    }
    Ok(())
}

/// Walks histories and state rows side by side, both in the order of ids, and gives how many states were checked.
async fn compare<S: Folded>(
    tx: &mut Tx,
    differences: &mut Vec<String>,
    logged: &mut BTreeSet<(String, String)>,
) -> Result<i64, StoreError> {
    let mut rows = Rows::<S> { page: VecDeque::new(), last: String::new(), ended: false, checked: 0 };
    let mut folded: Option<(String, S)> = None;
    let mut after = (S::AFTER.to_owned(), 0);
    loop {
        let events = log::by_aggregate(&mut *tx, after.clone(), PAGE).await?;
        let Some(last) = events.last() else { break };
        after = (last.aggregate_id.clone(), last.version);
        for event in events.iter().filter(|event| S::is_one(&event.aggregate_id)) {
            logged.extend(S::logged(event));
            folded = Some(match folded.take() {
                Some((id, state)) if id == event.aggregate_id => (id, step(Some(state), event, differences)?),
                done => {
                    if let Some((id, state)) = done {
                        rows.check(tx, &id, &state, differences).await?;
                    }
                    (event.aggregate_id.clone(), step(None, event, differences)?)
                }
            });
        }
    }
    if let Some((id, state)) = folded {
        rows.check(tx, &id, &state, differences).await?;
    }
    while let Some(row) = rows.next(tx).await? {
        note(differences, format!("{} {} stands in the book but not in the log", S::WHAT, S::id(&row)));
    }
    Ok(rows.checked)
}

fn step<S: Folded>(before: Option<S>, event: &Event, differences: &mut Vec<String>) -> Result<S, StoreError> {
    match (S::step(before.as_ref(), event), before) {
        (Ok(after), _) => Ok(after),
        (Err(error), None) => Err(error),
        (Err(_), Some(before)) => {
            note(differences, format!("position {}: the event does not fit what came before it", event.position));
            Ok(before)
        }
    }
}

fn note(differences: &mut Vec<String>, difference: String) {
    if differences.len() < LISTED {
        differences.push(difference);
    }
}

/// The state rows in the order of their ids, a page at a time.
struct Rows<S: Folded> {
    page: VecDeque<S::Row>,
    last: String,
    ended: bool,
    checked: i64,
}

impl<S: Folded> Rows<S> {
    async fn next(&mut self, tx: &mut Tx) -> Result<Option<S::Row>, StoreError> {
        if self.page.is_empty() && !self.ended {
            self.page = S::rows_after(tx, &self.last).await?.into();
            self.ended = self.page.is_empty();
            if let Some(row) = self.page.back() {
                S::id(row).clone_into(&mut self.last);
            }
        }
        Ok(self.page.pop_front())
    }

    async fn check(&mut self, tx: &mut Tx, id: &str, state: &S, differences: &mut Vec<String>) -> Result<(), StoreError> {
        self.checked += 1;
        let id = S::row_id(id);
        while let Some(row) = self.next(tx).await? {
            if S::id(&row) < id {
                note(differences, format!("{} {} stands in the book but not in the log", S::WHAT, S::id(&row)));
                continue;
            }
            if S::id(&row) != id {
                self.page.push_front(row);
                break;
            }
            if row != state.row(id)? {
                note(differences, format!("{} {id} does not stand as its events say", S::WHAT));
            }
            return Ok(());
        }
        note(differences, format!("{} {id} stands in the log but not in the book", S::WHAT));
        Ok(())
    }
}
