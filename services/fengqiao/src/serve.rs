//! `fengqiao serve`: any of the services in this process, on one port, until it is told to stop.

use crate::{
    cli::{ServeArgs, Service},
    house::{self, Logs, Rooms},
};
use fengqiao_feed::feed_source;
use fengqiao_model::SystemClock;
use fengqiao_reporting::ReportingSettings;
use fengqiao_service::{Lifecycle, Map, PREFIX, Problem, Process, Settings, StartError, log_panics, ready, sources};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::ExitCode,
    sync::Arc,
};

/// Where it listens when nothing says so.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7310);

/// Does `fengqiao serve`.
pub async fn run(args: ServeArgs) -> anyhow::Result<ExitCode> {
    log_panics();
    Ok(serve(&args).await.unwrap_or_else(|problem| problem.report()))
}

async fn serve(args: &ServeArgs) -> Result<ExitCode, StartError> {
    let lookup = sources(flags(args))?;
    let mut settings = Settings::new(&lookup, PREFIX);
    let process = Process::read(&mut settings, LISTEN);
    let petitions = fengqiao_intake::BookSettings::read(&mut settings);
    let cases = fengqiao_mediation::BookSettings::read(&mut settings);
    let figures = ReportingSettings::read(&mut settings);
    let elsewhere =
        Logs { intake: feed_source(&mut settings, "INTAKE_FEED"), mediation: feed_source(&mut settings, "MEDIATION_FEED") };
    let runs = |service| args.services.contains(&service);
    let logs = runs(Service::Intake) || runs(Service::Mediation) || elsewhere.intake.is_some() || elsewhere.mediation.is_some();
    if runs(Service::Reporting) && !logs {
        let problem = "must say where intake is, or MEDIATION_FEED where mediation is, because neither runs in this process";
        settings.report(Problem::new("INTAKE_FEED", problem));
    }
    settings.finish()?;
    process.telemetry.start();
    let listener = process.listen().await?;
    let life = Lifecycle::new(process.server.grace);
    let rooms = Rooms {
        intake: runs(Service::Intake).then_some(petitions),
        mediation: runs(Service::Mediation).then_some(cases),
        reporting: runs(Service::Reporting).then_some(figures),
        elsewhere,
    };
    let server = house::open(rooms, process, Arc::new(SystemClock), &life).await?;
    let names: Vec<&str> = args.services.iter().map(|service| service.name()).collect();
    ready(&listener, &names.join(", "));
    let stop = life.stop();
    Ok(life.run_until_stopped(server.run(listener, stop)).await)
}

/// What the command line says, under the names of the settings: it goes before the environment.
fn flags(args: &ServeArgs) -> Map {
    let mut flags = Map::default();
    if let Some(file) = &args.settings {
        flags.set("FENGQIAO_SETTINGS", file.to_string_lossy());
    }
    if let Some(directory) = &args.data {
        flags.set("FENGQIAO_DATA", directory.to_string_lossy());
    }
    if let Some(address) = &args.listen {
        flags.set("FENGQIAO_LISTEN", address.to_string());
    }
    if let Some(url) = &args.database {
        flags.set("FENGQIAO_DATABASE", url);
    }
    if let Some(url) = &args.intake_feed {
        flags.set("FENGQIAO_INTAKE_FEED", url);
    }
    if let Some(url) = &args.mediation_feed {
        flags.set("FENGQIAO_MEDIATION_FEED", url);
    }
    if let Some(file) = &args.identity {
        flags.set("FENGQIAO_IDENTITY_TOKENS", file.to_string_lossy());
    }
    if args.migrate {
        flags.set("FENGQIAO_MIGRATE", "true");
    }
    flags
}
