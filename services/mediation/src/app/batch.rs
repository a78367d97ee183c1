//! The write side: one transaction for a batch of requests, one reply for each.

use super::{
    desk::{Desk, Touched},
    request::{Asking, Changed, ImportOutcome, Outcome, Reply, Request, Work},
    similar::SimilarityKey,
};
use crate::domain::{Decision, Law, NewDispute, Rejection};
use fengqiao_model::{Caller, CaseId, Clock, DisputeId, IdSource};
use fengqiao_store::{Apply, Db, MasterKey, StoreError, Tx};
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

impl Book {
    /// What opening a dispute would make, without writing.
    pub async fn validate(
        &self,
        db: &Db,
        asking: &Asking,
        dispute: DisputeId,
        case: CaseId,
        new: NewDispute,
    ) -> Result<Result<Changed, Rejection>, StoreError> {
        let request = Request {
            asking: asking.clone(),
            fingerprint: Vec::new(),
            work: Work::Open { dispute, case, new: Box::new(new.clone()) },
        };
        let mut tx = db.snapshot().await?;
        let touched = Touched::by(std::slice::from_ref(&request));
        let mut desk = Desk::load(self, &mut tx, &touched, self.clock.now()).await?;
        if let Err(rejection) = desk.open(asking, dispute, case, &new)? {
            return Ok(Err(rejection));
        }
        Ok(Ok(desk.made(asking, dispute)))
    }

    /// Where the rules would send a case.
    pub async fn propose(&self, db: &Db, caller: Caller, case: CaseId) -> Result<Result<Decision, Rejection>, StoreError> {
        let mut tx = db.snapshot().await?;
        let touched = Touched { cases: vec![case.to_string()], ..Touched::default() };
        let desk = Desk::load(self, &mut tx, &touched, self.clock.now()).await?;
        Ok(desk.propose(&caller, case))
    }
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
