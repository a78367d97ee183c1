//! Keyed hashes of parties, by which disputes that may be one quarrel are found. Nobody without the master key can guess what they
//! stand for, and they die with the dispute's key.

use fengqiao_store::{Column, Db, StoreError, Tx, insert, lookup, on};

/// Notes hashes: each with the id of its dispute.
pub async fn save_similar(tx: &mut Tx, hashes: &[(String, String)]) -> Result<(), StoreError> {
    const INTO: &str = "similarity (hash, dispute_id)";
    let columns = [
        Column::Str(&hashes.iter().map(|(hash, _)| hash.as_str()).collect::<Vec<_>>()),
        Column::Str(&hashes.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>()),
    ];
    insert(tx, INTO, &columns, "ON CONFLICT (hash, dispute_id) DO NOTHING").await.map(drop)
}

/// Forgets the hashes of a dispute.
pub async fn forget_similar(tx: &mut Tx, dispute_id: &str) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM similarity WHERE dispute_id = $1";
    Ok(on!(tx tx, c => sqlx::query(SQL).bind(dispute_id).execute(c).await.map(drop))?)
}

/// (hash, dispute) of the latest disputes that have one of these hashes; of a hash that very many have, not all.
pub async fn disputes_like(db: &Db, hashes: &[String]) -> Result<Vec<(String, String)>, StoreError> {
    const SQL: &str = "SELECT similarity.hash, similarity.dispute_id FROM keys JOIN similarity ON similarity.hash = keys.hash \
        ORDER BY similarity.dispute_id DESC LIMIT 50";
    lookup(db, &[("hash", Column::Text(hashes))], SQL).await
}
