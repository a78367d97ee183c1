//! A statement put together from parts, one text for both engines: what a filter asks for differs from call to call. Texts are
//! constants of the program and values are bound, so nothing that a client sends can become a part of a statement. It knows the
//! engines; it refuses to know tables.

use crate::{Db, Pools, Reader, Row, StoreError, TxKind};
use sqlx::{Database, Encode, Postgres, QueryBuilder, Sqlite, Type};

/// A value to bind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `TEXT`.
    Text(String),
    /// `BIGINT` / `INTEGER`.
    I64(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::I64(number)
    }
}

#[derive(Clone, Debug)]
enum Part {
    Text(&'static str),
    Bind(Value),
}

/// How a statement is carried out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// All steps.
    pub steps: Vec<String>,
    /// Those that a large table would slow down: a table read as a whole, rows sorted afterwards.
    pub slow: Vec<String>,
}

/// A statement that reads.
#[derive(Clone, Debug, Default)]
pub struct Query {
    parts: Vec<Part>,
}

impl Query {
    /// Begins with this text.
    pub fn new(text: &'static str) -> Self {
        Self { parts: vec![Part::Text(text)] }
    }

    /// Adds a text as it is.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.parts.push(Part::Text(text));
        self
    }

    /// Adds a place for a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.parts.push(Part::Bind(value.into()));
        self
    }

    /// Adds the parts of another.
    pub fn append(&mut self, other: Query) -> &mut Self {
        self.parts.extend(other.parts);
        self
    }

    /// Runs it and gives all rows. It is planned anew each time, with the values at hand: a plan kept for any values would not know
    /// how few rows they name.
    pub async fn fetch<T: Row>(&self, reader: impl Into<Reader<'_>>) -> Result<Vec<T>, StoreError> {
        let rows = match reader.into() {
            Reader::Db(db) => match db.pools() {
                Pools::Sqlite { read, .. } => self.built::<Sqlite>("").build_query_as().persistent(false).fetch_all(read).await?,
                Pools::Postgres(pool) => self.built::<Postgres>("").build_query_as().persistent(false).fetch_all(pool).await?,
            },
            Reader::Tx(tx) => match tx.kind() {
                TxKind::Sqlite(t) => self.built::<Sqlite>("").build_query_as().persistent(false).fetch_all(&mut **t).await?,
                TxKind::Postgres(t) => self.built::<Postgres>("").build_query_as().persistent(false).fetch_all(&mut **t).await?,
            },
        };
        Ok(rows)
    }

    /// How the engine goes about it, in its own words. For tests, on tables of any size.
    pub async fn plan(&self, db: &Db) -> Result<Plan, StoreError> {
        // PostgreSQL reads a small table as a whole however good its indexes; told not to, it does so only where it has to.
        const NO_CHOICE: [&str; 3] =
            ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_sort = off", "SET LOCAL enable_bitmapscan = off"];
        let mut tx = db.snapshot().await?;
        let (steps, slow): (Vec<String>, fn(&str) -> bool) = match tx.kind() {
            TxKind::Sqlite(t) => {
                let rows: Vec<(i64, i64, i64, String)> =
                    self.built::<Sqlite>("EXPLAIN QUERY PLAN ").build_query_as().fetch_all(&mut **t).await?;
                let steps = rows.into_iter().map(|(_, _, _, step)| step).collect();
                // a SCAN that names an index walks it in its order
                (steps, |step| step.contains("TEMP B-TREE") || step.starts_with("SCAN ") && !step.contains(" INDEX "))
            }
            TxKind::Postgres(t) => {
                for setting in NO_CHOICE {
                    sqlx::query(setting).execute(&mut **t).await?;
                }
                let rows: Vec<(String,)> = self.built::<Postgres>("EXPLAIN ").build_query_as().fetch_all(&mut **t).await?;
                (rows.into_iter().map(|(step,)| step).collect(), |step| step.contains("Seq Scan") || step.contains("Sort"))
            }
        };
        tx.rollback().await?;
        let slow = steps.iter().filter(|step| slow(step)).cloned().collect();
        Ok(Plan { steps, slow })
    }

    fn built<DB: Database>(&self, before: &'static str) -> QueryBuilder<DB>
    where
        String: Encode<'static, DB> + Type<DB>,
        i64: Encode<'static, DB> + Type<DB>,
    {
        let mut q = QueryBuilder::new(before);
        for part in &self.parts {
            match part {
                Part::Text(text) => q.push(*text),
                Part::Bind(Value::Text(text)) => q.push_bind(text.clone()),
                Part::Bind(Value::I64(number)) => q.push_bind(*number),
            };
        }
        q
    }
}
