//! The people at the desk: a clerk, the head of the unit, a report author, each with their own identity, calling the services.

use fengqiao_model::{IdSource, SystemClock};
use fengqiao_proto::{
    intake::v1::{self as intake, intake_service_client::IntakeServiceClient},
    reporting::v1::{self as reporting, reporting_service_client::ReportingServiceClient},
};
use std::net::SocketAddr;
use tonic::{
    Request, Status,
    metadata::MetadataValue,
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

/// Who calls, as the development identity has it.
#[derive(Clone)]
pub struct Person(&'static str);

impl Interceptor for Person {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        for (key, value) in [("x-fengqiao-actor", self.0), ("x-fengqiao-unit", "JHXF")] {
            request.metadata_mut().insert(key, MetadataValue::from_static(value));
        }
        Ok(request)
    }
}

type Intake = IntakeServiceClient<InterceptedService<Channel, Person>>;

/// The desk, and how many calls were made from it.
pub struct Desk {
    /// The clerk's client.
    pub clerk: Intake,
    /// The head's client.
    pub head: Intake,
    author: ReportingServiceClient<InterceptedService<Channel, Person>>,
    ids: IdSource,
    /// Calls made so far.
    pub calls: u64,
}

impl Desk {
    /// Connects to the services at an address.
    pub fn new(address: SocketAddr) -> anyhow::Result<Self> {
        let channel = Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true).connect_lazy();
        Ok(Self {
            clerk: IntakeServiceClient::with_interceptor(channel.clone(), Person("clerk-1")),
            head: IntakeServiceClient::with_interceptor(channel.clone(), Person("head-1")),
            author: ReportingServiceClient::with_interceptor(channel, Person("author-1")),
            ids: IdSource::default(),
            calls: 0,
        })
    }

    /// A new request id; counts a call.
    pub fn request_id(&mut self) -> String {
        self.calls += 1;
        fengqiao_model::RequestId::from_bytes(self.ids.mint(&SystemClock)).to_string()
    }

    /// One petition with its parties and history.
    pub async fn petition(&mut self, id: &str) -> anyhow::Result<intake::Petition> {
        self.calls += 1;
        let request = intake::GetPetitionRequest { petition_id: id.to_owned(), ..Default::default() };
        let answer = self.clerk.get_petition(request).await?.into_inner();
        answer.petition.ok_or_else(|| anyhow::anyhow!("the answer has no petition"))
    }

    /// What a petitioner's window says to a number and a code.
    pub async fn look_up(&mut self, number: &str, query_code: &str) -> Result<intake::LookUpStatusResponse, Status> {
        self.calls += 1;
        let request = intake::LookUpStatusRequest { number: number.to_owned(), query_code: query_code.to_owned() };
        self.clerk.look_up_status(request).await.map(tonic::Response::into_inner)
    }

    /// The year's report, once it includes everything that was done at this desk.
    pub async fn report(&mut self, year: i16) -> anyhow::Result<reporting::GetAnnualReportResponse> {
        let wait = reporting::GetFreshnessRequest { log: "intake".to_owned(), position: self.position().await?, wait_ms: 60_000 };
        self.author.get_freshness(wait).await?;
        self.calls += 2;
        let request =
            reporting::GetAnnualReportRequest { year: i32::from(year), division_code: "320831".to_owned(), as_of: String::new() };
        Ok(self.author.get_annual_report(request).await?.into_inner())
    }

    /// The last position of the log: an import of no rows tells it.
    async fn position(&mut self) -> anyhow::Result<i64> {
        let columns = ["external_ref", "registered_at", "division_code", "matter_class"].map(str::to_owned).to_vec();
        let batch = intake::ImportPetitionsRequest { request_id: self.request_id(), columns, ..Default::default() };
        let answer = self.clerk.import_petition_batch(intake::ImportPetitionBatchRequest { batch: Some(batch) }).await?;
        Ok(answer.into_inner().result.map_or(0, |result| result.log_position))
    }
}
