//! The gRPC service: parse, call the app, reply. Decides nothing and knows no SQL.

mod clocks;
mod conduct;
mod list;
mod log;
mod look_up;
mod parse;
mod remarks;
mod reply;
mod status;
mod unit;
mod watch;
mod work;

pub use status::{Failure, Invalid};
pub use unit::resume_successions;
pub use watch::WATCHES;

use crate::{
    app::{AsOf, Book, Counts, LawInForce, LookUp, Outcome, Reading, Reply, Request as Work, Sweeper, Turnstile, Work as Asked},
    domain::{Command, every_rejection},
};
use fengqiao_model::{Caller, Clock, IdSource, Permission, PetitionId};
use fengqiao_proto::intake::v1::{self as pb, intake_service_server::IntakeService};
use fengqiao_service::{call_id, errors, peer, permitted};
use fengqiao_store::{Db, MasterKey, Writer};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use prost::Message;
use std::{pin::Pin, sync::Arc};
use tokio::{sync::Semaphore, task::unconstrained};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

/// What the calls share.
pub struct Api {
    pub db: Db,
    pub writer: Writer<Book>,
    pub reading: Reading,
    pub look_up: LookUp,
    pub turnstile: Turnstile,
    pub counts: Arc<Counts>,
    pub master: Arc<MasterKey>,
    pub law: Arc<LawInForce>,
    pub sweeper: Sweeper,
    pub clock: Arc<dyn Clock>,
    pub ids: IdSource,
    pub days_back: i32,
    /// One permit for each watch that is open.
    pub watches: Arc<Semaphore>,
    /// Cancelled when streams are to end.
    pub draining: CancellationToken,
}

/// The tonic service; clones share everything.
#[derive(Clone)]
pub struct IntakeApi(Arc<Api>);

/// A stream of answers.
type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A change that was carried out: the petition and, for a new one, its query codes.
struct Changed {
    petition: pb::Petition,
    query_codes: Vec<String>,
    dispute: Option<pb::DeskDispute>,
}

impl IntakeApi {
    /// A service over these parts.
    pub fn new(api: Api) -> Self {
        Self(Arc::new(api))
    }

    /// Keyed hash of what a request asks: who, which call, which content.
    fn fingerprint(&self, caller: &Caller, call: &str, content: &impl Message) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + content.encoded_len());
        for part in [caller.id.as_str(), call] {
            bytes.extend(part.len().to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        content.encode(&mut bytes).expect("a vector grows as needed");
        self.0.master.fingerprint(&bytes)
    }

    /// Hands a parsed command to the writer and gives its first outcome, also when this is a repetition.
    async fn change(&self, caller: Caller, asked: parse::Asked, fingerprint: Vec<u8>, patient: bool) -> Result<Changed, Failure> {
        let api = &self.0;
        let id = asked.id.unwrap_or_else(|| PetitionId::from_bytes(api.ids.mint(&api.clock)));
        let erase = matches!(asked.command, Command::EraseParties { .. });
        let work = Work {
            caller,
            request_id: asked.request_id,
            fingerprint,
            work: Asked::Petition { id, expected: asked.expected, command: Box::new(asked.command) },
        };
        let reply = if patient { api.writer.submit(work).await } else { api.writer.try_submit(work).await };
        let Reply::Petition(outcome) = reply? else { return Err(Failure::Internal("a command got an import's reply")) };
        let outcome = outcome?;
        if erase {
            // Also on a repetition: the first attempt may have ended between the commit and this.
            api.db.scrub_keys().await?;
        }
        match outcome {
            Outcome::Made { id, petition, query_codes, dispute } => {
                let dispute = dispute.map(reply::desk_dispute);
                Ok(Changed { petition: reply::petition(&id, &petition), query_codes, dispute })
            }
            Outcome::Before { id, version } => {
                let found = api.reading.as_of_version(&id, version).await?;
                let AsOf { petition, query_codes, dispute } =
                    found.ok_or(Failure::Internal("a recorded request has no petition"))?;
                let dispute = dispute.map(reply::desk_dispute);
                Ok(Changed { petition: reply::petition(&id, &petition), query_codes, dispute })
            }
        }
    }

    async fn import(&self, caller: Caller, request: pb::ImportPetitionsRequest) -> Result<pb::ImportPetitionsResponse, Failure> {
        let asked = parse::import(&request, self.0.clock.now().day())?;
        let fingerprint = self.fingerprint(&caller, "ImportPetitions", &request);
        // The cells now stand in the rows; the message may be large.
        drop(request);
        let ledger = asked.ledger.unwrap_or_else(|| caller.unit.clone());
        let work = Work {
            caller,
            request_id: asked.request_id,
            fingerprint,
            work: Asked::Import { ledger, columns: asked.columns, rows: asked.rows },
        };
        match self.0.writer.submit(work).await? {
            Reply::Import(outcome) => Ok(reply::imported(outcome?, asked.refused)),
            _ => Err(Failure::Internal("an import got a command's reply")),
        }
    }

    /// Answers each message of a stream in order, several at a time, until the client or this server ends it.
    fn answers<Q, A, F>(&self, inbound: Streaming<Q>, at_once: usize, answer: F) -> Answers<A>
    where
        Q: Send + 'static,
        A: Send + 'static,
        F: Fn(Self, Q) -> Pin<Box<dyn Future<Output = Result<A, Status>> + Send>> + Send + 'static,
    {
        let (this, draining) = (self.clone(), self.0.draining.clone());
        let stopped = draining.clone();
        let answers = inbound
            .take_until(async move { draining.cancelled().await })
            .map(move |message| match message {
                Ok(message) => answer(this.clone(), message),
                Err(status) => std::future::ready(Err(status)).boxed(),
            })
            // Polled in order, so that rows reach the writer in the order of the file. Unconstrained: a task that used up its
            // turn (128 steps) would wake the rest in reverse.
            .map(unconstrained)
            .buffered(at_once);
        let end = stream::once(async move { stopped.is_cancelled().then(errors::draining) })
            .filter_map(|status| async { status.map(Err) });
        Box::pin(answers.chain(end))
    }
}

/// A change call: permission, parse, write, reply.
macro_rules! change_call {
    ($self:ident, $request:ident, $permission:ident, $call:literal, $parse:expr, { $($without:ident),* }, $response:ident) => {{
        let caller = permitted(&$request, Permission::$permission)?;
        let call = call_id(&$request).to_owned();
        #[allow(unused_mut, reason = "some messages carry nothing that is left out of the comparison")]
        let mut message = $request.into_inner();
        let changed = async {
            let asked = ($parse)(&message)?;
            $(message.$without = None;)*
            let fingerprint = $self.fingerprint(&caller, $call, &message);
            $self.change(caller, asked, fingerprint, false).await
        }
        .await
        .map_err(|failure: Failure| failure.status(&call))?;
        Ok(Response::new(pb::$response { petition: Some(changed.petition) }))
    }};
}

/// A call that has a function of its own: permission, message in, message out.
macro_rules! call {
    ($self:ident, $request:ident, $permission:ident, $answer:path) => {{
        let caller = permitted(&$request, Permission::$permission)?;
        let call = call_id(&$request).to_owned();
        let answer = $answer($self, caller, $request.into_inner()).await;
        answer.map(Response::new).map_err(|failure| failure.status(&call))
    }};
}

/// The change calls that have nothing of their own, a line each: method, name, permission, parser. Written out as the trait has
/// them, because the attribute that rewrites async methods does not see into a macro.
macro_rules! change_calls {
    ($($method:ident($request:ident) -> $response:ident, $name:literal by $permission:ident as $parse:ident;)*) => {$(
        fn $method<'s, 'f>(
            &'s self,
            request: Request<pb::$request>,
        ) -> Pin<Box<dyn Future<Output = Result<Response<pb::$response>, Status>> + Send + 'f>>
        where
            's: 'f,
            Self: 'f,
        {
            async move { change_call!(self, request, $permission, $name, parse::$parse, { device }, $response) }.boxed()
        }
    )*};
}

/// A call that only reads: permission, answer.
macro_rules! read_call {
    ($self:ident, $request:ident, $permission:ident, $answer:ident) => {{
        let caller = permitted(&$request, Permission::$permission)?;
        let call = call_id(&$request).to_owned();
        let answer = $self.$answer(&caller, &$request.into_inner()).await.map_err(|failure| failure.status(&call))?;
        Ok(Response::new(answer))
    }};
}

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
        let answers = self.answers(request.into_inner(), 256, move |this, message: pb::LogPetitionsRequest| {
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
        let answers = self.answers(request.into_inner(), 256, move |this, message: pb::SubmitPetitionWorkRequest| {
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
        flag_urgent(FlagUrgentRequest) -> FlagUrgentResponse, "FlagUrgent" by WritePetitions as flag_urgent;
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
        let answers = self.answers(request.into_inner(), 4, move |this, message: pb::ImportPetitionsRequest| {
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

    async fn list_due(&self, request: Request<pb::ListDueRequest>) -> Result<Response<pb::ListDueResponse>, Status> {
        read_call!(self, request, ReadPetitions, due)
    }

    async fn list_restatements(
        &self,
        request: Request<pb::ListRestatementsRequest>,
    ) -> Result<Response<pb::ListRestatementsResponse>, Status> {
        read_call!(self, request, ReadPetitions, restatements)
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

    async fn check_conduct(
        &self,
        request: Request<pb::CheckConductRequest>,
    ) -> Result<Response<pb::CheckConductResponse>, Status> {
        read_call!(self, request, ReadPetitions, conduct_of)
    }

    async fn list_conduct_rules(
        &self,
        request: Request<pb::ListConductRulesRequest>,
    ) -> Result<Response<pb::ListConductRulesResponse>, Status> {
        read_call!(self, request, ReadPetitions, conduct_rules)
    }

    async fn list_conduct_breaches(
        &self,
        request: Request<pb::ListConductBreachesRequest>,
    ) -> Result<Response<pb::ListConductBreachesResponse>, Status> {
        read_call!(self, request, ReadPetitions, conduct_breaches)
    }

    async fn list_rules(&self, request: Request<pb::ListRulesRequest>) -> Result<Response<pb::ListRulesResponse>, Status> {
        permitted(&request, Permission::LookUp)?;
        let call = call_id(&request).to_owned();
        let law = self.0.law.refresh(&self.0.db).await.map_err(|error| Failure::Store(error).status(&call))?;
        let on = parse::rules_day(&request.into_inner(), self.0.clock.now().day())
            .map_err(|invalid| Failure::Invalid(invalid).status(&call))?;
        Ok(Response::new(reply::rules(&law, on)))
    }

    async fn register_unit(
        &self,
        request: Request<pb::RegisterUnitRequest>,
    ) -> Result<Response<pb::RegisterUnitResponse>, Status> {
        call!(self, request, ManageUnits, unit::register_unit)
    }

    async fn update_unit(&self, request: Request<pb::UpdateUnitRequest>) -> Result<Response<pb::UpdateUnitResponse>, Status> {
        call!(self, request, ManageUnits, unit::update_unit)
    }

    async fn succeed_unit(&self, request: Request<pb::SucceedUnitRequest>) -> Result<Response<pb::SucceedUnitResponse>, Status> {
        call!(self, request, ManageUnits, unit::succeed_unit)
    }

    async fn close_unit(&self, request: Request<pb::CloseUnitRequest>) -> Result<Response<pb::CloseUnitResponse>, Status> {
        call!(self, request, ManageUnits, unit::close_unit)
    }

    async fn get_unit(&self, request: Request<pb::GetUnitRequest>) -> Result<Response<pb::GetUnitResponse>, Status> {
        call!(self, request, ReadPetitions, unit::get_unit)
    }

    async fn list_units(&self, request: Request<pb::ListUnitsRequest>) -> Result<Response<pb::ListUnitsResponse>, Status> {
        call!(self, request, ReadPetitions, unit::list_units)
    }

    async fn next_higher_organ(
        &self,
        request: Request<pb::NextHigherOrganRequest>,
    ) -> Result<Response<pb::NextHigherOrganResponse>, Status> {
        call!(self, request, ReadPetitions, unit::next_higher_organ)
    }

    async fn list_silent_units(
        &self,
        request: Request<pb::ListSilentUnitsRequest>,
    ) -> Result<Response<pb::ListSilentUnitsResponse>, Status> {
        call!(self, request, ReadPetitions, unit::list_silent_units)
    }

    async fn import_unit_batch(
        &self,
        request: Request<pb::ImportUnitBatchRequest>,
    ) -> Result<Response<pb::ImportUnitBatchResponse>, Status> {
        call!(self, request, ManageUnits, unit::import_unit_batch)
    }

    async fn import_units(
        &self,
        request: Request<Streaming<pb::ImportUnitsRequest>>,
    ) -> Result<Response<Self::ImportUnitsStream>, Status> {
        let caller = permitted(&request, Permission::ManageUnits)?;
        let call = call_id(&request).to_owned();
        let answers = self.answers(request.into_inner(), 4, move |this, message: pb::ImportUnitsRequest| {
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
