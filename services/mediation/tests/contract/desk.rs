//! A desk: an open case book with the bodies of a small county, served in process, with a clock of its own and callers of every kind.

use crate::{asks, county};
use fengqiao_mediation::{BookSettings, Mediation, MediationApi};
use fengqiao_model::{Caller, Day, ManualClock, Role};
use fengqiao_proto::mediation::v1::{
    self as pb, mediation_service_client::MediationServiceClient, mediation_service_server::MediationServiceServer,
};
use fengqiao_service::{Secret, errors};
use fengqiao_store::{Db, Location, Policy, log};
use prost::Message;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tonic::{
    Code, Request, Response, Status,
    service::{Interceptor, interceptor::InterceptedService},
};

/// The case of an answer to a change.
macro_rules! after {
    ($client:expr, $call:ident, $request:expr) => {
        $client.$call($request).await.unwrap().into_inner().case.unwrap()
    };
}
pub(crate) use after;

/// The dispute of an answer to a change.
macro_rules! dispute_after {
    ($client:expr, $call:ident, $request:expr) => {
        $client.$call($request).await.unwrap().into_inner().dispute.unwrap()
    };
}
pub(crate) use dispute_after;

/// The day on which the desks of most tests open: a Monday.
pub const TODAY: &str = "2026-03-02";
/// The centre that coordinates.
pub const CENTRE: &str = "矛调中心";
/// The master key of every desk.
pub const MASTER: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// Calls the service as somebody.
pub type Client = MediationServiceClient<InterceptedService<MediationServiceServer<MediationApi>, Identified>>;

/// Puts the caller where the server's identity would.
#[derive(Clone)]
pub struct Identified(Option<Caller>);

impl Interceptor for Identified {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(caller) = &self.0 {
            request.extensions_mut().insert(caller.clone());
        }
        Ok(request)
    }
}

/// An open book.
pub struct Desk {
    pub mediation: Mediation,
    pub db: Db,
    pub clock: ManualClock,
    pub draining: CancellationToken,
}

/// A caller of the whole book.
pub fn caller(id: &str, unit: &str, role: Role) -> Caller {
    Caller { id: id.parse().unwrap(), unit: unit.parse().unwrap(), division: None, roles: vec![role] }
}

/// A coordinator of the centre.
pub fn coordinator(id: &str) -> Caller {
    caller(id, CENTRE, Role::Coordinator)
}

fn nine(day: &str) -> fengqiao_model::Instant {
    let begins = day.parse::<Day>().unwrap().begins();
    fengqiao_model::Instant(begins.0 + 9 * 3_600_000_000)
}

impl Desk {
    /// Opens a book with the bodies of the county at this place on [`TODAY`].
    pub async fn open(location: &Location) -> Self {
        Self::open_on(location, TODAY).await
    }

    /// Opens a book with the bodies of the county on a day.
    pub async fn open_on(location: &Location, day: &str) -> Self {
        let desk = Self::empty(location, day).await;
        for body in county::bodies() {
            desk.coordinator().register_body(asks::register(body)).await.unwrap();
        }
        desk
    }

    /// Opens the book at this place as it is.
    pub async fn empty(location: &Location, day: &str) -> Self {
        let settings = BookSettings {
            location: location.clone(),
            master_key: Some(Secret::new(MASTER)),
            master_key_file: "/nowhere/master.key".into(),
            policy: Policy::EmptyOnly,
            days_back: 30,
        };
        let (clock, draining) = (ManualClock::new(nine(day)), CancellationToken::new());
        let mediation = Mediation::open(&settings, Arc::new(clock.clone()), draining.clone()).await.unwrap();
        Self { db: mediation.log().1, mediation, clock, draining }
    }

    /// Moves the clock to nine o'clock of a later day.
    pub fn next(&self, day: &str) {
        self.clock.advance_to(nine(day));
    }

    /// Calls as this caller.
    pub fn by(&self, caller: Caller) -> Client {
        self.client(Some(caller))
    }

    /// Calls without an identity.
    pub fn by_nobody(&self) -> Client {
        self.client(None)
    }

    fn client(&self, caller: Option<Caller>) -> Client {
        MediationServiceClient::new(InterceptedService::new(self.mediation.service(), Identified(caller)))
    }

    /// The coordinator of the county.
    pub fn coordinator(&self) -> Client {
        self.by(coordinator("coord-1"))
    }

    /// A mediator of this body.
    pub fn at(&self, body: &str) -> Client {
        self.by(caller(&format!("med-{body}"), body, Role::Mediator))
    }

    /// A window that may do nothing here.
    pub fn window(&self) -> Client {
        self.by(caller("window", CENTRE, Role::Public))
    }

    /// Logs a dispute as the coordinator and gives its case.
    pub async fn opened(&self, dispute: pb::NewDispute) -> pb::Case {
        self.coordinator().open_case(asks::open(dispute)).await.unwrap().into_inner().case.unwrap()
    }

    /// Logs an ordinary quarrel and dispatches it to a body.
    pub async fn dispatched(&self, body: &str) -> pb::Case {
        let case = self.opened(asks::quarrel()).await;
        after!(self.coordinator(), dispatch_case, asks::dispatch_to(&case, body))
    }

    /// Logs an ordinary quarrel, which a body takes today.
    pub async fn taken(&self, body: &str) -> pb::Case {
        let case = self.dispatched(body).await;
        after!(self.at(body), take_case, asks::take(&case))
    }

    /// Logs an ordinary quarrel, which a body settles today with an agreement in writing of 20,000 yuan.
    pub async fn agreed(&self, body: &str) -> pb::Case {
        let case = self.taken(body).await;
        after!(self.at(body), conclude_case, asks::agree(&case))
    }

    /// Everything about a case, as the coordinator reads it.
    pub async fn get(&self, id: &str) -> pb::Case {
        let request = pb::GetCaseRequest { case_id: id.to_owned(), ..Default::default() };
        self.coordinator().get_case(request).await.unwrap().into_inner().case.unwrap()
    }

    /// Everything about a dispute, as the coordinator reads it.
    pub async fn dispute(&self, id: &str) -> pb::Dispute {
        let request = pb::GetDisputeRequest { dispute_id: id.to_owned(), ..Default::default() };
        self.coordinator().get_dispute(request).await.unwrap().into_inner().dispute.unwrap()
    }

    /// A body as it stands.
    pub async fn body(&self, code: &str) -> pb::Body {
        self.coordinator().get_body(pb::GetBodyRequest { code: code.to_owned() }).await.unwrap().into_inner().body.unwrap()
    }

    /// Imports rows into the ledger "台账" as the coordinator.
    pub async fn import(&self, columns: &[&str], rows: &[&[&str]]) -> pb::ImportCasesResponse {
        let request = pb::ImportCaseBatchRequest { batch: Some(asks::rows(columns, rows)) };
        self.coordinator().import_case_batch(request).await.unwrap().into_inner().result.unwrap()
    }

    /// The imported case with this reference in the ledger "台账".
    pub async fn imported(&self, external_ref: &str) -> pb::Case {
        let request = pb::GetCaseRequest {
            external_ref: external_ref.to_owned(),
            ledger: asks::LEDGER.to_owned(),
            ..Default::default()
        };
        self.coordinator().get_case(request).await.unwrap().into_inner().case.unwrap()
    }

    /// The last position of the log.
    pub async fn position(&self) -> i64 {
        log::head(&self.db).await.unwrap().position
    }

    /// What a check of the book finds.
    pub async fn differences(&self) -> Vec<String> {
        fengqiao_mediation::verify_book(&self.db).await.unwrap().differences
    }

    /// Closes the book, so that it can be opened again.
    pub async fn close(self) {
        let Self { mediation, db, .. } = self;
        drop(mediation);
        db.close().await;
    }
}

/// The facts of a case.
pub fn facts(case: &pb::Case) -> &pb::CaseFacts {
    case.facts.as_ref().unwrap()
}

/// The milestones of the case's dispute, in short.
pub fn milestones(dispute: &pb::DisputeFacts) -> Vec<String> {
    let short = |m: &pb::Milestone| format!("{} {} {}{}", m.on, m.what, m.force, if m.resolved { " resolved" } else { "" });
    dispute.milestones.iter().map(short).collect()
}

/// What a refused call says.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: Code,
    pub reason: String,
    pub message: String,
    pub fields: Vec<(String, String)>,
}

#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(message, repeated, tag = "3")]
    details: Vec<prost_types::Any>,
}

#[derive(Clone, PartialEq, Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
}

#[derive(Clone, PartialEq, Message)]
struct BadRequest {
    #[prost(message, repeated, tag = "1")]
    violations: Vec<Violation>,
}

#[derive(Clone, PartialEq, Message)]
struct Violation {
    #[prost(string, tag = "1")]
    field: String,
    #[prost(string, tag = "2")]
    description: String,
}

/// Reads a status as a client of another language would. Panics when a detail that every error has to carry is not there.
pub fn fault(status: &Status) -> Fault {
    let details = RpcStatus::decode(status.details()).unwrap().details;
    let of = |kind: &str| details.iter().find(|any| any.type_url.ends_with(kind)).map(|any| any.value.as_slice());
    let info = ErrorInfo::decode(of("google.rpc.ErrorInfo").unwrap_or_else(|| panic!("no ErrorInfo in {status:?}"))).unwrap();
    assert_eq!(info.domain, "fengqiao");
    assert_eq!(errors::reason(status).as_deref(), Some(info.reason.as_str()));
    let violations = of("google.rpc.BadRequest").map(|bytes| BadRequest::decode(bytes).unwrap().violations).unwrap_or_default();
    assert_eq!(status.code() == Code::InvalidArgument, !violations.is_empty(), "exactly a wrong field is named: {status:?}");
    Fault {
        code: status.code(),
        reason: info.reason,
        message: status.message().to_owned(),
        fields: violations.into_iter().map(|v| (v.field, v.description)).collect(),
    }
}

/// What a call that has to be refused says.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> Fault {
    fault(&answer.expect_err("has to be refused"))
}

/// The reason of a call that has to be refused.
#[track_caller]
pub fn reason<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> String {
    refused(answer).reason
}

/// The field at fault of a call that has to be refused for one field.
#[track_caller]
pub fn field<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> (String, String) {
    let mut fault = refused(answer);
    assert_eq!(fault.fields.len(), 1, "{fault:?}");
    fault.fields.remove(0)
}
