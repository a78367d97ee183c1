//! Where the books of a county are, on either engine: how a server is told, how a test looks into them, and every byte there.

use fengqiao_store::{Db, Engine, Location, Tx, cursor, log};
use fengqiao_testkit::Fresh;
use futures_util::TryStreamExt;
use sqlx::{ConnectOptions, Connection, PgConnection, Postgres, QueryBuilder, postgres::PgConnectOptions};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// A data directory, and for PostgreSQL a database with a schema per service.
#[derive(Clone)]
pub struct Place {
    data: PathBuf,
    url: Option<String>,
}

impl Place {
    pub(crate) fn files(data: PathBuf) -> Self {
        Self { data, url: None }
    }

    pub(crate) fn database(data: PathBuf, url: String) -> Self {
        Self { data, url: Some(url) }
    }

    /// Which engine it is on.
    pub fn engine(&self) -> Engine {
        if self.url.is_some() { Engine::Postgres } else { Engine::Sqlite }
    }

    /// The data directory: the databases, or only the master key.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The database, on PostgreSQL.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// What a command is told.
    pub fn flags(&self) -> Vec<OsString> {
        let mut flags: Vec<OsString> = vec!["--data".into(), self.data.clone().into()];
        if let Some(url) = &self.url {
            flags.extend(["--database".into(), url.into()]);
        }
        flags
    }

    fn location(&self, service: &str) -> Location {
        Location::of_service(service, &self.data, self.url()).expect("a place of our own has a good address")
    }

    /// Looks into the book of a service, while its server runs or not.
    pub async fn look(&self, service: &str) -> Db {
        Db::open_read_only(&self.location(service)).await.expect("the book is there")
    }

    /// Changes something in the book of a service behind its back; no server may run on it.
    pub async fn tamper(&self, service: &str, change: impl AsyncFnOnce(&mut Tx)) {
        let db = Db::open(&self.location(service), "tamper").await.expect("the book is there and nobody has it");
        let mut tx = db.begin().await.expect("the book can be written");
        change(&mut tx).await;
        tx.commit().await.expect("the change can be committed");
        db.checkpoint().await.expect("nobody else reads");
        db.close().await;
    }

    /// The last position of the intake log.
    pub async fn head(&self) -> i64 {
        self.head_of("intake").await
    }

    /// The last position of the log that a service writes.
    pub async fn head_of(&self, service: &str) -> i64 {
        let db = self.look(service).await;
        let position = log::head(&db).await.expect("the log has a head").position;
        db.close().await;
        position
    }

    /// How far the figures have followed it.
    pub async fn followed(&self) -> i64 {
        self.followed_by("reporting", "intake").await
    }

    /// How far a service has followed a log.
    pub async fn followed_by(&self, service: &str, log: &'static str) -> i64 {
        let db = self.look(service).await;
        let cursor = cursor::load(&db, log).await.expect("the cursor can be read");
        db.close().await;
        cursor.map_or(0, |cursor| cursor.position)
    }

    /// Everything that is kept, byte for byte, by a name that tells where: all files but the master key, and what PostgreSQL
    /// holds, as rows and, where its files are on this machine, as files. No server may run.
    pub async fn bytes(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        files_in(&self.data, &mut all);
        all.retain(|(name, _)| !name.ends_with("master.key"));
        if let Some(url) = &self.url {
            rows_in(url, &mut all).await;
            server_files(url, &mut all).await;
        }
        all
    }
}

/// Whether the text stands somewhere in the bytes.
pub fn contains(bytes: &[u8], text: &[u8]) -> bool {
    let Some(first) = text.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        if rest[at..].starts_with(text) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

fn files_in(directory: &Path, all: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files_in(&path, all);
        } else if path.is_file() {
            // A file of a running server may go at any time.
            all.extend(fs::read(&path).map(|bytes| (path.display().to_string(), bytes)));
        }
    }
}

pub(crate) fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the temporary directory can be written");
    for entry in fs::read_dir(from).expect("the data directory is there").flatten() {
        // Copies keep the mode; that of the master key matters.
        fs::copy(entry.path(), to.join(entry.file_name())).expect("the temporary directory can be written");
    }
}

async fn rows_in(url: &str, all: &mut Vec<(String, Vec<u8>)>) {
    const TABLES: &str = "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables \
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
    let mut connection = connect(url).await;
    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut connection).await.expect("the catalogue can be read");
    for table in tables {
        let copy = format!("COPY {table} TO STDOUT (FORMAT binary)");
        let rows = connection.copy_out_raw(&copy).await.expect("a table can be copied out");
        let rows: Vec<_> = rows.try_collect().await.expect("a table can be copied out");
        all.push((table, rows.concat()));
    }
    connection.close().await.expect("the server still runs");
}

async fn server_files(url: &str, all: &mut Vec<(String, Vec<u8>)>) {
    const DATABASE: &str = "SELECT oid::bigint FROM pg_database WHERE datname = current_database()";
    let Some((_, socket)) = url.split_once("host=/") else { return };
    let data = Path::new("/").join(socket.split('&').next().unwrap_or_default()).join("data");
    let mut connection = connect(url).await;
    sqlx::query("CHECKPOINT").execute(&mut connection).await.expect("the tests are a superuser");
    let oid: i64 = sqlx::query_scalar(DATABASE).fetch_one(&mut connection).await.expect("the catalogue can be read");
    connection.close().await.expect("the server still runs");
    let before = all.len();
    files_in(&data.join("base").join(oid.to_string()), all);
    assert!(all.len() > before, "no files of the database in {}", data.display());
    files_in(&data.join("pg_wal"), all);
    files_in(&data.parent().unwrap_or(&data).join("log"), all);
}

/// Makes a database, a copy of another if there is one, and gives its address.
pub(crate) async fn create_database(name: &str, template: Option<&Place>) -> String {
    let server = server_url();
    let mut connection = connect(&server).await;
    let mut create = QueryBuilder::<Postgres>::new("CREATE DATABASE ");
    create.push(name).push(" ENCODING 'UTF8'");
    if let Some(url) = template.and_then(Place::url) {
        create.push(" TEMPLATE ").push(name_of(url));
    } else {
        create.push(" TEMPLATE template0");
    }
    create.build().execute(&mut connection).await.expect("the tests may make databases");
    connection.close().await.expect("the server still runs");
    let (before, after) = (server.split('?').next().unwrap_or_default(), server.split_once('?'));
    let before = before.rsplit_once('/').map_or(before, |(before, _)| before);
    format!("{before}/{name}{}", after.map(|(_, query)| format!("?{query}")).unwrap_or_default())
}

pub(crate) async fn drop_databases(names: &[String]) {
    if names.is_empty() {
        return;
    }
    let mut connection = connect(&server_url()).await;
    for name in names {
        let mut drop = QueryBuilder::<Postgres>::new("DROP DATABASE IF EXISTS ");
        drop.push(name).push(" WITH (FORCE)");
        drop.build().execute(&mut connection).await.expect("a database of our own can be dropped");
    }
    connection.close().await.expect("the server still runs");
}

fn name_of(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// The server of this test run, as the testkit finds or starts it.
fn server_url() -> String {
    match Fresh::new(Engine::Postgres).location() {
        Location::Postgres { url, .. } => url.clone(),
        Location::Sqlite(_) => unreachable!("asked for PostgreSQL"),
    }
}

async fn connect(url: &str) -> PgConnection {
    let options: PgConnectOptions = url.parse().expect("the address of the test server is good");
    options.disable_statement_logging().connect().await.expect("the test server answers")
}
