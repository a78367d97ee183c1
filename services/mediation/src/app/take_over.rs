//! What the petition log tells, done in one transaction with the cursor: the same desk as the writer's, without a client. Never
//! rejects: what the rules refuse is noted as stuck.

use super::{
    batch::Book,
    desk::{Desk, Touched},
    request::Asking,
};
use crate::{
    domain::{DisputeCommand, NewDispute, Rejection},
    store::{self, StuckEvent},
};
use fengqiao_model::{ActorId, Caller, CaseId, DisputeId, PetitionId, RequestId, Role, Token};
use fengqiao_store::{Cursor, DataKey, Db, StoreError, Tx, cursor};
use std::{collections::BTreeSet, sync::Arc};

/// The log that is followed.
pub const PETITIONS: &str = "intake";

/// What an event of the petition log tells.
pub enum Told {
    /// A petition was routed here.
    Routed(Box<Routed>),
    /// The parties of a petition were erased.
    Erased { position: i64, kind: String, request_id: RequestId, petition: PetitionId, approved_by: ActorId },
    /// It cannot be read.
    Stuck(StuckEvent),
}

/// A petition that was routed here.
pub struct Routed {
    /// Position in the petition log.
    pub position: i64,
    /// Kind of the event there.
    pub kind: String,
    /// The request that routed it.
    pub request_id: RequestId,
    /// The office that routed it.
    pub unit: Token,
    /// Id of the dispute to be opened.
    pub dispute: DisputeId,
    /// Id of its first case.
    pub case: CaseId,
    /// What it is.
    pub new: NewDispute,
    /// The petition's key, which becomes the dispute's; `None` when it was destroyed meanwhile.
    pub key: Option<Arc<DataKey>>,
}

/// Does what is told and moves the cursor. Errors: `Conflict` when the cursor does not stand at `from`.
pub async fn take_over(db: &Db, book: &Book, told: &[Told], from: i64, to: &Cursor) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // First: of two replicas with the same batch, the second stops here.
    cursor::advance(&mut tx, PETITIONS, from, to).await?;
    if told.is_empty() {
        return tx.commit().await;
    }
    let mut touched = Touched::default();
    for told in told {
        match told {
            Told::Routed(routed) => {
                touched.disputes.push(routed.dispute.to_string());
                touched.petitions.extend(routed.new.petition.map(|petition| petition.to_string()));
            }
            Told::Erased { petition, .. } => touched.petitions.push(petition.to_string()),
            Told::Stuck(_) => {}
        }
    }
    touched.petitions.sort();
    touched.petitions.dedup();
    let mut taken = taken_numbers(&mut tx, told).await?;
    let mut desk = Desk::load(book, &mut tx, &touched, book.clock.now()).await?;
    desk.take_days_as_they_are();
    let (mut stuck, mut erased) = (Vec::new(), false);
    for told in told {
        let problem = match told {
            Told::Stuck(event) => {
                stuck.push(event.clone());
                continue;
            }
            Told::Routed(routed) => (routed.position, &routed.kind, open(&mut desk, routed, &mut taken)?),
            Told::Erased { position, kind, request_id, petition, approved_by } => {
                erased = true;
                (*position, kind, erase(&mut desk, *petition, *request_id, approved_by)?)
            }
        };
        if let (position, kind, Some(rejection)) = problem {
            stuck.push(StuckEvent {
                log: PETITIONS.to_owned(),
                position,
                kind: kind.clone(),
                reason: format!("{}: {rejection}", rejection.reason()),
            });
        }
    }
    for StuckEvent { position, kind, reason, .. } in &stuck {
        tracing::warn!(position, kind, reason, "event of the petition log has no place here");
    }
    store::save_stuck(&mut tx, &stuck).await?;
    desk.give_numbers(&mut tx).await?;
    desk.write(&mut tx).await?;
    tx.commit().await?;
    if erased {
        db.scrub_keys().await?;
    }
    Ok(())
}

/// Numbers that came along, as far as they stand in the book or were given in this batch.
async fn taken_numbers(tx: &mut Tx, told: &[Told]) -> Result<BTreeSet<String>, StoreError> {
    let came = told.iter().filter_map(|told| match told {
        Told::Routed(routed) if !routed.new.number.is_empty() => Some(routed.new.number.clone()),
        _ => None,
    });
    let came: BTreeSet<String> = came.collect();
    store::numbers_taken(tx, &came.into_iter().collect::<Vec<_>>()).await.map(|taken| taken.into_iter().collect())
}

/// Opens the dispute of a petition under the petition's key. One that is there already stays as it is.
fn open(desk: &mut Desk<'_>, routed: &Routed, taken: &mut BTreeSet<String>) -> Result<Option<Rejection>, StoreError> {
    if desk.known(routed.dispute).is_some() {
        return Ok(None);
    }
    let number = &routed.new.number;
    if !number.is_empty() && !taken.insert(number.clone()) {
        return Ok(Some(Rejection::field("dispute_number", format!("{number} belongs to another dispute"))));
    }
    if let Some(key) = &routed.key {
        desk.adopt_key(routed.dispute, key.clone());
    }
    let asking = asking(routed.request_id, &routed.unit);
    let opened = match routed.key {
        Some(_) => desk.open(&asking, routed.dispute, routed.case, &routed.new)?,
        None => desk.open_erased(&asking, routed.dispute, routed.case, &routed.new)?,
    };
    if opened.is_err() {
        desk.give_key_back(routed.dispute);
    }
    Ok(opened.err())
}

/// Erases what came from a petition; erased twice is erased.
fn erase(
    desk: &mut Desk<'_>,
    petition: PetitionId,
    request_id: RequestId,
    approved_by: &ActorId,
) -> Result<Option<Rejection>, StoreError> {
    for id in desk.of_petition(petition) {
        let asking = asking(request_id, &token("mediation"));
        let command = DisputeCommand::EraseParties { approved_by: approved_by.clone() };
        match desk.command(&asking, id, &command)? {
            Ok(()) | Err(Rejection::PartiesErased) => {}
            Err(rejection) => return Ok(Some(rejection)),
        }
    }
    Ok(None)
}

/// The follower itself, acting for the office that routed.
fn asking(request_id: RequestId, unit: &Token) -> Asking {
    let id = "mediation".parse().expect("an id");
    Asking { caller: Caller { id, unit: unit.clone(), division: None, roles: vec![Role::Coordinator] }, request_id }
}

fn token(text: &str) -> Token {
    text.parse().expect("a token")
}
