//! Numbers in other systems, by which a petition is found and cannot come in twice.

use super::{ImageRow, Stored, read};
use crate::domain::ForeignNumber;
use fengqiao_store::{Column, Reader, StoreError, Tx, insert, lookup, on};

/// (system, number, petition) of those numbers that belong to a petition.
pub async fn by_foreign_numbers(
    reader: impl Into<Reader<'_>>,
    numbers: &[ForeignNumber],
) -> Result<Vec<(ForeignNumber, Stored)>, StoreError> {
    const SQL: &str = "SELECT given.system, given.number, petition.id, petition.image FROM keys JOIN foreign_number given \
        ON given.system = keys.system AND given.number = keys.number JOIN petition ON petition.id = given.petition_id";
    let systems: Vec<&str> = numbers.iter().map(|given| given.system.as_str()).collect();
    let given: Vec<&str> = numbers.iter().map(|given| given.number.as_str()).collect();
    let keys = [("system", Column::Str(&systems)), ("number", Column::Str(&given))];
    let rows: Vec<(String, String, String, String)> = lookup(reader, &keys, SQL).await?;
    let mut found = Vec::with_capacity(rows.len());
    for (system, number, id, image) in rows {
        found.extend(
            read(vec![ImageRow { id, image }])?
                .into_iter()
                .map(|stored| (ForeignNumber { system: system.clone(), number: number.clone() }, stored)),
        );
    }
    Ok(found)
}

/// Notes numbers, each with the id of its petition. Errors: a unique violation when one belongs to a petition.
pub async fn save_foreign_numbers(tx: &mut Tx, numbers: &[(&ForeignNumber, &str)]) -> Result<(), StoreError> {
    let systems: Vec<&str> = numbers.iter().map(|(given, _)| given.system.as_str()).collect();
    let given: Vec<&str> = numbers.iter().map(|(given, _)| given.number.as_str()).collect();
    let ids: Vec<&str> = numbers.iter().map(|(_, id)| *id).collect();
    let columns = [Column::Str(&systems), Column::Str(&given), Column::Str(&ids)];
    insert(tx, "foreign_number (system, number, petition_id)", &columns, "").await.map(drop)
}

/// Frees the numbers of a petition that was voided: what was entered in error is entered again.
pub async fn free_foreign_numbers(tx: &mut Tx, petition: &str) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM foreign_number WHERE petition_id = $1";
    Ok(on!(tx tx, c => sqlx::query(SQL).bind(petition).execute(c).await.map(drop))?)
}
