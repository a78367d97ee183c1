//! A server process: started, ready, killed, stopped. It knows signals and the line that says a server is ready.

use crate::Answer;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// Longer than any start or stop takes, on a machine that compiles beside it.
const PATIENCE: Duration = Duration::from_secs(90);
/// Longer than any command takes.
const LONG: Duration = Duration::from_secs(600);

/// A program about to be run, with an environment in which nothing speaks to Fengqiao but what is set here.
#[derive(Clone)]
pub struct Launch {
    program: PathBuf,
    args: Vec<OsString>,
    env: BTreeMap<String, Option<String>>,
    log: PathBuf,
    directory: Option<PathBuf>,
}

impl Launch {
    /// A program; what a server logs is added to the file.
    pub fn new(program: impl Into<PathBuf>, log: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), args: Vec::new(), env: BTreeMap::new(), log: log.into(), directory: None }
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<std::ffi::OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.insert(name.to_owned(), Some(value.into()));
        self
    }

    /// Runs in this directory.
    pub fn current_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Runs in this time zone; none: TZ is not set.
    pub fn zone(mut self, zone: Option<&str>) -> Self {
        self.env.insert("TZ".to_owned(), zone.map(str::to_owned));
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).kill_on_drop(true).stdin(Stdio::null());
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy().to_lowercase();
            if text.starts_with("fengqiao_") || text.ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    fn text(&self) -> String {
        let args: Vec<_> = self.args.iter().map(|arg| arg.to_string_lossy()).collect();
        format!("{} {}", self.program.display(), args.join(" "))
    }

    /// Runs it to its end.
    pub async fn run(self) -> Answer {
        self.ends_within(LONG).await
    }

    /// A server that must not start: fails the test unless it ends with this exit code.
    pub async fn refused(self, code: i32) -> Answer {
        self.ends_within(PATIENCE).await.exits(code)
    }

    async fn ends_within(self, time: Duration) -> Answer {
        let mut command = self.command();
        let running = command.output();
        let output = timeout(time, running).await.unwrap_or_else(|_| panic!("not within {time:?}: {}", self.text()));
        let output = output.unwrap_or_else(|error| panic!("cannot run {}: {error}", self.text()));
        Answer {
            command: self.text(),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts it and leaves it running in the background; for a command that talks to a server which will die.
    pub fn spawn(self) -> tokio::task::JoinHandle<Answer> {
        tokio::spawn(self.run())
    }

    /// Starts a server and waits until it says that it is ready.
    pub async fn start(self) -> Server {
        let log = OpenOptions::new().create(true).append(true).open(&self.log).expect("the log file can be written");
        let mut command = self.command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::from(log)).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("cannot start {}: {error}", self.text()));
        let stdout = child.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(PATIENCE, lines.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("no ready line within {PATIENCE:?} of {}\n{}", self.text(), tail(&self.log)));
        let line = line.expect("standard output is text").unwrap_or_default();
        let address = line.strip_prefix("fengqiao is ready on http://").and_then(|rest| rest.split(' ').next()?.parse().ok());
        let Some(address) = address else {
            panic!("not ready but {line:?}: {}\n{}", self.text(), tail(&self.log));
        };
        Server { address, ready: line, child, _lines: lines, log: self.log }
    }
}

/// A running server; it is killed when this is dropped.
pub struct Server {
    address: SocketAddr,
    ready: String,
    child: Child,
    /// Kept open, so that the server can go on writing.
    _lines: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The line that said it is ready.
    pub fn ready(&self) -> &str {
        &self.ready
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id().expect("the server still runs")
    }

    /// What it logged so far, and what the servers before it on the same file did.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// kill -9, at this moment; returns when the process is gone.
    pub async fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().await.expect("a child can be waited for");
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("the server still runs");
        kill_process(pid, signal).expect("a child of our own can be sent a signal");
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let ended = timeout(PATIENCE, self.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("the server did not end within {PATIENCE:?}\n{}", tail(&self.log))).expect("a child")
    }

    /// SIGTERM; fails the test unless it ends with exit code 0.
    pub async fn stop(mut self) {
        self.signal(Signal::TERM);
        let status = self.ended().await;
        assert!(status.success(), "stopped with {status}\n{}", tail(&self.log));
    }
}

/// The last lines of a log, for messages.
pub(crate) fn tail(log: &Path) -> String {
    let text = File::open(log).and_then(std::io::read_to_string).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
