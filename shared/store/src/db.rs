//! `Db`, `Tx` and `on!`: one query body for two engines, and the only `match` on the engine in the workspace.

use crate::{StoreError, postgres, sqlite};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::{
    fmt,
    fs::File,
    path::PathBuf,
    sync::{Arc, Mutex},
};
use tokio::sync::watch;

/// Runs one query body on whichever engine is behind the given thing.
///
/// * `on!(read db, c => …)`: `c` is a pool; each statement may run on another connection.
/// * `on!(tx tx, c => …)`: `c` is the transaction's connection; write `&mut *c` to use it more than once.
/// * `on!(any reader, c => …)`: for functions that take [`Reader`].
///
/// The body is compiled once per engine, so `?` and `await` work in it as usual.
#[macro_export]
macro_rules! on {
    (read $db:expr, $c:ident => $body:expr) => {
        match ($db).pools() {
            $crate::Pools::Sqlite { read: $c, .. } => $body,
            $crate::Pools::Postgres($c) => $body,
        }
    };
    (tx $tx:expr, $c:ident => $body:expr) => {
        match ($tx).kind() {
            $crate::TxKind::Sqlite(t) => {
                let $c = &mut **t;
                $body
            }
            $crate::TxKind::Postgres(t) => {
                let $c = &mut **t;
                $body
            }
        }
    };
    (any $reader:expr, $c:ident => $body:expr) => {
        match $reader {
            $crate::Reader::Db(db) => $crate::on!(read db, $c => $body),
            $crate::Reader::Tx(tx) => $crate::on!(tx tx, $c => $body),
        }
    };
}

/// Which engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of this machine, owned by one process.
    Sqlite,
    /// A server, shared by several processes.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        })
    }
}

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file; its directory is made when missing.
    Sqlite(PathBuf),
    /// A schema of a PostgreSQL database; the schema is made when missing.
    Postgres {
        /// Such as `postgres://user:password@host/database`.
        url: String,
        /// Lower-case letters, digits and underscores.
        schema: String,
    },
}

impl Location {
    /// The database of a service: a schema of the PostgreSQL database at `url`, or without one the file `<name>.db` in the data
    /// directory. Errors: what is wrong with the address.
    pub fn of_service(name: &str, data: &std::path::Path, url: Option<&str>) -> Result<Self, String> {
        match url {
            None => Ok(Location::Sqlite(data.join(format!("{name}.db")))),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Location::Postgres { url: url.to_owned(), schema: name.to_owned() })
            }
            Some(_) => Err("must begin with postgres://".to_owned()),
        }
    }

    /// The engine of this location.
    pub fn engine(&self) -> Engine {
        match self {
            Location::Sqlite(_) => Engine::Sqlite,
            Location::Postgres { .. } => Engine::Postgres,
        }
    }
}

/// Without the password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Sqlite(path) => write!(f, "sqlite {}", path.display()),
            Location::Postgres { url, schema } => write!(f, "{} schema {schema}", postgres::without_password(url)),
        }
    }
}

/// Without the password.
impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An open database. Clones share the connections.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    shared: Arc<Shared>,
}

/// The connections, for [`on!`].
#[doc(hidden)]
#[derive(Clone)]
pub enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

struct Shared {
    positions: watch::Sender<i64>,
    /// Keeps other processes off a SQLite file; freed by `close`, by drop, and by the system when the process dies.
    lock: Mutex<Option<File>>,
}

impl Db {
    /// Opens a database for reading and writing, making it when it is missing. `application` is shown by the server.
    /// Errors: `Locked`, `Unavailable`, `Location`, `Io`.
    pub async fn open(location: &Location, application: &str) -> Result<Db, StoreError> {
        let (pools, lock) = match location {
            Location::Sqlite(path) => {
                let lock = sqlite::own(path)?;
                let (write, read) = sqlite::open(path).await?;
                (Pools::Sqlite { write, read }, Some(lock))
            }
            Location::Postgres { url, schema } => (Pools::Postgres(postgres::open(url, schema, application).await?), None),
        };
        tracing::debug!(%location, "database opened");
        Ok(Self::new(pools, lock))
    }

    /// Opens a database to look at it, live or stopped: takes no lock and never writes. Errors: `Unavailable`, and
    /// `Location` when there is no such database.
    pub async fn open_read_only(location: &Location) -> Result<Db, StoreError> {
        let pools = match location {
            Location::Sqlite(path) => {
                let read = sqlite::open_read_only(path).await?;
                Pools::Sqlite { write: read.clone(), read }
            }
            Location::Postgres { url, schema } => Pools::Postgres(postgres::open_read_only(url, schema).await?),
        };
        Ok(Self::new(pools, None))
    }

    /// As [`Db::open_read_only`]; `None` when the file or the schema is not there (a server or database that is not there is an error).
    pub async fn open_if_there(location: &Location) -> Result<Option<Db>, StoreError> {
        let there = match location {
            Location::Sqlite(path) => path.exists(),
            Location::Postgres { url, schema } => postgres::has_schema(url, schema).await?,
        };
        if there { Self::open_read_only(location).await.map(Some) } else { Ok(None) }
    }

    fn new(pools: Pools, lock: Option<File>) -> Self {
        Self { pools, shared: Arc::new(Shared { positions: watch::Sender::new(0), lock: Mutex::new(lock) }) }
    }

    /// Which engine runs.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Starts a transaction that may write. On SQLite it waits for the other writer of this process.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let kind = match &self.pools {
            Pools::Sqlite { write, .. } => TxKind::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => TxKind::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?),
        };
        Ok(self.tx(kind))
    }

    /// Starts a transaction that sees one unchanging state of the database and cannot write. Keep it short on SQLite:
    /// it holds up the checkpoint.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        let kind = match &self.pools {
            Pools::Sqlite { read, .. } => TxKind::Sqlite(read.begin_with("BEGIN DEFERRED").await?),
            Pools::Postgres(pool) => TxKind::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?),
        };
        Ok(self.tx(kind))
    }

    fn tx(&self, kind: TxKind) -> Tx {
        Tx { kind, appended: None, shared: self.shared.clone() }
    }

    /// The last log position that this process committed, as it grows; at first what migration found in the database.
    /// Commits of other processes do not show: poll [`crate::log::head`] for them.
    pub fn positions(&self) -> watch::Receiver<i64> {
        self.shared.positions.subscribe()
    }

    pub(crate) fn publish(&self, position: i64) {
        self.shared.publish(position);
    }

    /// After a data key was deleted and that was committed: leaves no copy of it in a free page or in SQLite's
    /// write-ahead log. PostgreSQL's own write-ahead log and every backup keep theirs until they expire.
    pub async fn scrub_keys(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { write, .. } => sqlite::scrub_keys(write).await,
            Pools::Postgres(pool) => postgres::scrub_keys(pool).await,
        }
    }

    /// Moves SQLite's write-ahead log into the file, as far as readers allow; nothing to do on PostgreSQL.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { write, .. } => sqlite::checkpoint(write).await.map(drop),
            Pools::Postgres(_) => Ok(()),
        }
    }

    /// Closes all connections, waiting for those in use, and lets another process in.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                // The writer goes last: the last connection of a SQLite file tidies up, and a reader must not write.
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
        self.shared.lock.lock().expect("nobody panics while holding this").take();
    }

    #[doc(hidden)]
    pub fn pools(&self) -> &Pools {
        &self.pools
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({})", self.engine())
    }
}

impl Shared {
    fn publish(&self, position: i64) {
        self.positions.send_if_modified(|last| {
            let newer = position > *last;
            *last = position.max(*last);
            newer
        });
    }
}

/// A transaction. Dropped without `commit`, it is rolled back.
pub struct Tx {
    kind: TxKind,
    /// The last log position appended here, told to followers once it is committed.
    appended: Option<i64>,
    shared: Arc<Shared>,
}

/// The transaction of either engine, for [`on!`].
#[doc(hidden)]
pub enum TxKind {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes everything durable. Errors: `Unknown` when the connection was lost meanwhile; with any other error nothing
    /// was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.kind {
            TxKind::Sqlite(t) => t.commit().await,
            TxKind::Postgres(t) => t.commit().await,
        }
        .map_err(StoreError::of_commit)?;
        if let Some(position) = self.appended {
            self.shared.publish(position);
        }
        Ok(())
    }

    /// Undoes everything, and waits until that is done.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.kind {
            TxKind::Sqlite(t) => t.rollback().await?,
            TxKind::Postgres(t) => t.rollback().await?,
        }
        Ok(())
    }

    pub(crate) fn note_appended(&mut self, position: i64) {
        self.appended = Some(position);
    }

    #[doc(hidden)]
    pub fn kind(&mut self) -> &mut TxKind {
        &mut self.kind
    }
}

/// Where to read: the database as it is, or a transaction. Functions take `impl Into<Reader<'_>>`, callers give `&db` or
/// `&mut *tx`.
pub enum Reader<'a> {
    /// Each statement sees what is committed.
    Db(&'a Db),
    /// Statements see the transaction's own writes.
    Tx(&'a mut Tx),
}

impl<'a> From<&'a Db> for Reader<'a> {
    fn from(db: &'a Db) -> Self {
        Reader::Db(db)
    }
}

impl<'a> From<&'a mut Tx> for Reader<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Reader::Tx(tx)
    }
}
