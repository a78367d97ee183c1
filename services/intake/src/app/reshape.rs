//! Folding every petition anew, once, after a version of this program whose images had another shape. The log is the truth; the state
//! rows only follow.

use super::fold;
use crate::{
    domain::{IMAGE_SHAPE, Petition, is_petition},
    store,
};
use fengqiao_store::{Db, StoreError, log};

/// Events read at a time, and rows written at a time at most.
const PAGE: i64 = 2_000;

/// Brings the images to the present shape; nothing when they have it. Ended in between, it begins anew at the next start.
pub async fn reshape(db: &Db) -> Result<(), StoreError> {
    if store::shape(db).await? == IMAGE_SHAPE {
        return Ok(());
    }
    let (mut after, mut folded, mut written) = ((String::new(), 0), None::<(String, Petition)>, 0_u64);
    loop {
        let events = log::by_aggregate(db, after.clone(), PAGE).await?;
        let Some(last) = events.last() else { break };
        after = (last.aggregate_id.clone(), last.version);
        let mut done = Vec::new();
        for event in events.iter().filter(|event| is_petition(&event.aggregate_id)) {
            let before = match folded.take() {
                Some((id, petition)) if id == event.aggregate_id => Some(petition),
                other => {
                    done.extend(other);
                    None
                }
            };
            folded = Some((event.aggregate_id.clone(), fold(before, event)?));
        }
        written += save(db, done).await?;
    }
    written += save(db, folded.into_iter().collect()).await?;
    let mut tx = db.begin().await?;
    store::set_shape(&mut tx, IMAGE_SHAPE).await?;
    tx.commit().await?;
    if written > 0 {
        tracing::info!(written, "petitions folded anew for this version");
    }
    Ok(())
}

async fn save(db: &Db, petitions: Vec<(String, Petition)>) -> Result<u64, StoreError> {
    let rows: Vec<_> = petitions.iter().map(|(id, petition)| (id.clone(), petition.version, petition)).collect();
    if !rows.is_empty() {
        let mut tx = db.begin().await?;
        store::save(&mut tx, &rows).await?;
        tx.commit().await?;
    }
    Ok(rows.len() as u64)
}
