//! Reading units: as they were at a version, and those that log nothing.

use crate::{
    domain::{Unit, UnitEvent},
    store::{self, UnitFilter},
};
use fengqiao_model::{Day, RequestId};
use fengqiao_store::{Db, Event as Stored, StoreError, log};

/// One step of the fold that the state rows must equal.
pub fn fold_unit(before: Option<&Unit>, stored: &Stored) -> Result<Unit, StoreError> {
    let broken = || StoreError::Inconsistent { table: "event", column: "open", key: stored.position.to_string() };
    let event = UnitEvent::decode(&stored.kind, &stored.open).map_err(|_| broken())?;
    let request: Option<RequestId> = stored.request_id.parse().ok();
    Unit::apply(before, &event, request).ok_or_else(broken)
}

/// A unit as it was at a version: how a repeated request gets its first answer again.
pub async fn unit_as_of_version(db: &Db, aggregate: &str, version: i64) -> Result<Option<Unit>, StoreError> {
    let mut unit = None;
    for event in log::of_aggregate(db, aggregate, 0).await?.iter().take_while(|event| event.version <= version) {
        unit = Some(fold_unit(unit.as_ref(), event)?);
    }
    Ok(unit)
}

/// A unit that logged nothing for a while.
#[derive(Clone, Debug)]
pub struct SilentUnit {
    /// As it stood; of one that logs and was never registered only the code is known.
    pub unit: Unit,
    /// The last day on which it logged something.
    pub last_day: Option<Day>,
    /// Days since then, or since its founding; 0 when neither is known.
    pub days: i32,
}

/// Up to `limit` units after a code that logged nothing for so many days, as of the day of the filter. Units that are only named
/// are left out as long as they never logged anything: nobody says that they are to.
pub async fn silent_units(
    db: &Db,
    filter: &UnitFilter,
    days: i32,
    as_of: Day,
    after: &str,
    limit: usize,
) -> Result<Vec<SilentUnit>, StoreError> {
    const PAGE: i64 = 1000;
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let mut units = store::units_after(db, &after, PAGE).await?;
        let loggers = store::loggers_after(db, &after, PAGE).await?;
        // Both lists are whole up to the smaller of their ends.
        let full = |length: usize| i64::try_from(length).unwrap_or(PAGE) >= PAGE;
        let ends = [
            units.last().map(|unit| unit.code.clone()).filter(|_| full(units.len())),
            loggers.last().cloned().filter(|_| full(loggers.len())),
        ];
        let end = ends.into_iter().flatten().min();
        let known: std::collections::BTreeSet<String> = units.iter().map(|unit| unit.code.clone()).collect();
        let unknown = loggers.into_iter().filter(|code| !known.contains(code));
        units.extend(unknown.map(|code| Unit::named(&code, as_of)));
        units.retain(|unit| end.as_ref().is_none_or(|end| unit.code <= *end));
        units.sort_by(|a, b| a.code.cmp(&b.code));
        let codes: Vec<String> = units.iter().map(|unit| unit.code.clone()).collect();
        let last = store::last_logged(db, &codes, as_of).await?;
        for unit in units.into_iter().filter_map(|unit| filter.pass(unit)) {
            let last_day = last.get(&unit.code).and_then(|day| day.parse().ok());
            found.extend(silent(unit, last_day, days, as_of));
        }
        match end {
            Some(end) if found.len() < limit => after = end,
            _ => {
                found.truncate(limit);
                return Ok(found);
            }
        }
    }
}

fn silent(unit: Unit, last_day: Option<Day>, days: i32, as_of: Day) -> Option<SilentUnit> {
    let since = last_day.or(unit.founded_on).map(|day| as_of.days_since(day));
    let is_silent = match since {
        Some(since) => since >= days,
        None => !unit.imported,
    };
    is_silent.then_some(SilentUnit { unit, last_day, days: since.unwrap_or(0) })
}
