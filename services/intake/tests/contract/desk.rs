//! A desk: an open case book, served in process, with a clock of its own and callers of every kind.

use crate::asks;
use fengqiao_intake::{BookSettings, Intake, IntakeApi, domain::Places};
use fengqiao_model::{Caller, Day, ManualClock, Role};
use fengqiao_proto::intake::v1::{
    self as pb, intake_service_client::IntakeServiceClient, intake_service_server::IntakeServiceServer,
};
use fengqiao_service::{Peer, Secret, errors};
use fengqiao_store::{Db, Location, Policy, log};
use prost::Message;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio_util::sync::CancellationToken;
use tonic::{
    Code, Request, Response, Status,
    service::{Interceptor, interceptor::InterceptedService},
};

/// The day on which the desks of most tests open: a Monday.
pub const TODAY: &str = "2026-03-02";
/// The office of most callers.
pub const OFFICE: &str = "信访局";
/// The master key of every desk.
pub const MASTER: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// Calls the service as somebody.
pub type Client = IntakeServiceClient<InterceptedService<IntakeServiceServer<IntakeApi>, Identified>>;

/// Puts the caller where the server's identity would.
#[derive(Clone)]
pub struct Identified(Option<Caller>, Option<IpAddr>);

impl Interceptor for Identified {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(caller) = &self.0 {
            request.extensions_mut().insert(caller.clone());
        }
        if let Some(address) = self.1 {
            request.extensions_mut().insert(Peer(address));
        }
        Ok(request)
    }
}

/// An open book.
pub struct Desk {
    pub intake: Intake,
    pub db: Db,
    pub clock: ManualClock,
    pub draining: CancellationToken,
    addresses: AtomicU32,
}

/// A caller of the whole book.
pub fn caller(id: &str, roles: &[Role]) -> Caller {
    Caller { id: id.parse().unwrap(), unit: OFFICE.parse().unwrap(), division: None, roles: roles.to_vec() }
}

/// A clerk of the whole book.
pub fn clerk(id: &str) -> Caller {
    caller(id, &[Role::Clerk])
}

/// Nine in the morning, China time.
fn morning(day: &str) -> ManualClock {
    ManualClock::new(nine(day))
}

fn nine(day: &str) -> fengqiao_model::Instant {
    let begins = day.parse::<Day>().unwrap().begins();
    fengqiao_model::Instant(begins.0 + 9 * 3_600_000_000)
}

impl Desk {
    /// Opens the book at this place on [`TODAY`].
    pub async fn open(location: &Location) -> Self {
        Self::open_on(location, TODAY).await
    }

    /// Opens the book at this place on a day.
    pub async fn open_on(location: &Location, day: &str) -> Self {
        Self::open_with(location, day, Places::default()).await
    }

    /// Opens the book at this place on a day, with divisions of the office's own.
    pub async fn open_with(location: &Location, day: &str, places: Places) -> Self {
        let settings = BookSettings {
            location: location.clone(),
            master_key: Some(Secret::new(MASTER)),
            master_key_file: "/nowhere/master.key".into(),
            policy: Policy::EmptyOnly,
            days_back: 30,
            law: fengqiao_intake::domain::Law::shipped(),
            places,
            look_up_days: 730,
        };
        let (clock, draining) = (morning(day), CancellationToken::new());
        let intake = Intake::open(&settings, Arc::new(clock.clone()), draining.clone()).await.unwrap();
        Self { db: intake.log().1, intake, clock, draining, addresses: AtomicU32::new(1) }
    }

    /// Moves the clock to nine o'clock of a later day.
    pub fn next(&self, day: &str) {
        self.clock.advance_to(nine(day));
    }

    /// Calls as this caller.
    pub fn by(&self, caller: Caller) -> Client {
        self.client(Some(caller), None)
    }

    /// Calls without an identity.
    pub fn by_nobody(&self) -> Client {
        self.client(None, None)
    }

    fn client(&self, caller: Option<Caller>, from: Option<IpAddr>) -> Client {
        IntakeServiceClient::new(InterceptedService::new(self.intake.service(), Identified(caller, from)))
    }

    /// The clerk at the desk.
    pub fn clerk(&self) -> Client {
        self.by(clerk("clerk-1"))
    }

    /// The head of the office.
    pub fn head(&self) -> Client {
        self.by(caller("head-1", &[Role::Head]))
    }

    /// A petitioner's window, each time from another address.
    pub fn window(&self) -> Client {
        let next = self.addresses.fetch_add(1, Ordering::Relaxed);
        self.window_at(Ipv4Addr::from(0x0a00_0000 + next).into())
    }

    /// A petitioner's window at an address.
    pub fn window_at(&self, from: IpAddr) -> Client {
        self.client(Some(caller("window", &[Role::Public])), Some(from))
    }

    /// Who looks at how the service is used.
    pub fn auditor(&self) -> Client {
        self.by(caller("auditor-1", &[Role::Auditor]))
    }

    /// Logs a petition as the clerk.
    pub async fn log(&self, petition: pb::NewPetition) -> pb::LogPetitionResponse {
        self.clerk().log_petition(asks::log(petition)).await.unwrap().into_inner()
    }

    /// Logs an ordinary appeal and gives it.
    pub async fn appeal(&self) -> pb::Petition {
        self.log(asks::appeal()).await.petition.unwrap()
    }

    /// Logs an ordinary appeal and accepts it today.
    pub async fn accepted(&self) -> pb::Petition {
        let petition = self.appeal().await;
        self.clerk().accept_petition(asks::accept(&petition)).await.unwrap().into_inner().petition.unwrap()
    }

    /// Everything about a petition, as the clerk reads it.
    pub async fn get(&self, id: &str) -> pb::Petition {
        let request = pb::GetPetitionRequest { petition_id: id.to_owned(), ..Default::default() };
        self.clerk().get_petition(request).await.unwrap().into_inner().petition.unwrap()
    }

    /// Imports rows into the ledger "台账" as the clerk.
    pub async fn import(&self, columns: &[&str], rows: &[&[&str]]) -> pb::ImportPetitionsResponse {
        let request = pb::ImportPetitionBatchRequest { batch: Some(asks::rows(columns, rows)) };
        self.clerk().import_petition_batch(request).await.unwrap().into_inner().result.unwrap()
    }

    /// The imported petition with this reference in the ledger "台账".
    pub async fn imported(&self, external_ref: &str) -> pb::Petition {
        let request = pb::GetPetitionRequest {
            external_ref: external_ref.to_owned(),
            ledger: asks::LEDGER.to_owned(),
            ..Default::default()
        };
        self.clerk().get_petition(request).await.unwrap().into_inner().petition.unwrap()
    }

    /// The last position of the log.
    pub async fn position(&self) -> i64 {
        log::head(&self.db).await.unwrap().position
    }

    /// What a check of the book finds.
    pub async fn differences(&self) -> Vec<String> {
        fengqiao_intake::verify_book(&self.db).await.unwrap().differences
    }

    /// Closes the book, so that it can be opened again.
    pub async fn close(self) {
        let Self { intake, db, .. } = self;
        drop(intake);
        db.close().await;
    }
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

/// The petition of an answer to a change.
macro_rules! after {
    ($client:expr, $call:ident, $request:expr) => {
        $client.$call($request).await.unwrap().into_inner().petition.unwrap()
    };
}
pub(crate) use after;

/// What the petitioner's window shows.
pub async fn look_up_status(desk: &Desk, number: &str, code: &str) -> pb::LookUpStatusResponse {
    desk.window().look_up_status(asks::look_up(number, code)).await.unwrap().into_inner()
}
