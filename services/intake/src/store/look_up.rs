//! Portable SQL of the look-up: a petition by number or slip in one statement, whether it is there or not; and how often it is asked.

use fengqiao_model::Day;
use fengqiao_store::{Column, Db, StoreError, insert, on};
use std::collections::BTreeMap;

/// A petition's row as it stands, not yet read: who looks it up reads one in any case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sought {
    /// Id of the petition.
    pub id: String,
    /// Its image.
    pub image: String,
    place: i64,
}

impl Sought {
    /// One that stands in no book.
    pub fn made_up(id: String, image: String) -> Self {
        Self { id, image, place: 0 }
    }
}

/// The petition with this number, or else with this slip. Both are looked for, whatever is found.
pub async fn seek(db: &Db, number: &str) -> Result<Option<Sought>, StoreError> {
    const SQL: &str = "SELECT id, image, CAST(0 AS BIGINT) AS place FROM petition WHERE number = $1 \
        UNION ALL SELECT id, image, CAST(1 AS BIGINT) AS place FROM petition WHERE slip = $1 AND slip <> ''";
    let mut found: Vec<Sought> = on!(read db, c => sqlx::query_as(SQL).bind(number).fetch_all(c).await)?;
    found.sort_by_key(|sought| sought.place);
    Ok(found.into_iter().next())
}

/// The look-ups of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    /// Answered with a status.
    pub answered: i64,
    /// Answered with silence.
    pub not_found: i64,
    /// Told to wait.
    pub backed_off: i64,
}

impl DayCounts {
    /// Adds more of the same day.
    pub fn add(&mut self, more: DayCounts) {
        self.answered += more.answered;
        self.not_found += more.not_found;
        self.backed_off += more.backed_off;
    }
}

/// Adds counts to what is written.
pub async fn add_look_ups(db: &Db, days: &BTreeMap<Day, DayCounts>) -> Result<(), StoreError> {
    const INTO: &str = "look_up_count (day, answered, not_found, backed_off)";
    const TAIL: &str = "ON CONFLICT (day) DO UPDATE SET answered = look_up_count.answered + excluded.answered, \
        not_found = look_up_count.not_found + excluded.not_found, backed_off = look_up_count.backed_off + excluded.backed_off";
    let names: Vec<String> = days.keys().map(ToString::to_string).collect();
    let column = |of: fn(&DayCounts) -> i64| days.values().map(of).collect::<Vec<i64>>();
    let (answered, not_found, backed_off) = (column(|c| c.answered), column(|c| c.not_found), column(|c| c.backed_off));
    let columns = [Column::Text(&names), Column::I64(&answered), Column::I64(&not_found), Column::I64(&backed_off)];
    let mut tx = db.begin().await?;
    insert(&mut tx, INTO, &columns, TAIL).await?;
    tx.commit().await
}

/// The counts of the days from one to another, in order.
pub async fn look_ups(db: &Db, from: Day, to: Day) -> Result<Vec<(String, DayCounts)>, StoreError> {
    const SQL: &str = "SELECT day, answered, not_found, backed_off FROM look_up_count WHERE day >= $1 AND day <= $2 ORDER BY day";
    let rows: Vec<(String, i64, i64, i64)> =
        on!(read db, c => sqlx::query_as(SQL).bind(from.to_string()).bind(to.to_string()).fetch_all(c).await)?;
    let read = |(day, answered, not_found, backed_off)| (day, DayCounts { answered, not_found, backed_off });
    Ok(rows.into_iter().map(read).collect())
}
