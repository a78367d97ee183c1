//! What can go wrong in the store, sorted by what the caller may do about it.

use std::path::PathBuf;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row moved on since it was read; nothing was written. Read again and decide again.
    #[error("a row changed since it was read")]
    Conflict,
    /// The engine could not serialise this transaction with another; nothing was written. The same again may work.
    #[error("the database asks to try again")]
    Transient(#[source] sqlx::Error),
    /// The connection was lost while committing: written or not, nobody knows. Repeat with the same request id.
    #[error("the outcome of a commit is unknown")]
    Unknown(#[source] sqlx::Error),
    /// The database said no, or its answer could not be read; nothing was written. The same again fails again.
    #[error("the database refused a statement")]
    Refused(#[source] sqlx::Error),
    /// The database cannot be reached, or cannot work (no space, input or output error); nothing was written.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// Another process has this SQLite database open.
    #[error("another process has the database {} open", path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// The database lacks a migration this binary needs: run `migrate`.
    #[error("the database schema is older than this binary: it has {have} and lacks {need}")]
    SchemaOlder {
        /// The highest migration it has; 0 when it is empty.
        have: i64,
        /// The first migration it lacks.
        need: i64,
    },
    /// A newer binary migrated the database: run that one.
    #[error("the database schema is newer than this binary: it has {have}, known is {need}")]
    SchemaNewer {
        /// The highest migration it has.
        have: i64,
        /// The highest migration this binary knows.
        need: i64,
    },
    /// The migrations could not be run, or one was edited after it ran.
    #[error("the database schema could not be migrated")]
    Migrate(#[source] Box<sqlx::migrate::MigrateError>),
    /// A stored value that this crate or a service never writes.
    #[error("inconsistent data: table {table}, column {column}, key {key}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The primary key, as text.
        key: String,
    },
    /// A key is missing, malformed, not the right one, or lies open to others.
    #[error("{0}")]
    Key(String),
    /// The place of the database is not usable: a malformed address, a missing file, a server that is too old.
    #[error("{0}")]
    Location(String),
    /// The file system said no.
    #[error("cannot {what} {}", path.display())]
    Io {
        /// What was tried, such as "create".
        what: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The answer of the file system.
        #[source]
        source: std::io::Error,
    },
    /// This crate was used against its contract.
    #[error("misuse of the store: {0}")]
    Misuse(&'static str),
}

impl StoreError {
    /// Whether it is certain that nothing of the transaction was written.
    pub fn is_certainly_aborted(&self) -> bool {
        !matches!(self, StoreError::Unknown(_))
    }

    /// Whether the same transaction, decided again from what is stored, may work now.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::Transient(_) | StoreError::Conflict)
    }

    /// Whether a primary key or unique index had the value already.
    pub fn is_unique_violation(&self) -> bool {
        self.database().is_some_and(|e| e.is_unique_violation())
    }

    /// Whether a CHECK refused the value.
    pub fn is_check_violation(&self) -> bool {
        self.database().is_some_and(|e| e.is_check_violation())
    }

    /// Sorts an error of COMMIT, where a lost connection leaves the outcome open.
    pub(crate) fn of_commit(error: sqlx::Error) -> Self {
        match Self::from(error) {
            StoreError::Unavailable(source) => StoreError::Unknown(source),
            other => other,
        }
    }

    fn database(&self) -> Option<&dyn sqlx::error::DatabaseError> {
        match self {
            StoreError::Transient(e) | StoreError::Unknown(e) | StoreError::Refused(e) | StoreError::Unavailable(e) => {
                e.as_database_error()
            }
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(e) => match Answer::of(e.code().as_deref().unwrap_or_default()) {
                Answer::TryAgain => StoreError::Transient(error),
                Answer::CannotWork => StoreError::Unavailable(error),
                Answer::No => StoreError::Refused(error),
            },
            E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::BeginFailed => {
                StoreError::Unavailable(error)
            }
            // What is left are mistakes in our statements and types: they never get better by trying again.
            _ => StoreError::Refused(error),
        }
    }
}

/// What an error code of either engine means to a caller.
#[derive(Debug, PartialEq)]
enum Answer {
    TryAgain,
    CannotWork,
    No,
}

impl Answer {
    /// PostgreSQL's codes have five characters, SQLite's are numbers of at most four digits.
    fn of(code: &str) -> Self {
        if code.len() == 5 {
            return match code {
                // Serialization failure, deadlock, lock time-out.
                "40001" | "40P01" | "55P03" => Answer::TryAgain,
                // Connection lost, out of resources, shutting down, system error.
                _ if ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) => Answer::CannotWork,
                _ => Answer::No,
            };
        }
        match code.parse::<i64>().unwrap_or(0) & 0xff {
            // SQLITE_BUSY (517 is BUSY_SNAPSHOT), SQLITE_LOCKED.
            5 | 6 => Answer::TryAgain,
            // SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN.
            10 | 13 | 14 => Answer::CannotWork,
            _ => Answer::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn codes_are_sorted_by_what_helps() {
        for (code, answer) in [
            ("40001", Answer::TryAgain),
            ("40P01", Answer::TryAgain),
            ("5", Answer::TryAgain),
            ("517", Answer::TryAgain),
            ("57P01", Answer::CannotWork),
            ("53100", Answer::CannotWork),
            ("13", Answer::CannotWork),
            ("1034", Answer::CannotWork),
            ("23505", Answer::No),
            ("57014", Answer::No),
            ("1555", Answer::No),
            ("", Answer::No),
        ] {
            assert_eq!(Answer::of(code), answer, "{code}");
        }
    }
}
