//! The gRPC service: parse, call the app, reply. Decides nothing and knows no SQL.

mod calls;
mod parse;
mod reply;
mod status;

pub use calls::{Api, MediationApi};
pub use status::{Failure, Invalid};

use crate::{domain::every_rejection, store};
use calls::{body_change, case_change, dispute_change, find_call};
use fengqiao_model::{PageToken, Permission};
use fengqiao_proto::mediation::v1::{self as pb, mediation_service_server::MediationService};
use fengqiao_service::{Answers, answers, call_id, errors, permitted};
use futures_util::FutureExt;
use tonic::{Request, Response, Status, Streaming};

#[tonic::async_trait]
impl MediationService for MediationApi {
    type ImportCasesStream = Answers<pb::ImportCasesResponse>;

    async fn register_body(&self, r: Request<pb::RegisterBodyRequest>) -> Result<Response<pb::RegisterBodyResponse>, Status> {
        body_change!(self, r, ManageBodies, "RegisterBody", parse::register, RegisterBodyResponse)
    }

    async fn update_body(&self, r: Request<pb::UpdateBodyRequest>) -> Result<Response<pb::UpdateBodyResponse>, Status> {
        body_change!(self, r, ManageBodies, "UpdateBody", parse::update, UpdateBodyResponse)
    }

    async fn adjust_body(&self, r: Request<pb::AdjustBodyRequest>) -> Result<Response<pb::AdjustBodyResponse>, Status> {
        body_change!(self, r, ManageBodies, "AdjustBody", parse::adjust, AdjustBodyResponse)
    }

    async fn foster_body(&self, r: Request<pb::FosterBodyRequest>) -> Result<Response<pb::FosterBodyResponse>, Status> {
        body_change!(self, r, ManageBodies, "FosterBody", parse::foster, FosterBodyResponse)
    }

    async fn close_body(&self, r: Request<pb::CloseBodyRequest>) -> Result<Response<pb::CloseBodyResponse>, Status> {
        body_change!(self, r, ManageBodies, "CloseBody", parse::close, CloseBodyResponse)
    }

    async fn get_body(&self, request: Request<pb::GetBodyRequest>) -> Result<Response<pb::GetBodyResponse>, Status> {
        find_call!(request, ReadBodies, |_caller, message| {
            let body = self.body(parse::body_code(&message)?).await?;
            Ok(pb::GetBodyResponse { body: Some(reply::body(&body)) })
        })
    }

    async fn list_bodies(&self, request: Request<pb::ListBodiesRequest>) -> Result<Response<pb::ListBodiesResponse>, Status> {
        find_call!(request, ReadBodies, |_caller, message| {
            let listing = parse::bodies(&message)?;
            let mut found = store::list_bodies(self.db(), &listing.filter, &listing.after, listing.page_size + 1).await?;
            let more = cut(&mut found, listing.page_size);
            let last = found.last().filter(|_| more);
            let next = last.map(|stored| PageToken { after: stored.body.code.to_string() }.encode(&listing.bound));
            let bodies = found.iter().map(reply::body).collect();
            Ok(pb::ListBodiesResponse { bodies, next_page_token: next.unwrap_or_default() })
        })
    }

    async fn open_case(&self, request: Request<pb::OpenCaseRequest>) -> Result<Response<pb::OpenCaseResponse>, Status> {
        find_call!(request, WriteCases, |caller, message| self.open(caller, message).await)
    }

    async fn propose_route(
        &self,
        request: Request<pb::ProposeRouteRequest>,
    ) -> Result<Response<pb::ProposeRouteResponse>, Status> {
        find_call!(request, WriteCases, |caller, message| {
            let decision = self.propose(caller, parse::proposed(&message)?).await?;
            Ok(pb::ProposeRouteResponse { decision: Some(decision) })
        })
    }

    async fn dispatch_case(&self, r: Request<pb::DispatchCaseRequest>) -> Result<Response<pb::DispatchCaseResponse>, Status> {
        case_change!(self, r, DispatchCases, "DispatchCase", parse::dispatch, DispatchCaseResponse {})
    }

    async fn take_case(&self, r: Request<pb::TakeCaseRequest>) -> Result<Response<pb::TakeCaseResponse>, Status> {
        case_change!(self, r, WriteCases, "TakeCase", parse::take, TakeCaseResponse {})
    }

    async fn return_case(&self, r: Request<pb::ReturnCaseRequest>) -> Result<Response<pb::ReturnCaseResponse>, Status> {
        case_change!(self, r, WriteCases, "ReturnCase", parse::return_case, ReturnCaseResponse {})
    }

    async fn decline_case(&self, r: Request<pb::DeclineCaseRequest>) -> Result<Response<pb::DeclineCaseResponse>, Status> {
        case_change!(self, r, WriteCases, "DeclineCase", parse::decline, DeclineCaseResponse {})
    }

    async fn record_refusal(&self, r: Request<pb::RecordRefusalRequest>) -> Result<Response<pb::RecordRefusalResponse>, Status> {
        case_change!(self, r, WriteCases, "RecordRefusal", parse::refuse, RecordRefusalResponse {})
    }

    async fn transfer_case(&self, r: Request<pb::TransferCaseRequest>) -> Result<Response<pb::TransferCaseResponse>, Status> {
        case_change!(self, r, WriteCases, "TransferCase", parse::transfer, TransferCaseResponse { next })
    }

    async fn conclude_case(&self, r: Request<pb::ConcludeCaseRequest>) -> Result<Response<pb::ConcludeCaseResponse>, Status> {
        case_change!(self, r, WriteCases, "ConcludeCase", parse::conclude, ConcludeCaseResponse { next })
    }

    async fn record_performance(
        &self,
        r: Request<pb::RecordPerformanceRequest>,
    ) -> Result<Response<pb::RecordPerformanceResponse>, Status> {
        case_change!(self, r, WriteCases, "RecordPerformance", parse::perform, RecordPerformanceResponse {})
    }

    async fn record_confirmation(
        &self,
        r: Request<pb::RecordConfirmationRequest>,
    ) -> Result<Response<pb::RecordConfirmationResponse>, Status> {
        case_change!(self, r, WriteCases, "RecordConfirmation", parse::confirm, RecordConfirmationResponse {})
    }

    async fn record_consent(&self, r: Request<pb::RecordConsentRequest>) -> Result<Response<pb::RecordConsentResponse>, Status> {
        case_change!(self, r, WriteCases, "RecordConsent", parse::consent, RecordConsentResponse {})
    }

    async fn assign_mediator(
        &self,
        r: Request<pb::AssignMediatorRequest>,
    ) -> Result<Response<pb::AssignMediatorResponse>, Status> {
        case_change!(self, r, WriteCases, "AssignMediator", parse::assign_mediator, AssignMediatorResponse {})
    }

    async fn recuse_mediator(
        &self,
        r: Request<pb::RecuseMediatorRequest>,
    ) -> Result<Response<pb::RecuseMediatorResponse>, Status> {
        case_change!(self, r, WriteCases, "RecuseMediator", parse::recuse_mediator, RecuseMediatorResponse {})
    }

    async fn schedule_session(
        &self,
        r: Request<pb::ScheduleSessionRequest>,
    ) -> Result<Response<pb::ScheduleSessionResponse>, Status> {
        case_change!(self, r, WriteCases, "ScheduleSession", parse::schedule_session, ScheduleSessionResponse {})
    }

    async fn record_session(&self, r: Request<pb::RecordSessionRequest>) -> Result<Response<pb::RecordSessionResponse>, Status> {
        case_change!(self, r, WriteCases, "RecordSession", parse::record_session, RecordSessionResponse {})
    }

    async fn suspend_clock(&self, r: Request<pb::SuspendClockRequest>) -> Result<Response<pb::SuspendClockResponse>, Status> {
        case_change!(self, r, WriteCases, "SuspendClock", parse::suspend_clock, SuspendClockResponse {})
    }

    async fn resume_clock(&self, r: Request<pb::ResumeClockRequest>) -> Result<Response<pb::ResumeClockResponse>, Status> {
        case_change!(self, r, WriteCases, "ResumeClock", parse::resume_clock, ResumeClockResponse {})
    }

    async fn extend_clock(&self, r: Request<pb::ExtendClockRequest>) -> Result<Response<pb::ExtendClockResponse>, Status> {
        case_change!(self, r, WriteCases, "ExtendClock", parse::extend_clock, ExtendClockResponse {})
    }

    async fn join_body(&self, r: Request<pb::JoinBodyRequest>) -> Result<Response<pb::JoinBodyResponse>, Status> {
        case_change!(self, r, DispatchCases, "JoinBody", parse::join_body, JoinBodyResponse {})
    }

    async fn leave_body(&self, r: Request<pb::LeaveBodyRequest>) -> Result<Response<pb::LeaveBodyResponse>, Status> {
        case_change!(self, r, DispatchCases, "LeaveBody", parse::leave_body, LeaveBodyResponse {})
    }

    async fn raise_risk(&self, r: Request<pb::RaiseRiskRequest>) -> Result<Response<pb::RaiseRiskResponse>, Status> {
        case_change!(self, r, WriteCases, "RaiseRisk", parse::raise_risk, RaiseRiskResponse {})
    }

    async fn resolve_risk(&self, r: Request<pb::ResolveRiskRequest>) -> Result<Response<pb::ResolveRiskResponse>, Status> {
        case_change!(self, r, WriteCases, "ResolveRisk", parse::resolve_risk, ResolveRiskResponse {})
    }

    async fn record_follow_up(
        &self,
        r: Request<pb::RecordFollowUpRequest>,
    ) -> Result<Response<pb::RecordFollowUpResponse>, Status> {
        case_change!(self, r, WriteCases, "RecordFollowUp", parse::follow_up, RecordFollowUpResponse {})
    }

    async fn set_grade(&self, r: Request<pb::SetGradeRequest>) -> Result<Response<pb::SetGradeResponse>, Status> {
        case_change!(self, r, WriteCases, "SetGrade", parse::grade, SetGradeResponse {})
    }

    async fn assign_leader(&self, r: Request<pb::AssignLeaderRequest>) -> Result<Response<pb::AssignLeaderResponse>, Status> {
        case_change!(self, r, DispatchCases, "AssignLeader", parse::assign_leader, AssignLeaderResponse {})
    }

    async fn amend_agreement(
        &self,
        r: Request<pb::AmendAgreementRequest>,
    ) -> Result<Response<pb::AmendAgreementResponse>, Status> {
        case_change!(self, r, WriteCases, "AmendAgreement", parse::amend_agreement, AmendAgreementResponse {})
    }

    async fn annul_agreement(
        &self,
        r: Request<pb::AnnulAgreementRequest>,
    ) -> Result<Response<pb::AnnulAgreementResponse>, Status> {
        case_change!(self, r, DispatchCases, "AnnulAgreement", parse::annul_agreement, AnnulAgreementResponse {})
    }

    async fn plan_performance(
        &self,
        r: Request<pb::PlanPerformanceRequest>,
    ) -> Result<Response<pb::PlanPerformanceResponse>, Status> {
        case_change!(self, r, WriteCases, "PlanPerformance", parse::plan_performance, PlanPerformanceResponse {})
    }

    async fn record_instalment(
        &self,
        r: Request<pb::RecordInstalmentRequest>,
    ) -> Result<Response<pb::RecordInstalmentResponse>, Status> {
        case_change!(self, r, WriteCases, "RecordInstalment", parse::record_instalment, RecordInstalmentResponse {})
    }

    async fn refer_to_court(&self, r: Request<pb::ReferToCourtRequest>) -> Result<Response<pb::ReferToCourtResponse>, Status> {
        case_change!(self, r, WriteCases, "ReferToCourt", parse::refer_to_court, ReferToCourtResponse {})
    }

    async fn report_to_court(&self, r: Request<pb::ReportToCourtRequest>) -> Result<Response<pb::ReportToCourtResponse>, Status> {
        case_change!(self, r, WriteCases, "ReportToCourt", parse::report_to_court, ReportToCourtResponse {})
    }

    async fn archive_case(&self, r: Request<pb::ArchiveCaseRequest>) -> Result<Response<pb::ArchiveCaseResponse>, Status> {
        case_change!(self, r, WriteCases, "ArchiveCase", parse::archive, ArchiveCaseResponse {})
    }

    async fn correct_case(&self, r: Request<pb::CorrectCaseRequest>) -> Result<Response<pb::CorrectCaseResponse>, Status> {
        case_change!(self, r, DispatchCases, "CorrectCase", parse::correct, CorrectCaseResponse {})
    }

    async fn void_case(&self, r: Request<pb::VoidCaseRequest>) -> Result<Response<pb::VoidCaseResponse>, Status> {
        case_change!(self, r, DispatchCases, "VoidCase", parse::void, VoidCaseResponse {})
    }

    async fn reopen_dispute(&self, r: Request<pb::ReopenDisputeRequest>) -> Result<Response<pb::ReopenDisputeResponse>, Status> {
        find_call!(r, WriteCases, |caller, message| {
            let asked = parse::reopen(&message)?;
            let content = pb::ReopenDisputeRequest { device: None, ..message };
            let changed = self.change_dispute(caller, asked, "ReopenDispute", &content).await?;
            Ok(pb::ReopenDisputeResponse { case: reply::opened_case(&changed) })
        })
    }

    async fn find_similar_disputes(
        &self,
        request: Request<pb::FindSimilarDisputesRequest>,
    ) -> Result<Response<pb::FindSimilarDisputesResponse>, Status> {
        find_call!(request, ReadCases, |caller, message| {
            let similar = self.similar(&caller, parse::similar(&message)?).await?;
            Ok(pb::FindSimilarDisputesResponse { similar })
        })
    }

    async fn link_dispute(&self, r: Request<pb::LinkDisputeRequest>) -> Result<Response<pb::LinkDisputeResponse>, Status> {
        dispute_change!(self, r, DispatchCases, "LinkDispute", parse::link, { device }, LinkDisputeResponse)
    }

    async fn unlink_dispute(&self, r: Request<pb::UnlinkDisputeRequest>) -> Result<Response<pb::UnlinkDisputeResponse>, Status> {
        dispute_change!(self, r, DispatchCases, "UnlinkDispute", parse::unlink, { device }, UnlinkDisputeResponse)
    }

    async fn erase_parties(&self, r: Request<pb::ErasePartiesRequest>) -> Result<Response<pb::ErasePartiesResponse>, Status> {
        let actor = permitted(&r, Permission::DispatchCases)?.id;
        let (dispute, reason) = (r.get_ref().dispute_id.clone(), r.get_ref().reason.clone());
        let answer: Result<_, Status> =
            dispute_change!(self, r, DispatchCases, "EraseParties", parse::erase, {}, ErasePartiesResponse);
        if answer.is_ok() {
            tracing::info!(dispute, %actor, reason, "parties erased");
        }
        answer
    }

    async fn get_case(&self, request: Request<pb::GetCaseRequest>) -> Result<Response<pb::GetCaseResponse>, Status> {
        find_call!(request, ReadCases, |caller, message| {
            let (shown, id) = self.shown_case(&caller, parse::which_case(&message)?).await?;
            tracing::info!(case = %id, actor = %caller.id, "case read with its parties");
            Ok(pb::GetCaseResponse { case: reply::shown_case(&shown, id) })
        })
    }

    async fn get_dispute(&self, request: Request<pb::GetDisputeRequest>) -> Result<Response<pb::GetDisputeResponse>, Status> {
        find_call!(request, ReadCases, |caller, message| {
            let shown = self.shown_dispute(&caller, parse::which_dispute(&message)?).await?;
            tracing::info!(dispute = shown.id, actor = %caller.id, "dispute read with its history");
            Ok(pb::GetDisputeResponse { dispute: Some(reply::shown_dispute(&shown)) })
        })
    }

    async fn list_cases(&self, request: Request<pb::ListCasesRequest>) -> Result<Response<pb::ListCasesResponse>, Status> {
        find_call!(request, ReadCases, |caller, message| {
            let listing = parse::cases(&message, caller.division.as_ref())?;
            let after = (listing.after.0.as_str(), listing.after.1.as_str());
            let mut found = store::list_cases(self.db(), &listing.filter, after, listing.page_size + 1).await?;
            let more = cut(&mut found, listing.page_size);
            let last = found.last().filter(|_| more);
            let next = last.map(|listed| PageToken { after: listed.key() }.encode(&listing.bound));
            let case = |listed: &store::ListedCase| {
                let case = listed.dispute.cases.iter().find(|case| case.id.to_string() == listed.case_id)?;
                Some(reply::case(&listed.dispute_id, &listed.dispute, case))
            };
            let cases = found.iter().filter_map(case).collect();
            Ok(pb::ListCasesResponse { cases, next_page_token: next.unwrap_or_default() })
        })
    }

    async fn import_cases(
        &self,
        request: Request<Streaming<pb::ImportCasesRequest>>,
    ) -> Result<Response<Self::ImportCasesStream>, Status> {
        let caller = permitted(&request, Permission::WriteCases)?;
        let call = call_id(&request).to_owned();
        let answers = answers(self, self.draining(), request.into_inner(), 4, move |this, message: pb::ImportCasesRequest| {
            let (caller, call) = (caller.clone(), call.clone());
            async move { this.import(caller, message).await.map_err(|failure| failure.status(&call)) }.boxed()
        });
        Ok(Response::new(answers))
    }

    async fn import_case_batch(
        &self,
        request: Request<pb::ImportCaseBatchRequest>,
    ) -> Result<Response<pb::ImportCaseBatchResponse>, Status> {
        find_call!(request, WriteCases, |caller, message| {
            let missing = || Invalid(vec![("batch".to_owned(), "must not be empty".to_owned())]);
            let result = self.import(caller, message.batch.ok_or_else(missing)?).await?;
            Ok(pb::ImportCaseBatchResponse { result: Some(result) })
        })
    }

    async fn list_stuck(&self, request: Request<pb::ListStuckRequest>) -> Result<Response<pb::ListStuckResponse>, Status> {
        find_call!(request, ReadCases, |_caller, _message| Ok(reply::stuck(store::stuck(self.db(), 1000).await?)))
    }

    async fn list_routing_rules(
        &self,
        request: Request<pb::ListRoutingRulesRequest>,
    ) -> Result<Response<pb::ListRoutingRulesResponse>, Status> {
        find_call!(request, ReadBodies, |_caller, message| {
            Ok(reply::rules(self.law(), parse::rules_day(&message, self.today())?))
        })
    }
}

/// Cuts what was read to a page; whether there was more.
fn cut<T>(found: &mut Vec<T>, page_size: i64) -> bool {
    let size = usize::try_from(page_size).unwrap_or(1);
    let more = found.len() > size;
    found.truncate(size);
    more
}

/// Every rejection as it looks on the wire: code, reason, message, fields. What the golden file and proto/README.md list.
pub fn error_table() -> String {
    let mut lines: Vec<String> = every_rejection()
        .into_iter()
        .map(|rejection| {
            let status = Failure::Rejected(rejection).status("call");
            format!("{:?} {} {}", status.code(), errors::reason(&status).unwrap_or_default(), status.message())
        })
        .collect();
    lines.sort();
    lines.join("\n") + "\n"
}
