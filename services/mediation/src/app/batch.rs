//! The write side: one transaction for a batch of requests, one reply for each.

use super::{
    desk::{Desk, Touched},
    request::{ImportOutcome, Outcome, Reply, Request, Work},
    similar::SimilarityKey,
};
use crate::domain::{Law, Rejection};
use fengqiao_model::{Clock, IdSource};
use fengqiao_store::{Apply, MasterKey, StoreError, Tx};
use std::sync::Arc;

/// What writing needs besides the database.
#[derive(Clone)]
pub struct Book {
    /// Wraps the data keys.
    pub master: Arc<MasterKey>,
    /// Hashes what parties are compared by.
    pub similarity: Arc<SimilarityKey>,
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
        let mut desk = Desk::load(self, tx, &Touched::by(batch), self.clock.now()).await?;
        let mut replies = Vec::with_capacity(batch.len());
        for request in batch {
            replies.push(match &request.work {
                Work::Import { ledger, columns, rows } if desk.first_use(request) => {
                    let mut outcome = ImportOutcome::default();
                    for row in rows {
                        desk.row(&request.asking, ledger, columns, row, &mut outcome)?;
                    }
                    Reply::Import(Ok(outcome))
                }
                Work::Import { .. } => Reply::Import(Err(Rejection::RequestReused)),
                _ => Reply::Change(desk.change(tx, request).await?),
            });
        }
        desk.give_numbers(tx).await?;
        for reply in &mut replies {
            if let Reply::Change(Ok(Outcome::Dispute(changed))) = reply {
                desk.number(changed);
            }
        }
        let position = desk.write(tx).await?;
        for reply in &mut replies {
            if let Reply::Import(Ok(outcome)) = reply {
                outcome.position = position;
            }
        }
        Ok(replies)
    }
}
