//! Open items that go to the unit which took over.

use crate::{
    app::desk::{Desk, Pending},
    domain::{self, Event, Petition, Unit, UnitKind},
};
use fengqiao_model::{ActorId, RequestId, Token};
use fengqiao_store::{StoreError, Tx, log};

impl Desk<'_> {
    /// Moves open items of a unit to the one that took over, as many as were loaded, in the name of who decided it; how many.
    pub(in crate::app) async fn move_items(&mut self, tx: &mut Tx, code: &str) -> Result<i64, StoreError> {
        let heir = self.units.directory.last(code).filter(|heir| heir.code != code && heir.closed_on.is_none());
        let Some(heir) = heir.map(|heir| heir.code.clone()) else { return Ok(0) };
        let unit: Token = heir.parse().map_err(|_| StoreError::Misuse("a unit's code is no code"))?;
        let history = log::of_aggregate(&mut *tx, &Unit::aggregate(code), 0).await?;
        let Some(decided) = history.iter().rev().find(|event| event.kind == UnitKind::Succeeded.name()) else { return Ok(0) };
        let broken = |_| StoreError::Inconsistent { table: "event", column: "actor", key: decided.position.to_string() };
        let actor: ActorId = decided.actor.parse().map_err(broken)?;
        let broken = |_| StoreError::Inconsistent { table: "event", column: "request_id", key: decided.position.to_string() };
        let request_id: RequestId = decided.request_id.parse().map_err(broken)?;
        let ids: Vec<String> = self.petitions.keys().cloned().collect();
        let mut count = 0;
        for id in ids {
            let Some(before) = self.petitions.get(&id).map(|entry| entry.petition.clone()) else { continue };
            let Some(step) = domain::moved(&before, code, &heir, self.now.day()) else { continue };
            let event = Event::Stepped(Box::new(step));
            let Some(after) = Petition::apply(Some(before), &event, &actor, Some(request_id)) else {
                return Err(StoreError::Misuse("a move does not apply"));
            };
            self.note(&id, &after);
            let (version, actor) = (after.version, actor.clone());
            self.pending.push(Pending {
                id,
                version,
                event,
                sealed: None,
                actor,
                unit: unit.clone(),
                request_id: Some(request_id),
            });
            count += 1;
        }
        Ok(count)
    }
}
