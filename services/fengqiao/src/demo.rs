//! `fengqiao demo`: a made-up county's petition office and mediation bodies over a year, in a temporary directory, on a clock played forward. Every
//! step is a real call to the real services over a socket; only the clock and the people are invented.

mod cases;
mod county;
mod desk;
mod quarrel;
mod tell;
mod year;

use crate::{
    cli::{DemoArgs, Language},
    house::{self, Rooms},
};
use anyhow::Context as _;
use desk::Desk;
use fengqiao_intake::BookSettings;
use fengqiao_model::{Clock, Day, ManualClock};
use fengqiao_reporting::ReportingSettings;
use fengqiao_service::{Lifecycle, Map, PREFIX, Process, Settings};
use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Instant};

/// The year of the report.
const YEAR: i16 = 2024;
/// The clock begins a month earlier, so that the year opens with items carried in.
const FIRST_DAY: &str = "2023-12-01";

/// Does `fengqiao demo`.
pub async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let data = tempfile::tempdir().context("cannot make a temporary directory")?;
    let first: Day = FIRST_DAY.parse()?;
    let clock = ManualClock::new(county::office_opens(first));
    let (life, address, running) = start(data.path(), args.serve, clock.clone()).await?;
    let stop = life.stop();

    let began = Instant::now();
    let mut desk = Desk::new(address)?;
    let told = async {
        let played = year::play(&mut desk, &clock, first).await?;
        let (report, before) = (desk.report(YEAR).await?, desk.report(YEAR - 1).await?);
        let took = began.elapsed();
        tell::story(&mut desk, args.lang, &played, &report, &before, took).await
    }
    .await;
    if args.serve && told.is_ok() {
        tell::going_on(args.lang, address, clock.now().day());
    } else {
        stop.cancel();
    }
    let code = running.await?;
    told?;
    Ok(code)
}

/// Starts intake and reporting over the directory; gives the address they answer on.
async fn start(
    data: &std::path::Path,
    stay: bool,
    clock: ManualClock,
) -> anyhow::Result<(Lifecycle, SocketAddr, tokio::task::JoinHandle<ExitCode>)> {
    let lookup = Map::from([
        (format!("{PREFIX}DATA"), data.to_string_lossy().into_owned()),
        (format!("{PREFIX}LOG"), "warn".to_owned()),
        (format!("{PREFIX}LISTEN"), if stay { "127.0.0.1:7310" } else { "127.0.0.1:0" }.to_owned()),
    ]);
    let mut settings = Settings::new(&lookup, PREFIX);
    let process = Process::read(&mut settings, SocketAddr::from(([127, 0, 0, 1], 0)));
    let rooms = Rooms {
        intake: Some(BookSettings::read(&mut settings)),
        mediation: Some(fengqiao_mediation::BookSettings::read(&mut settings)),
        reporting: Some(ReportingSettings::read(&mut settings)),
        ..Default::default()
    };
    settings.finish()?;
    process.telemetry.start();
    let listener = process.listen().await?;
    let address = listener.local_addr()?;
    let life = Lifecycle::new(process.server.grace);
    let server = house::open(rooms, process, Arc::new(clock), &life).await?;
    let (running, stop) = (life.clone(), life.stop());
    let running = tokio::spawn(async move { running.run_until_stopped(server.run(listener, stop)).await });
    Ok((life, address, running))
}

/// Whether the narration is in Chinese.
fn chinese(language: Language) -> bool {
    language == Language::Zh
}
