//! A mediation service that is made up: one case, which knows its version.

use super::{Service, not_here};
use fengqiao_proto::mediation::v1::{mediation_service_server::MediationService, *};
use fengqiao_service::errors;
use std::pin::Pin;
use tokio_stream::{Stream, StreamExt as _};
use tonic::{Code, Request, Response, Status, Streaming};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

type Answers = Pin<Box<dyn Stream<Item = Result<ImportCasesResponse, Status>> + Send>>;

impl Service {
    async fn import(&self, batch: &ImportCasesRequest) -> Result<ImportCasesResponse, Status> {
        let rows = batch.rows.iter().map(|row| (row.line, row.cells.as_slice()));
        let (taken, count) = self.0.take(&batch.request_id, &batch.columns, rows);
        self.0.behave(count).await?;
        let refusal = |line| CaseRowRefusal { line, column: "force".to_owned(), reason: "is unknown".to_owned() };
        Ok(ImportCasesResponse {
            rows: batch.rows.len() as i64,
            imported: taken.imported,
            already: taken.already,
            refused: taken.refused.into_iter().map(refusal).collect(),
            log_position: taken.log_position,
            ..Default::default()
        })
    }
}

fn case(state: CaseState) -> Case {
    let facts = CaseFacts { case_id: ID.to_owned(), number: "TJ-2024-1".to_owned(), ..Default::default() };
    Case { facts: Some(facts), state: state.into(), etag: "e3".to_owned(), ..Default::default() }
}

fn seen(etag: &str) -> Result<(), Status> {
    if etag == "e3" { Ok(()) } else { Err(errors::status(Code::Aborted, "ETAG_STALE", "the case was changed", [("etag", "e3")])) }
}

#[tonic::async_trait]
impl MediationService for Service {
    type ImportCasesStream = Answers;

    async fn import_cases(&self, request: Request<Streaming<ImportCasesRequest>>) -> Result<Response<Answers>, Status> {
        let this = Service(self.0.clone());
        let stream = request.into_inner().then(move |batch| {
            let this = Service(this.0.clone());
            async move { this.import(&batch?).await }
        });
        Ok(Response::new(Box::pin(stream)))
    }

    async fn open_case(&self, request: Request<OpenCaseRequest>) -> Result<Response<OpenCaseResponse>, Status> {
        let asked = request.into_inner();
        let dispute = asked.dispute.unwrap_or_default();
        if dispute.dispute_type == "T98" {
            return Err(errors::invalid([("dispute.dispute_type", "is unknown")]));
        }
        self.0.request_ids.lock().unwrap().push(asked.request_id);
        let mut case = case(CaseState::Applied);
        (case.title, case.narrative, case.parties) = (dispute.title, dispute.narrative, dispute.parties);
        let facts = DisputeFacts { dispute_type: dispute.dispute_type, ..Default::default() };
        case.dispute = Some(facts);
        let alike = SimilarDispute {
            number: "JF-2023-9".to_owned(),
            reasons: vec!["same_phone".to_owned()],
            elsewhere: true,
            ..Default::default()
        };
        Ok(Response::new(OpenCaseResponse { case: Some(case), similar: vec![alike] }))
    }

    async fn dispatch_case(&self, request: Request<DispatchCaseRequest>) -> Result<Response<DispatchCaseResponse>, Status> {
        let asked = request.into_inner();
        let opened = self.0.request_ids.lock().unwrap().last().cloned().unwrap_or_default();
        if asked.after_request_id != opened {
            seen(&asked.etag)?;
        }
        if asked.body == "full" {
            let none: [(&str, &str); 0] = [];
            return Err(errors::status(Code::FailedPrecondition, "BODY_FULL", "the body has no capacity", none));
        }
        let mut case = case(CaseState::Dispatched);
        let rejected = RoutingRejection { alternative: "judicial".to_owned(), reason: "other_force".to_owned() };
        let disposition = "dispatch".to_owned();
        case.routing =
            Some(RoutingDecision { rule: "R5".to_owned(), disposition, rejected: vec![rejected], ..Default::default() });
        Ok(Response::new(DispatchCaseResponse { case: Some(case) }))
    }

    async fn get_case(&self, _: Request<GetCaseRequest>) -> Result<Response<GetCaseResponse>, Status> {
        Ok(Response::new(GetCaseResponse { case: Some(case(CaseState::Dispatched)) }))
    }

    async fn take_case(&self, request: Request<TakeCaseRequest>) -> Result<Response<TakeCaseResponse>, Status> {
        seen(&request.into_inner().etag)?;
        Ok(Response::new(TakeCaseResponse { case: Some(case(CaseState::Accepted)) }))
    }

    async fn conclude_case(&self, request: Request<ConcludeCaseRequest>) -> Result<Response<ConcludeCaseResponse>, Status> {
        let asked = request.into_inner();
        seen(&asked.etag)?;
        let next = asked.hand_on.then(|| case(CaseState::Applied));
        let mut concluded = case(CaseState::Agreed);
        if let Some(facts) = &mut concluded.facts {
            facts.agreed_fen = asked.agreed_fen;
            facts.handed_on = asked.hand_on;
        }
        Ok(Response::new(ConcludeCaseResponse { case: Some(concluded), next }))
    }

    async fn list_cases(&self, request: Request<ListCasesRequest>) -> Result<Response<ListCasesResponse>, Status> {
        let asked = request.into_inner();
        let first: usize = asked.page_token.parse().unwrap_or(0);
        let last = (first + usize::try_from(asked.page_size).unwrap()).min(1500);
        let next_page_token = if last < 1500 { last.to_string() } else { String::new() };
        Ok(Response::new(ListCasesResponse { cases: vec![case(CaseState::Applied); last - first], next_page_token }))
    }

    not_here! {
        register_body(RegisterBodyRequest) -> RegisterBodyResponse;
        update_body(UpdateBodyRequest) -> UpdateBodyResponse;
        adjust_body(AdjustBodyRequest) -> AdjustBodyResponse;
        foster_body(FosterBodyRequest) -> FosterBodyResponse;
        close_body(CloseBodyRequest) -> CloseBodyResponse;
        get_body(GetBodyRequest) -> GetBodyResponse;
        list_bodies(ListBodiesRequest) -> ListBodiesResponse;
        propose_route(ProposeRouteRequest) -> ProposeRouteResponse;
        return_case(ReturnCaseRequest) -> ReturnCaseResponse;
        decline_case(DeclineCaseRequest) -> DeclineCaseResponse;
        record_refusal(RecordRefusalRequest) -> RecordRefusalResponse;
        transfer_case(TransferCaseRequest) -> TransferCaseResponse;
        record_performance(RecordPerformanceRequest) -> RecordPerformanceResponse;
        record_confirmation(RecordConfirmationRequest) -> RecordConfirmationResponse;
        correct_case(CorrectCaseRequest) -> CorrectCaseResponse;
        void_case(VoidCaseRequest) -> VoidCaseResponse;
        record_consent(RecordConsentRequest) -> RecordConsentResponse;
        assign_mediator(AssignMediatorRequest) -> AssignMediatorResponse;
        recuse_mediator(RecuseMediatorRequest) -> RecuseMediatorResponse;
        schedule_session(ScheduleSessionRequest) -> ScheduleSessionResponse;
        record_session(RecordSessionRequest) -> RecordSessionResponse;
        suspend_clock(SuspendClockRequest) -> SuspendClockResponse;
        resume_clock(ResumeClockRequest) -> ResumeClockResponse;
        extend_clock(ExtendClockRequest) -> ExtendClockResponse;
        join_body(JoinBodyRequest) -> JoinBodyResponse;
        leave_body(LeaveBodyRequest) -> LeaveBodyResponse;
        raise_risk(RaiseRiskRequest) -> RaiseRiskResponse;
        resolve_risk(ResolveRiskRequest) -> ResolveRiskResponse;
        record_follow_up(RecordFollowUpRequest) -> RecordFollowUpResponse;
        set_grade(SetGradeRequest) -> SetGradeResponse;
        assign_leader(AssignLeaderRequest) -> AssignLeaderResponse;
        amend_agreement(AmendAgreementRequest) -> AmendAgreementResponse;
        annul_agreement(AnnulAgreementRequest) -> AnnulAgreementResponse;
        plan_performance(PlanPerformanceRequest) -> PlanPerformanceResponse;
        record_instalment(RecordInstalmentRequest) -> RecordInstalmentResponse;
        refer_to_court(ReferToCourtRequest) -> ReferToCourtResponse;
        report_to_court(ReportToCourtRequest) -> ReportToCourtResponse;
        archive_case(ArchiveCaseRequest) -> ArchiveCaseResponse;
        reopen_dispute(ReopenDisputeRequest) -> ReopenDisputeResponse;
        find_similar_disputes(FindSimilarDisputesRequest) -> FindSimilarDisputesResponse;
        link_dispute(LinkDisputeRequest) -> LinkDisputeResponse;
        unlink_dispute(UnlinkDisputeRequest) -> UnlinkDisputeResponse;
        erase_parties(ErasePartiesRequest) -> ErasePartiesResponse;
        get_dispute(GetDisputeRequest) -> GetDisputeResponse;
        import_case_batch(ImportCaseBatchRequest) -> ImportCaseBatchResponse;
        list_stuck(ListStuckRequest) -> ListStuckResponse;
        list_routing_rules(ListRoutingRulesRequest) -> ListRoutingRulesResponse;
    }
}
