//! Services that are made up: intake and mediation take what they are given, reporting follows at once. Between them and the
//! client stands a line that can be cut.

mod mediation;

use fengqiao_proto::{
    intake::v1::{
        intake_service_server::{IntakeService, IntakeServiceServer},
        *,
    },
    mediation::v1::mediation_service_server::MediationServiceServer,
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
            .add_service(MediationServiceServer::new(Service(self.clone())).max_decoding_message_size(16 << 20))
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

    /// What becomes of a batch, and how many batches there were.
    fn take<'r>(&self, id: &str, columns: &[String], rows: impl Iterator<Item = (i64, &'r [String])>) -> (Taken, usize) {
        let (mut refs, mut ids) = (self.refs.lock().unwrap(), self.request_ids.lock().unwrap());
        ids.push(id.to_owned());
        *self.columns.lock().unwrap() = columns.to_vec();
        let mut taken = Taken::default();
        for (line, cells) in rows {
            let reference = &cells[0];
            if reference.starts_with('!') {
                taken.refused.push(line);
            } else if refs.insert(reference.clone()) {
                taken.imported += 1;
            } else {
                taken.already += 1;
            }
        }
        taken.log_position = refs.len() as i64;
        (taken, ids.len())
    }

    /// Behaves at the batch of this number as it was told to.
    async fn behave(&self, count: usize) -> Result<(), Status> {
        if self.cut_at == Some(count) {
            self.cut.notify_waiters();
            std::future::pending::<()>().await;
        }
        if self.busy_at == Some(count) {
            let none: [(&str, &str); 0] = [];
            let busy = errors::status(Code::ResourceExhausted, "TOO_BUSY", "too many writes", none);
            return Err(errors::with_retry(busy, Duration::from_millis(50)));
        }
        Ok(())
    }

    async fn answer(&self, batch: &ImportPetitionsRequest) -> Result<ImportPetitionsResponse, Status> {
        let rows = batch.rows.iter().map(|row| (row.line, row.cells.as_slice()));
        let (taken, count) = self.take(&batch.request_id, &batch.columns, rows);
        self.behave(count).await?;
        let refusal = |line| RowRefusal { line, column: "channel".to_owned(), reason: "is unknown".to_owned() };
        Ok(ImportPetitionsResponse {
            rows: batch.rows.len() as i64,
            imported: taken.imported,
            already: taken.already,
            refused: taken.refused.into_iter().map(refusal).collect(),
            log_position: taken.log_position,
            ..Default::default()
        })
    }
}

/// What became of a batch.
#[derive(Default)]
struct Taken {
    imported: i64,
    already: i64,
    refused: Vec<i64>,
    log_position: i64,
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
use not_here;

#[tonic::async_trait]
impl IntakeService for Service {
    type LogPetitionsStream = Pin<Box<dyn Stream<Item = Result<LogPetitionsResponse, Status>> + Send>>;
    type SubmitPetitionWorkStream = Pin<Box<dyn Stream<Item = Result<SubmitPetitionWorkResponse, Status>> + Send>>;
    type ImportPetitionsStream = Answers;
    type WatchPetitionsStream = Pin<Box<dyn Stream<Item = Result<WatchPetitionsResponse, Status>> + Send>>;

    async fn watch_petitions(&self, _: Request<WatchPetitionsRequest>) -> Result<Response<Self::WatchPetitionsStream>, Status> {
        Err(Status::unimplemented("not here"))
    }
    type ImportUnitsStream = Pin<Box<dyn Stream<Item = Result<ImportUnitsResponse, Status>> + Send>>;

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
        Ok(Response::new(LogPetitionResponse {
            petition: Some(petition),
            query_codes: vec!["ABCD-EFGH-JKMN".to_owned()],
            ..Default::default()
        }))
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
        route_to_mediation(RouteToMediationRequest) -> RouteToMediationResponse;
        transfer_petition(TransferPetitionRequest) -> TransferPetitionResponse;
        assign_petition(AssignPetitionRequest) -> AssignPetitionResponse;
        report_assignment(ReportAssignmentRequest) -> ReportAssignmentResponse;
        object_to_transfer(ObjectToTransferRequest) -> ObjectToTransferResponse;
        decide_objection(DecideObjectionRequest) -> DecideObjectionResponse;
        divert_petition(DivertPetitionRequest) -> DivertPetitionResponse;
        consult_only(ConsultOnlyRequest) -> ConsultOnlyResponse;
        answer_petition(AnswerPetitionRequest) -> AnswerPetitionResponse;
        forward_allegation(ForwardAllegationRequest) -> ForwardAllegationResponse;
        record_hearing(RecordHearingRequest) -> RecordHearingResponse;
        settle_petition(SettlePetitionRequest) -> SettlePetitionResponse;
        record_delivery(RecordDeliveryRequest) -> RecordDeliveryResponse;
        request_review(RequestReviewRequest) -> RequestReviewResponse;
        issue_review_opinion(IssueReviewOpinionRequest) -> IssueReviewOpinionResponse;
        request_re_review(RequestReReviewRequest) -> RequestReReviewResponse;
        issue_re_review_opinion(IssueReReviewOpinionRequest) -> IssueReReviewOpinionResponse;
        rate_petition(RatePetitionRequest) -> RatePetitionResponse;
        reopen_petition(ReopenPetitionRequest) -> ReopenPetitionResponse;
        correct_petition(CorrectPetitionRequest) -> CorrectPetitionResponse;
        find_similar(FindSimilarRequest) -> FindSimilarResponse;
        link_repeat(LinkRepeatRequest) -> LinkRepeatResponse;
        unlink_repeat(UnlinkRepeatRequest) -> UnlinkRepeatResponse;
        search_petitions(SearchPetitionsRequest) -> SearchPetitionsResponse;
        flag_urgent(FlagUrgentRequest) -> FlagUrgentResponse;
        void_petition(VoidPetitionRequest) -> VoidPetitionResponse;
        erase_parties(ErasePartiesRequest) -> ErasePartiesResponse;
        look_up_status(LookUpStatusRequest) -> LookUpStatusResponse;
        reissue_query_code(ReissueQueryCodeRequest) -> ReissueQueryCodeResponse;
        get_look_up_counts(GetLookUpCountsRequest) -> GetLookUpCountsResponse;
        submit_petition_work_batch(SubmitPetitionWorkBatchRequest) -> SubmitPetitionWorkBatchResponse;
        import_petition_batch(ImportPetitionBatchRequest) -> ImportPetitionBatchResponse;
        list_rules(ListRulesRequest) -> ListRulesResponse;
        register_unit(RegisterUnitRequest) -> RegisterUnitResponse;
        update_unit(UpdateUnitRequest) -> UpdateUnitResponse;
        succeed_unit(SucceedUnitRequest) -> SucceedUnitResponse;
        close_unit(CloseUnitRequest) -> CloseUnitResponse;
        get_unit(GetUnitRequest) -> GetUnitResponse;
        list_units(ListUnitsRequest) -> ListUnitsResponse;
        next_higher_organ(NextHigherOrganRequest) -> NextHigherOrganResponse;
        list_silent_units(ListSilentUnitsRequest) -> ListSilentUnitsResponse;
        import_unit_batch(ImportUnitBatchRequest) -> ImportUnitBatchResponse;
    }

    async fn import_units(&self, _: Request<Streaming<ImportUnitsRequest>>) -> Result<Response<Self::ImportUnitsStream>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn submit_petition_work(
        &self,
        _: Request<Streaming<SubmitPetitionWorkRequest>>,
    ) -> Result<Response<Self::SubmitPetitionWorkStream>, Status> {
        Err(Status::unimplemented("not here"))
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
        let asked = request.into_inner();
        let position = if self.0.status == "following" { asked.position } else { 0 };
        let name = if asked.log.is_empty() { "intake".to_owned() } else { asked.log };
        let log = LogFreshness { log: name, position, status: self.0.status.clone(), ..Default::default() };
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
