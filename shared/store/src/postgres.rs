//! Opening PostgreSQL, and why each setting.

use crate::StoreError;
use sqlx::{
    ConnectOptions, Connection, PgPool, Postgres, QueryBuilder,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;

/// A writer or two and some readers; each connection is a process on the server.
const CONNECTIONS: u32 = 10;

/// The oldest server still maintained when this was written is younger than this.
const OLDEST_SERVER: i32 = 130_000;

/// Connections to a schema, which is made when missing.
pub(crate) async fn open(url: &str, schema: &str, application: &str) -> Result<PgPool, StoreError> {
    let options = options(url, schema)?.application_name(application).options([
        // A follower must never have seen what a crash of the server then forgets.
        ("synchronous_commit", "on"),
        ("statement_timeout", "60s"),
        ("lock_timeout", "10s"),
        // A transaction that nobody continues holds the log's head and would stop every writer.
        ("idle_in_transaction_session_timeout", "60s"),
    ]);
    make_schema(&options, schema).await?;
    let pool = pool().connect_with(options).await?;
    check_server(&pool).await?;
    Ok(pool)
}

/// Connections to an existing schema whose transactions cannot write.
pub(crate) async fn open_read_only(url: &str, schema: &str) -> Result<PgPool, StoreError> {
    let pool = read_only(url, schema).await?;
    if holds(&pool, schema).await? {
        Ok(pool)
    } else {
        Err(StoreError::Location(format!("there is no schema {schema} in {}", without_password(url))))
    }
}

/// Whether the database at the address has the schema.
pub(crate) async fn has_schema(url: &str, schema: &str) -> Result<bool, StoreError> {
    let pool = read_only(url, schema).await?;
    let found = holds(&pool, schema).await;
    pool.close().await;
    found
}

async fn read_only(url: &str, schema: &str) -> Result<PgPool, StoreError> {
    let options = options(url, schema)?
        .application_name("fengqiao read only")
        .options([("default_transaction_read_only", "on"), ("lock_timeout", "10s")]);
    let pool = pool().connect_with(options).await?;
    check_server(&pool).await?;
    Ok(pool)
}

async fn holds(pool: &PgPool, schema: &str) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)";
    Ok(sqlx::query_scalar(SQL).bind(schema).fetch_one(pool).await?)
}

/// The address as it may be shown.
pub(crate) fn without_password(url: &str) -> String {
    match url.parse::<PgConnectOptions>() {
        Ok(o) => match o.get_socket() {
            Some(path) => format!("postgres {} {}", path.display(), o.get_database().unwrap_or_default()),
            None => format!("postgres {}:{} {}", o.get_host(), o.get_port(), o.get_database().unwrap_or_default()),
        },
        Err(_) => "postgres (malformed address)".to_owned(),
    }
}

fn options(url: &str, schema: &str) -> Result<PgConnectOptions, StoreError> {
    // The name is written into a statement, so nothing but these characters may reach it.
    let shape = (1..=63).contains(&schema.len())
        && schema.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !schema.starts_with(|c: char| c.is_ascii_digit());
    if !shape {
        return Err(StoreError::Location(
            "a schema name must be 1 to 63 lower-case letters, digits and underscores, not beginning with a digit".to_owned(),
        ));
    }
    let options = url
        .parse::<PgConnectOptions>()
        .map_err(|_| StoreError::Location("not an address of the form postgres://user:password@host/database".to_owned()))?;
    // TimeZone is set to UTC by sqlx itself.
    Ok(options.options([("search_path", schema)]).statement_cache_capacity(256).disable_statement_logging())
}

fn pool() -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        // A round trip before each use is dear; a connection that rested may have died with its server, so ask that one.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > Duration::from_secs(2) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}

async fn make_schema(options: &PgConnectOptions, schema: &str) -> Result<(), StoreError> {
    const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)";
    let mut connection = options.connect().await?;
    // Asking first spares a user without the right to create schemas an error about one that is there.
    if !sqlx::query_scalar::<_, bool>(EXISTS).bind(schema).fetch_one(&mut connection).await? {
        let mut create = QueryBuilder::<Postgres>::new("CREATE SCHEMA IF NOT EXISTS ");
        if let Err(error) = create.push(schema).build().execute(&mut connection).await {
            // Two processes starting at once may both create it; IF NOT EXISTS does not exclude that.
            let exists: bool = sqlx::query_scalar(EXISTS).bind(schema).fetch_one(&mut connection).await?;
            if !exists {
                return Err(error.into());
            }
        }
    }
    connection.close().await?;
    Ok(())
}

async fn check_server(pool: &PgPool) -> Result<(), StoreError> {
    const SQL: &str = "SELECT current_setting('server_version_num')::int4";
    let version: i32 = sqlx::query_scalar(SQL).fetch_one(pool).await?;
    if version < OLDEST_SERVER {
        let major = version / 10_000;
        return Err(StoreError::Location(format!("the PostgreSQL server is of version {major}: must be 13 or newer")));
    }
    Ok(())
}

/// Writes the key table anew, without what was deleted from it.
pub(crate) async fn scrub_keys(pool: &PgPool) -> Result<(), StoreError> {
    const SQL: &str = "VACUUM (FULL) data_key";
    sqlx::query(SQL).execute(pool).await?;
    Ok(())
}
