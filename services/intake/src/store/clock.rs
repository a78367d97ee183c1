//! Portable SQL over the clocks of petitions: written with the petition, listed by day, found by the sweep and by a new calendar.

use crate::domain::Petition;
use fengqiao_model::Day;
use fengqiao_statute::ClockTerms;
use fengqiao_store::{Column, Db, StoreError, Tx, insert, lookup, on};

/// One clock under one of its terms, as its row has it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClockRow {
    pub petition_id: String,
    pub place: i64,
    pub edition: i64,
    rule: String,
    rule_version: String,
    calendar_version: String,
    started_on: String,
    kpi_due: String,
    legal_due: String,
    provisional: i64,
    from_on: String,
    until_on: String,
    done_on: String,
    lapsed_on: String,
    sweep_on: String,
    pub unit: String,
    pub division: String,
}

impl ClockRow {
    /// The rows that a petition has to have, in the order of their keys.
    pub fn of(id: &str, petition: &Petition) -> Vec<Self> {
        let text = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let row = |line: crate::domain::ClockLine<'_>| Self {
            petition_id: id.to_owned(),
            place: count(line.place),
            edition: count(line.edition),
            rule: line.terms.rule.clone(),
            rule_version: line.terms.rule_version.clone(),
            calendar_version: line.terms.calendar_version.clone(),
            started_on: line.terms.started_on.to_string(),
            kpi_due: line.terms.kpi_due.to_string(),
            legal_due: line.terms.legal_due.to_string(),
            provisional: i64::from(line.terms.provisional),
            from_on: line.from_on.to_string(),
            until_on: text(line.until_on),
            done_on: text(line.done_on),
            lapsed_on: text(line.lapsed_on),
            sweep_on: text(line.sweep_on),
            unit: line.unit.to_owned(),
            division: petition.division.to_string(),
        };
        petition.clock_lines().into_iter().map(row).collect()
    }

    /// Its terms.
    pub fn terms(&self) -> Result<ClockTerms, StoreError> {
        let day = |text: &str, column| {
            text.parse().map_err(|_| StoreError::Inconsistent { table: "petition_clock", column, key: self.petition_id.clone() })
        };
        Ok(ClockTerms {
            rule: self.rule.clone(),
            rule_version: self.rule_version.clone(),
            calendar_version: self.calendar_version.clone(),
            started_on: day(&self.started_on, "started_on")?,
            kpi_due: day(&self.kpi_due, "kpi_due")?,
            legal_due: day(&self.legal_due, "legal_due")?,
            provisional: self.provisional != 0,
        })
    }

    /// Code of its rule.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The day on which the clock ended.
    pub fn done_on(&self) -> Option<Day> {
        self.done_on.parse().ok()
    }

    /// Where it stands in a list.
    pub fn key(&self) -> (String, String, i64) {
        (self.legal_due.clone(), self.petition_id.clone(), self.place)
    }
}

/// Writes the clocks of petitions as they stand now.
pub async fn save_clocks(tx: &mut Tx, rows: &[ClockRow]) -> Result<(), StoreError> {
    const INTO: &str = "petition_clock (petition_id, place, edition, rule, rule_version, calendar_version, started_on, kpi_due, \
        legal_due, provisional, from_on, until_on, done_on, lapsed_on, sweep_on, unit, division)";
    const TAIL: &str = "ON CONFLICT (petition_id, place, edition) DO UPDATE SET rule = excluded.rule, \
        rule_version = excluded.rule_version, calendar_version = excluded.calendar_version, \
        started_on = excluded.started_on, kpi_due = excluded.kpi_due, legal_due = excluded.legal_due, \
        provisional = excluded.provisional, from_on = excluded.from_on, until_on = excluded.until_on, \
        done_on = excluded.done_on, lapsed_on = excluded.lapsed_on, sweep_on = excluded.sweep_on, unit = excluded.unit, \
        division = excluded.division";
    let text = |of: fn(&ClockRow) -> &str| rows.iter().map(of).collect::<Vec<&str>>();
    let number = |of: fn(&ClockRow) -> i64| rows.iter().map(of).collect::<Vec<i64>>();
    let columns = [
        Column::Str(&text(|row| &row.petition_id)),
        Column::I64(&number(|row| row.place)),
        Column::I64(&number(|row| row.edition)),
        Column::Str(&text(|row| &row.rule)),
        Column::Str(&text(|row| &row.rule_version)),
        Column::Str(&text(|row| &row.calendar_version)),
        Column::Str(&text(|row| &row.started_on)),
        Column::Str(&text(|row| &row.kpi_due)),
        Column::Str(&text(|row| &row.legal_due)),
        Column::I64(&number(|row| row.provisional)),
        Column::Str(&text(|row| &row.from_on)),
        Column::Str(&text(|row| &row.until_on)),
        Column::Str(&text(|row| &row.done_on)),
        Column::Str(&text(|row| &row.lapsed_on)),
        Column::Str(&text(|row| &row.sweep_on)),
        Column::Str(&text(|row| &row.unit)),
        Column::Str(&text(|row| &row.division)),
    ];
    insert(tx, INTO, &columns, TAIL).await.map(drop)
}

/// The clocks of these petitions, in the order of their keys within each.
pub async fn clocks_of(tx: &mut Tx, ids: &[String]) -> Result<Vec<ClockRow>, StoreError> {
    const SQL: &str = "SELECT petition_clock.* FROM keys JOIN petition_clock ON petition_clock.petition_id = keys.petition_id";
    let mut rows: Vec<ClockRow> = lookup(tx, &[("petition_id", Column::Text(ids))], SQL).await?;
    rows.sort_by(|a, b| (&a.petition_id, a.place, a.edition).cmp(&(&b.petition_id, b.place, b.edition)));
    Ok(rows)
}

/// How many clocks belong to no petition.
pub async fn lost_clocks(tx: &mut Tx) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM petition_clock \
        WHERE NOT EXISTS (SELECT 1 FROM petition WHERE petition.id = petition_clock.petition_id)";
    Ok(on!(tx tx, c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
}

/// A filter over the clocks that run on a day; empty texts do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueFilter {
    /// The day.
    pub on: String,
    pub unit: String,
    pub level: String,
    pub rule: String,
    /// Division codes that begin with this.
    pub division: String,
    /// Division codes that begin with this, too: what the caller may see.
    pub allowed: String,
    /// Their KPI due day lies before this day: what may be red.
    pub kpi_before: String,
    /// Their legal due day is this day or later: what may be anything but red.
    pub legal_from: String,
}

/// A clock in a list, with the number of its petition.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DueRow {
    #[sqlx(flatten)]
    pub clock: ClockRow,
    pub number: String,
}

/// Up to `limit` clocks that run at the end of a day, after a key, in the order of (legal due, petition, place). `today`: the day is the
/// present one, on which a clock runs when it has not ended.
pub async fn due(
    db: &Db,
    filter: &DueFilter,
    after: &(String, String, i64),
    limit: i64,
    today: bool,
) -> Result<Vec<DueRow>, StoreError> {
    // ':' is the character after '9', so [code, code:) holds every code that begins with it.
    const TODAY: &str = "SELECT c.*, p.number FROM petition_clock c JOIN petition p ON p.id = c.petition_id \
        WHERE c.done_on = '' AND c.until_on = '' \
        AND (c.legal_due > $1 OR (c.legal_due = $1 AND (c.petition_id > $2 OR (c.petition_id = $2 AND c.place > $3)))) \
        AND c.started_on <= $4 \
        AND ($5 = '' OR c.unit = $5) AND ($6 = '' OR c.rule = $6) \
        AND ($7 = '' OR (c.division >= $7 AND c.division < $7 || ':')) \
        AND ($8 = '' OR (c.division >= $8 AND c.division < $8 || ':')) \
        AND ($9 = '' OR c.kpi_due < $9) AND ($10 = '' OR c.legal_due >= $10) \
        AND ($11 = '' OR EXISTS (SELECT 1 FROM unit u WHERE u.code = c.unit AND u.level = $11)) \
        ORDER BY c.legal_due, c.petition_id, c.place LIMIT $12";
    const PAST: &str = "SELECT c.*, p.number FROM petition_clock c JOIN petition p ON p.id = c.petition_id \
        WHERE (c.done_on = '' OR c.done_on > $4) AND c.from_on <= $4 AND (c.until_on = '' OR c.until_on > $4) \
        AND (c.legal_due > $1 OR (c.legal_due = $1 AND (c.petition_id > $2 OR (c.petition_id = $2 AND c.place > $3)))) \
        AND c.started_on <= $4 \
        AND ($5 = '' OR c.unit = $5) AND ($6 = '' OR c.rule = $6) \
        AND ($7 = '' OR (c.division >= $7 AND c.division < $7 || ':')) \
        AND ($8 = '' OR (c.division >= $8 AND c.division < $8 || ':')) \
        AND ($9 = '' OR c.kpi_due < $9) AND ($10 = '' OR c.legal_due >= $10) \
        AND ($11 = '' OR EXISTS (SELECT 1 FROM unit u WHERE u.code = c.unit AND u.level = $11)) \
        ORDER BY c.legal_due, c.petition_id, c.place LIMIT $12";
    Ok(on!(read db, c => sqlx::query_as(if today { TODAY } else { PAST })
        .bind(&after.0)
        .bind(&after.1)
        .bind(after.2)
        .bind(&filter.on)
        .bind(&filter.unit)
        .bind(&filter.rule)
        .bind(&filter.division)
        .bind(&filter.allowed)
        .bind(&filter.kpi_before)
        .bind(&filter.legal_from)
        .bind(&filter.level)
        .bind(limit)
        .fetch_all(c).await)?)
}

/// Up to `limit` petitions with a clock of which the sweep may have something to note on a day, after (day, id).
pub async fn to_sweep(db: &Db, on: &str, after: &(String, String), limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    const SQL: &str = "SELECT sweep_on, petition_id FROM petition_clock WHERE sweep_on <> '' AND sweep_on <= $1 \
        AND (sweep_on > $2 OR (sweep_on = $2 AND petition_id > $3)) ORDER BY sweep_on, petition_id LIMIT $4";
    Ok(on!(read db, c => sqlx::query_as(SQL).bind(on).bind(&after.0).bind(&after.1).bind(limit).fetch_all(c).await)?)
}

/// Up to `limit` petitions with a running clock that a calendar of this version has not reckoned and whose days lie where it may move
/// them: provisional, or due on `from` or later.
pub async fn to_restate(db: &Db, version: &str, from: &str, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT DISTINCT petition_id FROM petition_clock WHERE done_on = '' AND until_on = '' \
        AND calendar_version <> $1 AND (provisional <> 0 OR legal_due >= $2) AND petition_id > $3 ORDER BY petition_id LIMIT $4";
    Ok(on!(read db, c => sqlx::query_scalar(SQL).bind(version).bind(from).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Up to `limit` clocks that a calendar of this version restated, after (petition, place): each with its terms before.
pub async fn restatements(
    db: &Db,
    version: &str,
    allowed: &str,
    after: &(String, i64),
    limit: i64,
) -> Result<Vec<(DueRow, ClockRow)>, StoreError> {
    const SQL: &str = "SELECT c.*, p.number FROM petition_clock c \
        JOIN petition_clock b ON b.petition_id = c.petition_id AND b.place = c.place AND b.edition = c.edition - 1 \
        JOIN petition p ON p.id = c.petition_id \
        WHERE c.edition > 0 AND c.calendar_version = $1 AND b.calendar_version <> $1 \
        AND ($2 = '' OR (c.division >= $2 AND c.division < $2 || ':')) \
        AND (c.petition_id > $3 OR (c.petition_id = $3 AND c.place > $4)) ORDER BY c.petition_id, c.place LIMIT $5";
    let after_rows: Vec<DueRow> = on!(read db, c => sqlx::query_as(SQL)
        .bind(version).bind(allowed).bind(&after.0).bind(after.1).bind(limit).fetch_all(c).await)?;
    let ids: Vec<String> = after_rows.iter().map(|row| row.clock.petition_id.clone()).collect();
    let places: Vec<i64> = after_rows.iter().map(|row| row.clock.place).collect();
    let editions: Vec<i64> = after_rows.iter().map(|row| row.clock.edition - 1).collect();
    const BEFORE: &str = "SELECT petition_clock.* FROM keys JOIN petition_clock ON petition_clock.petition_id = keys.petition_id \
        AND petition_clock.place = keys.place AND petition_clock.edition = keys.edition";
    let keys = [("petition_id", Column::Text(&ids)), ("place", Column::I64(&places)), ("edition", Column::I64(&editions))];
    let mut before: std::collections::HashMap<(String, i64), ClockRow> =
        lookup(db, &keys, BEFORE).await?.into_iter().map(|row: ClockRow| ((row.petition_id.clone(), row.place), row)).collect();
    let pair = |row: DueRow| before.remove(&(row.clock.petition_id.clone(), row.clock.place)).map(|before| (row, before));
    Ok(after_rows.into_iter().filter_map(pair).collect())
}

/// How many clocks a calendar of this version restated.
pub async fn restated_count(db: &Db, version: &str, allowed: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM petition_clock c \
        JOIN petition_clock b ON b.petition_id = c.petition_id AND b.place = c.place AND b.edition = c.edition - 1 \
        WHERE c.edition > 0 AND c.calendar_version = $1 AND b.calendar_version <> $1 \
        AND ($2 = '' OR (c.division >= $2 AND c.division < $2 || ':'))";
    Ok(on!(read db, c => sqlx::query_scalar(SQL).bind(version).bind(allowed).fetch_one(c).await)?)
}
