//! What no clerk asks for: passing time, and notices that move days.

use super::{Adoption, Desk, Pending};
use crate::{
    app::request::Request,
    domain::{Adopted, CALENDAR, Context, Event, Notices, Petition, Rejection, Step},
    store,
};
use fengqiao_store::{RequestRecord, StoreError, Tx};

impl Desk<'_> {
    /// Records, petition by petition, what `next` finds to note, until it finds nothing more.
    pub(in crate::app) fn pass_time(
        &mut self,
        request: &Request,
        ids: &[String],
        next: fn(&Petition, &Context<'_>) -> Option<Step>,
    ) -> Result<u64, StoreError> {
        let mut steps = 0;
        for id in ids {
            while let Some(before) = self.petitions.get(id).map(|entry| entry.petition.clone()) {
                let Some(step) = next(&before, &self.context(request)) else { break };
                let event = Event::Stepped(Box::new(step));
                let Some(after) = Petition::apply(Some(before), &event, &request.caller.id, None) else {
                    return Err(StoreError::Misuse("what passing time does does not apply"));
                };
                let (version, actor) = (after.version, request.caller.id.clone());
                self.note(id, &after);
                self.pending.push(Pending {
                    id: id.clone(),
                    version,
                    event,
                    sealed: None,
                    actor,
                    unit: request.caller.unit.clone(),
                    request_id: None,
                });
                steps += 1;
            }
        }
        Ok(steps)
    }

    /// Takes a notice over; the clocks that it moves are restated after it.
    pub(in crate::app) async fn adopt(
        &mut self,
        tx: &mut Tx,
        request: &Request,
        notice: &fengqiao_statute::Calendar,
    ) -> Result<Result<i64, Rejection>, StoreError> {
        let request_id = request.request_id.to_string();
        if let Some(record) = self.requests.get(&request_id) {
            let same = record.fingerprint == request.fingerprint;
            return Ok(if same { Ok(record.version) } else { Err(Rejection::RequestReused) });
        }
        if self.adopted.is_some() {
            return Ok(Err(Rejection::field("notice", "came together with another one; send it again")));
        }
        let (event, _) = match Adopted::of(&self.law.calendar, notice, self.now.day()) {
            Ok(adopted) => adopted,
            Err(error) => return Ok(Err(Rejection::field("notice", error.to_string()))),
        };
        let notices = Notices::apply(Some(&store::notices(&mut *tx).await?), &event);
        let record = RequestRecord {
            request_id: request_id.clone(),
            fingerprint: request.fingerprint.clone(),
            aggregate_id: CALENDAR.to_owned(),
            version: notices.version,
            recorded_at: self.now,
        };
        self.requests.insert(request_id, record.clone());
        self.new_requests.push(record);
        let version = notices.version;
        let actor = request.caller.id.clone();
        self.adopted = Some(Adoption { event, notices, actor, request_id: request.request_id });
        Ok(Ok(version))
    }
}
