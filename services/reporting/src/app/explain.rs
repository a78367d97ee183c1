//! The items behind a figure, page by page: a scan of facts by id, a bounded number per call.

use super::{
    Failure, PAGE,
    report::{cut_off, known_on, levels},
};
use crate::{
    domain::{Explained, Formula, Indicator, Kind, Levels, Place, Question, Rejection, Sheet},
    store::facts_of,
};
use fengqiao_model::{Day, Instant};
use fengqiao_store::Db;

/// Facts looked at per call; a page may end early (even empty) with a token to go on.
const SCAN: i64 = 20_000;

/// One item that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedItem {
    /// Its key.
    key: String,
    /// Its number; the code of a body.
    pub number: String,
    /// Its reference in its ledger.
    pub external_ref: String,
    /// What it adds.
    pub explained: Explained,
}

impl ExplainedItem {
    /// Id of the petition, case or dispute; `body:` and the code of a body, as in its log.
    pub fn id(&self) -> &str {
        match Kind::of_key(&self.key) {
            Kind::Body | Kind::Unit => &self.key,
            kind => self.key.strip_prefix(kind.prefix()).unwrap_or(&self.key),
        }
    }
}

/// A page of them.
#[derive(Clone, Debug)]
pub struct ExplainedPage {
    /// The items, by key.
    pub items: Vec<ExplainedItem>,
    /// The key to go on after; `None` at the end.
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
    match indicator.formula {
        Formula::Rate { .. } => return Err(Rejection::NotACount),
        Formula::Themes => return Err(Rejection::NotItems),
        Formula::Count(_) | Formula::CarriedIn(_) | Formula::CarriedOut(_) => {}
    }
    if !place.keeps(sheet) {
        return Err(Rejection::DimensionNotKept { sheet });
    }
    if !indicator.applies_to(sheet) {
        return Err(Rejection::DimensionSenseless { indicator: indicator.id.clone(), sheet });
    }
    let as_of = cut_off(year, as_of, now)?;
    Ok(Question { indicator, year: i64::from(year), as_of, sheet, member, levels: Levels::default() })
}

/// Up to `limit` items behind a count, with keys after `after`.
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
    let mut question = question(indicator, year, as_of, now, place, member)?;
    let mut items = Vec::new();
    let mut after = after.to_owned();
    let mut next = None;
    let mut tx = db.snapshot().await?;
    if question.sheet == Sheet::Level {
        question.levels = levels(&mut tx, year, question.as_of).await?;
    }
    let mut looked_at = 0;
    'pages: loop {
        let page = facts_of(&mut tx, indicator.formula.kind(), place, question.as_of, &after, PAGE).await?;
        let images = page.iter().map(|fact| (fact.id.clone(), fact.known.clone())).collect();
        let images = known_on(&mut tx, images, question.as_of).await?;
        for (fact, known) in page.iter().zip(images) {
            // It may have been elsewhere then, or is elsewhere now.
            if !known.fact.members().is_some_and(|members| place.holds(members.division)) {
                continue;
            }
            let Some(explained) = crate::domain::explain(&known, &question) else { continue };
            if items.len() == limit {
                next = items.last().map(|last: &ExplainedItem| last.key.clone());
                break 'pages;
            }
            let (key, number, external_ref) = (fact.id.clone(), fact.number.clone(), fact.external_ref.clone());
            items.push(ExplainedItem { key, number, external_ref, explained });
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
