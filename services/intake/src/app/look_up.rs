//! The petitioner's look-up. A number that does not exist, a wrong or expired code and an item that is not to be shown take the same steps:
//! as many statements, one image read, one key opened, as many codes derived and compared. Where there is nothing to read, a made-up
//! petition is read instead. It knows no wire; who may try is the turnstile's business, how often it was asked the counts'.

mod counts;
mod turnstile;

pub use counts::{Counts, LookedUp};
pub use turnstile::Turnstile;

use super::sealing::{query_code, same_code};
use crate::{
    domain::{Link, Petition, State},
    store::{self, Sought},
};
use fengqiao_model::{Day, PetitionId};
use fengqiao_statute::MatterClass;
use fengqiao_store::{DataKey, Db, MasterKey, StoreError, data_key};
use std::sync::Arc;

/// At most this many representatives hold a query code (XF 20).
pub const REPRESENTATIVES: u32 = 5;

/// The image of a petition that stands in no book, as long as that of an ordinary one: what is read where there is nothing to read.
const MADE_UP: &str = r#"{"version":2,"number":"JHXF-2026-000000","unit":"JHXF","division":"320831100201","channel":"visit","matter_class":"appeal","person_count":1,"responsible_unit":"JHXF","registered_on":"2026-01-05","representatives":1,"state":"accepted","first_action_on":"2026-01-07","accepted_on":"2026-01-07","clocks":[{"terms":{"rule":"P-01","rule_version":"2022-05-01","calendar_version":"2026-01","started_on":"2026-01-05","kpi_due":"2026-01-20","legal_due":"2026-01-20","provisional":false},"done_on":"2026-01-07"},{"terms":{"rule":"P-06","rule_version":"2022-05-01","calendar_version":"2026-01","started_on":"2026-01-07","kpi_due":"2026-03-08","legal_due":"2026-03-09","provisional":false}}],"last_request":"01890a5d-ac96-774b-bcce-b302099a8057"}"#;

/// Looks petitions up.
pub struct LookUp {
    db: Db,
    master: Arc<MasterKey>,
    /// Days after its last day on which a closed petition can still be looked up.
    days: i32,
    /// The petition that is read when there is none.
    made_up: Sought,
    /// Its key, which opens nothing else.
    its_key: Vec<u8>,
}

/// What the petitioner is shown of.
pub struct Found {
    /// The petition.
    pub petition: Petition,
    /// Day on which mediation ended; `None` while any of it goes on or is not answered yet.
    pub mediated_until: Option<Day>,
}

impl LookUp {
    /// A look-up in this book; codes expire so many days after the last day of a closed petition.
    pub fn new(db: Db, master: Arc<MasterKey>, days: i32) -> Self {
        let id = PetitionId::from_bytes([0xff; 16]).to_string();
        let its_key = DataKey::generate().wrap(&master, &id);
        Self { db, master, days, made_up: Sought::made_up(id, MADE_UP.to_owned()), its_key }
    }

    /// The petition whose number (or slip) and query code these are.
    pub async fn find(&self, number: &str, code: &str, today: Day) -> Result<Option<Found>, StoreError> {
        let sought = store::seek(&self.db, number).await?;
        let there = sought.is_some();
        let sought = sought.unwrap_or_else(|| self.made_up.clone());
        let ids = std::slice::from_ref(&sought.id);
        let wrapped = data_key::load(&self.db, ids).await?.remove(&sought.id);
        let links = store::links_of(&self.db, ids).await?;

        let petition: Petition = serde_json::from_str(&sought.image).map_err(|_| StoreError::Inconsistent {
            table: "petition",
            column: "image",
            key: sought.id.clone(),
        })?;
        let sealed = wrapped.is_some();
        let (wrapped, of) = match &wrapped {
            Some(wrapped) => (wrapped, &sought.id),
            None => (&self.its_key, &self.made_up.id),
        };
        let key = DataKey::unwrap(wrapped, &self.master, of)?;
        let mut right = false;
        for representative in 0..REPRESENTATIVES {
            let generation = petition.code_generation(representative);
            let is_it = same_code(code, &query_code(&key, representative, generation));
            right |= is_it & (representative < petition.representatives);
        }
        let mediated_until = mediated_until(&petition, &links);
        // An allegation has no code at all, and would not be shown to who had one (XF 30).
        let hidden = (petition.matter_class == MatterClass::Allegation) | petition.erased;
        let expired = self.expired(&petition, &links, today);
        let shown = there & sealed & right & !hidden & !expired;
        Ok(shown.then_some(Found { petition, mediated_until }))
    }

    /// Whether the last day of a closed petition is too long ago.
    fn expired(&self, petition: &Petition, links: &[Link], today: Day) -> bool {
        let mediation_goes_on = links.iter().any(|link| link.ended_on.is_none());
        let last = petition.last_day().max(links.iter().filter_map(|link| link.ended_on).max());
        let over = last.is_some_and(|last| today.days_since(last) > self.days);
        over & !petition.state.is_open() & !petition.state.is_reviewed_now() & !mediation_goes_on
    }
}

/// The day on which mediation ended; `None` while any of it goes on or is not answered yet.
fn mediated_until(petition: &Petition, links: &[Link]) -> Option<Day> {
    let last = links.last().filter(|_| links.len() >= petition.mediation_routings as usize)?;
    if links.iter().any(|link| link.ended_on.is_none()) { None } else { last.ended_on }
}

impl State {
    /// Whether a review or re-review of it is asked for and not decided.
    fn is_reviewed_now(self) -> bool {
        matches!(self, State::ReviewRequested | State::RereviewRequested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_up_petition_can_be_read_and_is_an_ordinary_one() {
        let petition: Petition = serde_json::from_str(MADE_UP).unwrap();
        assert_eq!(serde_json::to_string(&petition).unwrap(), MADE_UP);
        assert_eq!((petition.representatives, petition.state), (1, State::Accepted));
    }
}
