//! What the calls share: the parts of the service, how a parsed command becomes a change, and the shapes of calls as macros.

use super::{Failure, parse, reply};
use crate::{
    app::{AsOf, Book, Counts, LawInForce, LookUp, Outcome, Reading, Reply, Request as Work, Sweeper, Turnstile, Work as Asked},
    domain::Command,
};
use fengqiao_model::{Caller, Clock, IdSource, PetitionId};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{Db, MasterKey, Writer};
use prost::Message;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

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
pub struct IntakeApi(pub(super) Arc<Api>);

/// A change that was carried out: the petition and, for a new one, its query codes.
pub(super) struct Changed {
    pub petition: pb::Petition,
    pub query_codes: Vec<String>,
    pub dispute: Option<pb::DeskDispute>,
}

impl IntakeApi {
    /// A service over these parts.
    pub fn new(api: Api) -> Self {
        Self(Arc::new(api))
    }

    /// Keyed hash of what a request asks: who, which call, which content.
    pub(super) fn fingerprint(&self, caller: &Caller, call: &str, content: &impl Message) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + content.encoded_len());
        for part in [caller.id.as_str(), call] {
            bytes.extend(part.len().to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        content.encode(&mut bytes).expect("a vector grows as needed");
        self.0.master.fingerprint(&bytes)
    }

    /// Hands a parsed command to the writer and gives its first outcome, also when this is a repetition.
    pub(super) async fn change(
        &self,
        caller: Caller,
        asked: parse::Asked,
        fingerprint: Vec<u8>,
        patient: bool,
    ) -> Result<Changed, Failure> {
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

    pub(super) async fn import(
        &self,
        caller: Caller,
        request: pb::ImportPetitionsRequest,
    ) -> Result<pb::ImportPetitionsResponse, Failure> {
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

/// The calls that have a function of their own, a line each: method, permission, function. Written out as the trait has them, for the
/// same reason.
macro_rules! own_calls {
    ($($method:ident($request:ident) -> $response:ident by $permission:ident as $answer:path;)*) => {$(
        fn $method<'s, 'f>(
            &'s self,
            request: Request<pb::$request>,
        ) -> Pin<Box<dyn Future<Output = Result<Response<pb::$response>, Status>> + Send + 'f>>
        where
            's: 'f,
            Self: 'f,
        {
            async move {
                let caller = permitted(&request, Permission::$permission)?;
                let call = call_id(&request).to_owned();
                let answer = $answer(self, caller, request.into_inner()).await;
                answer.map(Response::new).map_err(|failure| failure.status(&call))
            }
            .boxed()
        }
    )*};
}

pub(super) use {change_call, change_calls, own_calls};
