//! Facts and past images, as JSON of [`Fact`]. What kind of thing an image is of stands in its key, see [`Kind`].

use crate::domain::{Fact, Kind, Known, Past, Place};
use fengqiao_model::Day;
use fengqiao_store::{Column, Reader, StoreError, Tx, insert, lookup, on};

/// The current image of something, with what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its key: see [`Kind::key`].
    pub id: String,
    /// Its number; the code of a body.
    pub number: String,
    /// Reference in its ledger; may be empty.
    pub external_ref: String,
    /// The image.
    pub known: Known,
}

/// An overwritten image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastImage {
    /// Key of its thing.
    pub id: String,
    /// The image.
    pub past: Past,
}

type FactRow = (String, String, String, String, String, String);
type PastRow = (String, String, String, String);

/// The facts with these keys, in no particular order; keys without a fact are left out.
pub async fn facts(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Stored>, StoreError> {
    const SQL: &str = "SELECT fact.id, fact.number, fact.external_ref, fact.division, fact.known_from, fact.image \
                       FROM keys JOIN fact ON fact.id = keys.id";
    let rows: Vec<FactRow> = lookup(tx, &[("id", Column::Str(ids))], SQL).await?;
    rows.into_iter().map(stored).collect()
}

/// At most `limit` facts with keys after `after`, by key.
pub async fn facts_after(reader: impl Into<Reader<'_>>, after: &str, limit: i64) -> Result<Vec<Stored>, StoreError> {
    const SQL: &str = "SELECT id, number, external_ref, division, known_from, image FROM fact \
                       WHERE id > $1 ORDER BY id LIMIT $2";
    let rows: Vec<FactRow> = on!(any reader.into(), c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(stored).collect()
}

/// At most `limit` facts of one kind that are at the place, or were there by an image known after a day, with keys after
/// `after`, by key.
pub async fn facts_of(
    reader: impl Into<Reader<'_>>,
    kind: Kind,
    place: &Place,
    day: Day,
    after: &str,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    const SQL: &str = "SELECT id, number, external_ref, division, known_from, image FROM fact \
                       WHERE id > $1 AND id < $2 AND kind = $3 \
                       AND (division >= $4 AND division < $5 OR known_from > $6 \
                            AND EXISTS (SELECT 1 FROM fact_past WHERE fact_past.id = fact.id AND fact_past.known_to > $6)) \
                       ORDER BY id LIMIT $7";
    let (from, behind) = (place.code(), place.behind());
    let (after, end) = (after.max(kind.prefix()), kind.end());
    let day = day.to_string();
    let rows: Vec<FactRow> = on!(any reader.into(), c => {
        sqlx::query_as(SQL)
            .bind(after)
            .bind(end)
            .bind(kind.name())
            .bind(from)
            .bind(behind)
            .bind(day)
            .bind(limit)
            .fetch_all(c)
            .await
    })?;
    rows.into_iter().map(stored).collect()
}

/// At most `limit` units with keys after `after`, by key.
pub async fn units_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Stored>, StoreError> {
    const SQL: &str = "SELECT id, number, external_ref, division, known_from, image FROM fact \
                       WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3";
    let (after, end) = (after.max(Kind::Unit.prefix()), Kind::Unit.end());
    let rows: Vec<FactRow> = on!(tx tx, c => sqlx::query_as(SQL).bind(after).bind(end).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(stored).collect()
}

/// How many facts there are.
pub async fn count_facts(reader: impl Into<Reader<'_>>) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM fact";
    Ok(on!(any reader.into(), c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
}

/// The past images with these keys that were known on a day.
pub async fn images_known_on(tx: &mut Tx, ids: &[&str], day: Day) -> Result<Vec<PastImage>, StoreError> {
    const SQL: &str = "SELECT p.id, p.known_from, p.known_to, p.image FROM keys JOIN fact_past AS p ON p.id = keys.id \
                       WHERE p.known_from <= keys.known_on AND keys.known_on < p.known_to";
    let day = day.to_string();
    let days = vec![day.as_str(); ids.len()];
    let rows: Vec<PastRow> = lookup(tx, &[("id", Column::Str(ids)), ("known_on", Column::Str(&days))], SQL).await?;
    rows.into_iter().map(past).collect()
}

/// The past images with keys after `after` up to `last`, by key and day.
pub async fn pasts_between(reader: impl Into<Reader<'_>>, after: &str, last: &str) -> Result<Vec<PastImage>, StoreError> {
    const SQL: &str = "SELECT id, known_from, known_to, image FROM fact_past WHERE id > $1 AND id <= $2 \
                       ORDER BY id, known_from";
    let rows: Vec<PastRow> = on!(any reader.into(), c => sqlx::query_as(SQL).bind(after).bind(last).fetch_all(c).await)?;
    rows.into_iter().map(past).collect()
}

/// Writes facts, new or changed. Give them sorted by key.
pub async fn save_facts(tx: &mut Tx, facts: &[&Stored]) -> Result<(), StoreError> {
    const INTO: &str = "fact (id, kind, number, external_ref, division, known_from, image)";
    const TAIL: &str = "ON CONFLICT (id) DO UPDATE SET number = excluded.number, external_ref = excluded.external_ref, \
                        division = excluded.division, known_from = excluded.known_from, image = excluded.image";
    let images = facts.iter().map(|f| image(&f.id, &f.known.fact)).collect::<Result<Vec<_>, _>>()?;
    let days: Vec<String> = facts.iter().map(|f| f.known.from.to_string()).collect();
    let columns = [
        Column::Str(&facts.iter().map(|f| f.id.as_str()).collect::<Vec<_>>()),
        Column::Str(&facts.iter().map(|f| f.known.fact.kind().name()).collect::<Vec<_>>()),
        Column::Str(&facts.iter().map(|f| f.number.as_str()).collect::<Vec<_>>()),
        Column::Str(&facts.iter().map(|f| f.external_ref.as_str()).collect::<Vec<_>>()),
        Column::Str(&facts.iter().map(|f| f.known.fact.place()).collect::<Vec<_>>()),
        Column::Text(&days),
        Column::Text(&images),
    ];
    insert(tx, INTO, &columns, TAIL).await.map(drop)
}

/// Keeps images that were overwritten.
pub async fn save_pasts(tx: &mut Tx, pasts: &[PastImage]) -> Result<(), StoreError> {
    let images = pasts.iter().map(|p| image(&p.id, &p.past.fact)).collect::<Result<Vec<_>, _>>()?;
    let days = |of: fn(&Past) -> Day| pasts.iter().map(|p| of(&p.past).to_string()).collect::<Vec<_>>();
    let columns = [
        Column::Str(&pasts.iter().map(|p| p.id.as_str()).collect::<Vec<_>>()),
        Column::Text(&days(|p| p.from)),
        Column::Text(&days(|p| p.to)),
        Column::Text(&images),
    ];
    insert(tx, "fact_past (id, known_from, known_to, image)", &columns, "").await.map(drop)
}

fn image(id: &str, fact: &Fact) -> Result<String, StoreError> {
    fact.to_json().map_err(|_| inconsistent("fact", "image", id))
}

fn stored((id, number, external_ref, division, known_from, image): FactRow) -> Result<Stored, StoreError> {
    let from = known_from.parse().map_err(|_| inconsistent("fact", "known_from", &id))?;
    let fact = Fact::from_json(Kind::of_key(&id), &image).map_err(|_| inconsistent("fact", "image", &id))?;
    // The column is what places are looked for by.
    if fact.place() != division {
        return Err(inconsistent("fact", "division", &id));
    }
    Ok(Stored { id, number, external_ref, known: Known { fact, from } })
}

fn past((id, from, to, image): PastRow) -> Result<PastImage, StoreError> {
    let from = from.parse().map_err(|_| inconsistent("fact_past", "known_from", &id))?;
    let to = to.parse().map_err(|_| inconsistent("fact_past", "known_to", &id))?;
    let fact = Fact::from_json(Kind::of_key(&id), &image).map_err(|_| inconsistent("fact_past", "image", &id))?;
    Ok(PastImage { id, past: Past { fact, from, to } })
}

fn inconsistent(table: &'static str, column: &'static str, key: &str) -> StoreError {
    StoreError::Inconsistent { table, column, key: key.to_owned() }
}
