//! The log: what happened, in commit order, without gaps, each event chained to the one before it.

use crate::{
    Column, Db, Reader, StoreError, Tx,
    envelope::{self, Header},
    insert, lookup, on,
};
use fengqiao_model::{Day, Instant};

/// An event about to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Id of the event, a UUID of version 7.
    pub event_id: String,
    /// What changed.
    pub aggregate_id: String,
    /// The aggregate's version after the event; unique per aggregate, from 1.
    pub version: i64,
    /// Kind of event, as its publisher names it.
    pub kind: &'static str,
    /// The business day.
    pub occurred_on: Day,
    /// The day since which it is known; `None` means the day on which it is recorded.
    pub known_on: Option<Day>,
    /// Who did it: an id, never a name.
    pub actor: String,
    /// The request that caused it.
    pub request_id: String,
    /// The payload that followers may see.
    pub open: Vec<u8>,
    /// The sealed payload (ciphertext), or empty.
    pub sealed: Vec<u8>,
}

/// An event of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Place in the log, from 1.
    pub position: i64,
    /// Id of the event.
    pub event_id: String,
    /// What changed.
    pub aggregate_id: String,
    /// The aggregate's version after the event.
    pub version: i64,
    /// Kind of event.
    pub kind: String,
    /// When it was recorded; never earlier than the event before it.
    pub recorded_at: Instant,
    /// The business day.
    pub occurred_on: Day,
    /// The day since which it is known.
    pub known_on: Day,
    /// Who did it.
    pub actor: String,
    /// The request that caused it.
    pub request_id: String,
    /// The payload that followers may see.
    pub open: Vec<u8>,
    /// The sealed payload, or empty.
    pub sealed: Vec<u8>,
    /// See [`crate::envelope`].
    pub digest: Vec<u8>,
    /// See [`crate::envelope`].
    pub hash: Vec<u8>,
}

/// The end of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Id of the log, minted when its database was made.
    pub log_id: String,
    /// The last position; 0 when the log is empty.
    pub position: i64,
    /// The hash of the last event.
    pub hash: Vec<u8>,
    /// When the last event was recorded.
    pub recorded_at: Instant,
}

/// Where appended events landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Position of the first.
    pub first: i64,
    /// Position of the last; `first - 1` when nothing was appended.
    pub last: i64,
    /// The moment they carry: `now`, or the log's latest when that is later.
    pub recorded_at: Instant,
}

/// Appends events in the given order. Call it last in the transaction: it locks the end of the log until the commit, which
/// makes the order of positions the order of commits. Errors: a unique violation when an aggregate has such a version.
pub async fn append(tx: &mut Tx, now: Instant, events: Vec<NewEvent>) -> Result<Appended, StoreError> {
    const CLAIM: &str = "UPDATE log_head SET position = position + $1, \
                         recorded_us = CASE WHEN recorded_us < $2 THEN $2 ELSE recorded_us END \
                         RETURNING position, hash, recorded_us";
    const SET_HASH: &str = "UPDATE log_head SET hash = $1";
    const INTO: &str = "event (position, event_id, aggregate_id, version, kind, recorded_us, occurred_on, known_on, actor, \
                        request_id, open, sealed, digest, hash)";
    let count = i64::try_from(events.len()).map_err(|_| StoreError::Misuse("too many events"))?;
    if count == 0 {
        let head = head(&mut *tx).await?;
        return Ok(Appended { first: head.position + 1, last: head.position, recorded_at: head.recorded_at });
    }
    let (last, mut hash, recorded_us): (i64, Vec<u8>, i64) =
        on!(tx tx, c => sqlx::query_as(CLAIM).bind(count).bind(now.0).fetch_one(c).await)?;
    let first = last - count + 1;
    let recorded_at = Instant(recorded_us);
    let recorded_on = recorded_at.day();

    let positions: Vec<i64> = (first..=last).collect();
    let versions: Vec<i64> = events.iter().map(|e| e.version).collect();
    let recorded = vec![recorded_us; events.len()];
    let occurred: Vec<String> = events.iter().map(|e| e.occurred_on.to_string()).collect();
    let known: Vec<String> = events.iter().map(|e| e.known_on.unwrap_or(recorded_on).to_string()).collect();
    let mut digests = Vec::with_capacity(events.len());
    let mut hashes = Vec::with_capacity(events.len());
    for (i, event) in events.iter().enumerate() {
        let header = Header {
            position: positions[i],
            event_id: &event.event_id,
            aggregate_id: &event.aggregate_id,
            version: event.version,
            kind: event.kind,
            recorded_us,
            occurred_on: &occurred[i],
            known_on: &known[i],
            actor: &event.actor,
            request_id: &event.request_id,
        };
        let digest = envelope::digest(&event.open, &event.sealed).to_vec();
        hash = envelope::chain(&hash, &header, &digest).to_vec();
        digests.push(digest);
        hashes.push(hash.clone());
    }
    let texts = |of: fn(&NewEvent) -> &str| events.iter().map(of).collect::<Vec<&str>>();
    let bytes = |of: fn(&NewEvent) -> &[u8]| events.iter().map(of).collect::<Vec<&[u8]>>();
    let columns = [
        Column::I64(&positions),
        Column::Str(&texts(|e| &e.event_id)),
        Column::Str(&texts(|e| &e.aggregate_id)),
        Column::I64(&versions),
        Column::Str(&texts(|e| e.kind)),
        Column::I64(&recorded),
        Column::Text(&occurred),
        Column::Text(&known),
        Column::Str(&texts(|e| &e.actor)),
        Column::Str(&texts(|e| &e.request_id)),
        Column::Slice(&bytes(|e| &e.open)),
        Column::Slice(&bytes(|e| &e.sealed)),
        Column::Bytes(&digests),
        Column::Bytes(&hashes),
    ];
    insert(tx, INTO, &columns, "").await?;
    on!(tx tx, c => sqlx::query(SET_HASH).bind(hash).execute(c).await.map(drop))?;
    tx.note_appended(last);
    Ok(Appended { first, last, recorded_at })
}

/// Waits until no other transaction that asked for this is open, and makes others wait until this one ends. For a database whose
/// tables are written by several transactions that read before they write: ask first, before anything is read.
pub async fn hold(tx: &mut Tx) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE log_head SET position = position";
    Ok(on!(tx tx, c => sqlx::query(SQL).execute(c).await.map(drop))?)
}

/// The end of the log.
pub async fn head(reader: impl Into<Reader<'_>>) -> Result<Head, StoreError> {
    const SQL: &str = "SELECT log_id, position, hash, recorded_us FROM log_head";
    let (log_id, position, hash, recorded_us): (String, i64, Vec<u8>, i64) =
        on!(any reader.into(), c => sqlx::query_as(SQL).fetch_one(c).await)?;
    Ok(Head { log_id, position, hash, recorded_at: Instant(recorded_us) })
}

/// At most `limit` events after a position, in order.
pub async fn read_after(reader: impl Into<Reader<'_>>, position: i64, limit: i64) -> Result<Vec<Event>, StoreError> {
    events(rows_after(reader, position, limit).await?)
}

/// As stored, for `verify_chain`, which must not stumble over what it looks for.
pub(crate) async fn rows_after(reader: impl Into<Reader<'_>>, position: i64, limit: i64) -> Result<Vec<EventRow>, StoreError> {
    const SQL: &str = "SELECT * FROM event WHERE position > $1 ORDER BY position LIMIT $2";
    Ok(on!(any reader.into(), c => sqlx::query_as(SQL).bind(position).bind(limit).fetch_all(c).await)?)
}

/// The event at a position, if there is one.
pub async fn event_at(reader: impl Into<Reader<'_>>, position: i64) -> Result<Option<Event>, StoreError> {
    const SQL: &str = "SELECT * FROM event WHERE position = $1";
    let row: Option<EventRow> = on!(any reader.into(), c => sqlx::query_as(SQL).bind(position).fetch_optional(c).await)?;
    row.map(Event::try_from).transpose()
}

/// An event without its payloads: what happened to what, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Place in the log, from 1.
    pub position: i64,
    /// What changed.
    pub aggregate_id: String,
    /// The aggregate's version after the event.
    pub version: i64,
    /// Kind of event.
    pub kind: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The business day, as it stands in the log.
    pub occurred_on: String,
    /// See [`crate::envelope`].
    pub hash: Vec<u8>,
}

/// At most `limit` events after a position, in order, without their payloads, which may be large.
pub async fn headings_after(reader: impl Into<Reader<'_>>, position: i64, limit: i64) -> Result<Vec<Heading>, StoreError> {
    const SQL: &str = "SELECT position, aggregate_id, version, kind, recorded_us, occurred_on, hash FROM event \
        WHERE position > $1 ORDER BY position LIMIT $2";
    type HeadingRow = (i64, String, i64, String, i64, String, Vec<u8>);
    let rows: Vec<HeadingRow> = on!(any reader.into(), c => sqlx::query_as(SQL).bind(position).bind(limit).fetch_all(c).await)?;
    let heading = |(position, aggregate_id, version, kind, recorded_us, occurred_on, hash): HeadingRow| Heading {
        position,
        aggregate_id,
        version,
        kind,
        recorded_at: Instant(recorded_us),
        occurred_on,
        hash,
    };
    Ok(rows.into_iter().map(heading).collect())
}

/// The last position recorded at or before a moment; 0 when there is none. Positions and moments grow together, so a few looks do.
pub async fn position_at(db: &Db, moment: Instant) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT recorded_us FROM event WHERE position = $1";
    let (mut before, mut last) = (0, head(db).await?.position);
    while before < last {
        let middle = before + (last - before + 1) / 2;
        let recorded_us: i64 = on!(read db, c => sqlx::query_scalar(SQL).bind(middle).fetch_one(c).await)?;
        if recorded_us <= moment.0 { before = middle } else { last = middle - 1 }
    }
    Ok(before)
}

/// The events at these positions, in order of position; positions without an event are left out.
pub async fn at_positions(reader: impl Into<Reader<'_>>, positions: &[i64]) -> Result<Vec<Event>, StoreError> {
    const SQL: &str = "SELECT event.* FROM keys JOIN event ON event.position = keys.position";
    let mut rows: Vec<EventRow> = lookup(reader, &[("position", Column::I64(positions))], SQL).await?;
    rows.sort_by_key(|r| r.position);
    rows.dedup_by_key(|r| r.position);
    events(rows)
}

/// The events of one aggregate after a version, in order of version.
pub async fn of_aggregate(
    reader: impl Into<Reader<'_>>,
    aggregate_id: &str,
    after_version: i64,
) -> Result<Vec<Event>, StoreError> {
    const SQL: &str = "SELECT * FROM event WHERE aggregate_id = $1 AND version > $2 ORDER BY version";
    events(on!(any reader.into(), c => sqlx::query_as(SQL).bind(aggregate_id).bind(after_version).fetch_all(c).await)?)
}

/// The events of all these aggregates, ordered by aggregate and version.
pub async fn of_aggregates(reader: impl Into<Reader<'_>>, aggregate_ids: &[String]) -> Result<Vec<Event>, StoreError> {
    const SQL: &str = "SELECT event.* FROM keys JOIN event ON event.aggregate_id = keys.aggregate_id";
    let mut rows: Vec<EventRow> = lookup(reader, &[("aggregate_id", Column::Text(aggregate_ids))], SQL).await?;
    rows.sort_by(|a, b| (&a.aggregate_id, a.version).cmp(&(&b.aggregate_id, b.version)));
    rows.dedup_by_key(|r| r.position);
    events(rows)
}

/// At most `limit` events, ordered by aggregate and version, after an aggregate's version: every history in turn.
pub async fn by_aggregate(reader: impl Into<Reader<'_>>, after: (String, i64), limit: i64) -> Result<Vec<Event>, StoreError> {
    const SQL: &str = "SELECT * FROM event WHERE (aggregate_id, version) > ($1, $2) ORDER BY aggregate_id, version LIMIT $3";
    let (aggregate_id, version) = after;
    let rows = on!(any reader.into(), c => {
        sqlx::query_as(SQL).bind(aggregate_id).bind(version).bind(limit).fetch_all(c).await
    })?;
    events(rows)
}

fn events(rows: Vec<EventRow>) -> Result<Vec<Event>, StoreError> {
    rows.into_iter().map(Event::try_from).collect()
}

/// An event as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct EventRow {
    pub position: i64,
    pub event_id: String,
    pub aggregate_id: String,
    pub version: i64,
    pub kind: String,
    pub recorded_us: i64,
    pub occurred_on: String,
    pub known_on: String,
    pub actor: String,
    pub request_id: String,
    pub open: Vec<u8>,
    pub sealed: Vec<u8>,
    pub digest: Vec<u8>,
    pub hash: Vec<u8>,
}

impl EventRow {
    pub(crate) fn header(&self) -> Header<'_> {
        Header {
            position: self.position,
            event_id: &self.event_id,
            aggregate_id: &self.aggregate_id,
            version: self.version,
            kind: &self.kind,
            recorded_us: self.recorded_us,
            occurred_on: &self.occurred_on,
            known_on: &self.known_on,
            actor: &self.actor,
            request_id: &self.request_id,
        }
    }
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let day = |text: &str, column| {
            text.parse::<Day>().map_err(|_| StoreError::Inconsistent { table: "event", column, key: row.position.to_string() })
        };
        Ok(Event {
            occurred_on: day(&row.occurred_on, "occurred_on")?,
            known_on: day(&row.known_on, "known_on")?,
            recorded_at: Instant(row.recorded_us),
            position: row.position,
            event_id: row.event_id,
            aggregate_id: row.aggregate_id,
            version: row.version,
            kind: row.kind,
            actor: row.actor,
            request_id: row.request_id,
            open: row.open,
            sealed: row.sealed,
            digest: row.digest,
            hash: row.hash,
        })
    }
}

impl Db {
    /// The end of the log; the same as [`head`].
    pub async fn log_head(&self) -> Result<Head, StoreError> {
        head(self).await
    }
}
