//! Portable SQL over units, the open items they have, and the days on which they logged something.

use crate::domain::Unit;
use fengqiao_model::Day;
use fengqiao_statute::UnitLevel;
use fengqiao_store::{Column, Db, Reader, StoreError, Tx, insert, lookup, on};
use std::collections::{BTreeSet, HashMap};

#[derive(sqlx::FromRow)]
struct ImageRow {
    code: String,
    image: String,
}

fn read(rows: Vec<ImageRow>) -> Result<Vec<Unit>, StoreError> {
    rows.into_iter().map(|row| serde_json::from_str(&row.image).map_err(|_| inconsistent(&row.code))).collect()
}

fn inconsistent(key: &str) -> StoreError {
    StoreError::Inconsistent { table: "unit", column: "image", key: key.to_owned() }
}

/// Every unit of the book: a county has some hundreds.
pub async fn all_units(reader: impl Into<Reader<'_>>) -> Result<Vec<Unit>, StoreError> {
    const SQL: &str = "SELECT code, image FROM unit ORDER BY code";
    read(on!(any reader.into(), c => sqlx::query_as(SQL).fetch_all(c).await)?)
}

/// The units with these codes, those that exist.
pub async fn units_by_codes(reader: impl Into<Reader<'_>>, codes: &[String]) -> Result<Vec<Unit>, StoreError> {
    const SQL: &str = "SELECT unit.code, unit.image FROM keys JOIN unit ON unit.code = keys.code";
    read(lookup(reader, &[("code", Column::Text(codes))], SQL).await?)
}

/// Those of the codes that are units of the book.
pub async fn known_units(reader: impl Into<Reader<'_>>, codes: &[String]) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT unit.code FROM keys JOIN unit ON unit.code = keys.code";
    let rows: Vec<(String,)> = lookup(reader, &[("code", Column::Text(codes))], SQL).await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// The versions of these units.
pub async fn unit_versions(tx: &mut Tx, codes: &[String]) -> Result<HashMap<String, i64>, StoreError> {
    const SQL: &str = "SELECT unit.code, unit.version FROM keys JOIN unit ON unit.code = keys.code";
    let rows: Vec<(String, i64)> = lookup(tx, &[("code", Column::Text(codes))], SQL).await?;
    Ok(rows.into_iter().collect())
}

/// How often the units of the book were changed, all together: it grows with every change of any of them.
pub async fn unit_changes(tx: &mut Tx) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM unit";
    Ok(on!(tx tx, c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
}

/// Writes units as they stand now, in the order of codes. `prior` is the version each was loaded with, 0 for a new one.
/// Errors: Conflict when one of them moved on since, or somebody else named the same new one.
pub async fn save_units(tx: &mut Tx, units: &[(i64, &Unit)]) -> Result<(), StoreError> {
    const INTO: &str = "unit (code, version, prior, division, level, kind, successor, image)";
    const TAIL: &str = "ON CONFLICT (code) DO UPDATE SET version = excluded.version, prior = excluded.prior, \
        division = excluded.division, level = excluded.level, kind = excluded.kind, successor = excluded.successor, \
        image = excluded.image WHERE unit.version = excluded.prior";
    let rows = units.iter().map(|(_, unit)| UnitDbRow::of(unit)).collect::<Result<Vec<_>, StoreError>>()?;
    let texts = |of: fn(&UnitDbRow) -> &String| rows.iter().map(|row| of(row).as_str()).collect::<Vec<&str>>();
    let columns = [
        Column::Str(&texts(|row| &row.code)),
        Column::I64(&rows.iter().map(|row| row.version).collect::<Vec<_>>()),
        Column::I64(&units.iter().map(|(prior, _)| *prior).collect::<Vec<_>>()),
        Column::Str(&texts(|row| &row.division)),
        Column::Str(&texts(|row| &row.level)),
        Column::Str(&texts(|row| &row.kind)),
        Column::Str(&texts(|row| &row.successor)),
        Column::Str(&texts(|row| &row.image)),
    ];
    let saved = insert(tx, INTO, &columns, TAIL).await?;
    if saved == units.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// How many open items these units have; one that has none is left out.
pub async fn open_items(reader: impl Into<Reader<'_>>, codes: &[String]) -> Result<HashMap<String, i64>, StoreError> {
    const SQL: &str = "SELECT keys.code, COUNT(*) FROM keys JOIN petition ON petition.responsible_unit = keys.code \
        WHERE state IN ('registered', 'transferred', 'assigned', 'objected', 'accepted', 'extended') GROUP BY keys.code";
    let rows: Vec<(String, i64)> = lookup(reader, &[("code", Column::Text(codes))], SQL).await?;
    Ok(rows.into_iter().collect())
}

/// The first `limit` open items of a unit, by id.
pub async fn open_item_ids(tx: &mut Tx, code: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT id FROM petition WHERE responsible_unit = $1 \
        AND state IN ('registered', 'transferred', 'assigned', 'objected', 'accepted', 'extended') ORDER BY id LIMIT $2";
    Ok(on!(tx tx, c => sqlx::query_scalar(SQL).bind(code).bind(limit).fetch_all(c).await)?)
}

/// Units that were taken over and still have open items: somebody broke off while they moved.
pub async fn unfinished_successions(reader: impl Into<Reader<'_>>) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT code FROM unit WHERE successor <> '' AND EXISTS (SELECT 1 FROM petition \
        WHERE petition.responsible_unit = unit.code \
        AND petition.state IN ('registered', 'transferred', 'assigned', 'objected', 'accepted', 'extended')) ORDER BY code";
    Ok(on!(any reader.into(), c => sqlx::query_scalar(SQL).fetch_all(c).await)?)
}

/// Notes on which days units logged something.
pub async fn save_logged(tx: &mut Tx, logged: &BTreeSet<(String, Day)>) -> Result<(), StoreError> {
    let units: Vec<&str> = logged.iter().map(|(unit, _)| unit.as_str()).collect();
    let days: Vec<String> = logged.iter().map(|(_, day)| day.to_string()).collect();
    let columns = [Column::Str(&units), Column::Text(&days)];
    insert(tx, "unit_logged (unit, day)", &columns, "ON CONFLICT (unit, day) DO NOTHING").await.map(drop)
}

/// The last day, up to one, on which each of these units logged something; one that never did is left out.
pub async fn last_logged(db: &Db, codes: &[String], as_of: Day) -> Result<HashMap<String, String>, StoreError> {
    const SQL: &str = "SELECT keys.code, MAX(unit_logged.day) FROM keys JOIN unit_logged \
        ON unit_logged.unit = keys.code AND unit_logged.day <= keys.as_of GROUP BY keys.code";
    let days = vec![as_of.to_string(); codes.len()];
    let rows: Vec<(String, String)> = lookup(db, &[("code", Column::Text(codes)), ("as_of", Column::Text(&days))], SQL).await?;
    Ok(rows.into_iter().collect())
}

/// Up to `limit` codes after one, in their order, of units that logged something, registered or not.
pub async fn loggers_after(db: &Db, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    // From one code to the next by the index: there are far more days than units.
    const SQL: &str = "WITH RECURSIVE logger (code) AS (SELECT MIN(unit) FROM unit_logged WHERE unit > $1 UNION ALL \
        SELECT (SELECT MIN(unit) FROM unit_logged WHERE unit > logger.code) FROM logger WHERE logger.code IS NOT NULL) \
        SELECT code FROM logger WHERE code IS NOT NULL LIMIT $2";
    Ok(on!(read db, c => sqlx::query_scalar(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Up to `limit` units after a code, in the order of codes.
pub async fn units_after(db: &Db, after: &str, limit: i64) -> Result<Vec<Unit>, StoreError> {
    const SQL: &str = "SELECT code, image FROM unit WHERE code > $1 ORDER BY code LIMIT $2";
    read(on!(read db, c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}

/// A filter over units; what is empty does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFilter {
    /// Division codes that begin with this.
    pub division: String,
    pub level: Option<UnitLevel>,
    pub kind: String,
    /// Those that worked on this day, as they stood then.
    pub on: Option<Day>,
}

impl UnitFilter {
    /// The unit as the filter sees it, when it lets it through.
    pub fn pass(&self, unit: Unit) -> Option<Unit> {
        let unit = match self.on {
            Some(day) => unit.as_of(day).filter(|unit| unit.is_active(day))?,
            None => unit,
        };
        let standing = &unit.standing;
        let division = standing.division.as_ref().map_or("", |division| division.as_str());
        let passes = division.starts_with(&self.division)
            && self.level.is_none_or(|level| standing.level == Some(level))
            && (self.kind.is_empty() || standing.kind == self.kind);
        passes.then_some(unit)
    }
}

/// Up to `limit` units that pass, after a code, in the order of codes. What stood on a past day is in the image only, so the filter
/// works here, on pages of units.
pub async fn list_units(db: &Db, filter: &UnitFilter, after: &str, limit: usize) -> Result<Vec<Unit>, StoreError> {
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let page = units_after(db, &after, 1000).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after.clone_from(&last.code);
        found.extend(page.into_iter().filter_map(|unit| filter.pass(unit)));
        if found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

/// A unit's row with every column that says something; `prior` is for writing only.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UnitDbRow {
    pub code: String,
    version: i64,
    division: String,
    level: String,
    kind: String,
    successor: String,
    image: String,
}

impl UnitDbRow {
    /// The row that a unit has to have.
    pub fn of(unit: &Unit) -> Result<Self, StoreError> {
        let standing = &unit.standing;
        Ok(Self {
            code: unit.code.clone(),
            version: unit.version,
            division: standing.division.as_ref().map(ToString::to_string).unwrap_or_default(),
            level: standing.level.map_or("", UnitLevel::code).to_owned(),
            kind: standing.kind.clone(),
            successor: unit.successor.clone(),
            image: serde_json::to_string(unit).map_err(|_| inconsistent(&unit.code))?,
        })
    }
}

/// What `verify` compares with the fold: the rows after a code, in the order of codes.
pub async fn unit_rows_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<UnitDbRow>, StoreError> {
    const SQL: &str = "SELECT code, version, division, level, kind, successor, image FROM unit \
        WHERE code > $1 ORDER BY code LIMIT $2";
    Ok(on!(tx tx, c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}

/// What `verify` compares with the fold: the days after one, in the order of units and days.
pub async fn logged_after(tx: &mut Tx, after: &(String, String), limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    const SQL: &str = "SELECT unit, day FROM unit_logged WHERE (unit, day) > ($1, $2) ORDER BY unit, day LIMIT $3";
    Ok(on!(tx tx, c => sqlx::query_as(SQL).bind(&after.0).bind(&after.1).bind(limit).fetch_all(c).await)?)
}
