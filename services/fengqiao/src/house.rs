//! Several services in one process on one port: opened over one data directory or database, following each other in process.
//! Used by `serve` on the machine's clock and by the demo on a clock played forward.

use fengqiao_feed::{Feed, Source};
use fengqiao_intake::{BookSettings, Intake};
use fengqiao_model::Clock;
use fengqiao_reporting::{Reporting, ReportingSettings};
use fengqiao_service::{Lifecycle, Process, Server, StartError};
use std::sync::Arc;

/// Which services run here, and with which settings.
pub struct Rooms {
    /// Petitions.
    pub intake: Option<BookSettings>,
    /// Figures, and where they follow intake when it does not run here.
    pub reporting: Option<(ReportingSettings, Option<Source>)>,
}

/// Opens the rooms, starts what runs beside the calls, and gives the server that answers the calls.
pub async fn open(rooms: Rooms, process: Process, clock: Arc<dyn Clock>, life: &Lifecycle) -> Result<Server, StartError> {
    let draining = life.draining();
    let mut server = Server::new(process.server, process.identity, fengqiao_proto::DESCRIPTOR, draining.clone());
    let mut feed = None;
    if let Some(settings) = rooms.intake {
        let opened = Intake::open(&settings, clock.clone(), draining.clone()).await;
        let intake = opened.map_err(StartError::when("the case book of intake cannot be opened"))?;
        let (name, db) = intake.log();
        let served = Feed::new(clock.clone(), draining.clone()).with_log(name, db);
        server = server.with(intake.service()).with(served.service());
        feed = Some(served);
        life.spawn("intake book", intake.keep(None, life.closing()));
    }
    if let Some((settings, elsewhere)) = rooms.reporting {
        let opened = Reporting::open_at(&settings, clock.clone()).await;
        let reporting = opened.map_err(StartError::when("the figures of reporting cannot be opened"))?;
        server = server.with(reporting.service());
        let source = elsewhere.or_else(|| feed.map(Source::InProcess));
        match source {
            Some(source) => life.spawn("reporting", reporting.keep(source, clock, draining, life.closing())),
            None => {
                return Err(StartError::when("reporting has no log to follow")(
                    "intake does not run here, and no address is set",
                ));
            }
        }
    }
    Ok(server)
}
