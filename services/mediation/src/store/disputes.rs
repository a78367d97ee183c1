//! Disputes with their cases, as images; by id, number, reference, petition, or by one of their cases.

use super::inconsistent;
use crate::domain::Dispute;
use fengqiao_store::{Column, Db, Reader, StoreError, Tx, insert, lookup, on};

/// A dispute with its id and its lock.
#[derive(Clone, Debug)]
pub struct StoredDispute {
    pub id: String,
    /// How often it was written.
    pub guard: i64,
    pub dispute: Dispute,
}

#[derive(sqlx::FromRow)]
struct ImageRow {
    id: String,
    guard: i64,
    image: String,
}

fn read(rows: Vec<ImageRow>) -> Result<Vec<StoredDispute>, StoreError> {
    rows.into_iter()
        .map(|row| match serde_json::from_str(&row.image) {
            Ok(dispute) => Ok(StoredDispute { id: row.id, guard: row.guard, dispute }),
            Err(_) => Err(inconsistent("dispute", &row.id)),
        })
        .collect()
}

/// The disputes with these ids, those that exist.
pub async fn by_ids(reader: impl Into<Reader<'_>>, ids: &[String]) -> Result<Vec<StoredDispute>, StoreError> {
    const SQL: &str = "SELECT dispute.id, dispute.guard, dispute.image FROM keys JOIN dispute ON dispute.id = keys.id";
    read(lookup(reader, &[("id", Column::Text(ids))], SQL).await?)
}

/// The disputes that have these cases.
pub async fn by_case_ids(reader: impl Into<Reader<'_>>, ids: &[String]) -> Result<Vec<StoredDispute>, StoreError> {
    const SQL: &str = "SELECT dispute.id, dispute.guard, dispute.image FROM keys \
        JOIN mediation_case ON mediation_case.id = keys.id JOIN dispute ON dispute.id = mediation_case.dispute_id";
    read(lookup(reader, &[("id", Column::Text(ids))], SQL).await?)
}

/// The disputes whose cases have these references.
pub async fn by_references(
    reader: impl Into<Reader<'_>>,
    ledgers: &[String],
    references: &[String],
) -> Result<Vec<StoredDispute>, StoreError> {
    const SQL: &str = "SELECT dispute.id, dispute.guard, dispute.image FROM keys \
        JOIN mediation_case ON mediation_case.ledger = keys.ledger AND mediation_case.external_ref = keys.external_ref \
        AND mediation_case.external_ref <> '' JOIN dispute ON dispute.id = mediation_case.dispute_id";
    read(lookup(reader, &[("ledger", Column::Text(ledgers)), ("external_ref", Column::Text(references))], SQL).await?)
}

/// The disputes with these labels.
pub async fn by_root_refs(
    reader: impl Into<Reader<'_>>,
    ledgers: &[String],
    root_refs: &[String],
) -> Result<Vec<StoredDispute>, StoreError> {
    const SQL: &str = "SELECT dispute.id, dispute.guard, dispute.image FROM keys \
        JOIN dispute ON dispute.ledger = keys.ledger AND dispute.root_ref = keys.root_ref AND dispute.root_ref <> ''";
    read(lookup(reader, &[("ledger", Column::Text(ledgers)), ("root_ref", Column::Text(root_refs))], SQL).await?)
}

/// The disputes that came from these petitions.
pub async fn by_petitions(reader: impl Into<Reader<'_>>, petitions: &[String]) -> Result<Vec<StoredDispute>, StoreError> {
    const SQL: &str = "SELECT dispute.id, dispute.guard, dispute.image FROM keys \
        JOIN dispute ON dispute.petition = keys.petition AND dispute.petition <> ''";
    read(lookup(reader, &[("petition", Column::Text(petitions))], SQL).await?)
}

/// Those of these numbers that a dispute or a case has.
pub async fn numbers_taken(tx: &mut Tx, numbers: &[String]) -> Result<Vec<String>, StoreError> {
    const DISPUTES: &str = "SELECT dispute.number FROM keys JOIN dispute ON dispute.number = keys.number";
    const CASES: &str = "SELECT mediation_case.number FROM keys JOIN mediation_case ON mediation_case.number = keys.number";
    let mut taken: Vec<(String,)> = lookup(&mut *tx, &[("number", Column::Text(numbers))], DISPUTES).await?;
    taken.extend(lookup::<(String,)>(tx, &[("number", Column::Text(numbers))], CASES).await?);
    Ok(taken.into_iter().map(|(number,)| number).collect())
}

/// The dispute with this number.
pub async fn dispute_by_number(db: &Db, number: &str) -> Result<Option<StoredDispute>, StoreError> {
    const SQL: &str = "SELECT id, guard, image FROM dispute WHERE number = $1";
    let row: Option<ImageRow> = on!(read db, c => sqlx::query_as(SQL).bind(number).fetch_optional(c).await)?;
    Ok(read(row.into_iter().collect())?.pop())
}

/// The dispute that has the case with this number.
pub async fn by_case_number(db: &Db, number: &str) -> Result<Option<StoredDispute>, StoreError> {
    const SQL: &str = "SELECT dispute.id, dispute.guard, dispute.image FROM mediation_case \
        JOIN dispute ON dispute.id = mediation_case.dispute_id WHERE mediation_case.number = $1";
    let row: Option<ImageRow> = on!(read db, c => sqlx::query_as(SQL).bind(number).fetch_optional(c).await)?;
    Ok(read(row.into_iter().collect())?.pop())
}

/// Writes disputes as they stand now: id, the guard as it was read (0 for a new one), and what they are, in the order of ids.
/// Errors: Conflict when one of them moved on since.
pub async fn save_disputes(tx: &mut Tx, disputes: &[(&str, i64, &Dispute)]) -> Result<(), StoreError> {
    const INTO: &str = "dispute (id, version, guard, number, ledger, root_ref, petition, image)";
    const TAIL: &str = "ON CONFLICT (id) DO UPDATE SET version = excluded.version, guard = excluded.guard, \
        ledger = excluded.ledger, root_ref = excluded.root_ref, image = excluded.image WHERE dispute.guard = excluded.guard - 1";
    let rows = disputes.iter().map(|(id, _, dispute)| DisputeRow::of(id, dispute)).collect::<Result<Vec<_>, StoreError>>()?;
    let texts = |of: fn(&DisputeRow) -> &String| rows.iter().map(|row| of(row).as_str()).collect::<Vec<&str>>();
    let columns = [
        Column::Str(&texts(|row| &row.id)),
        Column::I64(&rows.iter().map(|row| row.version).collect::<Vec<_>>()),
        Column::I64(&disputes.iter().map(|(_, guard, _)| guard + 1).collect::<Vec<_>>()),
        Column::Str(&texts(|row| &row.number)),
        Column::Str(&texts(|row| &row.ledger)),
        Column::Str(&texts(|row| &row.root_ref)),
        Column::Str(&texts(|row| &row.petition)),
        Column::Str(&texts(|row| &row.image)),
    ];
    let saved = insert(tx, INTO, &columns, TAIL).await?;
    if saved == disputes.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A dispute's row with every column that says something; `guard` is for writing only.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DisputeRow {
    pub id: String,
    version: i64,
    number: String,
    ledger: String,
    root_ref: String,
    petition: String,
    image: String,
}

impl DisputeRow {
    /// The row that a dispute has to have.
    pub fn of(id: &str, dispute: &Dispute) -> Result<Self, StoreError> {
        Ok(Self {
            id: id.to_owned(),
            version: dispute.version,
            number: dispute.number.clone(),
            ledger: dispute.ledger.clone(),
            root_ref: dispute.root_ref.clone(),
            petition: dispute.petition.map(|petition| petition.to_string()).unwrap_or_default(),
            image: serde_json::to_string(dispute).map_err(|_| inconsistent("dispute", id))?,
        })
    }
}

/// What `verify` compares with the fold: the rows after an id, in the order of ids.
pub async fn dispute_rows_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<DisputeRow>, StoreError> {
    const SQL: &str = "SELECT * FROM dispute WHERE id > $1 ORDER BY id LIMIT $2";
    Ok(on!(tx tx, c => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await)?)
}
