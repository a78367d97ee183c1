//! Bodies and their loads. The load's `guard` is the optimistic lock of the body.

use super::{day, inconsistent};
use crate::domain::Body;
use fengqiao_store::{Column, Db, Reader, StoreError, Tx, insert, lookup, on};

/// A body with its load and the lock of both.
#[derive(Clone, Debug)]
pub struct StoredBody {
    pub body: Body,
    /// Cases it has open.
    pub open: i64,
    /// How often the body was written.
    pub guard: i64,
}

#[derive(sqlx::FromRow)]
struct Loaded {
    code: String,
    image: String,
    open: i64,
    guard: i64,
}

/// Every body of the book: a county has some hundreds.
pub async fn all_bodies(reader: impl Into<Reader<'_>>) -> Result<Vec<StoredBody>, StoreError> {
    const SQL: &str = "SELECT body.code, body.image, body_load.open, body_load.guard \
        FROM body JOIN body_load ON body_load.code = body.code ORDER BY body.code";
    read(on!(any reader.into(), c => sqlx::query_as(SQL).fetch_all(c).await)?)
}

/// The bodies with these codes, those that exist.
pub async fn bodies_by_codes(reader: impl Into<Reader<'_>>, codes: &[String]) -> Result<Vec<StoredBody>, StoreError> {
    const SQL: &str = "SELECT body.code, body.image, body_load.open, body_load.guard FROM keys \
        JOIN body ON body.code = keys.code JOIN body_load ON body_load.code = keys.code";
    read(lookup(reader, &[("code", Column::Text(codes))], SQL).await?)
}

fn read(rows: Vec<Loaded>) -> Result<Vec<StoredBody>, StoreError> {
    rows.into_iter()
        .map(|row| {
            let body = serde_json::from_str(&row.image).map_err(|_| inconsistent("body", &row.code))?;
            Ok(StoredBody { body, open: row.open, guard: row.guard })
        })
        .collect()
}

/// Writes bodies as they stand now. Their loads have to be written as well: they hold the lock.
pub async fn save_bodies(tx: &mut Tx, bodies: &[&Body]) -> Result<(), StoreError> {
    const INTO: &str = "body (code, version, force, kind, division, founded_on, closed_on, image)";
    const TAIL: &str = "ON CONFLICT (code) DO UPDATE SET version = excluded.version, force = excluded.force, \
        kind = excluded.kind, division = excluded.division, founded_on = excluded.founded_on, \
        closed_on = excluded.closed_on, image = excluded.image";
    let rows = bodies.iter().map(|body| BodyRow::of(body, 0)).collect::<Result<Vec<_>, StoreError>>()?;
    let texts = |of: fn(&BodyRow) -> &String| rows.iter().map(|row| of(row).as_str()).collect::<Vec<&str>>();
    let columns = [
        Column::Str(&texts(|row| &row.code)),
        Column::I64(&rows.iter().map(|row| row.version).collect::<Vec<_>>()),
        Column::Str(&texts(|row| &row.force)),
        Column::Str(&texts(|row| &row.kind)),
        Column::Str(&texts(|row| &row.division)),
        Column::Str(&texts(|row| &row.founded_on)),
        Column::Str(&texts(|row| &row.closed_on)),
        Column::Str(&texts(|row| &row.image)),
    ];
    insert(tx, INTO, &columns, TAIL).await.map(drop)
}

/// A load as it was read and as it is to be.
pub struct Load<'a> {
    pub code: &'a str,
    /// As it was read; 0 for a new body.
    pub prior: i64,
    /// As it stands now.
    pub open: i64,
    /// The guard as it was read; 0 for a new body.
    pub guard: i64,
    /// The body itself changed.
    pub changed: bool,
    /// Somebody decided by the number: it must not have moved meanwhile. Otherwise the difference is added to whatever it is.
    pub exact: bool,
}

/// Writes loads, in the order of codes. Errors: Conflict when a body, or a load that counted, moved on since it was read.
pub async fn save_loads(tx: &mut Tx, loads: &[Load<'_>]) -> Result<(), StoreError> {
    const INTO: &str = "body_load (code, open, guard, prior_open, exact)";
    // The guard as written is the one read, but for a body that changed: it grows by one.
    const TAIL: &str = "ON CONFLICT (code) DO UPDATE SET open = body_load.open + excluded.open - excluded.prior_open, \
        guard = excluded.guard, prior_open = excluded.prior_open, exact = excluded.exact \
        WHERE body_load.guard = excluded.guard - CASE excluded.exact WHEN 2 THEN 1 ELSE 0 END \
        AND (excluded.exact = 0 OR body_load.open = excluded.prior_open)";
    let number = |of: fn(&Load<'_>) -> i64| loads.iter().map(of).collect::<Vec<i64>>();
    let columns = [
        Column::Str(&loads.iter().map(|load| load.code).collect::<Vec<_>>()),
        Column::I64(&number(|load| load.open)),
        Column::I64(&number(|load| load.guard + i64::from(load.changed))),
        Column::I64(&number(|load| load.prior)),
        Column::I64(&number(|load| if load.changed { 2 } else { i64::from(load.exact) })),
    ];
    let saved = insert(tx, INTO, &columns, TAIL).await?;
    if saved == loads.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A filter over bodies; empty texts do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyFilter {
    /// Division codes that begin with this.
    pub division: String,
    pub force: &'static str,
    pub kind: String,
    /// A tag; looked for in the image, not by the database.
    pub tag: String,
    /// A day on which it works.
    pub active_on: String,
}

/// Up to `limit` bodies after a code, in the order of codes, whatever their tags.
async fn bodies_after(db: &Db, filter: &BodyFilter, after: &str, limit: i64) -> Result<Vec<StoredBody>, StoreError> {
    // ':' is the character after '9', so [code, code:) holds every code that begins with it.
    const SQL: &str = "SELECT body.code, body.image, body_load.open, body_load.guard \
        FROM body JOIN body_load ON body_load.code = body.code \
        WHERE body.code > $1 AND ($2 = '' OR (division >= $2 AND division < $2 || ':')) AND ($3 = '' OR force = $3) \
        AND ($4 = '' OR kind = $4) AND ($5 = '' OR (founded_on <= $5 AND (closed_on = '' OR closed_on > $5))) \
        ORDER BY body.code LIMIT $6";
    let rows: Vec<Loaded> = on!(read db, c => sqlx::query_as(SQL)
        .bind(after)
        .bind(&filter.division)
        .bind(filter.force)
        .bind(&filter.kind)
        .bind(&filter.active_on)
        .bind(limit)
        .fetch_all(c).await)?;
    read(rows)
}

/// Up to `limit` bodies after a code, in the order of codes.
pub async fn list_bodies(db: &Db, filter: &BodyFilter, after: &str, limit: i64) -> Result<Vec<StoredBody>, StoreError> {
    if filter.tag.is_empty() {
        return bodies_after(db, filter, after, limit).await;
    }
    let wanted = usize::try_from(limit).unwrap_or(1);
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let page = bodies_after(db, filter, &after, 1000).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = last.body.code.to_string();
        found.extend(page.into_iter().filter(|stored| stored.body.tags.contains(&filter.tag)));
        if found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

/// A body's row with every column that says something.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct BodyRow {
    pub code: String,
    version: i64,
    force: String,
    kind: String,
    division: String,
    founded_on: String,
    closed_on: String,
    image: String,
    /// Of its load.
    pub open: i64,
}

impl BodyRow {
    /// The row that a body with this load has to have.
    pub fn of(body: &Body, open: i64) -> Result<Self, StoreError> {
        Ok(Self {
            code: body.code.to_string(),
            version: body.version,
            force: body.force.code().to_owned(),
            kind: body.kind.clone(),
            division: body.division.as_ref().map(ToString::to_string).unwrap_or_default(),
            founded_on: day(body.founded_on),
            closed_on: day(body.closed_on),
            image: serde_json::to_string(body).map_err(|_| inconsistent("body", body.code.as_str()))?,
            open,
        })
    }
}

/// What `verify` compares with the fold: the rows after a code, in the order of codes; -1 open cases where there is no load.
pub async fn body_rows_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<BodyRow>, StoreError> {
    const SQL: &str = "SELECT body.*, COALESCE(body_load.open, -1) AS open \
        FROM body LEFT JOIN body_load ON body_load.code = body.code WHERE body.code > $1 ORDER BY body.code LIMIT $2";
    Ok(on!(tx tx, c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}
