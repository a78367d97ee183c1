//! The write side: one transaction for a batch of requests, one reply for each.

use super::{
    desk::{Desk, KnownUnits},
    law::LawInForce,
    request::{ImportOutcome, Outcome, Reply, Request, Work},
};
use crate::domain::{Rejection, next_lapse, next_restatement};
use fengqiao_model::{Clock, IdSource};
use fengqiao_store::{Apply, MasterKey, StoreError, Tx};
use std::sync::Arc;

/// What writing needs besides the database.
pub struct Book {
    /// Wraps the data keys.
    pub master: Arc<MasterKey>,
    /// The law.
    pub law: Arc<LawInForce>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Mints ids.
    pub ids: IdSource,
    /// How many days back a business day may lie.
    pub days_back: i32,
    /// Units that are known to be there.
    pub units: KnownUnits,
}

impl Apply for Book {
    type Command = Request;
    type Reply = Reply;

    async fn apply(&self, tx: &mut Tx, batch: &[Request]) -> Result<Vec<Reply>, StoreError> {
        let now = self.clock.now();
        let law = self.law.read(tx).await?;
        let mut desk = Desk::load(self, law, tx, batch, now).await?;
        let mut replies = Vec::with_capacity(batch.len());
        for request in batch {
            replies.push(match &request.work {
                Work::Petition { id, expected, command } => {
                    Reply::Petition(desk.petition(tx, request, &id.to_string(), expected.as_ref(), command).await?)
                }
                Work::Adopt { notice } => Reply::Adopt(desk.adopt(tx, request, notice).await?),
                Work::Sweep { ids } => Reply::Swept(desk.pass_time(request, ids, next_lapse)?),
                Work::Restate { ids } => Reply::Swept(desk.pass_time(request, ids, next_restatement)?),
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
                Work::Unit { code, expected, command } => {
                    Reply::Unit(desk.unit(tx, request, code, expected.as_ref(), command).await?)
                }
                Work::MoveItems { code } => Reply::Moved(desk.move_items(tx, code).await?),
                Work::UnitRows { columns, rows } => {
                    if !desk.first_use(request) {
                        replies.push(Reply::Import(Err(Rejection::RequestReused)));
                        continue;
                    }
                    let mut outcome = ImportOutcome::default();
                    for row in rows {
                        desk.unit_row(request, columns, row, &mut outcome)?;
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
                Reply::Petition(Ok(Outcome::Made { id, petition, dispute, .. })) if petition.number.is_empty() => {
                    petition.number = numbers.petitions.get(id).cloned().unwrap_or_default();
                    if let Some(dispute) = dispute {
                        dispute.number = numbers.disputes.get(&dispute.dispute).cloned().unwrap_or_default();
                    }
                }
                Reply::Petition(_) | Reply::Unit(_) | Reply::Moved(_) | Reply::Adopt(_) | Reply::Swept(_) => {}
            }
        }
        Ok(replies)
    }
}
