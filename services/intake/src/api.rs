//! The gRPC service: parse, call the app, reply. Decides nothing and knows no SQL.

mod calls;
mod clocks;
mod conduct;
mod list;
mod log;
mod look_up;
mod parse;
mod remarks;
mod repeats;
mod reply;
mod status;
mod unit;
mod watch;
mod work;

pub use calls::{Api, IntakeApi};
pub use status::{Failure, Invalid};
pub use unit::resume_successions;
pub use watch::WATCHES;

use crate::domain::every_rejection;
use calls::{change_call, change_calls, own_calls};
use fengqiao_model::{Clock, Permission};
use fengqiao_proto::intake::v1::{self as pb, intake_service_server::IntakeService};
use fengqiao_service::{Answers, answers, call_id, errors, peer, permitted};
use futures_util::{FutureExt, StreamExt, stream};
use std::pin::Pin;
use tokio::task::unconstrained;
use tonic::{Request, Response, Status, Streaming};

#[tonic::async_trait]
impl IntakeService for IntakeApi {
    type LogPetitionsStream = Answers<pb::LogPetitionsResponse>;
    type SubmitPetitionWorkStream = Answers<pb::SubmitPetitionWorkResponse>;
    type WatchPetitionsStream = Answers<pb::WatchPetitionsResponse>;
    type ImportPetitionsStream = Answers<pb::ImportPetitionsResponse>;
    type ImportUnitsStream = Answers<pb::ImportUnitsResponse>;

    async fn log_petition(&self, request: Request<pb::LogPetitionRequest>) -> Result<Response<pb::LogPetitionResponse>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let call = call_id(&request).to_owned();
        let logged = self.log(caller, request.into_inner(), false).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(logged))
    }

    async fn log_petitions(
        &self,
        request: Request<Streaming<pb::LogPetitionsRequest>>,
    ) -> Result<Response<Self::LogPetitionsStream>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let answers =
            answers(self, &self.0.draining, request.into_inner(), 256, move |this, message: pb::LogPetitionsRequest| {
                let caller = caller.clone();
                async move { Ok(this.log_item(caller, message.item).await) }.boxed()
            });
        Ok(Response::new(answers))
    }

    async fn log_petition_batch(
        &self,
        request: Request<pb::LogPetitionBatchRequest>,
    ) -> Result<Response<pb::LogPetitionBatchResponse>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let items = request.into_inner().items;
        if items.is_empty() || items.len() > parse::BATCH {
            return Err(errors::invalid([("items", format!("must be 1 to {}", parse::BATCH))]));
        }
        let verdicts =
            stream::iter(items).map(|item| unconstrained(self.log_item(caller.clone(), Some(item)))).buffered(parse::BATCH);
        Ok(Response::new(pb::LogPetitionBatchResponse { results: verdicts.collect().await }))
    }

    async fn submit_petition_work(
        &self,
        request: Request<Streaming<pb::SubmitPetitionWorkRequest>>,
    ) -> Result<Response<Self::SubmitPetitionWorkStream>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let chain = work::Chain::default();
        let answers =
            answers(self, &self.0.draining, request.into_inner(), 256, move |this, message: pb::SubmitPetitionWorkRequest| {
                // Taken in the order of the items, done when the items it follows are.
                let (caller, item) = (caller.clone(), Self::take_item(message.work, &chain));
                async move { Ok(this.work_item(caller, item).await) }.boxed()
            });
        Ok(Response::new(answers))
    }

    async fn submit_petition_work_batch(
        &self,
        request: Request<pb::SubmitPetitionWorkBatchRequest>,
    ) -> Result<Response<pb::SubmitPetitionWorkBatchResponse>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let items = request.into_inner().items;
        if items.is_empty() || items.len() > parse::BATCH {
            return Err(errors::invalid([("items", format!("must be 1 to {}", parse::BATCH))]));
        }
        let chain = work::Chain::default();
        let items: Vec<_> = items.into_iter().map(|work| Self::take_item(Some(work), &chain)).collect();
        let verdicts = stream::iter(items).map(|item| unconstrained(self.work_item(caller.clone(), item))).buffered(parse::BATCH);
        Ok(Response::new(pb::SubmitPetitionWorkBatchResponse { results: verdicts.collect().await }))
    }

    async fn get_petition(&self, request: Request<pb::GetPetitionRequest>) -> Result<Response<pb::GetPetitionResponse>, Status> {
        let caller = permitted(&request, Permission::ReadPetitions)?;
        let call = call_id(&request).to_owned();
        let found = list::one(&self.0, &caller, &request.into_inner()).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(pb::GetPetitionResponse { petition: Some(found) }))
    }

    async fn list_petitions(
        &self,
        request: Request<pb::ListPetitionsRequest>,
    ) -> Result<Response<pb::ListPetitionsResponse>, Status> {
        let caller = permitted(&request, Permission::ReadPetitions)?;
        let call = call_id(&request).to_owned();
        let page = list::page(&self.0, &caller, &request.into_inner()).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(page))
    }

    async fn watch_petitions(
        &self,
        request: Request<pb::WatchPetitionsRequest>,
    ) -> Result<Response<Self::WatchPetitionsStream>, Status> {
        let caller = permitted(&request, Permission::ReadPetitions)?;
        let call = call_id(&request).to_owned();
        let answers = watch::watch(&self.0, &caller, &call, &request.into_inner()).await;
        answers.map(Response::new).map_err(|failure| failure.status(&call))
    }

    change_calls! {
        accept_petition(AcceptPetitionRequest) -> AcceptPetitionResponse, "AcceptPetition" by WritePetitions as accept;
        refuse_petition(RefusePetitionRequest) -> RefusePetitionResponse, "RefusePetition" by WritePetitions as refuse;
        request_extension(RequestExtensionRequest) -> RequestExtensionResponse, "RequestExtension" by WritePetitions as request_extension;
        decide_extension(DecideExtensionRequest) -> DecideExtensionResponse, "DecideExtension" by DecidePetitions as decide_extension;
        issue_opinion(IssueOpinionRequest) -> IssueOpinionResponse, "IssueOpinion" by WritePetitions as issue_opinion;
        supervise(SuperviseRequest) -> SuperviseResponse, "Supervise" by SupervisePetitions as supervise;
        explain_supervision(ExplainSupervisionRequest) -> ExplainSupervisionResponse, "ExplainSupervision" by WritePetitions as explain_supervision;
        withdraw_petition(WithdrawPetitionRequest) -> WithdrawPetitionResponse, "WithdrawPetition" by WritePetitions as withdraw;
        transfer_petition(TransferPetitionRequest) -> TransferPetitionResponse, "TransferPetition" by WritePetitions as transfer;
        assign_petition(AssignPetitionRequest) -> AssignPetitionResponse, "AssignPetition" by WritePetitions as assign;
        report_assignment(ReportAssignmentRequest) -> ReportAssignmentResponse, "ReportAssignment" by WritePetitions as report_assignment;
        object_to_transfer(ObjectToTransferRequest) -> ObjectToTransferResponse, "ObjectToTransfer" by WritePetitions as object;
        decide_objection(DecideObjectionRequest) -> DecideObjectionResponse, "DecideObjection" by DecidePetitions as decide_objection;
        divert_petition(DivertPetitionRequest) -> DivertPetitionResponse, "DivertPetition" by WritePetitions as divert;
        consult_only(ConsultOnlyRequest) -> ConsultOnlyResponse, "ConsultOnly" by WritePetitions as consult;
        answer_petition(AnswerPetitionRequest) -> AnswerPetitionResponse, "AnswerPetition" by WritePetitions as answer;
        forward_allegation(ForwardAllegationRequest) -> ForwardAllegationResponse, "ForwardAllegation" by WritePetitions as forward;
        record_hearing(RecordHearingRequest) -> RecordHearingResponse, "RecordHearing" by WritePetitions as record_hearing;
        settle_petition(SettlePetitionRequest) -> SettlePetitionResponse, "SettlePetition" by WritePetitions as settle;
        record_delivery(RecordDeliveryRequest) -> RecordDeliveryResponse, "RecordDelivery" by WritePetitions as record_delivery;
        request_review(RequestReviewRequest) -> RequestReviewResponse, "RequestReview" by WritePetitions as request_review;
        issue_review_opinion(IssueReviewOpinionRequest) -> IssueReviewOpinionResponse, "IssueReviewOpinion" by WritePetitions as issue_review;
        request_re_review(RequestReReviewRequest) -> RequestReReviewResponse, "RequestReReview" by WritePetitions as request_rereview;
        issue_re_review_opinion(IssueReReviewOpinionRequest) -> IssueReReviewOpinionResponse, "IssueReReviewOpinion" by WritePetitions as issue_rereview;
        rate_petition(RatePetitionRequest) -> RatePetitionResponse, "RatePetition" by WritePetitions as rate;
        reopen_petition(ReopenPetitionRequest) -> ReopenPetitionResponse, "ReopenPetition" by DecidePetitions as reopen;
        link_repeat(LinkRepeatRequest) -> LinkRepeatResponse, "LinkRepeat" by WritePetitions as link_repeat;
        unlink_repeat(UnlinkRepeatRequest) -> UnlinkRepeatResponse, "UnlinkRepeat" by WritePetitions as unlink_repeat;
        flag_urgent(FlagUrgentRequest) -> FlagUrgentResponse, "FlagUrgent" by WritePetitions as flag_urgent;
    }

    own_calls! {
        register_unit(RegisterUnitRequest) -> RegisterUnitResponse by ManageUnits as unit::register_unit;
        update_unit(UpdateUnitRequest) -> UpdateUnitResponse by ManageUnits as unit::update_unit;
        succeed_unit(SucceedUnitRequest) -> SucceedUnitResponse by ManageUnits as unit::succeed_unit;
        close_unit(CloseUnitRequest) -> CloseUnitResponse by ManageUnits as unit::close_unit;
        get_unit(GetUnitRequest) -> GetUnitResponse by ReadPetitions as unit::get_unit;
        list_units(ListUnitsRequest) -> ListUnitsResponse by ReadPetitions as unit::list_units;
        next_higher_organ(NextHigherOrganRequest) -> NextHigherOrganResponse by ReadPetitions as unit::next_higher_organ;
        list_silent_units(ListSilentUnitsRequest) -> ListSilentUnitsResponse by ReadPetitions as unit::list_silent_units;
        import_unit_batch(ImportUnitBatchRequest) -> ImportUnitBatchResponse by ManageUnits as unit::import_unit_batch;
        list_due(ListDueRequest) -> ListDueResponse by ReadPetitions as Self::due;
        list_restatements(ListRestatementsRequest) -> ListRestatementsResponse by ReadPetitions as Self::restatements;
        check_conduct(CheckConductRequest) -> CheckConductResponse by ReadPetitions as Self::conduct_of;
        list_conduct_rules(ListConductRulesRequest) -> ListConductRulesResponse by ReadPetitions as Self::conduct_rules;
        list_conduct_breaches(ListConductBreachesRequest) -> ListConductBreachesResponse by ReadPetitions as Self::conduct_breaches;
    }

    async fn correct_petition(
        &self,
        request: Request<pb::CorrectPetitionRequest>,
    ) -> Result<Response<pb::CorrectPetitionResponse>, Status> {
        let today = self.0.clock.now().day();
        let parse = |message: &pb::CorrectPetitionRequest| parse::correct(message, today);
        change_call!(self, request, DecidePetitions, "CorrectPetition", parse, { device }, CorrectPetitionResponse)
    }

    async fn route_to_mediation(
        &self,
        request: Request<pb::RouteToMediationRequest>,
    ) -> Result<Response<pb::RouteToMediationResponse>, Status> {
        let today = self.0.clock.now().day();
        let parse = |message: &pb::RouteToMediationRequest| parse::route(message, today);
        change_call!(self, request, WritePetitions, "RouteToMediation", parse, { device }, RouteToMediationResponse)
    }

    async fn void_petition(
        &self,
        request: Request<pb::VoidPetitionRequest>,
    ) -> Result<Response<pb::VoidPetitionResponse>, Status> {
        change_call!(self, request, DecidePetitions, "VoidPetition", parse::void, {}, VoidPetitionResponse)
    }

    async fn erase_parties(
        &self,
        request: Request<pb::ErasePartiesRequest>,
    ) -> Result<Response<pb::ErasePartiesResponse>, Status> {
        let actor = permitted(&request, Permission::DecidePetitions)?.id;
        let (petition, reason) = (request.get_ref().petition_id.clone(), request.get_ref().reason.clone());
        let answer: Result<_, Status> =
            change_call!(self, request, DecidePetitions, "EraseParties", parse::erase, {}, ErasePartiesResponse);
        tracing::info!(petition, %actor, reason, "parties erased");
        answer
    }

    async fn find_similar(&self, request: Request<pb::FindSimilarRequest>) -> Result<Response<pb::FindSimilarResponse>, Status> {
        let caller = permitted(&request, Permission::ReadPetitions)?;
        self.similar(caller, request).await
    }

    async fn search_petitions(
        &self,
        request: Request<pb::SearchPetitionsRequest>,
    ) -> Result<Response<pb::SearchPetitionsResponse>, Status> {
        let caller = permitted(&request, Permission::ReadPetitions)?;
        self.search(caller, request).await
    }

    async fn look_up_status(
        &self,
        request: Request<pb::LookUpStatusRequest>,
    ) -> Result<Response<pb::LookUpStatusResponse>, Status> {
        permitted(&request, Permission::LookUp)?;
        let call = call_id(&request).to_owned();
        let from = peer(&request);
        let status = self.find_status(&request.into_inner(), from).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(status))
    }

    async fn reissue_query_code(
        &self,
        request: Request<pb::ReissueQueryCodeRequest>,
    ) -> Result<Response<pb::ReissueQueryCodeResponse>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let call = call_id(&request).to_owned();
        let code = self.reissue(caller, request.into_inner()).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(code))
    }

    async fn get_look_up_counts(
        &self,
        request: Request<pb::GetLookUpCountsRequest>,
    ) -> Result<Response<pb::GetLookUpCountsResponse>, Status> {
        permitted(&request, Permission::ReadAudit)?;
        let call = call_id(&request).to_owned();
        let counts = self.look_up_counts(&request.into_inner()).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(counts))
    }

    async fn import_petitions(
        &self,
        request: Request<Streaming<pb::ImportPetitionsRequest>>,
    ) -> Result<Response<Self::ImportPetitionsStream>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let call = call_id(&request).to_owned();
        let answers =
            answers(self, &self.0.draining, request.into_inner(), 4, move |this, message: pb::ImportPetitionsRequest| {
                let (caller, call) = (caller.clone(), call.clone());
                async move { this.import(caller, message).await.map_err(|failure| failure.status(&call)) }.boxed()
            });
        Ok(Response::new(answers))
    }

    async fn import_petition_batch(
        &self,
        request: Request<pb::ImportPetitionBatchRequest>,
    ) -> Result<Response<pb::ImportPetitionBatchResponse>, Status> {
        let caller = permitted(&request, Permission::WritePetitions)?;
        let call = call_id(&request).to_owned();
        let Some(batch) = request.into_inner().batch else {
            return Err(errors::invalid([("batch", "must not be empty")]));
        };
        let result = self.import(caller, batch).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(pb::ImportPetitionBatchResponse { result: Some(result) }))
    }

    async fn adopt_calendar(
        &self,
        request: Request<pb::AdoptCalendarRequest>,
    ) -> Result<Response<pb::AdoptCalendarResponse>, Status> {
        let caller = permitted(&request, Permission::DecidePetitions)?;
        let call = call_id(&request).to_owned();
        let adopted = self.adopt(caller, &request.into_inner()).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(adopted))
    }

    async fn list_rules(&self, request: Request<pb::ListRulesRequest>) -> Result<Response<pb::ListRulesResponse>, Status> {
        permitted(&request, Permission::LookUp)?;
        let call = call_id(&request).to_owned();
        let law = self.0.law.refresh(&self.0.db).await.map_err(|error| Failure::Store(error).status(&call))?;
        let on = parse::rules_day(&request.into_inner(), self.0.clock.now().day())
            .map_err(|invalid| Failure::Invalid(invalid).status(&call))?;
        Ok(Response::new(reply::rules(&law, on)))
    }

    async fn import_units(
        &self,
        request: Request<Streaming<pb::ImportUnitsRequest>>,
    ) -> Result<Response<Self::ImportUnitsStream>, Status> {
        let caller = permitted(&request, Permission::ManageUnits)?;
        let call = call_id(&request).to_owned();
        let answers = answers(self, &self.0.draining, request.into_inner(), 4, move |this, message: pb::ImportUnitsRequest| {
            let (caller, call) = (caller.clone(), call.clone());
            async move { unit::import(&this, caller, message).await.map_err(|failure| failure.status(&call)) }.boxed()
        });
        Ok(Response::new(answers))
    }
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
