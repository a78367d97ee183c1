//! Kernel and service migrations as one ordered history, and which schema is too old or too new for this binary.

use crate::{Db, Engine, Pools, StoreError, envelope, on};
use sqlx::migrate::Migrator;
use std::collections::BTreeSet;

/// The migrations of one crate: the same tables for both engines, files of the same names.
pub struct Migrations {
    /// From `migrations/sqlite`.
    pub sqlite: Migrator,
    /// From `migrations/postgres`.
    pub postgres: Migrator,
}

/// The tables of this crate, migrations 0001 to 0099. A service's own begin at 0100.
pub static KERNEL: Migrations =
    Migrations { sqlite: sqlx::migrate!("migrations/sqlite"), postgres: sqlx::migrate!("migrations/postgres") };

/// A service without tables of its own.
pub static NO_MIGRATIONS: Migrations = Migrations { sqlite: Migrator::DEFAULT, postgres: Migrator::DEFAULT };

/// What a start may do to the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Fill an empty database; refuse an older one.
    EmptyOnly,
    /// Also bring an older one up to date.
    Always,
}

/// How a database's schema compares to what this binary knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// No migration ever ran.
    Empty,
    /// Migrations are missing.
    Older {
        /// The highest migration it has.
        have: i64,
        /// The first it lacks.
        need: i64,
    },
    /// All known migrations ran and no other.
    Current,
    /// It has migrations this binary does not know.
    Newer {
        /// The highest migration it has.
        have: i64,
        /// The highest this binary knows.
        need: i64,
    },
}

impl Migrations {
    /// Kernel first, then the service's own.
    fn merged(&self, engine: Engine) -> Migrator {
        let (kernel, service) = match engine {
            Engine::Sqlite => (&KERNEL.sqlite, &self.sqlite),
            Engine::Postgres => (&KERNEL.postgres, &self.postgres),
        };
        let mut all = Migrator::with_migrations(kernel.iter().chain(service.iter()).cloned().collect());
        // sqlx would lock the whole database; `migrate` locks the schema only.
        all.set_locking(false);
        all
    }
}

impl Db {
    /// Brings the schema to what this binary needs, as far as the policy allows, and mints the log's id when there is none.
    /// Errors: `SchemaOlder`, `SchemaNewer`, `Migrate`.
    pub async fn migrate(&self, service: &Migrations, policy: Policy) -> Result<(), StoreError> {
        let all = service.merged(self.engine());
        match self.pools() {
            Pools::Sqlite { write, .. } => {
                let mut connection = write.acquire().await?;
                let state = self.schema_state(service).await?;
                if must_run(state, policy)? {
                    all.run_direct(None, &mut *connection, false).await.map_err(migrate_error)?;
                }
            }
            Pools::Postgres(pool) => {
                // Two processes starting at once: the second waits here and then finds the work done. The connection is
                // taken out of the pool, so that an error frees the lock together with the connection.
                const LOCK: &str = "SELECT pg_advisory_lock(hashtextextended('fengqiao migrate ' || current_schema(), 0))";
                const PATIENCE: &str =
                    "SELECT set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false)";
                let mut connection = pool.acquire().await?.detach();
                sqlx::query(PATIENCE).execute(&mut connection).await?;
                sqlx::query(LOCK).execute(&mut connection).await?;
                let state = self.schema_state(service).await?;
                if must_run(state, policy)? {
                    all.run_direct(None, &mut connection, false).await.map_err(migrate_error)?;
                }
                sqlx::Connection::close(connection).await?;
            }
        }
        self.ensure_head().await
    }

    /// Compares the schema to what this binary needs; never writes.
    pub async fn schema_state(&self, service: &Migrations) -> Result<SchemaState, StoreError> {
        const PRESENT_SQLITE: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')";
        const PRESENT_POSTGRES: &str = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
        const APPLIED: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";
        let present: bool = match self.pools() {
            Pools::Sqlite { read, .. } => sqlx::query_scalar(PRESENT_SQLITE).fetch_one(read).await?,
            Pools::Postgres(pool) => sqlx::query_scalar(PRESENT_POSTGRES).fetch_one(pool).await?,
        };
        if !present {
            return Ok(SchemaState::Empty);
        }
        let applied: Vec<i64> = on!(read self, c => sqlx::query_scalar(APPLIED).fetch_all(c).await)?;
        let known: Vec<i64> = service.merged(self.engine()).iter().map(|m| m.version).collect();
        Ok(compare(&applied, &known))
    }

    /// For readers of a database they must not change. Errors: `SchemaOlder`, `SchemaNewer`.
    pub async fn require_schema(&self, service: &Migrations) -> Result<(), StoreError> {
        must_run(self.schema_state(service).await?, Policy::EmptyOnly)
            .and_then(|empty| if empty { Err(StoreError::SchemaOlder { have: 0, need: 1 }) } else { Ok(()) })
    }

    async fn ensure_head(&self) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO log_head (one, log_id, position, hash, recorded_us) VALUES (1, $1, 0, $2, 0) \
                           ON CONFLICT (one) DO NOTHING";
        let log_id = new_log_id();
        let hash = envelope::genesis(&log_id).to_vec();
        let mut tx = self.begin().await?;
        on!(tx tx, c => sqlx::query(SQL).bind(log_id).bind(hash).execute(c).await.map(drop))?;
        tx.commit().await?;
        self.publish(crate::log::head(self).await?.position);
        Ok(())
    }
}

/// Whether migrations must be run, or why they may not.
fn must_run(state: SchemaState, policy: Policy) -> Result<bool, StoreError> {
    match state {
        SchemaState::Empty => Ok(true),
        SchemaState::Current => Ok(false),
        SchemaState::Older { .. } if policy == Policy::Always => Ok(true),
        SchemaState::Older { have, need } => Err(StoreError::SchemaOlder { have, need }),
        SchemaState::Newer { have, need } => Err(StoreError::SchemaNewer { have, need }),
    }
}

fn compare(applied: &[i64], known: &[i64]) -> SchemaState {
    let (applied, known): (BTreeSet<i64>, BTreeSet<i64>) = (applied.iter().copied().collect(), known.iter().copied().collect());
    let have = applied.last().copied().unwrap_or(0);
    if applied.is_empty() {
        SchemaState::Empty
    } else if applied.difference(&known).next().is_some() {
        SchemaState::Newer { have, need: known.last().copied().unwrap_or(0) }
    } else if let Some(need) = known.difference(&applied).next() {
        SchemaState::Older { have, need: *need }
    } else {
        SchemaState::Current
    }
}

fn new_log_id() -> String {
    use ring::rand::{SecureRandom, SystemRandom};
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("the operating system's random source works");
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

fn migrate_error(error: sqlx::migrate::MigrateError) -> StoreError {
    StoreError::Migrate(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::{SchemaState, compare};

    #[test]
    fn a_missing_kernel_migration_is_older_whatever_the_service_has() {
        for (applied, known, state) in [
            (&[][..], &[1, 2][..], SchemaState::Empty),
            (&[1, 2], &[1, 2], SchemaState::Current),
            (&[1, 100], &[1, 2, 100], SchemaState::Older { have: 100, need: 2 }),
            (&[1, 2, 101], &[1, 2, 100], SchemaState::Newer { have: 101, need: 100 }),
        ] {
            assert_eq!(compare(applied, known), state);
        }
    }
}
