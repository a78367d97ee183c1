//! What the calls have in common: the parts of the service, the way to the writer and back, streams, and who may see what.

use super::{
    parse::{self, Asked, SimilarTo, WhichCase, WhichDispute},
    reply,
    status::Failure,
};
use crate::{
    app::{Asking, Book, Changed, Outcome, Reading, Reply, Request, Shown, Work},
    domain::{Dispute, DisputeCommand, Law, Rejection, decision_message},
    store::{self, StoredBody},
};
use fengqiao_model::{Caller, CaseId, Clock, Day, DisputeId, Token};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::{Db, Writer};
use prost::Message;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What the calls share.
pub struct Api {
    pub book: Book,
    pub writer: Writer<Book>,
    pub reading: Reading,
    /// Cancelled when streams are to end.
    pub draining: CancellationToken,
}

/// The tonic service; clones share everything.
#[derive(Clone)]
pub struct MediationApi(Arc<Api>);

/// A call that answers with what its body makes of caller and message.
macro_rules! find_call {
    ($request:ident, $permission:ident, |$caller:ident, $message:ident| $body:expr) => {{
        let $caller = permitted(&$request, Permission::$permission)?;
        let call = call_id(&$request).to_owned();
        let $message = $request.into_inner();
        let answer: Result<_, Failure> = async { $body }.await;
        answer.map(Response::new).map_err(|failure| failure.status(&call))
    }};
}

/// A change of a body.
macro_rules! body_change {
    ($self:ident, $request:ident, $permission:ident, $call:literal, $parse:path, $response:ident) => {
        find_call!($request, $permission, |caller, message| {
            let asked = $parse(&message)?;
            let mut content = message;
            content.device = None;
            let body = $self.change_body(caller, asked, $call, &content).await?;
            Ok(pb::$response { body: Some(reply::body(&body)) })
        })
    };
}

/// A change of a case; `{ next }` where it may open one for another body.
macro_rules! case_change {
    ($self:ident, $request:ident, $permission:ident, $call:literal, $parse:path, $response:ident { $($next:ident)? }) => {
        find_call!($request, $permission, |caller, message| {
            let asked = $parse(&message)?;
            let mut content = message;
            content.device = None;
            let (changed, id) = $self.change_case(caller, asked, $call, &content).await?;
            Ok(pb::$response { case: reply::changed_case(&changed, id), $($next: reply::next_case(&changed, id))? })
        })
    };
}

/// A change of a dispute as a whole.
macro_rules! dispute_change {
    ($self:ident, $request:ident, $permission:ident, $call:literal, $parse:path, { $($without:ident)? }, $response:ident) => {
        find_call!($request, $permission, |caller, message| {
            let asked = $parse(&message)?;
            #[allow(unused_mut, reason = "one message carries nothing that is left out of the comparison")]
            let mut content = message;
            $(content.$without = None;)?
            let changed = $self.change_dispute(caller, asked, $call, &content).await?;
            Ok(pb::$response { dispute: Some(reply::dispute(&changed.id, &changed.dispute)) })
        })
    };
}

pub(super) use {body_change, case_change, dispute_change, find_call};

/// What a change was made of.
enum Made {
    Body(Box<StoredBody>),
    Dispute(Box<Changed>),
}

impl MediationApi {
    /// A service over these parts.
    pub fn new(api: Api) -> Self {
        Self(Arc::new(api))
    }

    /// Cancelled when streams are to end.
    pub(super) fn draining(&self) -> &CancellationToken {
        &self.0.draining
    }

    pub(super) fn db(&self) -> &Db {
        &self.0.reading.db
    }

    pub(super) fn law(&self) -> &Law {
        &self.0.book.law
    }

    pub(super) fn today(&self) -> Day {
        self.0.book.clock.now().day()
    }

    /// Keyed hash of what a request asks: who, which call, which content.
    fn fingerprint(&self, caller: &Caller, call: &str, content: &impl Message) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + content.encoded_len());
        for part in [caller.id.as_str(), call] {
            bytes.extend(part.len().to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        content.encode(&mut bytes).expect("a vector grows as needed");
        self.0.book.master.fingerprint(&bytes)
    }

    /// Hands a parsed change to the writer and gives its first outcome, also when this is a repetition.
    async fn change(&self, caller: Caller, asked: Asked, call: &str, content: &impl Message) -> Result<Made, Failure> {
        let fingerprint = self.fingerprint(&caller, call, content);
        let Asked { request_id, work } = asked;
        let erase = matches!(&work, Work::Dispute { command, .. } if matches!(**command, DisputeCommand::EraseParties { .. }));
        let of_body = matches!(work, Work::Body { .. });
        let request = Request { asking: Asking { caller, request_id }, fingerprint, work };
        let Reply::Change(outcome) = self.0.writer.try_submit(request).await? else {
            return Err(Failure::Internal("a change got an import's reply"));
        };
        let outcome = outcome?;
        if erase {
            // Also on a repetition: the first attempt may have ended between the commit and this.
            self.db().scrub_keys().await?;
        }
        let lost = Failure::Internal("a recorded request has made nothing");
        match outcome {
            Outcome::Body(body) => Ok(Made::Body(body)),
            Outcome::Dispute(changed) => Ok(Made::Dispute(changed)),
            Outcome::Before { aggregate, version } if of_body => {
                let found = self.0.reading.body_as_of(&aggregate, version).await?;
                found.map(|body| Made::Body(Box::new(body))).ok_or(lost)
            }
            Outcome::Before { aggregate, version } => {
                let found = self.0.reading.dispute_as_of(&aggregate, version, request_id).await?;
                found.map(|changed| Made::Dispute(Box::new(changed))).ok_or(lost)
            }
        }
    }

    pub(super) async fn change_body(
        &self,
        caller: Caller,
        asked: Asked,
        call: &str,
        content: &impl Message,
    ) -> Result<StoredBody, Failure> {
        match self.change(caller, asked, call, content).await? {
            Made::Body(body) => Ok(*body),
            Made::Dispute(_) => Err(Failure::Internal("a change of a body got a dispute")),
        }
    }

    pub(super) async fn change_dispute(
        &self,
        caller: Caller,
        asked: Asked,
        call: &str,
        content: &impl Message,
    ) -> Result<Changed, Failure> {
        match self.change(caller, asked, call, content).await? {
            Made::Dispute(changed) => Ok(*changed),
            Made::Body(_) => Err(Failure::Internal("a change of a dispute got a body")),
        }
    }

    pub(super) async fn change_case(
        &self,
        caller: Caller,
        asked: Asked,
        call: &str,
        content: &impl Message,
    ) -> Result<(Changed, CaseId), Failure> {
        let Work::Case { id, .. } = asked.work else { return Err(Failure::Internal("a change of a case is about none")) };
        Ok((self.change_dispute(caller, asked, call, content).await?, id))
    }

    /// OpenCase: what may be the same quarrel is looked for before the dispute is there itself.
    pub(super) async fn open(&self, caller: Caller, message: pb::OpenCaseRequest) -> Result<pb::OpenCaseResponse, Failure> {
        let asked = parse::open(&message)?;
        let Book { ids, clock, .. } = &self.0.book;
        let dispute = asked.dispute.unwrap_or_else(|| DisputeId::from_bytes(ids.mint(clock)));
        let case = asked.case.unwrap_or_else(|| CaseId::from_bytes(ids.mint(clock)));
        let new = asked.new;
        let own = dispute.to_string();
        let (parties, division) = (&new.sealed.parties, Some(&new.division));
        let alike = self.0.reading.similar(parties, &new.dispute_type, division, Some((&own, None))).await?;
        let allowed = caller.division.clone();
        let changed = if message.validate_only {
            let asking = Asking { caller, request_id: asked.request_id };
            self.0.book.validate(self.db(), &asking, dispute, case, new).await??
        } else {
            let content = pb::OpenCaseRequest { device: None, ..message };
            let asked = Asked { request_id: asked.request_id, work: Work::Open { dispute, case, new: Box::new(new) } };
            self.change_dispute(caller, asked, "OpenCase", &content).await?
        };
        let others: Vec<_> = alike.into_iter().filter(|found| found.id != changed.id).collect();
        Ok(pb::OpenCaseResponse { case: reply::opened_case(&changed), similar: reply::similar(&others, allowed.as_ref()) })
    }

    pub(super) async fn propose(&self, caller: Caller, id: CaseId) -> Result<pb::RoutingDecision, Failure> {
        let decision = self.0.book.propose(self.db(), caller, id).await??;
        Ok(decision_message(&decision))
    }

    pub(super) async fn similar(&self, caller: &Caller, to: SimilarTo) -> Result<Vec<pb::SimilarDispute>, Failure> {
        let reading = &self.0.reading;
        let found = match to {
            SimilarTo::Typed { division, dispute_type, parties } => {
                reading.similar(&parties, &dispute_type, division.as_ref(), None).await?
            }
            SimilarTo::Known(id) => {
                let id = id.to_string();
                let found = store::by_ids(self.db(), std::slice::from_ref(&id)).await?.pop();
                let known = found.map(|stored| stored.dispute).filter(|dispute| may_see(caller, dispute));
                let known = known.ok_or(Rejection::DisputeNotFound)?;
                let content = reading.content(&id).await?;
                let but = Some((id.as_str(), Some(&known)));
                reading.similar(&content.parties, &known.dispute_type, Some(&known.division), but).await?
            }
        };
        Ok(reply::similar(&found, caller.division.as_ref()))
    }

    pub(super) async fn body(&self, code: Token) -> Result<StoredBody, Failure> {
        let code = code.to_string();
        let found = store::bodies_by_codes(self.db(), std::slice::from_ref(&code)).await?.pop();
        Ok(found.ok_or(Rejection::BodyNotFound { code })?)
    }

    pub(super) async fn shown_case(&self, caller: &Caller, which: WhichCase) -> Result<(Shown, CaseId), Failure> {
        let db = self.db();
        let found = match &which {
            WhichCase::Id(id) => store::by_case_ids(db, &[id.to_string()]).await?.pop(),
            WhichCase::Number(number) => store::by_case_number(db, number).await?,
            WhichCase::Reference { ledger, external_ref } => {
                let ledger = ledger.as_ref().unwrap_or(&caller.unit).to_string();
                store::by_references(db, &[ledger], &[external_ref.to_string()]).await?.pop()
            }
        };
        let shown = match found.filter(|stored| may_see(caller, &stored.dispute)) {
            Some(stored) => self.0.reading.show(&stored.id).await?,
            None => None,
        };
        let shown = shown.ok_or(Rejection::CaseNotFound)?;
        let case = shown.dispute.cases.iter().find(|case| match &which {
            WhichCase::Id(id) => case.id == *id,
            WhichCase::Number(number) => case.number == *number,
            WhichCase::Reference { ledger, external_ref } => {
                case.external_ref == external_ref.as_str() && case.ledger == ledger.as_ref().unwrap_or(&caller.unit).as_str()
            }
        });
        let id = case.map(|case| case.id).ok_or(Rejection::CaseNotFound)?;
        Ok((shown, id))
    }

    pub(super) async fn shown_dispute(&self, caller: &Caller, which: WhichDispute) -> Result<Shown, Failure> {
        let id = match which {
            WhichDispute::Id(id) => Some(id.to_string()),
            WhichDispute::Number(number) => store::dispute_by_number(self.db(), &number).await?.map(|stored| stored.id),
        };
        let shown = match id {
            Some(id) => self.0.reading.show(&id).await?,
            None => None,
        };
        Ok(shown.filter(|shown| may_see(caller, &shown.dispute)).ok_or(Rejection::DisputeNotFound)?)
    }

    pub(super) async fn import(
        &self,
        caller: Caller,
        request: pb::ImportCasesRequest,
    ) -> Result<pb::ImportCasesResponse, Failure> {
        let asked = parse::import(&request, self.today(), self.law())?;
        let fingerprint = self.fingerprint(&caller, "ImportCases", &request);
        // The cells now stand in the rows; the message may be large.
        drop(request);
        let ledger = asked.ledger.unwrap_or_else(|| caller.unit.clone());
        let work = Work::Import { ledger, columns: asked.columns, rows: asked.rows };
        let request = Request { asking: Asking { caller, request_id: asked.request_id }, fingerprint, work };
        match self.0.writer.submit(request).await? {
            Reply::Import(outcome) => Ok(reply::imported(outcome?, asked.refused)),
            Reply::Change(_) => Err(Failure::Internal("an import got a change's reply")),
        }
    }
}

/// Whether the dispute lies in the caller's divisions.
fn may_see(caller: &Caller, dispute: &Dispute) -> bool {
    caller.division.as_ref().is_none_or(|division| division.contains(&dispute.division))
}
