//! Calls about the rules of conduct: one item, the whole book, and the items that broke a rule. Items are read page by page with their
//! histories; nothing is stored of the verdicts, so that another book or another day gives other ones.

use super::{Failure, IntakeApi, parse, reply};
use crate::{
    app::conduct_facts,
    domain::{Petition, Rejection},
    store::{self, Ask, Filter, Place},
};
use fengqiao_model::{Caller, PageToken};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{ConductFacts, Subject};
use fengqiao_store::log;
use std::collections::HashMap;

/// Items read at a time.
const AT_ONCE: i64 = 500;
/// Items held against the book for its totals.
const MOST: i64 = 20_000;
/// Items that a page of breaches looks at before it is given short.
const LOOKED_AT: i64 = 5_000;

/// An item with what was recorded of it.
type Item = (String, Petition, ConductFacts);

impl IntakeApi {
    pub(super) async fn conduct_of(
        &self,
        caller: Caller,
        request: pb::CheckConductRequest,
    ) -> Result<pb::CheckConductResponse, Failure> {
        let api = &self.0;
        let asked = parse::check_conduct(&request, api.clock.now().day())?;
        let found = match asked.id {
            Some(id) => store::by_ids(&api.db, &[id.to_string()]).await?.pop(),
            None => store::by_number(&api.db, &asked.number).await?,
        };
        let visible = found.filter(|(_, p)| caller.division.as_ref().is_none_or(|division| division.contains(&p.division)));
        let found = visible.ok_or(Failure::Rejected(Rejection::PetitionNotFound))?;
        let law = api.law.get();
        let items = self.with_facts(vec![found]).await?;
        let Some((id, petition, facts)) = items.first() else { return Err(Failure::Internal("an item has no history")) };
        Ok(pb::CheckConductResponse {
            petition_id: id.clone(),
            number: petition.number.clone(),
            on: asked.on.to_string(),
            conduct_book_version: law.conduct.version().to_owned(),
            verdicts: law.conduct.verdicts(&law.calendar, facts, asked.on).iter().map(reply::verdict).collect(),
        })
    }

    pub(super) async fn conduct_rules(
        &self,
        caller: Caller,
        request: pb::ListConductRulesRequest,
    ) -> Result<pb::ListConductRulesResponse, Failure> {
        let api = &self.0;
        let cohort = parse::conduct_rules(&request, caller.division.as_ref(), api.clock.now().day())?;
        let law = api.law.get();
        let mut counts: HashMap<String, (i64, i64)> = HashMap::new();
        let (mut after, mut items, mut complete) = ((String::new(), String::new()), 0, true);
        loop {
            let page = self.page(&cohort.filter, &after, AT_ONCE).await?;
            let Some((id, petition, _)) = page.last() else { break };
            if items >= MOST {
                complete = false;
                break;
            }
            after = (petition.registered_on.to_string(), id.clone());
            items += i64::try_from(page.len()).unwrap_or(0);
            for (_, _, facts) in &page {
                for verdict in law.conduct.verdicts(&law.calendar, facts, cohort.on) {
                    let count = counts.entry(verdict.rule.code.clone()).or_default();
                    count.0 += 1;
                    count.1 += i64::from(!verdict.breaches.is_empty());
                }
            }
        }
        let rules = [Subject::Petition, Subject::Case].into_iter().flat_map(|subject| law.conduct.rules_on(subject, cohort.on));
        let mut rules: Vec<_> = rules.collect();
        rules.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(pb::ListConductRulesResponse {
            conduct_book_version: law.conduct.version().to_owned(),
            on: cohort.on.to_string(),
            registered_from: cohort.from.to_string(),
            registered_to: cohort.to.to_string(),
            rules: rules
                .into_iter()
                .map(|rule| reply::conduct_rule(rule, counts.get(&rule.code).copied().unwrap_or_default()))
                .collect(),
            items,
            complete,
        })
    }

    pub(super) async fn conduct_breaches(
        &self,
        caller: Caller,
        request: pb::ListConductBreachesRequest,
    ) -> Result<pb::ListConductBreachesResponse, Failure> {
        let api = &self.0;
        let listing = parse::conduct_breaches(&request, caller.division.as_ref(), api.clock.now().day())?;
        let law = api.law.get();
        if !law.conduct.rules().iter().any(|rule| rule.code == listing.rule && rule.subject == Subject::Petition) {
            let problem = "must be a rule of the book of conduct that is about petitions";
            return Err(Failure::Rejected(Rejection::field("rule", problem)));
        }
        let wanted = usize::try_from(listing.page_size).unwrap_or(1);
        let (mut after, mut items, mut looked_at) = (listing.after, Vec::new(), 0);
        let on = listing.cohort.on;
        let more = 'pages: loop {
            let page = self.page(&listing.cohort.filter, &after, AT_ONCE).await?;
            if page.is_empty() {
                break false;
            }
            looked_at += AT_ONCE;
            for (id, petition, facts) in &page {
                if items.len() == wanted {
                    break 'pages true;
                }
                after = (petition.registered_on.to_string(), id.clone());
                let verdicts = law.conduct.verdicts(&law.calendar, facts, on);
                let broken = verdicts.iter().find(|v| v.rule.code == listing.rule && !v.breaches.is_empty());
                items.extend(broken.map(|verdict| reply::conduct_breach(id, petition, verdict)));
            }
            if looked_at >= LOOKED_AT {
                break true;
            }
        };
        let next = more.then(|| PageToken { after: format!("{}/{}", after.0, after.1) }.encode(&listing.bound));
        Ok(pb::ListConductBreachesResponse { on: on.to_string(), items, next_page_token: next.unwrap_or_default() })
    }

    /// A page of items with what was recorded of them, in the order of registration.
    async fn page(&self, filter: &Filter, after: &(String, String), limit: i64) -> Result<Vec<Item>, Failure> {
        let ask = Ask { filter: filter.clone(), ..Ask::default() };
        let mut place = (!after.1.is_empty()).then(|| Place { key: after.0.clone(), id: after.1.clone() });
        loop {
            let found = store::page(&self.0.db, &ask, place.as_ref(), limit, None).await?;
            // A page may be short, even empty, before the end.
            if !found.rows.is_empty() || found.next.is_none() {
                return self.with_facts(found.rows).await;
            }
            place = found.next;
        }
    }

    async fn with_facts(&self, found: Vec<(String, Petition)>) -> Result<Vec<Item>, Failure> {
        let ids: Vec<String> = found.iter().map(|(id, _)| id.clone()).collect();
        let mut histories: HashMap<String, Vec<fengqiao_store::Event>> = HashMap::new();
        for event in log::of_aggregates(&self.0.db, &ids).await? {
            histories.entry(event.aggregate_id.clone()).or_default().push(event);
        }
        found
            .into_iter()
            .map(|(id, petition)| {
                let facts = conduct_facts(&petition, histories.get(&id).map_or(&[][..], Vec::as_slice))?;
                Ok((id, petition, facts))
            })
            .collect()
    }
}
