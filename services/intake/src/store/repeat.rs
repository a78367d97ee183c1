//! Which petitions repeat which: looked up from the first one; the petition itself tells the other way.

use fengqiao_store::{Column, Reader, StoreError, Tx, insert, lookup};

/// (first, repeat) of the repeats of these petitions.
pub async fn repeats_of(reader: impl Into<Reader<'_>>, firsts: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    const SQL: &str =
        "SELECT repeat.first_id, repeat.petition_id FROM keys JOIN petition_repeat repeat ON repeat.first_id = keys.first_id";
    lookup(reader, &[("first_id", Column::Text(firsts))], SQL).await
}

/// Writes which of these petitions repeat which; an empty one repeats none.
pub async fn save_repeats(tx: &mut Tx, repeats: &[(&str, &str)]) -> Result<(), StoreError> {
    const GONE: &str = "DELETE FROM petition_repeat WHERE petition_id IN (SELECT petition_id FROM keys) RETURNING petition_id";
    let changed: Vec<&str> = repeats.iter().map(|(petition, _)| *petition).collect();
    let gone: Vec<(String,)> = lookup(&mut *tx, &[("petition_id", Column::Str(&changed))], GONE).await?;
    drop(gone);
    let (petitions, firsts): (Vec<&str>, Vec<&str>) = repeats.iter().filter(|(_, first)| !first.is_empty()).copied().unzip();
    let columns = [Column::Str(&petitions), Column::Str(&firsts)];
    insert(tx, "petition_repeat (petition_id, first_id)", &columns, "").await.map(drop)
}
