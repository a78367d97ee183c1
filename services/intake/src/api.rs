//! The gRPC service: parse, call the app, reply. Decides nothing and knows no SQL.

mod parse;
mod repeats;
mod reply;
mod status;

pub use status::{Failure, Invalid};

use crate::{
    app::{Book, Outcome, Reading, Reply, Request as Work, Work as Asked},
    domain::{Command, Context, Law, Rejection, decide, every_rejection},
    store,
};
use fengqiao_model::{Caller, Clock, IdSource, PageToken, Permission, PetitionId};
use fengqiao_proto::intake::v1::{self as pb, intake_service_server::IntakeService};
use fengqiao_service::{call_id, errors, permitted};
use fengqiao_store::{Db, MasterKey, Writer};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use prost::Message;
use std::{pin::Pin, sync::Arc};
use tokio::task::unconstrained;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

/// What the calls share.
pub struct Api {
    pub db: Db,
    pub writer: Writer<Book>,
    pub reading: Reading,
    pub master: Arc<MasterKey>,
    pub law: Arc<Law>,
    pub clock: Arc<dyn Clock>,
    pub ids: IdSource,
    pub days_back: i32,
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
            Outcome::Made { id, petition, query_codes } => Ok(Changed { petition: reply::petition(&id, &petition), query_codes }),
            Outcome::Before { id, version } => {
                let found = api.reading.as_of_version(&id, version).await?;
                let (petition, query_codes) = found.ok_or(Failure::Internal("a recorded request has no petition"))?;
                Ok(Changed { petition: reply::petition(&id, &petition), query_codes })
            }
        }
    }

    async fn log(
        &self,
        caller: Caller,
        request: pb::LogPetitionRequest,
        patient: bool,
    ) -> Result<pb::LogPetitionResponse, Failure> {
        let asked = parse::log(&request)?;
        if request.validate_only {
            return self.validate(&caller, asked).await;
        }
        let content = pb::LogPetitionRequest { device: None, ..request };
        let fingerprint = self.fingerprint(&caller, "LogPetition", &content);
        let changed = self.change(caller, asked, fingerprint, patient).await?;
        Ok(pb::LogPetitionResponse { petition: Some(changed.petition), query_codes: changed.query_codes })
    }

    /// Decides without writing.
    async fn validate(&self, caller: &Caller, asked: parse::Asked) -> Result<pb::LogPetitionResponse, Failure> {
        let api = &self.0;
        let existing = match asked.id {
            Some(id) => store::by_ids(&api.db, &[id.to_string()]).await?.pop().map(|(_, petition)| petition),
            None => None,
        };
        let context = Context::new(caller, api.clock.now().day(), &api.law, api.days_back);
        let change = decide(existing.as_ref(), &asked.command, &context)?;
        if let crate::domain::Event::Registered(petition) = &change.event {
            if !store::by_slips(&api.db, std::slice::from_ref(&petition.slip)).await?.is_empty() {
                return Err(Rejection::SlipExists.into());
            }
            let (ledger, reference) = (petition.ledger.clone(), petition.external_ref.clone());
            if !store::by_references(&api.db, &[ledger], &[reference]).await?.is_empty() {
                return Err(Rejection::ExternalRefExists.into());
            }
            if let Some((_, (_, held))) = store::by_foreign_numbers(&api.db, &petition.foreign_numbers).await?.pop() {
                let number = if context.may_be_shown(&held) { held.number } else { String::new() };
                return Err(Rejection::ForeignNumberExists { number }.into());
            }
        }
        let petition = match change.event {
            crate::domain::Event::Registered(petition) => Some(reply::petition("", &petition)),
            _ => None,
        };
        Ok(pb::LogPetitionResponse { petition, query_codes: Vec::new() })
    }

    /// One item of a stream or batch: its own verdict, whatever becomes of the others.
    async fn log_item(&self, caller: Caller, request: Option<pb::LogPetitionRequest>) -> pb::LogPetitionsResponse {
        let Some(request) = request else {
            let missing = Failure::Invalid(Invalid(vec![("item".to_owned(), "must not be empty".to_owned())]));
            return pb::LogPetitionsResponse { error: Some(missing.item("")), ..Default::default() };
        };
        let request_id = request.request_id.clone();
        match self.log(caller, request, true).await {
            Ok(logged) => pb::LogPetitionsResponse { request_id, logged: Some(logged), error: None },
            Err(failure) => pb::LogPetitionsResponse { error: Some(failure.item(&request_id)), request_id, logged: None },
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
            Reply::Petition(_) => Err(Failure::Internal("an import got a command's reply")),
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
    ($self:ident, $request:ident, $permission:ident, $call:literal, $parse:path, { $($without:ident),* }, $response:ident) => {{
        let caller = permitted(&$request, Permission::$permission)?;
        let call = call_id(&$request).to_owned();
        #[allow(unused_mut, reason = "some messages carry nothing that is left out of the comparison")]
        let mut message = $request.into_inner();
        let changed = async {
            let asked = $parse(&message)?;
            $(message.$without = None;)*
            let fingerprint = $self.fingerprint(&caller, $call, &message);
            $self.change(caller, asked, fingerprint, false).await
        }
        .await
        .map_err(|failure: Failure| failure.status(&call))?;
        Ok(Response::new(pb::$response { petition: Some(changed.petition) }))
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

#[tonic::async_trait]
impl IntakeService for IntakeApi {
    type LogPetitionsStream = Answers<pb::LogPetitionsResponse>;
    type ImportPetitionsStream = Answers<pb::ImportPetitionsResponse>;

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

    async fn get_petition(&self, request: Request<pb::GetPetitionRequest>) -> Result<Response<pb::GetPetitionResponse>, Status> {
        let caller = permitted(&request, Permission::ReadPetitions)?;
        let call = call_id(&request).to_owned();
        let found = async {
            let db = &self.0.db;
            let id = match parse::which(&request.into_inner())? {
                parse::Which::Id(id) => Some(id.to_string()),
                parse::Which::Number(number) => store::by_number(db, &number).await?.map(|(id, _)| id),
                parse::Which::Reference { ledger, external_ref } => {
                    let ledger = ledger.unwrap_or_else(|| caller.unit.clone());
                    store::by_references(db, &[ledger.into()], &[external_ref.into()]).await?.pop().map(|(id, _)| id)
                }
                parse::Which::Foreign(number) => store::by_foreign_numbers(db, &[number]).await?.pop().map(|(_, (id, _))| id),
            };
            let shown = match id {
                Some(id) => self.0.reading.show(&id).await?,
                None => None,
            };
            let visible = shown.filter(|shown| caller.division.as_ref().is_none_or(|d| d.contains(&shown.petition.division)));
            visible.ok_or(Failure::Rejected(Rejection::PetitionNotFound))
        }
        .await
        .map_err(|failure: Failure| failure.status(&call))?;
        tracing::info!(petition = found.id, actor = %caller.id, "petition read with its parties");
        Ok(Response::new(pb::GetPetitionResponse { petition: Some(reply::shown(&found)) }))
    }

    async fn list_petitions(
        &self,
        request: Request<pb::ListPetitionsRequest>,
    ) -> Result<Response<pb::ListPetitionsResponse>, Status> {
        let caller = permitted(&request, Permission::ReadPetitions)?;
        let call = call_id(&request).to_owned();
        let page = async {
            let listing = parse::list(&request.into_inner(), caller.division.as_ref())?;
            let after = (listing.after.0.as_str(), listing.after.1.as_str());
            let mut found = store::list(&self.0.db, &listing.filter, after, listing.page_size + 1).await?;
            let more = i64::try_from(found.len()).unwrap_or(0) > listing.page_size;
            found.truncate(usize::try_from(listing.page_size).unwrap_or(1));
            let last = found.last().filter(|_| more);
            let next = last.map(|(id, p)| PageToken { after: format!("{}/{id}", p.registered_on) }.encode(&listing.bound));
            Ok(pb::ListPetitionsResponse {
                petitions: found.iter().map(|(id, petition)| reply::petition(id, petition)).collect(),
                next_page_token: next.unwrap_or_default(),
            })
        }
        .await
        .map_err(|failure: Failure| failure.status(&call))?;
        Ok(Response::new(page))
    }

    change_calls! {
        accept_petition(AcceptPetitionRequest) -> AcceptPetitionResponse, "AcceptPetition" by WritePetitions as accept;
        refuse_petition(RefusePetitionRequest) -> RefusePetitionResponse, "RefusePetition" by WritePetitions as refuse;
        request_extension(RequestExtensionRequest) -> RequestExtensionResponse, "RequestExtension" by WritePetitions as request_extension;
        decide_extension(DecideExtensionRequest) -> DecideExtensionResponse, "DecideExtension" by DecidePetitions as decide_extension;
        issue_opinion(IssueOpinionRequest) -> IssueOpinionResponse, "IssueOpinion" by WritePetitions as issue_opinion;
        withdraw_petition(WithdrawPetitionRequest) -> WithdrawPetitionResponse, "WithdrawPetition" by WritePetitions as withdraw;
        route_to_mediation(RouteToMediationRequest) -> RouteToMediationResponse, "RouteToMediation" by WritePetitions as route;
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
        let found = async {
            let (number, code) = parse::look_up(&request.into_inner())?;
            let found = self.0.reading.look_up(&number, &code).await?;
            found.ok_or(Failure::Rejected(Rejection::StatusNotFound))
        }
        .await
        .map_err(|failure: Failure| failure.status(&call))?;
        let (petition, mediated_until) = found;
        Ok(Response::new(reply::status(&petition, mediated_until)))
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

    async fn list_rules(&self, request: Request<pb::ListRulesRequest>) -> Result<Response<pb::ListRulesResponse>, Status> {
        permitted(&request, Permission::LookUp)?;
        let call = call_id(&request).to_owned();
        let on = parse::rules_day(&request.into_inner(), self.0.clock.now().day())
            .map_err(|invalid| Failure::Invalid(invalid).status(&call))?;
        Ok(Response::new(reply::rules(&self.0.law, on)))
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
