//! Portable SQL over the notices that were taken over, and over who does a daily task.

use crate::domain::{CALENDAR, Notices};
use fengqiao_model::Instant;
use fengqiao_store::{Column, Db, Reader, StoreError, Tx, insert, on};

/// The row of the notices; `prior` is for writing only.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NoticesRow {
    pub id: String,
    version: i64,
    calendar_version: String,
    image: String,
}

impl NoticesRow {
    /// The row that the notices have to have.
    pub fn of(id: &str, notices: &Notices) -> Result<Self, StoreError> {
        Ok(Self {
            id: id.to_owned(),
            version: notices.version,
            calendar_version: notices.calendar_version.clone(),
            image: serde_json::to_string(notices).map_err(|_| inconsistent())?,
        })
    }
}

fn inconsistent() -> StoreError {
    StoreError::Inconsistent { table: "calendar_notice", column: "image", key: CALENDAR.to_owned() }
}

/// The notices that were taken over.
pub async fn notices(reader: impl Into<Reader<'_>>) -> Result<Notices, StoreError> {
    let image: Option<String> =
        on!(any reader.into(), c => sqlx::query_scalar("SELECT image FROM calendar_notice").fetch_optional(c).await)?;
    image.map_or(Ok(Notices::default()), |image| serde_json::from_str(&image).map_err(|_| inconsistent()))
}

/// How many notices were taken over: what tells whether the calendar in memory is the one of the book.
pub async fn notices_version(reader: impl Into<Reader<'_>>) -> Result<i64, StoreError> {
    let version: Option<i64> =
        on!(any reader.into(), c => sqlx::query_scalar("SELECT version FROM calendar_notice").fetch_optional(c).await)?;
    Ok(version.unwrap_or(0))
}

/// Writes the notices as they stand now. Errors: Conflict when they moved on since.
pub async fn save_notices(tx: &mut Tx, notices: &Notices) -> Result<(), StoreError> {
    const INTO: &str = "calendar_notice (id, version, prior, calendar_version, image)";
    const TAIL: &str = "ON CONFLICT (id) DO UPDATE SET version = excluded.version, prior = excluded.prior, \
        calendar_version = excluded.calendar_version, image = excluded.image WHERE calendar_notice.version = excluded.prior";
    let row = NoticesRow::of(CALENDAR, notices)?;
    let columns = [
        Column::Text(&[row.id]),
        Column::I64(&[row.version]),
        Column::I64(&[row.version - 1]),
        Column::Text(&[row.calendar_version]),
        Column::Text(&[row.image]),
    ];
    if insert(tx, INTO, &columns, TAIL).await? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// What `verify` compares with the fold: the row after an id.
pub async fn notices_rows_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<NoticesRow>, StoreError> {
    const SQL: &str = "SELECT id, version, calendar_version, image FROM calendar_notice WHERE id > $1 ORDER BY id LIMIT $2";
    Ok(on!(tx tx, c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Takes a task, or keeps it, until a moment; false when somebody else has it.
pub async fn take_task(db: &Db, name: &str, holder: &str, now: Instant, until: Instant) -> Result<bool, StoreError> {
    const SQL: &str = "INSERT INTO task (name, holder, until, done) VALUES ($1, $2, $4, '') ON CONFLICT (name) DO UPDATE \
        SET holder = excluded.holder, until = excluded.until WHERE task.holder = excluded.holder OR task.until <= $3";
    let mut tx = db.begin().await?;
    let taken = on!(tx &mut tx, c => sqlx::query(SQL).bind(name).bind(holder).bind(now.0).bind(until.0).execute(c).await
        .map(|done| done.rows_affected()))?;
    tx.commit().await?;
    Ok(taken == 1)
}

/// Gives a task back and notes what was done; nothing when somebody else has it by now.
pub async fn leave_task(db: &Db, name: &str, holder: &str, done: &str) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE task SET until = 0, done = $3 WHERE name = $1 AND holder = $2";
    let mut tx = db.begin().await?;
    on!(tx &mut tx, c => sqlx::query(SQL).bind(name).bind(holder).bind(done).execute(c).await.map(|_| ()))?;
    tx.commit().await
}

/// What a task was last done for; empty when it never was.
pub async fn task_done(db: &Db, name: &str) -> Result<String, StoreError> {
    const SQL: &str = "SELECT done FROM task WHERE name = $1";
    let done: Option<String> = on!(read db, c => sqlx::query_scalar(SQL).bind(name).fetch_optional(c).await)?;
    Ok(done.unwrap_or_default())
}
