//! Intake and reporting in this process, on a clock that is played forward. A service ends with the test.

use crate::{Desk, Place, SOON, eventually};
use fengqiao_model::{Clock, Day, Instant, ManualClock};
use fengqiao_proto::reporting::v1::{GetAnnualReportRequest, GetAnnualReportResponse, GetFreshnessRequest};
use fengqiao_service::Map;
use std::{
    collections::BTreeSet,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
};

/// The two services over one place.
pub struct Played {
    clock: ManualClock,
    intake: SocketAddr,
    reporting: SocketAddr,
}

impl Played {
    /// Starts both on a day.
    pub async fn start(place: &Place, day: Day) -> Self {
        let clock = ManualClock::new(morning(day));
        let [intake, reporting] = [(); 2].map(|()| free());
        let start = |name, listen: SocketAddr, feed: Option<SocketAddr>| {
            let mut settings = Map::default();
            settings.set("FENGQIAO_LISTEN", listen.to_string());
            settings.set("FENGQIAO_DATA", place.data().to_string_lossy());
            settings.set("FENGQIAO_LOG", "error");
            if let Some(url) = place.url() {
                settings.set("FENGQIAO_DATABASE", url);
            }
            if let Some(feed) = feed {
                settings.set("FENGQIAO_INTAKE_FEED", format!("http://{feed}"));
            }
            run(name, settings, Arc::new(clock.clone()));
        };
        start("intake", intake, None);
        start("reporting", reporting, Some(intake));
        let played = Self { clock, intake, reporting };
        let mut figures = played.figures();
        eventually("reporting answers", SOON, async || {
            figures.reporting.get_freshness(GetFreshnessRequest::default()).await.map(drop)
        })
        .await;
        played
    }

    /// It is the morning of a day.
    pub fn day_breaks(&self, day: Day) {
        self.clock.advance_to(morning(day));
    }

    /// A desk at intake.
    pub fn desk(&self) -> Desk {
        Desk::at(&format!("http://{}", self.intake))
    }

    /// A desk at reporting.
    pub fn figures(&self) -> Desk {
        Desk::at(&format!("http://{}", self.reporting))
    }

    /// The figures include everything in the log of this place.
    pub async fn caught_up(&self, place: &Place) {
        let head = place.head_of("intake").await;
        let mut figures = self.figures();
        eventually("the figures follow", SOON * 3, async || {
            let at = figures.freshness().await.map_or(0, |fresh| fresh.position);
            if at >= head { Ok(()) } else { Err(at) }
        })
        .await;
    }

    /// The report of a year as of a day.
    pub async fn report(&self, year: i16, division: &str, as_of: Day) -> GetAnnualReportResponse {
        let request = GetAnnualReportRequest { year: year.into(), division_code: division.to_owned(), as_of: as_of.to_string() };
        self.figures().reporting.get_annual_report(request).await.expect("the report is given").into_inner()
    }
}

fn morning(day: Day) -> Instant {
    Instant(day.begins().0 + 9 * 3_600_000_000)
}

fn run(name: &'static str, settings: Map, clock: Arc<dyn Clock>) {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let ended = runtime.expect("threads can be started").block_on(async {
            match name {
                "intake" => fengqiao_intake::serve(&settings, clock).await,
                _ => fengqiao_reporting::serve(&settings, clock).await,
            }
        });
        if let Err(problem) = ended {
            eprintln!("{name} ended: {problem}");
        }
    });
}

/// An address that nobody has; given once in a process, because tests run side by side.
fn free() -> SocketAddr {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        if GIVEN.lock().expect("no test panics with the lock").insert(address.port()) {
            return address;
        }
    }
}
