//! Several services in one process on one port: opened over one data directory or database, following each other in process.
//! Used by `serve` on the machine's clock and by the demo on a clock played forward.
//!
//! Intake and mediation follow each other, so everything is opened, and the feed of every log made, before anybody follows.

use fengqiao_feed::{Feed, Source};
use fengqiao_intake::Intake;
use fengqiao_mediation::Mediation;
use fengqiao_model::Clock;
use fengqiao_reporting::{Reporting, ReportingSettings};
use fengqiao_service::{Lifecycle, Process, Server, StartError};
use std::sync::Arc;

/// Which services run here, with which settings, and where the logs of the others are.
#[derive(Default)]
pub struct Rooms {
    /// Petitions.
    pub intake: Option<fengqiao_intake::BookSettings>,
    /// Disputes and their cases.
    pub mediation: Option<fengqiao_mediation::BookSettings>,
    /// Figures.
    pub reporting: Option<ReportingSettings>,
    /// Logs at an address. One that is named goes before the one written here; one that is nowhere is not followed.
    pub elsewhere: Logs,
}

/// Where each log is.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    /// Of petitions.
    pub intake: Option<Source>,
    /// Of disputes and cases.
    pub mediation: Option<Source>,
}

/// Opens the rooms, starts what runs beside the calls, and gives the server that answers the calls.
pub async fn open(rooms: Rooms, process: Process, clock: Arc<dyn Clock>, life: &Lifecycle) -> Result<Server, StartError> {
    let (draining, closing) = (life.draining(), life.closing());
    let intake = match &rooms.intake {
        Some(settings) => {
            let opened = Intake::open(settings, clock.clone(), draining.clone()).await;
            Some(opened.map_err(StartError::when("the case book of intake cannot be opened"))?)
        }
        None => None,
    };
    let mediation = match &rooms.mediation {
        Some(settings) => {
            let opened = Mediation::open(settings, clock.clone(), draining.clone()).await;
            Some(opened.map_err(StartError::when("the case book of mediation cannot be opened"))?)
        }
        None => None,
    };
    let reporting = match &rooms.reporting {
        Some(settings) => {
            let opened = Reporting::open_at(settings, clock.clone()).await;
            Some(opened.map_err(StartError::when("the figures of reporting cannot be opened"))?)
        }
        None => None,
    };

    let (feed, logs) = feeds(&rooms.elsewhere, intake.as_ref(), mediation.as_ref(), &clock, life);
    if reporting.is_some() && logs.intake.is_none() && logs.mediation.is_none() {
        let why = "neither intake nor mediation runs here, and no address is set";
        return Err(StartError::when("reporting has no log to follow")(why));
    }

    let mut server = Server::new(process.server, process.identity, fengqiao_proto::DESCRIPTOR, draining.clone());
    if let Some(feed) = feed {
        server = server.with(feed.service());
    }
    if let Some(intake) = intake {
        server = server.with(intake.service());
        life.spawn("intake book", intake.keep(logs.mediation.clone(), closing.clone()));
    }
    if let Some(mediation) = mediation {
        server = server.with(mediation.service());
        life.spawn("mediation book", mediation.keep(logs.intake.clone(), closing.clone()));
    }
    if let Some(reporting) = reporting {
        server = server.with(reporting.service());
        life.spawn("reporting", reporting.keep(logs.intake, logs.mediation, clock, draining, closing));
    }
    Ok(server)
}

/// The feed of the logs written here, if there are any, and where everybody here finds each log.
fn feeds(
    elsewhere: &Logs,
    intake: Option<&Intake>,
    mediation: Option<&Mediation>,
    clock: &Arc<dyn Clock>,
    life: &Lifecycle,
) -> (Option<Feed>, Logs) {
    let mut feed = Feed::new(clock.clone(), life.draining());
    if let Some(intake) = intake {
        let (name, db, master) = intake.sealed_log();
        feed = feed.with_sealed_log(name, db, master);
    }
    if let Some(mediation) = mediation {
        let (name, db) = mediation.log();
        feed = feed.with_log(name, db);
    }
    let here = |runs: bool| runs.then(|| Source::InProcess(feed.clone()));
    let logs = Logs {
        intake: elsewhere.intake.clone().or_else(|| here(intake.is_some())),
        mediation: elsewhere.mediation.clone().or_else(|| here(mediation.is_some())),
    };
    let any = intake.is_some() || mediation.is_some();
    (any.then_some(feed), logs)
}
