//! Figures from the roll, read in one snapshot together with the positions they include.

use super::{Failure, Freshnesses, Log, PAGE, freshness};
use crate::{
    domain::{Bucket, Fact, Figure, Identity, Kind, Known, Level, Levels, Place, Rejection, Sheet, Sums, measure_of, works},
    store::{county_nodes, facts_of, images_known_on, sums, units_after},
};
use fengqiao_feed::FollowStatus;
use fengqiao_model::{Day, Instant};
use fengqiao_store::{Db, StoreError, Tx};
use std::collections::HashMap;

/// All figures of one place and year.
#[derive(Clone, Debug)]
pub struct Report {
    /// The cut-off that was used.
    pub as_of: Day,
    /// The figures, canonical order.
    pub figures: Vec<Figure>,
    /// The identities, computed.
    pub identities: Vec<Identity>,
    /// How far the logs are included.
    pub freshness: Freshnesses,
}

/// The cut-off: as asked for, else the earlier of the year's end and today.
pub(super) fn cut_off(year: i16, asked: Option<Day>, now: Instant) -> Result<Day, Rejection> {
    let today = now.day();
    match asked {
        Some(day) if day > today => Err(Rejection::AsOfInFuture { today }),
        Some(day) => Ok(day),
        None => Ok(Day::last_of_year(year).map_or(today, |end| end.min(today))),
    }
}

/// The figures of a place and year. `sheet` narrows to one dimension, [`Sheet::Total`] to the totals; `None` is all.
pub async fn report(
    db: &Db,
    statuses: &[(Log, Option<FollowStatus>)],
    (started, now): (Instant, Instant),
    place: &Place,
    year: i16,
    as_of: Option<Day>,
    sheet: Option<Sheet>,
) -> Result<Report, Failure> {
    let as_of = cut_off(year, as_of, now)?;
    if let Some(sheet) = sheet.filter(|sheet| !place.keeps(*sheet)) {
        return Err(Rejection::DimensionNotKept { sheet }.into());
    }
    let mut tx = db.snapshot().await?;
    let freshness = freshness(&mut tx, statuses, started, now).await?;
    // Levels are no sheet of the roll: units are, and each has its level.
    let kept = sheet.map(|sheet| if sheet == Sheet::Level { Sheet::Unit } else { sheet });
    let mut added = add_up(&mut tx, place, year, as_of, kept).await?;
    if matches!(sheet, None | Some(Sheet::Level)) {
        added.add_levels(&levels(&mut tx, year, as_of).await?);
    }
    add_themes(&mut tx, &mut added, place, i64::from(year), as_of).await?;
    tx.commit().await?;
    let mut figures = added.figures();
    if let Some(only) = sheet {
        figures.retain(|figure| figure.sheet == only);
    }
    Ok(Report { as_of, figures, identities: added.identities(place), freshness })
}

async fn add_up(tx: &mut Tx, place: &Place, year: i16, as_of: Day, sheet: Option<Sheet>) -> Result<Sums, Failure> {
    let nodes = match place.level() {
        Level::County => county_nodes(tx, place).await?,
        Level::Township | Level::Village => vec![place.code().to_owned()],
    };
    let last_month = Bucket::month_of(as_of);
    let until = (i64::from(as_of.year()), i64::from(last_month));
    let last_day = u16::from(as_of.day().unsigned_abs());
    let mut added = Sums::new(i64::from(year));
    for node in nodes {
        for sum in sums(tx, place.level(), &node, i64::from(year), until, sheet).await? {
            let cut = if sum.bucket == Bucket::Month(last_month) { last_day } else { u16::MAX };
            let amounts = sum.amounts.iter().filter_map(|(key, amount)| {
                let (measure, day) = measure_of(key)?;
                (day <= cut).then_some((measure, amount))
            });
            added.add(sum.sheet, &sum.member, sum.basis_year, amounts);
        }
    }
    Ok(added)
}

/// The level of each unit on the last day of the year, or on the cut-off where that is earlier, as known on the cut-off. One
/// level for the whole year, so that what was carried in under a level is closed or carried out under it.
pub(super) async fn levels(tx: &mut Tx, year: i16, as_of: Day) -> Result<Levels, StoreError> {
    let day = Day::last_of_year(year).map_or(as_of, |end| end.min(as_of));
    let mut levels = Levels::default();
    let mut after = String::new();
    loop {
        let page = units_after(tx, &after, PAGE).await?;
        let Some(last) = page.last().map(|last| last.id.clone()) else { return Ok(levels) };
        for stored in page {
            if let Fact::Unit(unit) = &stored.known.fact {
                levels.add(&stored.number, unit, day, as_of);
            }
        }
        after = last;
    }
}

/// The themes of the bodies at work: no sum over bodies, so each of them is looked at.
async fn add_themes(tx: &mut Tx, added: &mut Sums, place: &Place, year: i64, as_of: Day) -> Result<(), Failure> {
    let mut after = String::new();
    loop {
        let page = facts_of(&mut *tx, Kind::Body, place, as_of, &after, PAGE).await?;
        let Some(last) = page.last().map(|last| last.id.clone()) else { return Ok(()) };
        for known in known_on(tx, page.into_iter().map(|stored| (stored.id, stored.known)).collect(), as_of).await? {
            let (Fact::Body(body), Some(members)) = (&known.fact, known.fact.members()) else { continue };
            if body.theme.is_empty() || !place.holds(members.division) || !works(&known, year, as_of) {
                continue;
            }
            added.add_theme(Sheet::Total, "", &body.theme);
            for (sheet, member) in [
                (Sheet::Force, body.force.code()),
                (Sheet::BodyKind, members.body_kind),
                (Sheet::Division, members.child().as_str()),
            ] {
                if place.keeps(sheet) && !member.is_empty() {
                    added.add_theme(sheet, member, &body.theme);
                }
            }
        }
        after = last;
    }
}

/// Each image as it was known on a day.
pub(super) async fn known_on(tx: &mut Tx, images: Vec<(String, Known)>, day: Day) -> Result<Vec<Known>, StoreError> {
    let later: Vec<&str> = images.iter().filter(|(_, known)| known.from > day).map(|(key, _)| key.as_str()).collect();
    let mut pasts: HashMap<String, Known> = HashMap::new();
    if !later.is_empty() {
        let found = images_known_on(tx, &later, day).await?;
        pasts.extend(found.into_iter().map(|image| (image.id, Known { fact: image.past.fact, from: image.past.from })));
    }
    Ok(images.into_iter().map(|(key, known)| pasts.remove(&key).unwrap_or(known)).collect())
}
