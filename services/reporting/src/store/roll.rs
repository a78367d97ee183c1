//! The roll: one packed vector per cell. Empty vectors are deleted and vectors are canonical, so that a rebuilt roll equals
//! the live one byte for byte.

use crate::domain::{Amounts, Bucket, Cell, Level, Place, Sheet, SliceKey};
use fengqiao_store::{Column, Reader, StoreError, Tx, insert, lookup, on};

/// A row as stored, for verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollRow {
    /// Where.
    pub cell: Cell,
    /// The packed vector.
    pub amounts: Vec<u8>,
}

/// A vector that takes part in a sum.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The sheet.
    pub sheet: Sheet,
    /// The member.
    pub member: String,
    /// Year of the basis days.
    pub basis_year: i64,
    /// When counted.
    pub bucket: Bucket,
    /// The vector.
    pub amounts: Amounts,
}

/// The key columns of some cells, as columns.
struct Keys<'a> {
    level: Vec<i64>,
    node: Vec<&'a str>,
    bucket_kind: Vec<&'a str>,
    bucket: Vec<i64>,
    sheet: Vec<&'a str>,
    member: Vec<&'a str>,
    basis_year: Vec<i64>,
}

impl<'a> Keys<'a> {
    fn of(cells: impl Iterator<Item = &'a Cell> + Clone) -> Self {
        Self {
            level: cells.clone().map(|c| c.slice.level as i64).collect(),
            node: cells.clone().map(|c| c.slice.node.as_str()).collect(),
            bucket_kind: cells.clone().map(|c| c.bucket.stored().0).collect(),
            bucket: cells.clone().map(|c| c.bucket.stored().1).collect(),
            sheet: cells.clone().map(|c| c.slice.sheet.name()).collect(),
            member: cells.clone().map(|c| c.slice.member.as_str()).collect(),
            basis_year: cells.map(|c| c.basis_year).collect(),
        }
    }

    fn columns(&self) -> [(&'static str, Column<'_>); 7] {
        [
            ("level", Column::I64(&self.level)),
            ("node", Column::Str(&self.node)),
            ("bucket_kind", Column::Str(&self.bucket_kind)),
            ("bucket", Column::I64(&self.bucket)),
            ("sheet", Column::Str(&self.sheet)),
            ("member", Column::Str(&self.member)),
            ("basis_year", Column::I64(&self.basis_year)),
        ]
    }
}

/// Adds pairs to the vectors of cells: one look-up, one upsert, and a deletion for each vector that became empty. Give the
/// cells ascending, each once.
pub async fn merge(tx: &mut Tx, changes: &[(Cell, Vec<(u16, i64)>)]) -> Result<(), StoreError> {
    const FIND: &str = "SELECT keys.place, roll.amounts FROM keys JOIN roll ON roll.level = keys.level \
                        AND roll.node = keys.node AND roll.bucket_kind = keys.bucket_kind AND roll.bucket = keys.bucket \
                        AND roll.sheet = keys.sheet AND roll.member = keys.member AND roll.basis_year = keys.basis_year";
    const INTO: &str = "roll (level, node, bucket_kind, bucket, sheet, member, basis_year, amounts)";
    const TAIL: &str = "ON CONFLICT (level, node, bucket_kind, bucket, sheet, member, basis_year) \
                        DO UPDATE SET amounts = excluded.amounts";
    const DELETE: &str = "DELETE FROM roll WHERE level = $1 AND node = $2 AND bucket_kind = $3 AND bucket = $4 \
                          AND sheet = $5 AND member = $6 AND basis_year = $7";
    let keys = Keys::of(changes.iter().map(|(cell, _)| cell));
    let places: Vec<i64> = (0..).take(changes.len()).collect();
    let mut wanted = vec![("place", Column::I64(&places))];
    wanted.extend(keys.columns());
    let found: Vec<(i64, Vec<u8>)> = lookup(&mut *tx, &wanted, FIND).await?;
    let mut vectors = vec![Amounts::default(); changes.len()];
    for (place, bytes) in found {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let (Some(vector), Some((cell, _))) = (vectors.get_mut(place), changes.get(place)) else { continue };
        *vector = unpack(cell, &bytes)?;
    }
    let sums: Vec<(&Cell, Amounts)> =
        changes.iter().zip(vectors).map(|((cell, pairs), vector)| (cell, vector.plus(pairs))).collect();
    let (empty, full): (Vec<_>, Vec<_>) = sums.into_iter().partition(|(_, vector)| vector.is_empty());
    let packed: Vec<Vec<u8>> = full.iter().map(|(_, vector)| vector.pack()).collect();
    let keys = Keys::of(full.iter().map(|(cell, _)| *cell));
    let mut columns: Vec<Column<'_>> = keys.columns().into_iter().map(|(_, column)| column).collect();
    columns.push(Column::Bytes(&packed));
    insert(tx, INTO, &columns, TAIL).await?;
    for (cell, _) in empty {
        let (kind, bucket) = cell.bucket.stored();
        on!(tx tx, c => {
            sqlx::query(DELETE)
                .bind(cell.slice.level as i64)
                .bind(&cell.slice.node)
                .bind(kind)
                .bind(bucket)
                .bind(cell.slice.sheet.name())
                .bind(&cell.slice.member)
                .bind(cell.basis_year)
                .execute(c)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}

/// The nodes of county level whose codes begin with the place's, found by jumping from one to the next.
pub async fn county_nodes(tx: &mut Tx, place: &Place) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "WITH RECURSIVE found (node) AS ( \
                       SELECT MIN(node) FROM roll WHERE level = 6 AND node >= $1 AND node < $2 \
                       UNION ALL \
                       SELECT (SELECT MIN(roll.node) FROM roll WHERE level = 6 AND roll.node > found.node AND roll.node < $2) \
                       FROM found WHERE found.node IS NOT NULL) \
                       SELECT node FROM found WHERE node IS NOT NULL";
    let (from, behind) = (place.code(), place.behind());
    Ok(on!(tx tx, c => sqlx::query_scalar(SQL).bind(from).bind(behind).fetch_all(c).await)?)
}

/// The vectors of a node that say what counts as of a day for the year: of the year's basis days, and of earlier ones where
/// stocks are kept. `sheet` narrows to one sheet.
pub async fn sums(
    tx: &mut Tx,
    level: Level,
    node: &str,
    year: i64,
    (as_of_year, as_of_month): (i64, i64),
    sheet: Option<Sheet>,
) -> Result<Vec<Sum>, StoreError> {
    const YEARS: &str = "SELECT sheet, member, basis_year, bucket_kind, bucket, amounts FROM roll \
                         WHERE level = $1 AND node = $2 AND bucket_kind = 'year' AND bucket < $3 AND bucket >= 0 \
                         AND basis_year <= $4 AND (basis_year = $4 OR sheet NOT IN ('conclusion', 'month')) \
                         AND ($5 = '' OR sheet = $5)";
    const MONTHS: &str = "SELECT sheet, member, basis_year, bucket_kind, bucket, amounts FROM roll \
                          WHERE level = $1 AND node = $2 AND bucket_kind = 'month' AND bucket <= $3 AND bucket >= $3 / 100 * 100 \
                          AND basis_year <= $4 AND (basis_year = $4 OR sheet NOT IN ('conclusion', 'month')) \
                          AND ($5 = '' OR sheet = $5)";
    type Row = (String, String, i64, String, i64, Vec<u8>);
    let only = sheet.map_or("", Sheet::name);
    let mut found = Vec::new();
    for (sql, until) in [(YEARS, as_of_year), (MONTHS, as_of_month)] {
        let rows: Vec<Row> = on!(tx tx, c => {
            sqlx::query_as(sql).bind(level as i64).bind(node).bind(until).bind(year).bind(only).fetch_all(c).await
        })?;
        for (sheet, member, basis_year, kind, bucket, amounts) in rows {
            let cell = cell(level as i64, node.to_owned(), &kind, bucket, &sheet, member, basis_year)?;
            let amounts = unpack(&cell, &amounts)?;
            let Cell { slice, bucket, .. } = cell;
            found.push(Sum { sheet: slice.sheet, member: slice.member, basis_year, bucket, amounts });
        }
    }
    Ok(found)
}

/// How many rows the roll has.
pub async fn count_roll(reader: impl Into<Reader<'_>>) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM roll";
    Ok(on!(any reader.into(), c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
}

/// At most `limit` rows after a cell (`None`: from the first), in the order of the primary key.
pub async fn roll_after(tx: &mut Tx, after: Option<&Cell>, limit: i64) -> Result<Vec<RollRow>, StoreError> {
    const SQL: &str = "SELECT level, node, bucket_kind, bucket, sheet, member, basis_year, amounts FROM roll \
                       WHERE (level, node, bucket_kind, bucket, sheet, member, basis_year) > ($1, $2, $3, $4, $5, $6, $7) \
                       ORDER BY level, node, bucket_kind, bucket, sheet, member, basis_year LIMIT $8";
    type Row = (i64, String, String, i64, String, String, i64, Vec<u8>);
    let (level, node, (kind, bucket), sheet, member, basis_year) = match after {
        Some(c) => (
            c.slice.level as i64,
            c.slice.node.as_str(),
            c.bucket.stored(),
            c.slice.sheet.name(),
            c.slice.member.as_str(),
            c.basis_year,
        ),
        None => (0, "", ("", 0), "", "", 0),
    };
    let rows: Vec<Row> = on!(tx tx, c => {
        sqlx::query_as(SQL)
            .bind(level)
            .bind(node)
            .bind(kind)
            .bind(bucket)
            .bind(sheet)
            .bind(member)
            .bind(basis_year)
            .bind(limit)
            .fetch_all(c)
            .await
    })?;
    rows.into_iter()
        .map(|(level, node, kind, bucket, sheet, member, basis_year, amounts)| {
            Ok(RollRow { cell: cell(level, node, &kind, bucket, &sheet, member, basis_year)?, amounts })
        })
        .collect()
}

fn cell(
    level: i64,
    node: String,
    kind: &str,
    bucket: i64,
    sheet: &str,
    member: String,
    basis_year: i64,
) -> Result<Cell, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "roll", column, key: format!("{node}/{sheet}/{member}/{bucket}") };
    let level = match level {
        6 => Level::County,
        9 => Level::Township,
        12 => Level::Village,
        _ => return Err(wrong("level")),
    };
    let number = i32::try_from(bucket).map_err(|_| wrong("bucket"))?;
    let sheet = Sheet::named(sheet).ok_or_else(|| wrong("sheet"))?;
    let bucket = if kind == "year" { Bucket::Year(number) } else { Bucket::Month(number) };
    Ok(Cell { slice: SliceKey { level, node, sheet, member }, basis_year, bucket })
}

fn unpack(cell: &Cell, bytes: &[u8]) -> Result<Amounts, StoreError> {
    let key = || format!("{}/{}/{}", cell.slice.node, cell.slice.sheet.name(), cell.slice.member);
    Amounts::unpack(bytes).map_err(|_| StoreError::Inconsistent { table: "roll", column: "amounts", key: key() })
}
