//! A reporting service on a fresh database, fed from a log in memory, asked through its own gRPC service.

pub use fengqiao_feed::{FollowState, FollowStatus, Follower};
pub use fengqiao_model::{ActorId, Caller, Clock, Day, DivisionCode, Instant, ManualClock, Role};
pub use fengqiao_proto::{
    common::v1::ClockTerms,
    feed::v1::Event,
    intake::v1::{
        ExtensionDecided, LedgerFacts, OpinionIssued, PetitionAccepted, PetitionImported, PetitionRegistered, PetitionVoided,
    },
    reporting::v1::{
        Dimension, ExplainFigureRequest, Figure, GetAnnualReportRequest, GetAnnualReportResponse, GetFreshnessRequest, Indicator,
        ListIndicatorsRequest, QueryFiguresRequest, reporting_service_client::ReportingServiceClient,
    },
};
pub use fengqiao_reporting::{MIGRATIONS, Reporting, stuck, verify, verify_facts};
pub use fengqiao_store::{Cursor, Db, log, on};
pub use fengqiao_testkit::{assert_golden, on_each_engine, schema_summary};
pub use prost::Message;
pub use std::{sync::Arc, time::Duration};
pub use tonic::{Code, Request, Status};

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn now_is(text: &str) -> ManualClock {
    ManualClock::new(Instant(day(text).begins().0 + 12 * 3_600_000_000))
}

pub async fn open(db: &Db, clock: &ManualClock) -> Reporting {
    Reporting::open(db.clone(), Arc::new(clock.clone())).await.unwrap()
}

pub fn asked_by<T>(message: T, roles: &[Role], division: Option<&str>) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(Caller {
        id: "tester".parse::<ActorId>().unwrap(),
        unit: "office".parse().unwrap(),
        division: division.map(|code| code.parse::<DivisionCode>().unwrap()),
        roles: roles.to_vec(),
    });
    request
}

pub fn asked<T>(message: T) -> Request<T> {
    asked_by(message, &[Role::Reporter], None)
}

/// A log in memory, fed to the follower in batches.
#[derive(Default)]
pub struct Log {
    pub events: Vec<Event>,
    applied: usize,
    /// Of mediation; else of intake.
    of_mediation: bool,
}

impl Log {
    pub fn of_mediation() -> Log {
        Log { of_mediation: true, ..Log::default() }
    }

    pub fn push(&mut self, aggregate: &str, kind: &str, known_on: &str, message: &impl Message) {
        let position = self.events.len() as i64 + 1;
        self.events.push(Event {
            position,
            aggregate_id: aggregate.to_owned(),
            version: 1,
            kind: kind.to_owned(),
            known_on: known_on.to_owned(),
            occurred_on: known_on.to_owned(),
            recorded_us: day(known_on).begins().0,
            open: message.encode_to_vec(),
            ..Event::default()
        });
    }

    pub async fn feed(&mut self, reporting: &Reporting, batch: usize) {
        let follower = if self.of_mediation { reporting.mediation_follower() } else { reporting.intake_follower() };
        while self.applied < self.events.len() {
            let end = (self.applied + batch).min(self.events.len());
            let to = self.cursor(end as i64);
            follower.apply(&self.events[self.applied..end], &[], self.applied as i64, &to).await.unwrap();
            self.applied = end;
        }
    }

    pub fn cursor(&self, position: i64) -> Cursor {
        Cursor { log_id: "test".to_owned(), position, hash: vec![7; 32], recorded_at: Instant(position) }
    }
}

pub async fn report(reporting: &Reporting, year: i32, division: &str, as_of: &str) -> GetAnnualReportResponse {
    let mut client = ReportingServiceClient::new(reporting.service());
    let request = GetAnnualReportRequest { year, division_code: division.to_owned(), as_of: as_of.to_owned() };
    client.get_annual_report(asked(request)).await.unwrap().into_inner()
}

pub fn count_of(report: &GetAnnualReportResponse, id: &str) -> i64 {
    report.figures.iter().find(|f| f.id == id && f.dims.is_empty()).unwrap().count.unwrap()
}

pub async fn assert_consistent(db: &Db) {
    assert_eq!(verify(db).await.unwrap(), []);
}

pub fn terms(kpi: &str, legal: &str) -> Option<ClockTerms> {
    Some(ClockTerms { kpi_due: kpi.to_owned(), legal_due: legal.to_owned(), ..ClockTerms::default() })
}

/// One petition's life at a desk: registered, accepted, extended after its due day, answered; another is voided.
pub fn desk() -> Log {
    let mut log = Log::default();
    let registered = |number: &str, on: &str| PetitionRegistered {
        number: number.to_owned(),
        division_code: "320831106201".to_owned(),
        channel: "visit".to_owned(),
        matter_class: "appeal".to_owned(),
        person_count: 3,
        registered_on: on.to_owned(),
        first_action: terms("2024-01-17", "2024-01-17"),
        ..PetitionRegistered::default()
    };
    log.push("01", "petition.registered", "2024-01-02", &registered("N1", "2024-01-02"));
    log.push("02", "petition.registered", "2024-01-03", &registered("N2", "2024-01-03"));
    let accepted = PetitionAccepted {
        accepted_on: "2024-01-10".to_owned(),
        responsible_unit: "Housing".to_owned(),
        handling: terms("2024-03-10", "2024-03-11"),
        ..PetitionAccepted::default()
    };
    log.push("01", "petition.accepted", "2024-01-10", &accepted);
    let voided = PetitionVoided { voided_on: "2024-02-20".to_owned(), ..PetitionVoided::default() };
    log.push("02", "petition.voided", "2024-02-20", &voided);
    let extended = ExtensionDecided {
        decided_on: "2024-03-15".to_owned(),
        granted: true,
        handling: terms("2024-04-09", "2024-04-09"),
        ..Default::default()
    };
    log.push("01", "petition.extension_decided", "2024-03-15", &extended);
    let opinion = OpinionIssued { issued_on: "2024-04-08".to_owned(), ..OpinionIssued::default() };
    log.push("01", "petition.opinion_issued", "2024-04-12", &opinion);
    log
}

pub async fn dump(db: &Db) -> Vec<String> {
    const SQL: [&str; 4] = [
        "SELECT id, number || '|' || external_ref || '|' || division || '|' || known_from || '|' || image FROM fact ORDER BY id",
        "SELECT id || known_from, known_to || '|' || image FROM fact_past ORDER BY id, known_from",
        "SELECT log || kind, reason FROM stuck ORDER BY log, position",
        "SELECT source, log_id FROM cursor ORDER BY source",
    ];
    const ROLL: &str = "SELECT node || '|' || bucket_kind || '|' || sheet || '|' || member, bucket, basis_year, amounts FROM roll \
                        ORDER BY level, node, bucket_kind, bucket, sheet, member, basis_year";
    let mut all = Vec::new();
    for sql in SQL {
        let rows: Vec<(String, String)> = on!(read db, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        all.extend(rows.into_iter().map(|(a, b)| format!("{a} {b}")));
    }
    let rows: Vec<(String, i64, i64, Vec<u8>)> = on!(read db, c => sqlx::query_as(ROLL).fetch_all(c).await).unwrap();
    all.extend(rows.into_iter().map(|row| format!("{row:?}")));
    all
}

pub async fn forget_all(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    for sql in ["DELETE FROM fact", "DELETE FROM fact_past", "DELETE FROM stuck", "DELETE FROM roll", "DELETE FROM cursor"] {
        on!(tx tx, c => sqlx::query(sql).execute(c).await.map(drop)).unwrap();
    }
    tx.commit().await.unwrap();
}

/// What a place named in a test report must show.
pub fn rate(figures: &[Figure], id: &str) -> (i64, i64) {
    let figure = figures.iter().find(|f| f.id == id && f.dims.is_empty()).unwrap();
    assert_eq!(figure.count, None);
    (figure.numerator.unwrap(), figure.denominator.unwrap())
}

pub async fn explained(reporting: &Reporting, request: &ExplainFigureRequest) -> (i64, Vec<String>) {
    let mut client = ReportingServiceClient::new(reporting.service());
    let (mut sum, mut numbers, mut request) = (0, Vec::new(), request.clone());
    loop {
        let page = client.explain_figure(asked(request.clone())).await.unwrap().into_inner();
        assert!(page.items.len() <= request.page_size as usize);
        sum += page.items.iter().map(|item| item.amount).sum::<i64>();
        numbers.extend(page.items.into_iter().map(|item| item.number));
        if page.next_page_token.is_empty() {
            return (sum, numbers);
        }
        request.page_token = page.next_page_token;
    }
}

pub async fn refused(reporting: &Reporting, request: Request<GetAnnualReportRequest>) -> Status {
    ReportingServiceClient::new(reporting.service()).get_annual_report(request).await.unwrap_err()
}
