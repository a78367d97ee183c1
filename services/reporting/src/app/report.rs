//! Figures from the roll, read in one snapshot together with the position they include.

use super::{Failure, Freshness, freshness};
use crate::{
    domain::{Bucket, Figure, Identity, Level, Place, Rejection, Sheet, Sums, measure_of},
    store::{county_nodes, sums},
};
use fengqiao_feed::FollowStatus;
use fengqiao_model::{Day, Instant};
use fengqiao_store::{Db, Tx};

/// All figures of one place and year.
#[derive(Clone, Debug)]
pub struct Report {
    /// The cut-off that was used.
    pub as_of: Day,
    /// The figures, canonical order.
    pub figures: Vec<Figure>,
    /// The identities, computed.
    pub identities: Vec<Identity>,
    /// How far the log is included.
    pub freshness: Freshness,
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
    status: &FollowStatus,
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
    let freshness = freshness(&mut tx, status, started, now).await?;
    let added = add_up(&mut tx, place, year, as_of, sheet).await?;
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
