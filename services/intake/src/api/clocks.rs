//! Calls about clocks: what is due on a day, notices and what they moved. Past days are answered from the same rows as the present one.

use super::{Failure, IntakeApi, parse, reply};
use crate::{
    app::{Reply, Request as Work, Work as Asked},
    domain::{ADOPTED, Adopted, CALENDAR, clock_message as clock},
    store::{self, DueRow},
};
use fengqiao_model::{Caller, Day, PageToken};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::Lamp;
use fengqiao_store::log;
use std::collections::HashMap;

/// How often a page looks for further rows of a lamp before it is given short.
const ROUNDS: usize = 10;

/// How many restated clocks the answer to a notice carries.
const CARRIED: i64 = 1_000;

impl IntakeApi {
    pub(super) async fn due(&self, caller: Caller, request: pb::ListDueRequest) -> Result<pb::ListDueResponse, Failure> {
        let api = &self.0;
        let today = api.clock.now().day();
        let listing = parse::due(&request, caller.division.as_ref(), today)?;
        let wanted = usize::try_from(listing.page_size).unwrap_or(1);
        let (mut after, mut clocks, mut more) = (listing.after, Vec::new(), true);
        for _ in 0..ROUNDS {
            let limit = listing.page_size + 1;
            let mut rows = store::due(&api.db, &listing.filter, &after, limit, listing.on == today).await?;
            more = rows.len() > wanted;
            rows.truncate(wanted);
            let hearings = self.hearings(&rows).await?;
            for row in &rows {
                if clocks.len() == wanted {
                    more = true;
                    break;
                }
                after = row.clock.key();
                let suspended = hearings.get(&row.clock.petition_id).map_or(&[][..], Vec::as_slice);
                if let Some(due) = self.due_clock(row, suspended, listing.on)?
                    && listing.lamp.is_none_or(|lamp| lamp.code() == due.lamp)
                {
                    clocks.push(due);
                }
            }
            if !more || clocks.len() == wanted {
                break;
            }
        }
        let next = more.then(|| PageToken { after: format!("{}/{}/{}", after.0, after.1, after.2) }.encode(&listing.bound));
        Ok(pb::ListDueResponse { on: listing.on.to_string(), clocks, next_page_token: next.unwrap_or_default() })
    }

    /// Days that the law does not count, of the petitions whose clocks have such days.
    async fn hearings(&self, rows: &[DueRow]) -> Result<HashMap<String, Vec<(Day, Day)>>, Failure> {
        let rule = |row: &DueRow| row.clock.rule().to_owned();
        let ids: Vec<String> = rows
            .iter()
            .filter(|row| self.0.law.get().rules.rules().iter().any(|r| r.code == rule(row) && !r.excluded.is_empty()))
            .map(|row| row.clock.petition_id.clone())
            .collect();
        let found = store::by_ids(&self.0.db, &ids).await?;
        let re_review = crate::domain::clocks::REREVIEW;
        Ok(found.into_iter().map(|(id, petition)| (id, petition.suspended(re_review))).collect())
    }

    /// A row as it is told on a day; nothing when its time is over and was a right.
    fn due_clock(&self, row: &DueRow, suspended: &[(Day, Day)], on: Day) -> Result<Option<pb::DueClock>, Failure> {
        let law = self.0.law.get();
        let terms = row.clock.terms()?;
        let threshold = law.lamps.of(&terms.rule);
        let suspended = if terms.rule == crate::domain::clocks::REREVIEW { suspended } else { &[] };
        let Some(lamp) = threshold.lamp(&law.calendar, &terms, row.clock.done_on(), suspended, on) else { return Ok(None) };
        let rule = law.rules.rule(&terms.rule, &terms.rule_version);
        Ok(Some(pb::DueClock {
            petition_id: row.clock.petition_id.clone(),
            number: row.number.clone(),
            unit: row.clock.unit.clone(),
            division_code: row.clock.division.clone(),
            title_zh: rule.map(|rule| rule.title_zh.clone()).unwrap_or_default(),
            lamp: Lamp::code(lamp).to_owned(),
            days_left: terms.legal_due.days_since(on),
            window: threshold.window,
            clock: Some(clock(&terms)),
        }))
    }

    pub(super) async fn adopt(
        &self,
        caller: Caller,
        request: &pb::AdoptCalendarRequest,
    ) -> Result<pb::AdoptCalendarResponse, Failure> {
        let api = &self.0;
        let (request_id, notice) = parse::adopt(request)?;
        let fingerprint = self.fingerprint(&caller, "AdoptCalendar", request);
        let allowed = caller.division.as_ref().map(ToString::to_string).unwrap_or_default();
        let work = Work { caller, request_id, fingerprint, work: Asked::Adopt { notice } };
        let Reply::Adopt(outcome) = api.writer.try_submit(work).await? else {
            return Err(Failure::Internal("a notice got another's reply"));
        };
        let version = outcome?;
        // Also on a repetition: the first attempt may have ended between the notice and this.
        api.sweeper.restate().await?;
        let events = log::of_aggregate(&api.db, CALENDAR, version - 1).await?;
        let adopted =
            events.first().filter(|event| event.kind == ADOPTED).and_then(|event| Adopted::decode(&event.kind, &event.open).ok());
        let adopted = adopted.ok_or(Failure::Internal("an adopted notice is not in the log"))?;
        let clocks = store::restatements(&api.db, &adopted.version, &allowed, &(String::new(), -1), CARRIED).await?;
        Ok(pb::AdoptCalendarResponse {
            calendar_version: adopted.version.clone(),
            previous_version: adopted.previous,
            years: adopted.years.keys().map(|year| i32::from(*year)).collect(),
            restated: store::restated_count(&api.db, &adopted.version, &allowed).await?,
            clocks: clocks.iter().map(reply::restated).collect::<Result<_, _>>()?,
        })
    }

    pub(super) async fn restatements(
        &self,
        caller: Caller,
        request: pb::ListRestatementsRequest,
    ) -> Result<pb::ListRestatementsResponse, Failure> {
        let api = &self.0;
        let law = api.law.refresh(&api.db).await?;
        let allowed = caller.division.as_ref().map(ToString::to_string).unwrap_or_default();
        let listing = parse::restatements(&request, law.calendar.version(), &allowed)?;
        let mut rows = store::restatements(&api.db, &listing.version, &allowed, &listing.after, listing.page_size + 1).await?;
        let more = i64::try_from(rows.len()).unwrap_or(0) > listing.page_size;
        rows.truncate(usize::try_from(listing.page_size).unwrap_or(1));
        let last = rows.last().filter(|_| more).map(|(row, _)| (row.clock.petition_id.clone(), row.clock.place));
        let next = last.map(|(id, place)| PageToken { after: format!("{id}/{place}") }.encode(&listing.bound));
        Ok(pb::ListRestatementsResponse {
            calendar_version: listing.version,
            clocks: rows.iter().map(reply::restated).collect::<Result<_, _>>()?,
            next_page_token: next.unwrap_or_default(),
        })
    }
}
