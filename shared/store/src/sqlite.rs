//! Opening SQLite, and why each setting.

use crate::StoreError;
use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

/// Readers beside the one writer. More than the cores of a small machine gain nothing.
const READERS: u32 = 4;

/// Makes directory and file when missing, readable by their owner only, and takes the lock that keeps other processes off.
pub(crate) fn own(path: &Path) -> Result<File, StoreError> {
    if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(io_error("create", directory))?;
    }
    let beside = lock_path(path);
    let lock = private().open(&beside).map_err(io_error("open", &beside))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => return Err(io_error("lock", &beside)(source)),
    }
    // SQLite gives its -wal and -shm files the permissions of this one.
    private().open(path).map_err(io_error("open", path))?;
    Ok(lock)
}

/// One connection that writes, and a few that cannot.
pub(crate) async fn open(path: &Path) -> Result<(SqlitePool, SqlitePool), StoreError> {
    let options = options(path)
        .journal_mode(SqliteJournalMode::Wal)
        // In WAL mode NORMAL may lose the last commits with the power, and followers may have seen them already.
        .synchronous(SqliteSynchronous::Full)
        // Pages; a compromise between throughput and the longest wait.
        .pragma("wal_autocheckpoint", "4000")
        // Bytes; a checkpoint cuts a log that grew beyond this.
        .pragma("journal_size_limit", "67108864")
        // Deleted content is overwritten with zeros: a destroyed data key must not linger in a free page.
        .pragma("secure_delete", "ON")
        // What is sorted or held back for a moment must not reach a temporary file.
        .pragma("temp_store", "MEMORY");
    let write = pool(1).connect_with(options.clone().pragma("cache_size", "-32768")).await?;
    let read = pool(READERS).connect_with(options.pragma("query_only", "ON")).await?;
    Ok((write, read))
}

/// Connections that never write, on a file that another process may be writing.
pub(crate) async fn open_read_only(path: &Path) -> Result<SqlitePool, StoreError> {
    if !path.is_file() {
        return Err(StoreError::Location(format!("there is no database at {}", path.display())));
    }
    let options = options(path).read_only(true).pragma("query_only", "ON");
    match pool(READERS).connect_with(options.clone()).await.map_err(StoreError::from) {
        // A file in WAL mode whose side files are gone and cannot be made, such as on a read-only disk: nobody writes it.
        Err(StoreError::Unavailable(_)) if !side_path(path, "-wal").exists() => {
            Ok(pool(READERS).connect_with(options.immutable(true)).await?)
        }
        other => other,
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // Ten chunk sizes (see insert.rs) of some thirty bulk statements, and the others.
        .statement_cache_capacity(512)
        // Statements of hundreds of rows are no use in a log; the writer has its own span.
        .disable_statement_logging()
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        // A connection to a file does not grow stale; a test at each use would cost a change of threads.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Empties the write-ahead log, where earlier copies of pages are. The file itself holds zeros in place of what was deleted,
/// by secure_delete; a contract test looks for traces.
pub(crate) async fn scrub_keys(write: &SqlitePool) -> Result<(), StoreError> {
    for wait_ms in [5, 10, 20, 50, 100, 200, 500, 1000, 2000] {
        if checkpoint(write).await? {
            return Ok(());
        }
        // A reader still sees the state before; reads are short.
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
    Err(StoreError::Conflict)
}

/// Moves the write-ahead log into the file and empties it; false when a reader was in the way.
pub(crate) async fn checkpoint(write: &SqlitePool) -> Result<bool, StoreError> {
    const SQL: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as(SQL).fetch_one(write).await?;
    Ok(busy == 0)
}

fn lock_path(path: &Path) -> PathBuf {
    side_path(path, ".lock")
}

fn side_path(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { what, path, source }
}
