//! What an import looks like from beside: how far the log and the figures are, and what the processes need.

use fengqiao_store::{Db, cursor, log};
use fengqiao_tests::Place;
use std::{
    fs,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// What a process needed so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Needed {
    /// Peak resident memory in KiB (VmHWM).
    pub peak_kb: u64,
    /// Processor time, in user mode and for it in the system.
    pub cpu: Duration,
}

/// What was seen of an import.
#[derive(Debug, Default)]
pub struct Seen {
    /// From the start until the log held everything.
    pub imported: Duration,
    /// The share of the log that the figures had followed by then.
    pub followed: f64,
    /// The server process.
    pub server: Needed,
    /// The import process.
    pub client: Needed,
}

#[derive(Default)]
struct State {
    /// Position of the log, when it was first seen there, and how far the figures were.
    head: Option<(i64, Instant, i64)>,
    server: Needed,
    client: Needed,
}

/// Watches until it is told to end.
pub struct Watch {
    state: Arc<Mutex<State>>,
    stop: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Watch {
    /// Begins to watch the server that runs on the place, and the import that will.
    pub async fn start(place: &Place) -> Self {
        let (state, stop) = (Arc::<Mutex<State>>::default(), CancellationToken::new());
        let (intake, reporting) = (place.look("intake").await, place.look("reporting").await);
        let tasks = vec![
            tokio::spawn(positions(intake, reporting, state.clone(), stop.clone())),
            tokio::task::spawn_blocking({
                let (state, stop) = (state.clone(), stop.clone());
                move || processes(&state, &stop)
            }),
        ];
        Self { state, stop, tasks }
    }

    /// Ends, and tells what was seen of the import that began then.
    pub async fn end(self, started: Instant) -> Seen {
        self.stop.cancel();
        for task in self.tasks {
            task.await.expect("watching does not panic");
        }
        let state = self.state.lock().expect("nobody panics while holding this");
        let (head, when, followed) = state.head.expect("the log was seen");
        Seen {
            imported: when.duration_since(started),
            followed: followed as f64 / head.max(1) as f64,
            server: state.server,
            client: state.client,
        }
    }
}

async fn positions(intake: Db, reporting: Db, state: Arc<Mutex<State>>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let head = log::head(&intake).await.expect("the log has a head").position;
        if state.lock().expect("nobody panics while holding this").head.is_none_or(|(before, ..)| before < head) {
            let now = Instant::now();
            let followed = cursor::load(&reporting, "intake").await.expect("the cursor can be read").map_or(0, |c| c.position);
            state.lock().expect("nobody panics while holding this").head = Some((head, now, followed));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    intake.close().await;
    reporting.close().await;
}

/// Looks at the children of this process: the server and the import.
fn processes(state: &Mutex<State>, stop: &CancellationToken) {
    let own = std::process::id().to_string();
    while !stop.is_cancelled() {
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let read = |name: &str| fs::read_to_string(entry.path().join(name)).unwrap_or_default();
            let number = entry.file_name().to_string_lossy().parse::<u32>().is_ok();
            // The second field is the name of the program between parentheses, and may hold anything.
            let stat = if number { read("stat") } else { continue };
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
            if fields.get(1) != Some(&own.as_str()) {
                continue;
            }
            let status = read("status");
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
            // Fields 14 and 15 of stat, in hundredths of a second on every Linux.
            let needed = Needed { peak_kb: peak.unwrap_or(0), cpu: Duration::from_millis(10 * (ticks(11) + ticks(12))) };
            let command = read("cmdline");
            let mut state = state.lock().expect("nobody panics while holding this");
            let process = match command.split('\0').nth(1) {
                Some("serve") => &mut state.server,
                Some("import") => &mut state.client,
                _ => continue,
            };
            process.peak_kb = process.peak_kb.max(needed.peak_kb);
            process.cpu = process.cpu.max(needed.cpu);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
