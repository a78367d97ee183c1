//! Three services as three processes on one PostgreSQL: a mixed load of petitions, routed petitions and disputes, while each of them is
//! killed at random moments and started again. Nothing acknowledged is lost, nothing is there twice, every book is sound, everyone has
//! caught up, and the figures are those of one process over the same books.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_proto::{
    intake::v1::{self as intake, AcceptPetitionRequest, LogPetitionRequest, RouteToMediationRequest},
    mediation::v1::{self as pb, Force},
};
use fengqiao_tests::{
    Desk, Place, Report, Room, SOON, Server, World, dispute, eventually, ledger::Dice, named, on_engine, petition, request_id,
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tonic::{Code, Status};

const SERVICES: [&str; 3] = ["intake", "mediation", "reporting"];

/// Whether a call may have been cut off, and has to be made again; panics when a good call was refused.
fn cut_off(status: &Status) -> bool {
    let cut = match status.code() {
        Code::Unavailable | Code::Unknown | Code::Cancelled => true,
        // What tonic makes of a connection that breaks in the middle of an answer; an error of the server's own names its call.
        Code::Internal => status.metadata().get("x-request-id").is_none(),
        _ => false,
    };
    assert!(cut, "a good call was refused: {status:?}");
    cut
}

/// Repeats a call under its own request id until the server says what became of it; leaves the function at the stop.
macro_rules! answered {
    ($stop:ident, $call:expr) => {
        loop {
            match $call.await {
                Ok(answer) => break answer.into_inner(),
                Err(status) => {
                    if cut_off(&status) && $stop.load(Ordering::Relaxed) {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    };
}

/// What was acknowledged.
#[derive(Default)]
struct Known {
    petitions: BTreeSet<String>,
    routed: BTreeSet<String>,
    disputes: BTreeSet<String>,
    agreed: BTreeSet<String>,
}

/// A petition office that logs, accepts, and routes every second petition to mediation.
async fn office(url: String, desk: usize, known: Arc<Mutex<Known>>, done: Arc<AtomicUsize>, stop: Arc<AtomicBool>) {
    let mut at = Desk::at(&url);
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let new = petition("反映邻家排水", &format!("{desk}-{n}"));
        let log = LogPetitionRequest { request_id: request_id().to_string(), petition: Some(new), ..Default::default() };
        let logged = answered!(stop, at.intake.log_petition(log.clone()));
        let logged = logged.petition.unwrap();
        known.lock().unwrap().petitions.insert(logged.id.clone());
        done.fetch_add(1, Ordering::Relaxed);
        if n % 2 == 1 {
            continue;
        }
        let (petition_id, request) = (logged.id.clone(), request_id().to_string());
        let accept = AcceptPetitionRequest { request_id: request, petition_id, etag: logged.etag, ..Default::default() };
        let accepted = answered!(stop, at.intake.accept_petition(accept.clone()));
        let route = RouteToMediationRequest {
            request_id: request_id().to_string(),
            petition_id: logged.id.clone(),
            etag: accepted.petition.unwrap().etag,
            dispute_type: "T02".to_owned(),
            applicant_consents: true,
            respondent_consents: true,
            respondents: vec![intake::Party { name: "被反映人".to_owned(), ..Default::default() }],
            ..Default::default()
        };
        answered!(stop, at.intake.route_to_mediation(route.clone()));
        known.lock().unwrap().routed.insert(logged.id);
    }
}

/// A room that logs, dispatches, takes and agrees.
async fn room(url: String, known: Arc<Mutex<Known>>, done: Arc<AtomicUsize>, stop: Arc<AtomicBool>) {
    let mut at = Room::at(&url);
    while !stop.load(Ordering::Relaxed) {
        let open = pb::OpenCaseRequest {
            request_id: request_id().to_string(),
            dispute: Some(dispute("T02", "320831101")),
            ..Default::default()
        };
        let opened = answered!(stop, at.mediation.open_case(open.clone()));
        let case = opened.case.unwrap();
        known.lock().unwrap().disputes.insert(case.dispute_id.clone());
        done.fetch_add(1, Ordering::Relaxed);
        let (case_id, etag) = named(&case);
        let dispatch = pb::DispatchCaseRequest { request_id: request_id().to_string(), case_id, etag, ..Default::default() };
        let sent = answered!(stop, at.mediation.dispatch_case(dispatch.clone()));
        let (case_id, etag) = named(&sent.case.unwrap());
        let take = pb::TakeCaseRequest { request_id: request_id().to_string(), case_id, etag, ..Default::default() };
        let taken = answered!(stop, at.mediation.take_case(take.clone()));
        let (case_id, etag) = named(&taken.case.unwrap());
        let conclude = pb::ConcludeCaseRequest {
            request_id: request_id().to_string(),
            case_id: case_id.clone(),
            etag,
            outcome: "agreed".to_owned(),
            agreement_form: "oral".to_owned(),
            ..Default::default()
        };
        answered!(stop, at.mediation.conclude_case(conclude.clone()));
        known.lock().unwrap().agreed.insert(case_id);
    }
}

/// One of the three at an address, following the others.
async fn start(world: &World, place: &Place, name: &str, addresses: &[String; 3]) -> Server {
    let url = |at: usize| format!("http://{}", addresses[at]);
    let at = SERVICES.iter().position(|known| *known == name).unwrap();
    let launch = world.alone(name, place).env("FENGQIAO_LISTEN", &addresses[at]);
    let launch = match name {
        "intake" => launch.env("FENGQIAO_MEDIATION_FEED", url(1)),
        "mediation" => launch.env("FENGQIAO_INTAKE_FEED", url(0)),
        _ => launch.env("FENGQIAO_INTAKE_FEED", url(0)).env("FENGQIAO_MEDIATION_FEED", url(1)),
    };
    launch.start().await
}

/// Three addresses that are free now; the servers come back at them after each kill.
fn addresses() -> [String; 3] {
    let held: Vec<_> = (0..3).map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    std::array::from_fn(|at| held[at].local_addr().unwrap().to_string())
}

/// Everyone has followed everything, and nothing moves any more.
async fn all_caught_up(place: &Place) {
    eventually("everyone has caught up", SOON * 2, async || {
        let (intake, mediation) = (place.head_of("intake").await, place.head_of("mediation").await);
        let at = [
            place.followed_by("mediation", "intake").await,
            place.followed_by("intake", "mediation").await,
            place.followed_by("reporting", "intake").await,
            place.followed_by("reporting", "mediation").await,
        ];
        let still = (place.head_of("intake").await, place.head_of("mediation").await) == (intake, mediation);
        if still && at == [intake, mediation, intake, mediation] {
            Ok(())
        } else {
            Err(format!("{at:?} of {intake}, {mediation}"))
        }
    })
    .await;
}

async fn figures(world: &World, servers: &str) -> Report {
    let mut report = Report(world.run(servers, ["report", "annual", "--year", &this_year()]).await.done().json());
    report.0["lag_seconds"] = 0.into();
    report
}

fn this_year() -> String {
    use fengqiao_model::Clock as _;
    fengqiao_model::SystemClock.now().day().year().to_string()
}

on_engine! {
    Postgres;

    async fn each_of_three_is_killed_and_nothing_is_lost(world: &World) {
        let place = world.place();
        let addresses = addresses();
        let mut servers = Vec::new();
        for name in SERVICES {
            servers.push(start(world, place, name, &addresses).await);
        }
        let url = |at: usize| format!("http://{}", addresses[at]);
        Room::at(&url(1)).body("VILLAGE", Force::People, "320831101", &[], 0).await;

        let (known, done, stop) = (Arc::<Mutex<Known>>::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let mut load = Vec::new();
        for desk in 0..3 {
            load.push(tokio::spawn(office(url(0), desk, known.clone(), done.clone(), stop.clone())));
            load.push(tokio::spawn(room(url(1), known.clone(), done.clone(), stop.clone())));
        }
        let mut dice = Dice::new(831);
        for kill in 0..9 {
            let enough = done.load(Ordering::Relaxed) + 5 + usize::try_from(dice.below(60)).unwrap();
            eventually(&format!("{enough} are acknowledged"), SOON, async || {
                let so_far = done.load(Ordering::Relaxed);
                if so_far >= enough { Ok(()) } else { Err(so_far) }
            })
            .await;
            let victim = if kill < 3 { kill } else { usize::try_from(dice.below(3)).unwrap() };
            servers.remove(victim).kill().await;
            servers.insert(victim, start(world, place, SERVICES[victim], &addresses).await);
        }
        stop.store(true, Ordering::Relaxed);
        for desk in load {
            desk.await.unwrap();
        }
        all_caught_up(place).await;

        // Nothing lost, nothing twice: what was acknowledged is there; what was not may be there once.
        let known = std::mem::take(&mut *known.lock().unwrap());
        let petitions = Desk::at(&url(0)).all().await;
        let ids: BTreeSet<String> = petitions.iter().map(|petition| petition.id.clone()).collect();
        assert_eq!(ids.len(), petitions.len());
        assert!(known.petitions.is_subset(&ids) && petitions.len() <= known.petitions.len() + 3, "{} logged", petitions.len());
        let references: BTreeSet<&str> = petitions.iter().map(|petition| petition.external_ref.as_str()).collect();
        assert_eq!(references.len(), petitions.len(), "a petition was logged twice");
        let cases = Room::at(&url(1)).all().await;
        let disputes: BTreeSet<String> = cases.iter().map(|case| case.dispute_id.clone()).collect();
        assert_eq!(disputes.len(), cases.len());
        assert!(known.disputes.is_subset(&disputes));
        let from: Vec<&str> = cases.iter().map(|case| case.dispute.as_ref().unwrap().petition_id.as_str()).filter(|id| !id.is_empty()).collect();
        let routed: BTreeSet<String> = from.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(routed.len(), from.len(), "a petition was taken over twice");
        assert!(known.routed.is_subset(&routed) && known.routed.len() + 3 >= routed.len());
        let agreed: BTreeSet<String> =
            cases.iter().filter(|case| case.state() == pb::CaseState::Agreed).map(|case| named(case).0).collect();
        assert!(known.agreed.is_subset(&agreed));

        let servers_of = format!("intake={},mediation={},reporting={}", url(0), url(1), url(2));
        let three = figures(world, &servers_of).await;
        assert_eq!(three.total("petition.registered") as usize, petitions.len());
        assert_eq!(three.total("case.applied") as usize, cases.len());
        assert_eq!(three.total("dispute.concluded") as usize, agreed.len());
        for server in servers {
            server.stop().await;
        }
        world.verify(place).await.done();
        // One process over the same books says the same.
        let one = world.serve().await;
        assert_eq!(figures(world, &one.url()).await, three);
        one.stop().await;
        world.verify(place).await.done();
    }
}
