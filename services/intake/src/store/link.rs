//! Portable SQL over what mediation told: links, the cases behind them, and what is stuck.

use crate::domain::Link;
use fengqiao_model::Day;
use fengqiao_store::{Column, Reader, StoreError, Tx, insert, lookup, on};

#[derive(sqlx::FromRow)]
struct ImageRow {
    id: String,
    image: String,
}

fn read(rows: Vec<ImageRow>) -> Result<Vec<(String, Link)>, StoreError> {
    rows.into_iter()
        .map(|row| match serde_json::from_str(&row.image) {
            Ok(link) => Ok((row.id, link)),
            Err(_) => Err(inconsistent(&row.id)),
        })
        .collect()
}

fn inconsistent(key: &str) -> StoreError {
    StoreError::Inconsistent { table: "mediation_link", column: "image", key: key.to_owned() }
}

/// The image column of a link: what the fold of its events must give again.
fn image(id: &str, link: &Link) -> Result<String, StoreError> {
    serde_json::to_string(link).map_err(|_| inconsistent(id))
}

/// The links of these petitions, the oldest first.
pub async fn links_of(reader: impl Into<Reader<'_>>, petitions: &[String]) -> Result<Vec<Link>, StoreError> {
    const SQL: &str =
        "SELECT mediation_link.id, image FROM keys JOIN mediation_link ON mediation_link.petition_id = keys.petition_id";
    let mut links = read(lookup(reader, &[("petition_id", Column::Text(petitions))], SQL).await?)?;
    links.sort_by(|a, b| (a.1.since, &a.0).cmp(&(b.1.since, &b.0)));
    links.dedup_by(|a, b| a.0 == b.0);
    Ok(links.into_iter().map(|(_, link)| link).collect())
}

/// The links with these ids, those that exist.
pub async fn links(reader: impl Into<Reader<'_>>, ids: &[String]) -> Result<Vec<(String, Link)>, StoreError> {
    const SQL: &str = "SELECT mediation_link.id, image FROM keys JOIN mediation_link ON mediation_link.id = keys.id";
    read(lookup(reader, &[("id", Column::Text(ids))], SQL).await?)
}

/// Writes links as they stand now, in the order of ids. `prior` is the version each was loaded with, 0 for a new one.
/// Errors: Conflict when one of them moved on since.
pub async fn save_links(tx: &mut Tx, links: &[(&str, i64, &Link)]) -> Result<(), StoreError> {
    const INTO: &str = "mediation_link (id, version, prior, petition_id, since, image)";
    const TAIL: &str = "ON CONFLICT (id) DO UPDATE SET version = excluded.version, prior = excluded.prior, \
        image = excluded.image WHERE mediation_link.version = excluded.prior";
    let ids: Vec<&str> = links.iter().map(|(id, _, _)| *id).collect();
    let versions: Vec<i64> = links.iter().map(|(_, _, link)| link.version).collect();
    let priors: Vec<i64> = links.iter().map(|(_, prior, _)| *prior).collect();
    let petitions: Vec<&str> = links.iter().map(|(_, _, link)| link.petition.as_str()).collect();
    let since: Vec<i64> = links.iter().map(|(_, _, link)| link.since).collect();
    let images = links.iter().map(|(id, _, link)| image(id, link)).collect::<Result<Vec<String>, StoreError>>()?;
    let columns = [
        Column::Str(&ids),
        Column::I64(&versions),
        Column::I64(&priors),
        Column::Str(&petitions),
        Column::I64(&since),
        Column::Text(&images),
    ];
    let saved = insert(tx, INTO, &columns, TAIL).await?;
    if saved == links.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A case of a followed dispute, as mediation's log last had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedCase {
    /// Id of the case.
    pub id: String,
    /// Id of its dispute.
    pub dispute: String,
    /// Position that told of it first.
    pub since: i64,
    /// Its place among the cases that were first told of there.
    pub place: i64,
    /// State, by name.
    pub state: String,
    /// Code of its body; may be empty.
    pub body: String,
    /// Day of the application.
    pub applied_on: Day,
    /// Day of the end of any kind.
    pub ended_on: Option<Day>,
}

type CaseRow = (String, String, i64, i64, String, String, String, String);

/// The cases of these disputes.
pub async fn cases_of(tx: &mut Tx, disputes: &[String]) -> Result<Vec<FollowedCase>, StoreError> {
    const SQL: &str = "SELECT id, mediation_case.dispute_id, since, place, state, body, applied_on, ended_on \
        FROM keys JOIN mediation_case ON mediation_case.dispute_id = keys.dispute_id";
    let rows: Vec<CaseRow> = lookup(tx, &[("dispute_id", Column::Text(disputes))], SQL).await?;
    rows.into_iter()
        .map(|(id, dispute, since, place, state, body, applied, ended)| {
            let broken = |column| StoreError::Inconsistent { table: "mediation_case", column, key: id.clone() };
            let applied_on = applied.parse().map_err(|_| broken("applied_on"))?;
            let ended_on = match ended.as_str() {
                "" => None,
                day => Some(day.parse().map_err(|_| broken("ended_on"))?),
            };
            Ok(FollowedCase { id, dispute, since, place, state, body, applied_on, ended_on })
        })
        .collect()
}

/// Writes cases as they stand now, in the order of ids.
pub async fn save_cases(tx: &mut Tx, cases: &[&FollowedCase]) -> Result<(), StoreError> {
    const INTO: &str = "mediation_case (id, dispute_id, since, place, state, body, applied_on, ended_on)";
    const TAIL: &str = "ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body, \
        applied_on = excluded.applied_on, ended_on = excluded.ended_on";
    let texts = |of: fn(&FollowedCase) -> &str| cases.iter().map(|case| of(case)).collect::<Vec<&str>>();
    let numbers = |of: fn(&FollowedCase) -> i64| cases.iter().map(|case| of(case)).collect::<Vec<i64>>();
    let applied: Vec<String> = cases.iter().map(|case| case.applied_on.to_string()).collect();
    let ended: Vec<String> = cases.iter().map(|case| case.ended_on.map(|day| day.to_string()).unwrap_or_default()).collect();
    let columns = [
        Column::Str(&texts(|case| &case.id)),
        Column::Str(&texts(|case| &case.dispute)),
        Column::I64(&numbers(|case| case.since)),
        Column::I64(&numbers(|case| case.place)),
        Column::Str(&texts(|case| &case.state)),
        Column::Str(&texts(|case| &case.body)),
        Column::Text(&applied),
        Column::Text(&ended),
    ];
    insert(tx, INTO, &columns, TAIL).await.map(drop)
}

/// An event of a followed log that has no place here.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StuckEvent {
    /// Its position in that log.
    pub position: i64,
    /// Its kind.
    pub kind: String,
    /// Why it has no place.
    pub reason: String,
}

/// Notes what is stuck of a log.
pub async fn save_stuck(tx: &mut Tx, log: &str, stuck: &[StuckEvent]) -> Result<(), StoreError> {
    let columns = [
        Column::Str(&vec![log; stuck.len()]),
        Column::I64(&stuck.iter().map(|event| event.position).collect::<Vec<_>>()),
        Column::Str(&stuck.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>()),
        Column::Str(&stuck.iter().map(|event| event.reason.as_str()).collect::<Vec<_>>()),
    ];
    insert(tx, "stuck (log, position, kind, reason)", &columns, "ON CONFLICT (log, position) DO NOTHING").await.map(drop)
}

/// How many events of followed logs are stuck.
pub async fn stuck_count(reader: impl Into<Reader<'_>>) -> Result<i64, StoreError> {
    Ok(on!(any reader.into(), c => sqlx::query_scalar("SELECT COUNT(*) FROM stuck").fetch_one(c).await)?)
}

/// The first of a log that are stuck, in the order of positions.
pub async fn stuck(reader: impl Into<Reader<'_>>, log: &str, limit: i64) -> Result<Vec<StuckEvent>, StoreError> {
    const SQL: &str = "SELECT position, kind, reason FROM stuck WHERE log = $1 ORDER BY position LIMIT $2";
    Ok(on!(any reader.into(), c => sqlx::query_as(SQL).bind(log).bind(limit).fetch_all(c).await)?)
}

/// A link's row with every column that says something; `prior` is for writing only.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LinkRow {
    pub id: String,
    version: i64,
    petition_id: String,
    since: i64,
    image: String,
}

impl LinkRow {
    /// The row that a link has to have.
    pub fn of(id: &str, link: &Link) -> Result<Self, StoreError> {
        Ok(Self {
            id: id.to_owned(),
            version: link.version,
            petition_id: link.petition.clone(),
            since: link.since,
            image: image(id, link)?,
        })
    }
}

/// What `verify` compares with the fold: the rows after an id, in the order of ids.
pub async fn link_rows_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<LinkRow>, StoreError> {
    const SQL: &str = "SELECT id, version, petition_id, since, image FROM mediation_link WHERE id > $1 ORDER BY id LIMIT $2";
    Ok(on!(tx tx, c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}
