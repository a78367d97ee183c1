//! One test's directories, databases and servers. Whatever becomes of the test, its servers are killed and its databases
//! dropped.

use crate::{Answer, Apart, Launch, Place, Report, Server, built, place, server::tail};
use fengqiao_store::Engine;
use std::{
    ffi::OsStr,
    fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
    sync::Mutex,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What a test has to itself.
pub struct World {
    directory: TempDir,
    place: Place,
    /// Databases to be dropped at the end.
    databases: Mutex<Vec<String>>,
    /// TZ of all processes; none: not set.
    zone: Mutex<Option<String>>,
}

/// Runs a test in a world of its own.
pub fn in_a_world(engine: Engine, test: impl AsyncFnOnce(&World)) {
    let runtime = Runtime::new().expect("threads can be started");
    let world = runtime.block_on(World::new(engine));
    let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(&world))));
    // Tasks and processes that the test left behind end with the runtime.
    drop(runtime);
    if outcome.is_err() {
        eprintln!("the last lines that its servers logged:\n{}", tail(&world.log_file()));
    }
    let databases = world.databases.into_inner().unwrap_or_default();
    Runtime::new().expect("threads can be started").block_on(place::drop_databases(&databases));
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

impl World {
    async fn new(engine: Engine) -> Self {
        let directory = TempDir::with_prefix("fengqiao-world-").expect("the temporary directory can be written");
        let data = directory.path().join("data");
        let databases = Mutex::default();
        let place = match engine {
            Engine::Sqlite => Place::files(data),
            Engine::Postgres => Self::database(&databases, data, None).await,
        };
        Self { directory, place, databases, zone: Mutex::new(None) }
    }

    async fn database(databases: &Mutex<Vec<String>>, data: PathBuf, template: Option<&Place>) -> Place {
        let name = format!("test_{}", uuid::Uuid::from_u128(crate::request_id().as_u128()).simple());
        databases.lock().expect("no test panics with the lock").push(name.clone());
        Place::database(data, place::create_database(&name, template).await)
    }

    /// All processes from here on run in this time zone.
    pub fn set_zone(&self, zone: Option<&str>) {
        *self.zone.lock().expect("no test panics with the lock") = zone.map(str::to_owned);
    }

    /// Where the books are.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// A new place like this world's, with nothing in it.
    pub async fn another_place(&self) -> Place {
        let data = self.fresh_directory();
        match self.place.engine() {
            Engine::Sqlite => Place::files(data),
            Engine::Postgres => Self::database(&self.databases, data, None).await,
        }
    }

    /// A copy of the books of this world; no server may run on them.
    pub async fn copy(&self) -> Place {
        let data = self.fresh_directory();
        place::copy_directory(self.place.data(), &data);
        match self.place.engine() {
            Engine::Sqlite => Place::files(data),
            Engine::Postgres => Self::database(&self.databases, data, Some(&self.place)).await,
        }
    }

    fn fresh_directory(&self) -> PathBuf {
        self.directory.path().join(crate::request_id().to_string())
    }

    /// A path in a directory of this world's own.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file there and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("the temporary directory can be written");
        path
    }

    /// Where servers log.
    pub fn log_file(&self) -> PathBuf {
        self.path("servers.log")
    }

    /// A program of the product, in the zone of this world.
    pub fn program(&self, name: &str) -> Launch {
        let zone = self.zone.lock().expect("no test panics with the lock").clone();
        Launch::new(built(name), self.log_file()).zone(zone.as_deref())
    }

    /// `fengqiao serve` on a place, on a port of its own.
    pub fn serve_on(&self, place: &Place) -> Launch {
        self.serve_at(place, "127.0.0.1:0")
    }

    /// `fengqiao serve` on a place, at an address.
    pub fn serve_at(&self, place: &Place, listen: &str) -> Launch {
        self.program("fengqiao").arg("serve").args(place.flags()).args(["--listen", listen])
    }

    /// The binary of a service by itself, told everything by its environment.
    pub fn alone(&self, name: &str, place: &Place) -> Launch {
        let launch = self.program(name).env("FENGQIAO_LISTEN", "127.0.0.1:0");
        let launch = launch.env("FENGQIAO_DATA", place.data().to_str().expect("temporary directories have plain names"));
        match place.url() {
            Some(url) => launch.env("FENGQIAO_DATABASE", url),
            None => launch,
        }
    }

    /// `fengqiao serve` of some of the services on a place, at an address; `feeds` says where the others' logs are, such as
    /// `("intake", "http://…")`.
    pub fn part_at(&self, place: &Place, listen: &str, services: &str, feeds: &[(&str, &str)]) -> Launch {
        let launch = self.serve_at(place, listen).args(["--services", services]);
        feeds.iter().fold(launch, |launch, (log, url)| launch.args([format!("--{log}-feed"), (*url).to_owned()]))
    }

    /// Starts intake, mediation and reporting as processes of their own on a place, each following the others.
    pub async fn serve_apart(&self, place: &Place) -> Apart {
        Apart::start(self, place).await
    }

    /// Starts `fengqiao serve` on this world's books.
    pub async fn serve(&self) -> Server {
        self.serve_on(&self.place).start().await
    }

    /// A client command.
    pub fn client<A: AsRef<OsStr>>(&self, server: &str, args: impl IntoIterator<Item = A>) -> Launch {
        self.program("fengqiao").args(args).args(["--format", "json", "--server", server])
    }

    /// Runs a client command.
    pub async fn run<A: AsRef<OsStr>>(&self, server: &str, args: impl IntoIterator<Item = A>) -> Answer {
        self.client(server, args).run().await
    }

    /// Imports a ledger of petitions and waits until the figures include it.
    pub async fn import(&self, server: &str, file: &Path, ledger: &str) -> Answer {
        self.import_of("petitions", server, file, ledger).await
    }

    /// Imports a ledger of cases and waits until the figures include it.
    pub async fn import_cases(&self, server: &str, file: &Path, ledger: &str) -> Answer {
        self.import_of("cases", server, file, ledger).await
    }

    async fn import_of(&self, what: &str, server: &str, file: &Path, ledger: &str) -> Answer {
        let args = ["import".as_ref(), what.as_ref(), file.as_os_str(), "--wait".as_ref(), "--ledger".as_ref(), ledger.as_ref()];
        self.run(server, args).await
    }

    /// The report of a year as of a day.
    pub async fn report(&self, server: &str, year: i32, as_of: &str) -> Report {
        let year = year.to_string();
        let answer = self.run(server, ["report", "annual", "--year", &year, "--as-of", as_of]).await.done();
        Report(answer.json())
    }

    /// `fengqiao verify` on a place.
    pub async fn verify(&self, place: &Place) -> Answer {
        self.program("fengqiao").arg("verify").args(place.flags()).run().await
    }
}
