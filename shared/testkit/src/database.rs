//! A fresh database per test: a file in a temporary directory, or a schema of its own on a PostgreSQL server.

use crate::cluster::Cluster;
use fengqiao_store::{Db, Engine, Location, Migrations, Policy};
use sqlx::{ConnectOptions, Connection, Postgres, QueryBuilder, postgres::PgConnectOptions};
use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::OnceLock,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The variable that names a server for tests; each test makes and drops schemas of its own in that database.
pub const URL_VARIABLE: &str = "TEST_POSTGRES_URL";

/// A place for a database that nothing else uses. Call `remove` at the end: a schema outlives its test otherwise.
pub struct Fresh {
    location: Location,
    _directory: Option<TempDir>,
}

impl Fresh {
    /// A new place. Panics, naming the remedy, where there is no PostgreSQL.
    pub fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let directory = TempDir::with_prefix("fengqiao-test-").expect("the temporary directory can be written");
                let location = Location::Sqlite(directory.path().join("test.db"));
                Self { location, _directory: Some(directory) }
            }
            Engine::Postgres => {
                let schema = format!("test_{}", uuid_text());
                Self { location: Location::Postgres { url: server_url(), schema }, _directory: None }
            }
        }
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Removes what was made there.
    pub async fn remove(self) {
        if let Location::Postgres { url, schema } = &self.location {
            let options: PgConnectOptions = url.parse().expect("it was opened with this address");
            let mut connection = options
                .options([("client_min_messages", "warning")])
                .disable_statement_logging()
                .connect()
                .await
                .expect("the server still runs");
            let mut drop = QueryBuilder::<Postgres>::new("DROP SCHEMA IF EXISTS ");
            drop.push(schema).push(" CASCADE");
            drop.build().execute(&mut connection).await.expect("a schema of our own can be dropped");
            connection.close().await.expect("the server still runs");
        }
    }
}

/// Runs a test on a new, migrated database.
pub fn on_fresh_database(engine: Engine, migrations: &Migrations, test: impl AsyncFnOnce(Db)) {
    on_fresh_location(engine, async |location| {
        let db = Db::open(&location, "fengqiao-test").await.expect("a fresh database opens");
        db.migrate(migrations, Policy::EmptyOnly).await.expect("an empty database can be migrated");
        test(db.clone()).await;
        db.close().await;
    });
}

/// Runs a test that opens its new database itself.
pub fn on_fresh_location(engine: Engine, test: impl AsyncFnOnce(Location)) {
    let fresh = Fresh::new(engine);
    let location = fresh.location.clone();
    // A failed assertion must not leave the schema behind, nor its connections open: the runtime of the test goes first.
    let outcome = {
        let runtime = runtime();
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(location))))
    };
    runtime().block_on(fresh.remove());
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be started")
}

/// The server of this test run, or one of this process's own.
fn server_url() -> String {
    static OWN: OnceLock<Cluster> = OnceLock::new();
    match std::env::var(URL_VARIABLE) {
        Ok(url) if !url.is_empty() => url,
        // Durability is not what such a test looks at; `testkit-postgres run` gives servers that have it.
        _ => OWN.get_or_init(|| Cluster::start(false).unwrap_or_else(|problem| panic!("{problem}"))).url(),
    }
}

fn uuid_text() -> String {
    uuid::Builder::from_random_bytes(random()).into_uuid().simple().to_string()
}

fn random() -> [u8; 16] {
    use std::hash::{BuildHasher, RandomState};
    let [a, b] = [(); 2].map(|()| RandomState::new().hash_one(std::process::id()));
    (u128::from(a) << 64 | u128::from(b)).to_be_bytes()
}
