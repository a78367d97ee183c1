//! The items behind a figure, page by page: a scan of facts by id, a bounded number per call.

use super::{Failure, PAGE, report::cut_off};
use crate::{
    domain::{Explained, Formula, Indicator, Known, Place, Question, Rejection, Sheet},
    store::{facts_after, images_known_on},
};
use fengqiao_model::{Day, Instant};
use fengqiao_store::Db;
use std::collections::HashMap;

/// Facts looked at per call; a page may end early (even empty) with a token to go on.
const SCAN: i64 = 20_000;

/// One petition that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedItem {
    /// Id of the petition.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Its reference in its ledger.
    pub external_ref: String,
    /// What it adds.
    pub explained: Explained,
}

/// A page of them.
#[derive(Clone, Debug)]
pub struct ExplainedPage {
    /// The items, by id.
    pub items: Vec<ExplainedItem>,
    /// The id to go on after; `None` at the end.
    pub next: Option<String>,
    /// The cut-off that was used.
    pub as_of: Day,
    /// The rule that counts each of them.
    pub rule: String,
}

/// Checks that the count can be explained by this dimension, and fixes its cut-off.
fn question(
    indicator: &'static Indicator,
    year: i16,
    as_of: Option<Day>,
    now: Instant,
    place: &Place,
    (sheet, member): (Sheet, String),
) -> Result<Question, Rejection> {
    if let Formula::Rate { .. } = indicator.formula {
        return Err(Rejection::NotACount);
    }
    if !place.keeps(sheet) {
        return Err(Rejection::DimensionNotKept { sheet });
    }
    if !indicator.applies_to(sheet) {
        return Err(Rejection::DimensionSenseless { indicator: indicator.id.clone(), sheet });
    }
    let as_of = cut_off(year, as_of, now)?;
    Ok(Question { indicator, year: i64::from(year), as_of, sheet, member })
}

/// Up to `limit` items behind a count, with ids after `after`.
#[expect(clippy::too_many_arguments, reason = "a question has this many parts, and only the api asks it")]
pub async fn explain(
    db: &Db,
    now: Instant,
    indicator: &'static Indicator,
    place: &Place,
    year: i16,
    as_of: Option<Day>,
    member: (Sheet, String),
    after: &str,
    limit: usize,
) -> Result<ExplainedPage, Failure> {
    let question = question(indicator, year, as_of, now, place, member)?;
    let mut items = Vec::new();
    let mut after = after.to_owned();
    let mut next = None;
    let mut tx = db.snapshot().await?;
    let mut looked_at = 0;
    'pages: loop {
        let page = facts_after(&mut tx, place, &after, PAGE).await?;
        let later: Vec<&str> = page.iter().filter(|f| f.known.from > question.as_of).map(|f| f.id.as_str()).collect();
        let pasts = images_known_on(&mut tx, &later, question.as_of).await?;
        let pasts: HashMap<&str, &crate::domain::Past> = pasts.iter().map(|p| (p.id.as_str(), &p.past)).collect();
        for fact in &page {
            let explained = match pasts.get(fact.id.as_str()) {
                Some(past) => crate::domain::explain(&Known { fact: past.fact.clone(), from: past.from }, &question),
                None => crate::domain::explain(&fact.known, &question),
            };
            let Some(explained) = explained else { continue };
            if items.len() == limit {
                next = items.last().map(|last: &ExplainedItem| last.id.clone());
                break 'pages;
            }
            let (id, number, external_ref) = (fact.id.clone(), fact.number.clone(), fact.external_ref.clone());
            items.push(ExplainedItem { id, number, external_ref, explained });
        }
        let Some(last) = page.last().filter(|_| page.len() as i64 == PAGE) else { break };
        last.id.clone_into(&mut after);
        looked_at += PAGE;
        if looked_at >= SCAN {
            next = Some(after);
            break;
        }
    }
    tx.commit().await?;
    Ok(ExplainedPage { items, next, as_of: question.as_of, rule: indicator.rule() })
}
