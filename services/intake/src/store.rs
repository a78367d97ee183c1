//! Portable SQL of intake: loading, saving and listing petitions. Knows no engine; decides nothing.

mod calendar;
mod clock;
mod filter;
mod foreign;
mod likeness;
mod link;
mod list;
mod look_up;
mod repeat;
mod shape;
mod units;

pub use calendar::{NoticesRow, leave_task, notices, notices_rows_after, notices_version, save_notices, take_task, task_done};
pub use clock::{ClockRow, DueFilter, DueRow, clocks_of, due, lost_clocks, restated_count, restatements, to_restate, to_sweep};
pub use filter::{Days, Filter};
pub use foreign::{by_foreign_numbers, free_foreign_numbers, save_foreign_numbers};
pub use likeness::{LATEST, Marks, forget_marks, index_marks, marked, marks_of, save_marks, waiting, with_mark};
pub use link::{
    FollowedCase, LinkRow, StuckEvent, cases_of, link_rows_after, links, links_of, save_cases, save_links, save_stuck, stuck,
    stuck_count,
};
pub use list::{Ask, Keep, Order, Place, page, total};
pub use look_up::{DayCounts, Sought, add_look_ups, look_ups, seek};
pub use units::{
    UnitDbRow, UnitFilter, all_units, known_units, last_logged, list_units, logged_after, loggers_after, open_item_ids,
    open_items, save_logged, save_units, unfinished_successions, unit_changes, unit_rows_after, unit_versions, units_after,
    units_by_codes,
};

pub use repeat::{repeats_of, save_repeats};
pub use shape::{set_shape, shape};

use crate::domain::{OWED, Petition};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_store::{Column, Db, Migrations, Reader, StoreError, Tx, insert, lookup, on};

/// Tables of this service, from number 0100 on.
pub static MIGRATIONS: Migrations =
    Migrations { sqlite: sqlx::migrate!("migrations/sqlite"), postgres: sqlx::migrate!("migrations/postgres") };

#[derive(sqlx::FromRow)]
struct ImageRow {
    id: String,
    image: String,
}

/// A petition with its id.
pub type Stored = (String, Petition);

/// The petitions with these ids, those that exist.
pub async fn by_ids(reader: impl Into<Reader<'_>>, ids: &[String]) -> Result<Vec<Stored>, StoreError> {
    const SQL: &str = "SELECT petition.id, petition.image FROM keys JOIN petition ON petition.id = keys.id";
    read(lookup(reader, &[("id", Column::Text(ids))], SQL).await?)
}

/// The petitions with these references, those that exist.
pub async fn by_references(
    reader: impl Into<Reader<'_>>,
    ledgers: &[String],
    references: &[String],
) -> Result<Vec<Stored>, StoreError> {
    const SQL: &str = "SELECT petition.id, petition.image FROM keys JOIN petition \
        ON petition.ledger = keys.ledger AND petition.external_ref = keys.external_ref AND petition.external_ref <> ''";
    read(lookup(reader, &[("ledger", Column::Text(ledgers)), ("external_ref", Column::Text(references))], SQL).await?)
}

/// The petitions with these slips, those that exist.
pub async fn by_slips(reader: impl Into<Reader<'_>>, slips: &[String]) -> Result<Vec<Stored>, StoreError> {
    const SQL: &str =
        "SELECT petition.id, petition.image FROM keys JOIN petition ON petition.slip = keys.slip AND petition.slip <> ''";
    read(lookup(reader, &[("slip", Column::Text(slips))], SQL).await?)
}

/// The petition with this number, or else with this slip.
pub async fn by_number(db: &Db, number: &str) -> Result<Option<Stored>, StoreError> {
    const SQL: &str = "SELECT id, image FROM petition WHERE number = $1";
    let row: Option<ImageRow> = on!(read db, c => sqlx::query_as(SQL).bind(number).fetch_optional(c).await)?;
    match row {
        Some(row) => Ok(read(vec![row])?.pop()),
        None => Ok(by_slips(db, &[number.to_owned()]).await?.pop()),
    }
}

/// Writes petitions as they stand now. `prior` is the version each was loaded with, 0 for a new one.
/// Errors: Conflict when one of them moved on since.
pub async fn save(tx: &mut Tx, petitions: &[(String, i64, &Petition)]) -> Result<(), StoreError> {
    const INTO: &str = "petition (id, version, prior, number, slip, ledger, external_ref, state, division, channel, \
        matter_class, responsible_unit, registered_on, open_due, unit, township, category, accepted_on, concluded_on, is_repeat, image)";
    const TAIL: &str = "ON CONFLICT (id) DO UPDATE SET version = excluded.version, prior = excluded.prior, \
        state = excluded.state, division = excluded.division, channel = excluded.channel, \
        matter_class = excluded.matter_class, responsible_unit = excluded.responsible_unit, \
        registered_on = excluded.registered_on, open_due = excluded.open_due, unit = excluded.unit, \
        township = excluded.township, category = excluded.category, accepted_on = excluded.accepted_on, \
        concluded_on = excluded.concluded_on, is_repeat = excluded.is_repeat, image = excluded.image \
        WHERE petition.version = excluded.prior";
    let column = |of: fn(&Petition) -> String| petitions.iter().map(|(_, _, p)| of(p)).collect::<Vec<String>>();
    let ids: Vec<&str> = petitions.iter().map(|(id, _, _)| id.as_str()).collect();
    let versions: Vec<i64> = petitions.iter().map(|(_, _, p)| p.version).collect();
    let priors: Vec<i64> = petitions.iter().map(|(_, prior, _)| *prior).collect();
    let numbers: Vec<&str> = petitions.iter().map(|(_, _, p)| p.number.as_str()).collect();
    let slips: Vec<&str> = petitions.iter().map(|(_, _, p)| p.slip.as_str()).collect();
    let ledgers: Vec<&str> = petitions.iter().map(|(_, _, p)| p.ledger.as_str()).collect();
    let references: Vec<&str> = petitions.iter().map(|(_, _, p)| p.external_ref.as_str()).collect();
    let states: Vec<&str> = petitions.iter().map(|(_, _, p)| p.state.name()).collect();
    let divisions: Vec<&str> = petitions.iter().map(|(_, _, p)| p.division.as_str()).collect();
    let channels: Vec<&str> = petitions.iter().map(|(_, _, p)| p.channel.map_or("", |c| c.code())).collect();
    let classes: Vec<&str> = petitions.iter().map(|(_, _, p)| p.matter_class.code()).collect();
    let units: Vec<&str> = petitions.iter().map(|(_, _, p)| p.responsible_unit.as_str()).collect();
    let registered = column(|p| p.registered_on.to_string());
    let due = column(|p| day_text(open_due(p)));
    let offices: Vec<&str> = petitions.iter().map(|(_, _, p)| p.unit.as_str()).collect();
    let townships: Vec<&str> = petitions.iter().map(|(_, _, p)| township(&p.division)).collect();
    let categories: Vec<&str> = petitions.iter().map(|(_, _, p)| p.category.as_str()).collect();
    let accepted = column(|p| day_text(p.accepted_on));
    let concluded = column(|p| day_text(p.concluded_on));
    let repeats: Vec<i64> = petitions.iter().map(|(_, _, p)| i64::from(is_repeat(p))).collect();
    let images = petitions.iter().map(|(_, _, p)| image(p)).collect::<Result<Vec<String>, StoreError>>()?;
    let columns = [
        Column::Str(&ids),
        Column::I64(&versions),
        Column::I64(&priors),
        Column::Str(&numbers),
        Column::Str(&slips),
        Column::Str(&ledgers),
        Column::Str(&references),
        Column::Str(&states),
        Column::Str(&divisions),
        Column::Str(&channels),
        Column::Str(&classes),
        Column::Str(&units),
        Column::Text(&registered),
        Column::Text(&due),
        Column::Str(&offices),
        Column::Str(&townships),
        Column::Str(&categories),
        Column::Text(&accepted),
        Column::Text(&concluded),
        Column::I64(&repeats),
        Column::Text(&images),
    ];
    let saved = insert(tx, INTO, &columns, TAIL).await?;
    if saved != petitions.len() as u64 {
        return Err(StoreError::Conflict);
    }
    let clocks: Vec<ClockRow> = petitions.iter().flat_map(|(id, _, petition)| ClockRow::of(id, petition)).collect();
    clock::save_clocks(tx, &clocks).await
}

/// The legal due day of an open item's running clock: what "late on a day" looks at.
fn open_due(petition: &Petition) -> Option<Day> {
    if !petition.state.is_open() {
        return None;
    }
    let owed = petition.running().filter(|run| OWED.contains(&run.terms.rule.as_str()));
    owed.map(|run| run.terms.legal_due).min()
}

fn day_text(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The township in which a division is; empty where it is none and lies in none.
fn township(division: &DivisionCode) -> &str {
    division.as_str().get(..9).unwrap_or_default()
}

/// Whether a petition repeats another.
fn is_repeat(petition: &Petition) -> bool {
    !petition.repeat_of.is_empty()
}

/// The image column of a petition: what the fold of its events must give again.
fn image(petition: &Petition) -> Result<String, StoreError> {
    serde_json::to_string(petition).map_err(|_| inconsistent(&petition.number))
}

fn read(rows: Vec<ImageRow>) -> Result<Vec<Stored>, StoreError> {
    rows.into_iter().map(|row| read_image(&row.id, &row.image).map(|petition| (row.id, petition))).collect()
}

fn read_image(id: &str, image: &str) -> Result<Petition, StoreError> {
    serde_json::from_str(image).map_err(|_| inconsistent(id))
}

fn inconsistent(key: &str) -> StoreError {
    StoreError::Inconsistent { table: "petition", column: "image", key: key.to_owned() }
}

/// A state row with every column that says something; `prior` is for writing only.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StateRow {
    pub id: String,
    version: i64,
    number: String,
    slip: String,
    ledger: String,
    external_ref: String,
    state: String,
    division: String,
    channel: String,
    matter_class: String,
    responsible_unit: String,
    registered_on: String,
    open_due: String,
    unit: String,
    township: String,
    category: String,
    accepted_on: String,
    concluded_on: String,
    is_repeat: i64,
    image: String,
}

impl StateRow {
    /// The row that a petition has to have.
    pub fn of(id: &str, p: &Petition) -> Result<Self, StoreError> {
        Ok(Self {
            id: id.to_owned(),
            version: p.version,
            number: p.number.clone(),
            slip: p.slip.clone(),
            ledger: p.ledger.clone(),
            external_ref: p.external_ref.clone(),
            state: p.state.name().to_owned(),
            division: p.division.to_string(),
            channel: p.channel.map_or("", |c| c.code()).to_owned(),
            matter_class: p.matter_class.code().to_owned(),
            responsible_unit: p.responsible_unit.clone(),
            registered_on: p.registered_on.to_string(),
            open_due: day_text(open_due(p)),
            unit: p.unit.to_string(),
            township: township(&p.division).to_owned(),
            category: p.category.clone(),
            accepted_on: day_text(p.accepted_on),
            concluded_on: day_text(p.concluded_on),
            is_repeat: i64::from(is_repeat(p)),
            image: image(p)?,
        })
    }
}

/// What `verify` compares with the fold: the rows after an id, in the order of ids.
pub async fn rows_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<StateRow>, StoreError> {
    const SQL: &str = "SELECT * FROM petition WHERE id > $1 ORDER BY id LIMIT $2";
    Ok(on!(tx tx, c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}
