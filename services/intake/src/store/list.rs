//! Lists of petitions in pages that take milliseconds however large the book is: each page is a walk along one index from where the
//! last one ended. Reusable by whatever lists petitions ([`page`] with a filter and an order); `keep` judges what no column holds.
//!
//! | Order | Walks along | Why it has an index of its own |
//! |---|---|---|
//! | registered | `petition_registered (registered_on, id)` | the book as it was written; every filter that has nothing better |
//! | | `petition_responsible (responsible_unit, …)` | a unit's own work: one of hundreds in a county |
//! | | `petition_township (township, …)` | who may see a township, or a village in it, is narrowed to it in every list |
//! | | `petition_state (state, …)` | the few that wait (review asked, extended) among the many that are closed |
//! | due | `petition_due (open_due, id)`, `petition_responsible_due` | what is late, of all and of a unit; open petitions only, so small |
//! | concluded | `petition_concluded (concluded_on, id)` | what was closed in a period; it may have been registered long before |
//! | changed | the log itself: the event that made a petition what it is | costs no index and no write |
//!
//! Where several fit, the one with the fewest rows ahead is taken, as counted along the indexes. What a walk does not decide is asked of
//! each row it passes; a walk passes at most [`PASSED`] rows a page. So a page may be short while there is more behind it: its `next`
//! says so. A list of several states is one walk for each, merged.

use super::{Filter, Stored, filter::range, read_image, township};
use crate::domain::Petition;
use fengqiao_store::{Db, Query, StoreError, log};

/// Rows that a walk passes at most for one page; the texts of [`LIMITS`] say the same.
const PASSED: i64 = 5_000;
/// Rows looked at for one total.
const COUNTED: i64 = 20_000;
/// Totals are counted up to here.
pub const TOTAL_CAP: i64 = 10_000;
/// Where each of these many rows ends, less one: texts, so that the planner sees the numbers.
const LIMITS: (&str, &str) = (" LIMIT 1 OFFSET 4999", " LIMIT 1 OFFSET 19999");
/// Rows given to `keep` for one page at most.
const KEPT: i64 = 1_001;
/// More states than this are asked of each row.
const BRANCHES: usize = 6;

/// In which order; the id decides between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Registered,
    /// Open ones only.
    Due,
    /// Concluded ones only.
    Concluded,
    /// By the last change.
    Changed,
}

impl Order {
    /// The column it goes by, and what the index leaves out.
    fn column(self) -> (&'static str, &'static str) {
        match self {
            Order::Registered => ("petition.registered_on", ""),
            Order::Due => ("petition.open_due", "petition.open_due <> ''"),
            Order::Concluded => ("petition.concluded_on", "petition.concluded_on <> ''"),
            Order::Changed => ("event.position", ""),
        }
    }
}

/// A place in a list: the day (or position) and the id of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub key: String,
    pub id: String,
}

/// What to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    pub filter: Filter,
    pub order: Order,
    pub descending: bool,
}

/// A page: rows, and where to go on; `None` at the end.
pub struct Page {
    pub rows: Vec<Stored>,
    pub next: Option<Place>,
}

/// How many match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub size: i64,
    /// There are at least that many.
    pub is_capped: bool,
}

/// What one page keeps of the rows that match: for what no column says.
pub type Keep<'a> = Option<&'a (dyn Fn(&Petition) -> bool + Sync)>;

/// Up to `limit` petitions after a place.
pub async fn page(db: &Db, ask: &Ask, after: Option<&Place>, limit: i64, keep: Keep<'_>) -> Result<Page, StoreError> {
    if ask.filter.nowhere {
        return Ok(Page { rows: Vec::new(), next: None });
    }
    let fetched = if keep.is_some() { KEPT.max(limit + 1) } else { limit + 1 };
    let mut scans = Vec::new();
    for walk in walks(db, ask, after).await? {
        scans.push(scan(db, ask, &walk, fetched, keep).await?);
    }
    Ok(merge(scans, usize::try_from(limit).unwrap_or(0), ask.descending))
}

/// How many there are, counted to [`TOTAL_CAP`].
pub async fn total(db: &Db, ask: &Ask, keep: Keep<'_>) -> Result<Total, StoreError> {
    if ask.filter.nowhere {
        return Ok(Total { size: 0, is_capped: false });
    }
    let (mut size, mut is_capped) = (0, false);
    for mut walk in walks(db, ask, None).await? {
        is_capped |= walk.stop(db, ask, COUNTED).await?;
        if let Some(keep) = keep {
            let rows = walk.fetch(db, ask, KEPT).await?;
            is_capped |= i64::try_from(rows.len()).unwrap_or(0) == KEPT;
            for row in &rows {
                size += i64::from(keep(&read_image(&row.id, &row.image)?));
            }
            continue;
        }
        let mut query = Query::new("SELECT COUNT(*) FROM (SELECT 1 AS one");
        query.append(walk.from(ask)).push(" LIMIT 10001) AS counted");
        let counted: Vec<(i64,)> = query.fetch(db).await?;
        size += counted.first().map_or(0, |(count,)| *count);
    }
    Ok(Total { size: size.min(TOTAL_CAP), is_capped: is_capped || size > TOTAL_CAP })
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    place: String,
    image: String,
}

/// One walk along an index.
#[derive(Clone, Debug, Default)]
struct Walk {
    /// The leading column of the index, and the one value of it that is walked.
    leading: Option<(&'static str, String)>,
    after: Option<Place>,
    /// Where it ends for this page, where rows are left behind.
    until: Option<Place>,
}

/// What a walk found, and how far it came; `None` to the end.
struct Scan {
    rows: Vec<(Place, Stored)>,
    reached: Option<Place>,
}

/// The walks that give what is asked for: one, or one for each state.
async fn walks(db: &Db, ask: &Ask, after: Option<&Place>) -> Result<Vec<Walk>, StoreError> {
    let mut ways = ways(ask, after);
    if ways.len() < 2 {
        return Ok(ways.pop().unwrap_or_default());
    }
    let (mut best, mut fewest) = (Vec::new(), i64::MAX);
    for way in ways {
        let mut ahead = 0;
        for walk in &way {
            let mut query = Query::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM petition WHERE ");
            query.append(walk.bounds(ask)).push(" LIMIT 1000) AS counted");
            let counted: Vec<(i64,)> = query.fetch(db).await?;
            ahead += counted.first().map_or(0, |(count,)| *count);
        }
        if ahead < fewest {
            (best, fewest) = (way, ahead);
        }
    }
    Ok(best)
}

/// Every way that fits, the one expected to be shortest first.
fn ways(ask: &Ask, after: Option<&Place>) -> Vec<Vec<Walk>> {
    let filter = &ask.filter;
    let along = |column: &'static str, value: &str| Walk {
        leading: Some((column, value.to_owned())),
        after: after.cloned(),
        until: None,
    };
    let mut ways = Vec::new();
    let unit = matches!(ask.order, Order::Registered | Order::Due) && !filter.responsible_unit.is_empty();
    if unit {
        ways.push(vec![along("responsible_unit", &filter.responsible_unit)]);
    }
    if ask.order == Order::Registered {
        if let Some(township) = filter.division.as_ref().map(township).filter(|code| !code.is_empty()) {
            ways.push(vec![along("township", township)]);
        }
        if (1..=BRANCHES).contains(&filter.states.len()) {
            ways.push(filter.states.iter().map(|state| along("state", state.name())).collect());
        }
    }
    if ways.is_empty() {
        ways.push(vec![Walk { leading: None, after: after.cloned(), until: None }]);
    }
    ways
}

async fn scan(db: &Db, ask: &Ask, walk: &Walk, limit: i64, keep: Keep<'_>) -> Result<Scan, StoreError> {
    let mut walk = walk.clone();
    walk.stop(db, ask, PASSED).await?;
    let mut rows = Vec::new();
    let mut reached = walk.until.clone();
    let found = walk.fetch(db, ask, limit).await?;
    if i64::try_from(found.len()).unwrap_or(0) == limit {
        reached = found.last().map(Row::place).or(reached);
    }
    for row in found {
        let petition = read_image(&row.id, &row.image)?;
        if keep.is_none_or(|keep| keep(&petition)) {
            rows.push((row.place(), (row.id, petition)));
        }
    }
    Ok(Scan { rows, reached })
}

/// The rows of all walks in one order, as far as every walk came.
fn merge(scans: Vec<Scan>, limit: usize, descending: bool) -> Page {
    let several = scans.len() > 1;
    let reached = scans.iter().filter_map(|scan| scan.reached.clone());
    let next = if descending { reached.max() } else { reached.min() };
    let mut rows: Vec<(Place, Stored)> = scans.into_iter().flat_map(|scan| scan.rows).collect();
    if several {
        if let Some(next) = &next {
            rows.retain(|(place, _)| if descending { place >= next } else { place <= next });
        }
        rows.sort_by(|(a, _), (b, _)| if descending { b.cmp(a) } else { a.cmp(b) });
    }
    let next = if rows.len() > limit {
        rows.truncate(limit);
        rows.last().map(|(place, _)| place.clone())
    } else {
        next
    };
    Page { rows: rows.into_iter().map(|(_, stored)| stored).collect(), next }
}

impl Row {
    fn place(&self) -> Place {
        Place { key: self.place.clone(), id: self.id.clone() }
    }
}

impl Walk {
    /// Sets where the walk ends after so many rows, if there are as many; false when it needs no end.
    async fn stop(&mut self, db: &Db, ask: &Ask, rows: i64) -> Result<bool, StoreError> {
        if ask.order == Order::Changed {
            return self.stop_in_the_log(db, ask, rows).await;
        }
        if self.terms(ask).is_empty() {
            return Ok(false);
        }
        let ends: Vec<(String, String)> = self.end(ask, rows).fetch(db).await?;
        self.until = ends.into_iter().next().map(|(key, id)| Place { key, id });
        Ok(self.until.is_some())
    }

    async fn stop_in_the_log(&mut self, db: &Db, ask: &Ask, rows: i64) -> Result<bool, StoreError> {
        let head = log::head(db).await?.position;
        let begin = if ask.descending { head + 1 } else { ask.filter.changed_after };
        let after: i64 = self.after.as_ref().and_then(|place| place.key.parse().ok()).unwrap_or(begin);
        let end = if ask.descending { after.saturating_sub(rows) } else { after.saturating_add(rows) };
        let more = if ask.descending { end > ask.filter.changed_after + 1 } else { end < head };
        let place = |position: i64| Some(Place { key: position.to_string(), id: String::new() });
        self.after = place(after);
        self.until = if more { place(end) } else { None };
        Ok(more)
    }

    /// The statement that finds where so many rows end; reads the index only.
    fn end(&self, ask: &Ask, rows: i64) -> Query {
        let (key, _) = ask.order.column();
        let mut query = Query::new("SELECT ");
        query.push(key).push(", petition.id FROM petition WHERE ").append(self.bounds(ask));
        query.append(self.sorted(ask)).push(if rows == COUNTED { LIMITS.1 } else { LIMITS.0 });
        query
    }

    async fn fetch(&self, db: &Db, ask: &Ask, limit: i64) -> Result<Vec<Row>, StoreError> {
        self.select(ask, limit).fetch(db).await
    }

    /// The statement of a page.
    fn select(&self, ask: &Ask, limit: i64) -> Query {
        let mut query = Query::new("SELECT petition.id, ");
        query.push(match ask.order {
            Order::Registered => "petition.registered_on",
            Order::Due => "petition.open_due",
            Order::Concluded => "petition.concluded_on",
            Order::Changed => "CAST(event.position AS TEXT)",
        });
        query.push(" AS place, petition.image").append(self.from(ask)).append(self.sorted(ask)).push(" LIMIT ").bind(limit);
        query
    }

    fn sorted(&self, ask: &Ask) -> Query {
        Query::new(match (ask.order, ask.descending) {
            (Order::Registered, false) => " ORDER BY petition.registered_on, petition.id",
            (Order::Registered, true) => " ORDER BY petition.registered_on DESC, petition.id DESC",
            (Order::Due, false) => " ORDER BY petition.open_due, petition.id",
            (Order::Due, true) => " ORDER BY petition.open_due DESC, petition.id DESC",
            (Order::Concluded, false) => " ORDER BY petition.concluded_on, petition.id",
            (Order::Concluded, true) => " ORDER BY petition.concluded_on DESC, petition.id DESC",
            (Order::Changed, false) => " ORDER BY event.position",
            (Order::Changed, true) => " ORDER BY event.position DESC",
        })
    }

    /// `FROM … WHERE …` with everything the filter says.
    fn from(&self, ask: &Ask) -> Query {
        let mut query = Query::new(match ask.order {
            // CROSS JOIN: the log leads, whatever the planner thinks; the petition's last event alone has its version
            Order::Changed => {
                " FROM event CROSS JOIN petition WHERE petition.id = event.aggregate_id AND petition.version = event.version AND "
            }
            _ => " FROM petition WHERE ",
        });
        query.append(self.bounds(ask));
        for term in self.terms(ask) {
            // a CASE, so that no planner takes it for a way to walk: the walk is chosen here
            query.push(" AND CASE WHEN ").append(term).push(" THEN 1 ELSE 0 END = 1");
        }
        query
    }

    fn terms(&self, ask: &Ask) -> Vec<Query> {
        let key = match ask.order {
            Order::Registered => "registered_on",
            Order::Due => "open_due",
            Order::Concluded => "concluded_on",
            Order::Changed => "position",
        };
        ask.filter.terms(&[key, self.leading.as_ref().map_or("", |(column, _)| column)])
    }

    /// From where to where the index is walked.
    fn bounds(&self, ask: &Ask) -> Query {
        let (key, holds) = ask.order.column();
        let filter = &ask.filter;
        let mut query = match &self.leading {
            Some((column, value)) => {
                let mut query = Query::new("petition.");
                query.push(column).push(" = ").bind(value.as_str());
                query
            }
            // every statement needs a first term
            None if holds.is_empty() => Query::new("1 = 1"),
            None => Query::new(holds),
        };
        if self.leading.is_some() && !holds.is_empty() {
            query.push(" AND ").push(holds);
        }
        match ask.order {
            Order::Registered => range(&mut query, key, filter.registered),
            Order::Due => range(&mut query, key, filter.due),
            Order::Concluded => range(&mut query, key, filter.concluded),
            Order::Changed => {
                query.push(" AND event.position > ").bind(filter.changed_after);
            }
        }
        let sides = if ask.descending {
            [(&self.after, " < "), (&self.until, " >= ")]
        } else {
            [(&self.after, " > "), (&self.until, " <= ")]
        };
        for (place, sign) in sides {
            let Some(place) = place else { continue };
            if ask.order == Order::Changed {
                query.push(" AND event.position").push(sign).bind(place.key.parse::<i64>().unwrap_or(0));
            } else {
                query.push(" AND (").push(key).push(", petition.id)").push(sign).push("(");
                query.bind(place.key.as_str()).push(", ").bind(place.id.as_str()).push(")");
            }
        }
        query
    }
}

#[cfg(test)]
mod tests;
