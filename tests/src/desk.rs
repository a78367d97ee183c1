//! Calls over gRPC, as a client app makes them.

use fengqiao_proto::{
    feed::v1::{FollowRequest, FollowResponse, feed_service_client::FeedServiceClient},
    intake::v1::{
        GetPetitionRequest, ListPetitionsRequest, LogPetitionRequest, LogPetitionResponse, NewPetition, Party, Petition,
        intake_service_client::IntakeServiceClient,
    },
    reporting::v1::{GetFreshnessRequest, LogFreshness, reporting_service_client::ReportingServiceClient},
};
use tonic::{
    Status, Streaming,
    transport::{Channel, Endpoint},
};
use uuid::Uuid;

/// Larger than any answer.
const LARGEST: usize = 64 * 1024 * 1024;

/// A new request id.
pub fn request_id() -> Uuid {
    use std::hash::{BuildHasher, RandomState};
    let [high, low] = [(); 2].map(|()| RandomState::new().hash_one(std::process::id()));
    uuid::Builder::from_random_bytes((u128::from(high) << 64 | u128::from(low)).to_be_bytes()).into_uuid()
}

/// A petition as taken down at the desk.
pub fn petition(title: &str, external_ref: &str) -> NewPetition {
    NewPetition {
        channel: "visit".to_owned(),
        matter_class: "appeal".to_owned(),
        division_code: "320831101".to_owned(),
        responsible_unit: "信访局".to_owned(),
        title: title.to_owned(),
        parties: vec![Party { name: "王小明".to_owned(), ..Party::default() }],
        external_ref: external_ref.to_owned(),
        ..NewPetition::default()
    }
}

/// A desk: one connection to one server.
#[derive(Clone)]
pub struct Desk {
    /// The intake service.
    pub intake: IntakeServiceClient<Channel>,
    /// The reporting service.
    pub reporting: ReportingServiceClient<Channel>,
    /// The feeds.
    pub feed: FeedServiceClient<Channel>,
}

impl Desk {
    /// Connects when it is first used.
    pub fn at(url: &str) -> Self {
        let channel = Endpoint::from_shared(url.to_owned()).expect("a server of our own has a good address").connect_lazy();
        Self {
            intake: IntakeServiceClient::new(channel.clone()).max_decoding_message_size(LARGEST),
            reporting: ReportingServiceClient::new(channel.clone()).max_decoding_message_size(LARGEST),
            feed: FeedServiceClient::new(channel).max_decoding_message_size(LARGEST),
        }
    }

    /// Logs a petition under a request id.
    pub async fn log(&mut self, request_id: Uuid, petition: NewPetition) -> Result<LogPetitionResponse, Status> {
        let request =
            LogPetitionRequest { request_id: request_id.to_string(), petition: Some(petition), ..LogPetitionRequest::default() };
        Ok(self.intake.log_petition(request).await?.into_inner())
    }

    /// Logs a petition that nothing is wrong with.
    pub async fn logged(&mut self, new: NewPetition) -> (Petition, Vec<String>) {
        let answer = self.log(request_id(), new).await.expect("a good petition is logged");
        (answer.petition.expect("the answer has the petition"), answer.query_codes)
    }

    /// The petition with this reference, in the ledger of the desk.
    pub async fn find(&mut self, external_ref: &str) -> Option<Petition> {
        let request = GetPetitionRequest { external_ref: external_ref.to_owned(), ..GetPetitionRequest::default() };
        match self.intake.get_petition(request).await {
            Ok(found) => found.into_inner().petition,
            Err(status) if status.code() == tonic::Code::NotFound => None,
            Err(status) => panic!("looking for {external_ref}: {status}"),
        }
    }

    /// All petitions.
    pub async fn all(&mut self) -> Vec<Petition> {
        let mut all = Vec::new();
        let mut request = ListPetitionsRequest { page_size: 1000, ..ListPetitionsRequest::default() };
        loop {
            let page = self.intake.list_petitions(request.clone()).await.expect("petitions are listed").into_inner();
            all.extend(page.petitions);
            if page.next_page_token.is_empty() {
                return all;
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Follows the intake log from its beginning.
    pub async fn follow(&mut self) -> Streaming<FollowResponse> {
        let request = FollowRequest { log: "intake".to_owned(), follower: "test".to_owned(), ..FollowRequest::default() };
        self.feed.follow(request).await.expect("the log can be followed").into_inner()
    }

    /// How far the figures follow the intake log.
    pub async fn freshness(&mut self) -> Result<LogFreshness, Status> {
        self.freshness_of("intake").await
    }

    /// How far the figures follow a log.
    pub async fn freshness_of(&mut self, log: &str) -> Result<LogFreshness, Status> {
        let answer = self.reporting.get_freshness(GetFreshnessRequest::default()).await?.into_inner();
        Ok(answer.logs.into_iter().find(|known| known.log == log).expect("reporting follows this log"))
    }
}
