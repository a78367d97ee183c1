//! The people at the desks: a clerk and the head of the petition office, the coordinator of the mediation centre, the mediators of each
//! body, a report author; each with their own identity, calling the services over a socket.

use anyhow::Context as _;
use fengqiao_model::{IdSource, SystemClock};
use fengqiao_proto::{
    intake::v1::{self as intake, intake_service_client::IntakeServiceClient},
    mediation::v1::{self as mediation, mediation_service_client::MediationServiceClient},
    reporting::v1::{self as reporting, reporting_service_client::ReportingServiceClient},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

/// Code of the petition office.
pub const OFFICE: &str = "JHXF";
/// Code of the mediation centre, where the coordinator sits.
pub const CENTRE: &str = "JHZX";

/// Who calls, as the development identity has it.
#[derive(Clone)]
pub struct Person {
    actor: MetadataValue<Ascii>,
    unit: MetadataValue<Ascii>,
    roles: MetadataValue<Ascii>,
}

impl Person {
    fn new(actor: &str, unit: &str, roles: &'static str) -> anyhow::Result<Self> {
        let (actor, unit) = (actor.parse().context("an actor's id")?, unit.parse().context("a unit's code")?);
        Ok(Self { actor, unit, roles: MetadataValue::from_static(roles) })
    }
}

impl Interceptor for Person {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("x-fengqiao-actor", self.actor.clone());
        metadata.insert("x-fengqiao-unit", self.unit.clone());
        metadata.insert("x-fengqiao-roles", self.roles.clone());
        Ok(request)
    }
}

/// A connection that says who calls.
type As = InterceptedService<Channel, Person>;

/// The desks, and how many calls were made from them. Clones count together.
#[derive(Clone)]
pub struct Desk {
    channel: Channel,
    /// The petition office's clerk.
    pub clerk: IntakeServiceClient<As>,
    /// The head of the petition office.
    pub head: IntakeServiceClient<As>,
    /// The coordinator of the mediation centre.
    pub coordinator: MediationServiceClient<As>,
    author: ReportingServiceClient<As>,
    ids: IdSource,
    calls: Arc<AtomicU64>,
}

impl Desk {
    /// Connects to the services at an address.
    pub fn new(address: SocketAddr) -> anyhow::Result<Self> {
        let channel = Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true).connect_lazy();
        let person = |actor, unit, roles| Person::new(actor, unit, roles);
        Ok(Self {
            clerk: IntakeServiceClient::with_interceptor(channel.clone(), person("clerk-1", OFFICE, "clerk")?),
            head: IntakeServiceClient::with_interceptor(channel.clone(), person("head-1", OFFICE, "head")?),
            coordinator: MediationServiceClient::with_interceptor(
                channel.clone(),
                person("coordinator-1", CENTRE, "coordinator")?,
            ),
            author: ReportingServiceClient::with_interceptor(channel.clone(), person("author-1", OFFICE, "reporter")?),
            channel,
            ids: IdSource::default(),
            calls: Arc::default(),
        })
    }

    /// The mediators of a body.
    pub fn room(&self, body: &str) -> anyhow::Result<MediationServiceClient<As>> {
        let person = Person::new(&format!("mediator-{}", body.to_lowercase()), body, "mediator")?;
        Ok(MediationServiceClient::with_interceptor(self.channel.clone(), person))
    }

    /// Counts a call.
    pub fn call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    /// Calls made so far.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// A new request id; counts a call.
    pub fn request_id(&self) -> String {
        self.call();
        fengqiao_model::RequestId::from_bytes(self.ids.mint(&SystemClock)).to_string()
    }

    /// One petition with its parties and history.
    pub async fn petition(&mut self, id: &str) -> anyhow::Result<intake::Petition> {
        self.call();
        let request = intake::GetPetitionRequest { petition_id: id.to_owned(), ..Default::default() };
        let answer = self.clerk.get_petition(request).await?.into_inner();
        answer.petition.context("the answer has no petition")
    }

    /// One case with its decision and history.
    pub async fn case(&mut self, number: &str) -> anyhow::Result<mediation::Case> {
        self.call();
        let request = mediation::GetCaseRequest { number: number.to_owned(), ..Default::default() };
        self.coordinator.get_case(request).await?.into_inner().case.context("the answer has no case")
    }

    /// One dispute with its cases.
    pub async fn dispute(&mut self, id: &str) -> anyhow::Result<mediation::Dispute> {
        self.call();
        let request = mediation::GetDisputeRequest { dispute_id: id.to_owned(), ..Default::default() };
        self.coordinator.get_dispute(request).await?.into_inner().dispute.context("the answer has no dispute")
    }

    /// What a petitioner's window says to a number and a code.
    pub async fn look_up(&mut self, number: &str, query_code: &str) -> Result<intake::LookUpStatusResponse, Status> {
        self.call();
        let request = intake::LookUpStatusRequest { number: number.to_owned(), query_code: query_code.to_owned() };
        self.clerk.look_up_status(request).await.map(tonic::Response::into_inner)
    }

    /// The year's report, once it includes everything that was done at these desks.
    pub async fn report(&mut self, year: i16) -> anyhow::Result<reporting::GetAnnualReportResponse> {
        for (log, position) in [("intake", self.intake_position().await?), ("mediation", self.mediation_position().await?)] {
            self.call();
            let wait = reporting::GetFreshnessRequest { log: log.to_owned(), position, wait_ms: 60_000 };
            self.author.get_freshness(wait).await?;
        }
        self.call();
        let request =
            reporting::GetAnnualReportRequest { year: i32::from(year), division_code: "320831".to_owned(), as_of: String::new() };
        Ok(self.author.get_annual_report(request).await?.into_inner())
    }

    /// The first item behind a figure.
    pub async fn explained(&mut self, indicator: &str, year: i16) -> anyhow::Result<Option<reporting::ExplainedItem>> {
        self.call();
        let request = reporting::ExplainFigureRequest {
            indicator: indicator.to_owned(),
            year: i32::from(year),
            page_size: 1,
            ..Default::default()
        };
        Ok(self.author.explain_figure(request).await?.into_inner().items.into_iter().next())
    }

    /// The petition once mediation has opened a case for it, as intake learns by following.
    pub async fn once_in_mediation(&mut self, id: &str) -> anyhow::Result<intake::MediationLink> {
        for _ in 0..2_000 {
            if let Some(link) = self.petition(id).await?.mediation.into_iter().next() {
                return Ok(link);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        anyhow::bail!("mediation did not take the petition over")
    }

    /// The last position of the petitions' log: an import of no rows tells it.
    async fn intake_position(&mut self) -> anyhow::Result<i64> {
        let columns = ["external_ref", "registered_at", "division_code", "matter_class"].map(str::to_owned).to_vec();
        let batch = intake::ImportPetitionsRequest { request_id: self.request_id(), columns, ..Default::default() };
        let answer = self.clerk.import_petition_batch(intake::ImportPetitionBatchRequest { batch: Some(batch) }).await?;
        Ok(answer.into_inner().result.map_or(0, |result| result.log_position))
    }

    /// The last position of the cases' log, told in the same way.
    async fn mediation_position(&mut self) -> anyhow::Result<i64> {
        let columns = ["external_ref", "applied_at", "dispute_type", "force", "division_code"].map(str::to_owned).to_vec();
        let batch = mediation::ImportCasesRequest { request_id: self.request_id(), columns, ..Default::default() };
        let answer = self.coordinator.import_case_batch(mediation::ImportCaseBatchRequest { batch: Some(batch) }).await?;
        Ok(answer.into_inner().result.map_or(0, |result| result.log_position))
    }
}
