//! Writing many rows in few statements: UNNEST on PostgreSQL, multi-row VALUES on SQLite.

use crate::{StoreError, Tx, TxKind};
use sqlx::{Database, Postgres, QueryBuilder, Sqlite, query_builder::Separated};

/// One column of many rows, stored whole so that PostgreSQL can bind it as an array.
#[derive(Clone, Copy, Debug)]
pub enum Column<'a> {
    /// `BIGINT` / `INTEGER`.
    I64(&'a [i64]),
    /// `TEXT`.
    Text(&'a [String]),
    /// `TEXT`, borrowed.
    Str(&'a [&'a str]),
    /// `BYTEA` / `BLOB`.
    Bytes(&'a [Vec<u8>]),
    /// `BYTEA` / `BLOB`, borrowed.
    Slice(&'a [&'a [u8]]),
}

impl Column<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Column::I64(v) => v.len(),
            Column::Text(v) => v.len(),
            Column::Str(v) => v.len(),
            Column::Bytes(v) => v.len(),
            Column::Slice(v) => v.len(),
        }
    }

    /// Adds `$n::type[]` for the whole column.
    pub(crate) fn push_array(&self, q: &mut QueryBuilder<Postgres>) {
        match self {
            Column::I64(v) => q.push_bind(*v).push("::int8[]"),
            Column::Text(v) => q.push_bind(*v).push("::text[]"),
            Column::Str(v) => q.push_bind(*v).push("::text[]"),
            Column::Bytes(v) => q.push_bind(*v).push("::bytea[]"),
            Column::Slice(v) => q.push_bind(*v).push("::bytea[]"),
        };
    }

    /// Adds the value of one row.
    pub(crate) fn push_value(&self, row: &mut Separated<'_, Sqlite, &'static str>, i: usize) {
        match self {
            Column::I64(v) => row.push_bind(v[i]),
            Column::Text(v) => row.push_bind(v[i].as_str()),
            Column::Str(v) => row.push_bind(v[i]),
            Column::Bytes(v) => row.push_bind(v[i].as_slice()),
            Column::Slice(v) => row.push_bind(v[i]),
        };
    }
}

/// Rows of the columns. UNNEST would fill shorter columns with NULL, so a difference is an error.
pub(crate) fn rows_of<'a>(columns: impl IntoIterator<Item = &'a Column<'a>>) -> Result<usize, StoreError> {
    let mut lengths = columns.into_iter().map(Column::len);
    let rows = lengths.next().ok_or(StoreError::Misuse("a statement over many rows needs a column"))?;
    if lengths.all(|l| l == rows) { Ok(rows) } else { Err(StoreError::Misuse("columns must be equally long")) }
}

/// How SQLite's rows are cut into statements: few sizes, so that each statement is prepared once per connection, and at most
/// one of each below the largest, because each statement costs a change of threads (measured: a batch of 511 rows takes a
/// quarter more time with the sizes 512, 64, 8, 1).
const CHUNKS: [usize; 10] = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1];

/// The most binds SQLite takes in one statement.
const MAX_BINDS: usize = 32_766;

/// The size of the next statement when `left` rows of `columns` columns are left.
pub(crate) fn chunk(left: usize, columns: usize) -> usize {
    CHUNKS.into_iter().find(|c| *c <= left && c * columns <= MAX_BINDS).unwrap_or(1)
}

/// `INSERT INTO {into}` for all rows of equally long columns, then `tail` (such as `ON CONFLICT …`); gives the rows
/// affected. `into` names table and columns: `"cases (id, status)"`. On SQLite a large insert is several statements, so
/// `tail` must not depend on all rows coming at once.
pub async fn insert(tx: &mut Tx, into: &'static str, columns: &[Column<'_>], tail: &'static str) -> Result<u64, StoreError> {
    let rows = rows_of(columns)?;
    if rows == 0 {
        return Ok(0);
    }
    match tx.kind() {
        TxKind::Postgres(t) => {
            let mut q = start::<Postgres>(into);
            q.push(" SELECT * FROM UNNEST(");
            for (i, column) in columns.iter().enumerate() {
                if i > 0 {
                    q.push(", ");
                }
                column.push_array(&mut q);
            }
            // The alias parts UNNEST from an ON CONFLICT that follows.
            q.push(") AS given ").push(tail);
            Ok(q.build().execute(&mut **t).await?.rows_affected())
        }
        TxKind::Sqlite(t) => {
            let mut affected = 0;
            let mut at = 0;
            while at < rows {
                let end = at + chunk(rows - at, columns.len());
                let mut q = start::<Sqlite>(into);
                q.push(" ").push_values(at..end, |mut row, i| {
                    for column in columns {
                        column.push_value(&mut row, i);
                    }
                });
                affected += q.push(" ").push(tail).build().execute(&mut **t).await?.rows_affected();
                at = end;
            }
            Ok(affected)
        }
    }
}

fn start<DB: Database>(into: &'static str) -> QueryBuilder<DB> {
    let mut q = QueryBuilder::new("INSERT INTO ");
    q.push(into);
    q
}
