//! Services that are made up: intake takes what it is given, reporting follows at once. Between them and the client stands a
//! line that can be cut.

use fengqiao_proto::{
    intake::v1::{
        intake_service_server::{IntakeService, IntakeServiceServer},
        *,
    },
    reporting::v1::{
        reporting_service_server::{ReportingService, ReportingServiceServer},
        *,
    },
};
use fengqiao_service::errors;
use std::{
    collections::HashSet,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_stream::{Stream, StreamExt as _, wrappers::TcpListenerStream};
use tonic::{Code, Request, Response, Status, Streaming};

/// What the services saw, and how they behave.
#[derive(Default)]
pub struct Fake {
    pub refs: Mutex<HashSet<String>>,
    pub request_ids: Mutex<Vec<String>>,
    pub columns: Mutex<Vec<String>>,
    pub metadata: Mutex<Vec<(String, String)>>,
    /// After so many messages: commit, then cut the line before the answer.
    pub cut_at: Option<usize>,
    /// At so many messages: RESOURCE_EXHAUSTED with a delay, once.
    pub busy_at: Option<usize>,
    /// What reporting says of itself.
    pub status: String,
    pub cut: Notify,
}

impl Fake {
    /// Serves on a free port, behind a line; its address.
    pub async fn serve(self: &Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let behind = listener.local_addr().unwrap();
        let server = tonic::transport::Server::builder()
            .add_service(IntakeServiceServer::new(Service(self.clone())).max_decoding_message_size(16 << 20))
            .add_service(ReportingServiceServer::new(Service(self.clone())));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        let front = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = front.local_addr().unwrap();
        let fake = self.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = front.accept().await {
                let fake = fake.clone();
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(behind).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        () = fake.cut.notified() => {}
                    }
                });
            }
        });
        format!("http://{address}")
    }

    fn take(&self, batch: &ImportPetitionsRequest) -> (ImportPetitionsResponse, usize) {
        let (mut refs, mut ids) = (self.refs.lock().unwrap(), self.request_ids.lock().unwrap());
        ids.push(batch.request_id.clone());
        *self.columns.lock().unwrap() = batch.columns.clone();
        let mut response = ImportPetitionsResponse { rows: batch.rows.len() as i64, ..Default::default() };
        for row in &batch.rows {
            let reference = &row.cells[0];
            if reference.starts_with('!') {
                let reason = "is unknown".to_owned();
                response.refused.push(RowRefusal { line: row.line, column: "channel".to_owned(), reason });
            } else if refs.insert(reference.clone()) {
                response.imported += 1;
            } else {
                response.already += 1;
            }
        }
        response.log_position = refs.len() as i64;
        (response, ids.len())
    }

    async fn answer(&self, batch: &ImportPetitionsRequest) -> Result<ImportPetitionsResponse, Status> {
        let (response, count) = self.take(batch);
        if self.cut_at == Some(count) {
            self.cut.notify_waiters();
            std::future::pending::<()>().await;
        }
        if self.busy_at == Some(count) {
            let none: [(&str, &str); 0] = [];
            let busy = errors::status(Code::ResourceExhausted, "TOO_BUSY", "too many writes", none);
            return Err(errors::with_retry(busy, Duration::from_millis(50)));
        }
        Ok(response)
    }
}

/// The services of one [`Fake`].
struct Service(Arc<Fake>);

type Answers = Pin<Box<dyn Stream<Item = Result<ImportPetitionsResponse, Status>> + Send>>;

macro_rules! not_here {
    ($($call:ident($request:ident) -> $response:ident;)*) => {$(
        fn $call<'a, 'f>(
            &'a self,
            _: Request<$request>,
        ) -> Pin<Box<dyn Future<Output = Result<Response<$response>, Status>> + Send + 'f>>
        where
            'a: 'f,
            Self: 'f,
        {
            Box::pin(async { Err(Status::unimplemented("not here")) })
        }
    )*};
}

#[tonic::async_trait]
impl IntakeService for Service {
    type LogPetitionsStream = Pin<Box<dyn Stream<Item = Result<LogPetitionsResponse, Status>> + Send>>;
    type ImportPetitionsStream = Answers;

    async fn import_petitions(
        &self,
        request: Request<Streaming<ImportPetitionsRequest>>,
    ) -> Result<Response<Self::ImportPetitionsStream>, Status> {
        let this = self.0.clone();
        let stream = request.into_inner().then(move |batch| {
            let this = this.clone();
            async move { this.answer(&batch?).await }
        });
        Ok(Response::new(Box::pin(stream)))
    }

    async fn log_petition(&self, request: Request<LogPetitionRequest>) -> Result<Response<LogPetitionResponse>, Status> {
        let said = request.metadata().iter().filter_map(|pair| match pair {
            tonic::metadata::KeyAndValueRef::Ascii(key, value) => Some((key.to_string(), value.to_str().ok()?.to_owned())),
            tonic::metadata::KeyAndValueRef::Binary(..) => None,
        });
        *self.0.metadata.lock().unwrap() = said.collect();
        let petition = request.into_inner().petition.unwrap_or_default();
        if petition.title == "?" {
            return Err(errors::invalid([("petition.title", "must not be empty")]));
        }
        let petition = Petition { number: "XF-2024-1".to_owned(), title: petition.title, ..Default::default() };
        Ok(Response::new(LogPetitionResponse { petition: Some(petition), query_codes: vec!["ABCD-EFGH-JKMN".to_owned()] }))
    }

    async fn get_petition(&self, request: Request<GetPetitionRequest>) -> Result<Response<GetPetitionResponse>, Status> {
        let asked = request.into_inner();
        let petition = Petition {
            id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            number: asked.number,
            etag: "e7".to_owned(),
            state: PetitionState::Registered.into(),
            ..Default::default()
        };
        Ok(Response::new(GetPetitionResponse { petition: Some(petition) }))
    }

    async fn accept_petition(&self, request: Request<AcceptPetitionRequest>) -> Result<Response<AcceptPetitionResponse>, Status> {
        let asked = request.into_inner();
        if asked.etag != "e7" {
            return Err(errors::status(Code::Aborted, "VERSION_MOVED", "the petition was changed", [("etag", "e7")]));
        }
        let petition = Petition { id: asked.petition_id, state: PetitionState::Accepted.into(), ..Default::default() };
        Ok(Response::new(AcceptPetitionResponse { petition: Some(petition) }))
    }

    not_here! {
        log_petition_batch(LogPetitionBatchRequest) -> LogPetitionBatchResponse;
        list_petitions(ListPetitionsRequest) -> ListPetitionsResponse;
        refuse_petition(RefusePetitionRequest) -> RefusePetitionResponse;
        request_extension(RequestExtensionRequest) -> RequestExtensionResponse;
        decide_extension(DecideExtensionRequest) -> DecideExtensionResponse;
        issue_opinion(IssueOpinionRequest) -> IssueOpinionResponse;
        withdraw_petition(WithdrawPetitionRequest) -> WithdrawPetitionResponse;
        void_petition(VoidPetitionRequest) -> VoidPetitionResponse;
        erase_parties(ErasePartiesRequest) -> ErasePartiesResponse;
        look_up_status(LookUpStatusRequest) -> LookUpStatusResponse;
        import_petition_batch(ImportPetitionBatchRequest) -> ImportPetitionBatchResponse;
        list_rules(ListRulesRequest) -> ListRulesResponse;
    }

    async fn log_petitions(
        &self,
        _: Request<Streaming<LogPetitionsRequest>>,
    ) -> Result<Response<Self::LogPetitionsStream>, Status> {
        Err(Status::unimplemented("not here"))
    }
}

#[tonic::async_trait]
impl ReportingService for Service {
    async fn get_freshness(&self, request: Request<GetFreshnessRequest>) -> Result<Response<GetFreshnessResponse>, Status> {
        let position = if self.0.status == "following" { request.into_inner().position } else { 0 };
        let log = LogFreshness { log: "intake".to_owned(), position, status: self.0.status.clone(), ..Default::default() };
        Ok(Response::new(GetFreshnessResponse { logs: vec![log] }))
    }

    async fn explain_figure(&self, request: Request<ExplainFigureRequest>) -> Result<Response<ExplainFigureResponse>, Status> {
        let asked = request.into_inner();
        let first: usize = asked.page_token.parse().unwrap_or(0);
        let last = (first + usize::try_from(asked.page_size).unwrap()).min(2500);
        let items = (first..last).map(|n| ExplainedItem { number: format!("XF-{n}"), amount: 1, ..Default::default() });
        let next_page_token = if last < 2500 { last.to_string() } else { String::new() };
        Ok(Response::new(ExplainFigureResponse { items: items.collect(), next_page_token }))
    }

    not_here! {
        list_indicators(ListIndicatorsRequest) -> ListIndicatorsResponse;
        query_figures(QueryFiguresRequest) -> QueryFiguresResponse;
        get_annual_report(GetAnnualReportRequest) -> GetAnnualReportResponse;
    }
}
