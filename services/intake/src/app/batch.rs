//! The write side: one transaction for a batch of requests, one reply for each.

use super::{
    desk::Desk,
    marks::Marker,
    request::{ImportOutcome, Outcome, Reply, Request, Work},
};
use crate::domain::{Law, Rejection};
use fengqiao_model::{Clock, IdSource};
use fengqiao_store::{Apply, MasterKey, StoreError, Tx};
use std::sync::Arc;

/// What writing needs besides the database.
pub struct Book {
    /// Wraps the data keys.
    pub master: Arc<MasterKey>,
    /// Hashes what petitions are found by.
    pub marker: Arc<Marker>,
    /// The law.
    pub law: Arc<Law>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Mints ids.
    pub ids: IdSource,
    /// How many days back a business day may lie.
    pub days_back: i32,
}

impl Apply for Book {
    type Command = Request;
    type Reply = Reply;

    async fn apply(&self, tx: &mut Tx, batch: &[Request]) -> Result<Vec<Reply>, StoreError> {
        let now = self.clock.now();
        let mut desk = Desk::load(self, tx, batch, now).await?;
        let mut replies = Vec::with_capacity(batch.len());
        for request in batch {
            replies.push(match &request.work {
                Work::Petition { id, expected, command } => {
                    Reply::Petition(desk.petition(tx, request, &id.to_string(), expected.as_ref(), command).await?)
                }
                Work::Import { ledger, columns, rows } => {
                    if !desk.first_use(request) {
                        replies.push(Reply::Import(Err(Rejection::RequestReused)));
                        continue;
                    }
                    let mut outcome = ImportOutcome::default();
                    for row in rows {
                        desk.row(request, ledger, columns, row, &mut outcome)?;
                    }
                    Reply::Import(Ok(outcome))
                }
            });
        }
        let numbers = desk.give_numbers(tx).await?;
        let position = desk.write(tx).await?;
        for reply in &mut replies {
            match reply {
                Reply::Import(Ok(outcome)) => outcome.position = position,
                Reply::Import(Err(_)) => {}
                Reply::Petition(Ok(Outcome::Made { id, petition, .. })) if petition.number.is_empty() => {
                    petition.number = numbers.get(id).cloned().unwrap_or_default();
                }
                Reply::Petition(_) => {}
            }
        }
        Ok(replies)
    }
}
