//! Case rows: what cases are found and listed by. What they are stands in the image of their dispute.

use super::{day, inconsistent};
use crate::domain::{Case, CaseState, Dispute};
use fengqiao_store::{Column, Db, Reader, StoreError, Tx, insert, lookup, on};

/// From this many returns on a case waits for the coordinator.
const RETURNED_TOO_OFTEN: u32 = 3;

/// Why nothing happens to a case; empty when it is on its way.
pub fn stuck_reason(case: &Case) -> &'static str {
    let waits = matches!(case.state, CaseState::Applied | CaseState::Returned) && case.body.is_empty();
    match waits {
        false => "",
        true if case.not_dispatched => "not_dispatched",
        true if case.returns >= RETURNED_TOO_OFTEN => "returned_thrice",
        true => "unassigned",
    }
}

/// A case's row.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseColumns {
    pub id: String,
    dispute_id: String,
    number: String,
    ledger: String,
    external_ref: String,
    state: String,
    force: String,
    body: String,
    division: String,
    dispute_type: String,
    source: String,
    applied_on: String,
    open_due: String,
    stuck: String,
}

impl CaseColumns {
    /// The row that a case has to have.
    pub fn of(dispute_id: &str, dispute: &Dispute, case: &Case) -> Self {
        let due = case.handling.as_ref().filter(|_| case.state == CaseState::Accepted).map(|terms| terms.legal_due);
        Self {
            id: case.id.to_string(),
            dispute_id: dispute_id.to_owned(),
            number: case.number.clone(),
            ledger: case.ledger.clone(),
            external_ref: case.external_ref.clone(),
            state: case.state.name().to_owned(),
            force: case.force.map_or("", |force| force.code()).to_owned(),
            body: case.body.clone(),
            division: dispute.division.to_string(),
            dispute_type: dispute.dispute_type.clone(),
            source: case.source.code().to_owned(),
            applied_on: case.applied_on.to_string(),
            open_due: day(due),
            stuck: stuck_reason(case).to_owned(),
        }
    }
}

/// Writes case rows. Who may is said by their dispute's lock.
pub async fn save_cases(tx: &mut Tx, rows: &[CaseColumns]) -> Result<(), StoreError> {
    const INTO: &str = "mediation_case (id, dispute_id, number, ledger, external_ref, state, force, body, division, \
        dispute_type, source, applied_on, open_due, stuck)";
    const TAIL: &str = "ON CONFLICT (id) DO UPDATE SET state = excluded.state, force = excluded.force, body = excluded.body, \
        division = excluded.division, dispute_type = excluded.dispute_type, source = excluded.source, \
        applied_on = excluded.applied_on, open_due = excluded.open_due, stuck = excluded.stuck \
        WHERE mediation_case.dispute_id = excluded.dispute_id";
    let texts = |of: fn(&CaseColumns) -> &String| rows.iter().map(|row| of(row).as_str()).collect::<Vec<&str>>();
    let columns = [
        Column::Str(&texts(|row| &row.id)),
        Column::Str(&texts(|row| &row.dispute_id)),
        Column::Str(&texts(|row| &row.number)),
        Column::Str(&texts(|row| &row.ledger)),
        Column::Str(&texts(|row| &row.external_ref)),
        Column::Str(&texts(|row| &row.state)),
        Column::Str(&texts(|row| &row.force)),
        Column::Str(&texts(|row| &row.body)),
        Column::Str(&texts(|row| &row.division)),
        Column::Str(&texts(|row| &row.dispute_type)),
        Column::Str(&texts(|row| &row.source)),
        Column::Str(&texts(|row| &row.applied_on)),
        Column::Str(&texts(|row| &row.open_due)),
        Column::Str(&texts(|row| &row.stuck)),
    ];
    let saved = insert(tx, INTO, &columns, TAIL).await?;
    if saved == rows.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A filter over cases; empty texts do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Division codes that begin with this.
    pub division: String,
    /// Division codes that begin with this, too: what the caller may see.
    pub allowed: String,
    pub body: String,
    pub state: &'static str,
    pub force: &'static str,
    pub dispute_type: String,
    pub source: String,
    pub applied_from: String,
    pub applied_to: String,
    /// Accepted, open, and due before this day.
    pub overdue_on: String,
    /// Only those on which nothing happens.
    pub stuck: bool,
}

#[derive(sqlx::FromRow)]
struct Listed {
    case_id: String,
    dispute_id: String,
    applied_on: String,
    image: String,
}

/// A case of a list, in its dispute.
pub struct ListedCase {
    pub case_id: String,
    pub dispute_id: String,
    applied_on: String,
    pub dispute: Dispute,
}

impl ListedCase {
    /// Its key in the list: day of application and id.
    pub fn key(&self) -> String {
        format!("{}/{}", self.applied_on, self.case_id)
    }
}

/// Up to `limit` cases after (applied_on, id), in that order.
pub async fn list_cases(db: &Db, filter: &CaseFilter, after: (&str, &str), limit: i64) -> Result<Vec<ListedCase>, StoreError> {
    // ':' is the character after '9', so [code, code:) holds every code that begins with it.
    const SQL: &str = "SELECT c.id AS case_id, c.dispute_id, c.applied_on, dispute.image \
        FROM mediation_case c JOIN dispute ON dispute.id = c.dispute_id \
        WHERE (c.applied_on > $1 OR (c.applied_on = $1 AND c.id > $2)) \
        AND ($3 = '' OR (c.division >= $3 AND c.division < $3 || ':')) \
        AND ($4 = '' OR (c.division >= $4 AND c.division < $4 || ':')) \
        AND ($5 = '' OR c.body = $5) AND ($6 = '' OR c.state = $6) AND ($7 = '' OR c.force = $7) \
        AND ($8 = '' OR c.dispute_type = $8) AND ($9 = '' OR c.source = $9) \
        AND ($10 = '' OR c.applied_on >= $10) AND ($11 = '' OR c.applied_on <= $11) \
        AND ($12 = '' OR (c.open_due <> '' AND c.open_due < $12)) AND ($13 = 0 OR c.stuck <> '') \
        ORDER BY c.applied_on, c.id LIMIT $14";
    let rows: Vec<Listed> = on!(read db, c => sqlx::query_as(SQL)
        .bind(after.0)
        .bind(after.1)
        .bind(&filter.division)
        .bind(&filter.allowed)
        .bind(&filter.body)
        .bind(filter.state)
        .bind(filter.force)
        .bind(&filter.dispute_type)
        .bind(&filter.source)
        .bind(&filter.applied_from)
        .bind(&filter.applied_to)
        .bind(&filter.overdue_on)
        .bind(i64::from(filter.stuck))
        .bind(limit)
        .fetch_all(c).await)?;
    rows.into_iter()
        .map(|row| match serde_json::from_str(&row.image) {
            Ok(dispute) => {
                Ok(ListedCase { case_id: row.case_id, dispute_id: row.dispute_id, applied_on: row.applied_on, dispute })
            }
            Err(_) => Err(inconsistent("dispute", &row.dispute_id)),
        })
        .collect()
}

/// The rows with these ids, those that exist: what `verify` compares with the fold.
pub async fn case_columns(reader: impl Into<Reader<'_>>, ids: &[String]) -> Result<Vec<CaseColumns>, StoreError> {
    const SQL: &str = "SELECT mediation_case.* FROM keys JOIN mediation_case ON mediation_case.id = keys.id";
    lookup(reader, &[("id", Column::Text(ids))], SQL).await
}

/// How many case rows there are.
pub async fn count_cases(tx: &mut Tx) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM mediation_case";
    Ok(on!(tx tx, c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
}
