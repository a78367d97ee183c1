//! Reading many rows by their keys, also composite ones, in few statements.

use crate::{
    Column, Pools, Reader, StoreError, TxKind,
    insert::{chunk, rows_of},
};
use sqlx::{FromRow, Postgres, QueryBuilder, Sqlite, postgres::PgRow, sqlite::SqliteRow};

/// A row type of both engines: `#[derive(sqlx::FromRow)]` on a struct, or a tuple.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

/// Runs `WITH keys (a, b) AS (…) {sql}` where `keys` holds one row per key, and gives all rows, in no particular order.
/// `sql` joins `keys` with a table and binds nothing else; what else it needs goes in as a further column. On SQLite it
/// runs once per some hundred keys, so it must not sum over all of them. Equal keys give equal rows twice.
pub async fn lookup<T: Row>(
    reader: impl Into<Reader<'_>>,
    keys: &[(&'static str, Column<'_>)],
    sql: &'static str,
) -> Result<Vec<T>, StoreError> {
    let rows = rows_of(keys.iter().map(|(_, column)| column))?;
    let mut found = Vec::new();
    if rows == 0 {
        return Ok(found);
    }
    // Both engines allow the lifetime of a reader to end between statements, so it is taken apart here and not in `on!`.
    match reader.into() {
        Reader::Db(db) => match db.pools() {
            Pools::Postgres(pool) => found = arrays(keys, sql).build_query_as().fetch_all(pool).await?,
            Pools::Sqlite { read, .. } => {
                for mut q in pages(keys, rows, sql) {
                    found.extend(q.build_query_as::<T>().fetch_all(read).await?);
                }
            }
        },
        Reader::Tx(tx) => match tx.kind() {
            TxKind::Postgres(t) => found = arrays(keys, sql).build_query_as().fetch_all(&mut **t).await?,
            TxKind::Sqlite(t) => {
                for mut q in pages(keys, rows, sql) {
                    found.extend(q.build_query_as::<T>().fetch_all(&mut **t).await?);
                }
            }
        },
    }
    Ok(found)
}

fn arrays(keys: &[(&'static str, Column<'_>)], sql: &'static str) -> QueryBuilder<Postgres> {
    let mut q = QueryBuilder::<Postgres>::new("WITH keys (");
    names(&mut q, keys);
    q.push(") AS (SELECT * FROM UNNEST(");
    for (i, (_, column)) in keys.iter().enumerate() {
        if i > 0 {
            q.push(", ");
        }
        column.push_array(&mut q);
    }
    q.push(")) ").push(sql);
    q
}

fn pages<'a>(
    keys: &'a [(&'static str, Column<'a>)],
    rows: usize,
    sql: &'static str,
) -> impl Iterator<Item = QueryBuilder<Sqlite>> + Send + 'a {
    let mut at = 0;
    std::iter::from_fn(move || {
        (at < rows).then(|| {
            let end = at + chunk(rows - at, keys.len());
            let mut q = QueryBuilder::<Sqlite>::new("WITH keys (");
            names(&mut q, keys);
            q.push(") AS (").push_values(at..end, |mut row, i| {
                for (_, column) in keys {
                    column.push_value(&mut row, i);
                }
            });
            q.push(") ").push(sql);
            at = end;
            q
        })
    })
}

fn names<DB: sqlx::Database>(q: &mut QueryBuilder<DB>, keys: &[(&'static str, Column<'_>)]) {
    for (i, (name, _)) in keys.iter().enumerate() {
        if i > 0 {
            q.push(", ");
        }
        q.push(*name);
    }
}
