//! A throw-away PostgreSQL server: a cluster in a temporary directory, reached through a Unix socket there.
//!
//! A shell watches over it, with a pipe from this process as its input. When the pipe closes, because the `Cluster` was
//! dropped or because this process ended in whatever way, the shell stops the server and removes the directory.

use rustix::process::geteuid;
use std::{
    env, fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// What to do where there is no PostgreSQL.
const REMEDY: &str = "these tests need PostgreSQL 13 or newer: run apt-get install postgresql, or set TEST_POSTGRES_URL";

/// A running server; it stops when this is dropped.
pub struct Cluster {
    directory: PathBuf,
    watcher: Child,
}

impl Cluster {
    /// Makes a cluster and starts its server; `durable` keeps fsync on. Gives the problem as a sentence.
    pub fn start(durable: bool) -> Result<Self, String> {
        let binaries = find_binaries().ok_or_else(|| REMEDY.to_owned())?;
        // Not under TMPDIR: a socket's path must stay below 108 bytes.
        let directory = tempfile::Builder::new()
            .prefix("fengqiao-pg-")
            .tempdir_in("/tmp")
            .map_err(|e| format!("cannot make a directory in /tmp: {e}"))?
            .keep();
        Self::start_in(&directory, &binaries, durable).inspect_err(|_| {
            // What initdb or the server wrote there is of no use to anybody.
            let _ = fs::remove_dir_all(&directory);
        })
    }

    fn start_in(directory: &Path, binaries: &Path, durable: bool) -> Result<Self, String> {
        // PostgreSQL refuses to run as root.
        let owner: &[&str] = if geteuid().is_root() {
            run(Command::new("chown").arg("postgres:postgres").arg(directory))?;
            &["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        } else {
            &["env"]
        };
        let data = directory.join("data");
        let mut initdb = Command::new(owner[0]);
        initdb.args(&owner[1..]).arg(binaries.join("initdb")).arg("-D").arg(&data);
        initdb.args(["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
        run(initdb.current_dir("/"))?;

        // $1 directory, $2 fsync, the rest is the command of the server. INT is the server's fast stop.
        const WATCH: &str = r#"
            directory=$1; shift
            "$@" </dev/null >"$directory/log" 2>&1 &
            server=$!
            read -r _
            kill -INT $server 2>/dev/null
            wait $server
            rm -rf "$directory"
        "#;
        let flag = if durable { "on" } else { "off" };
        let mut watcher = Command::new("sh");
        watcher.args(["-c", WATCH, "watch"]).arg(directory).args(owner).arg(binaries.join("postgres"));
        watcher.arg("-D").arg(&data).arg("-k").arg(directory);
        let settings = [
            "listen_addresses=".to_owned(),
            format!("fsync={flag}"),
            format!("full_page_writes={flag}"),
            "max_connections=400".to_owned(),
            "shared_buffers=128MB".to_owned(),
            "max_wal_size=2GB".to_owned(),
        ];
        for setting in settings {
            watcher.arg("-c").arg(setting);
        }
        // A group of its own: an interrupt from the terminal must reach the server through the watcher only.
        watcher.process_group(0).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let watcher = watcher.spawn().map_err(|e| format!("cannot start sh: {e}"))?;
        let cluster = Self { directory: directory.to_owned(), watcher };
        cluster.wait_until_ready(binaries)?;
        Ok(cluster)
    }

    fn wait_until_ready(&self, binaries: &Path) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let mut ask = Command::new(binaries.join("pg_isready"));
            ask.arg("-q").arg("-h").arg(&self.directory).args(["-U", "postgres"]).stdout(Stdio::null()).stderr(Stdio::null());
            if ask.status().is_ok_and(|s| s.success()) {
                return Ok(());
            }
            if Instant::now() > deadline {
                let log = fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                return Err(format!("PostgreSQL did not start within 60 s:\n{log}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The address of its database, for clients of this user or root.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.directory.display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        // Nothing sensible can be done when waiting fails; the watcher goes on by itself.
        let _ = self.watcher.wait();
    }
}

/// The directory with `initdb`: what pg_config says, the PATH, or the newest of Debian's.
fn find_binaries() -> Option<PathBuf> {
    let told = Command::new("pg_config").arg("--bindir").output().ok().filter(|o| o.status.success());
    let told = told.map(|o| PathBuf::from(String::from_utf8_lossy(&o.stdout).trim()));
    let path: Vec<PathBuf> = env::var_os("PATH").map(|p| env::split_paths(&p).collect()).unwrap_or_default();
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .collect();
    debian.sort();
    let debian = debian.into_iter().rev().map(|(_, path)| path);
    let complete = |d: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|b| d.join(b).is_file());
    told.into_iter().chain(path).chain(debian).find(complete)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("cannot run {:?}: {e}", command.get_program()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{:?} failed: {}", command.get_program(), String::from_utf8_lossy(&output.stderr).trim()))
}
