//! Logging one petition, alone or as one item of many, for good or only to see whether it could be.

use super::{Failure, IntakeApi, Invalid, calls::Changed, parse, remarks, reply};
use crate::{
    domain::{Context, Event, Rejection, decide_at_desk},
    store,
};
use fengqiao_model::{Caller, Clock};
use fengqiao_proto::intake::v1 as pb;

impl IntakeApi {
    /// Logs one petition, or only says whether it could be.
    pub(super) async fn log(
        &self,
        caller: Caller,
        request: pb::LogPetitionRequest,
        patient: bool,
    ) -> Result<pb::LogPetitionResponse, Failure> {
        let today = self.0.clock.now().day();
        let asked = parse::log(&request, today)?;
        let remarks = remarks::on(&asked.command, &self.0.law.get().places, today);
        if request.validate_only {
            return Ok(pb::LogPetitionResponse { remarks, ..self.validate(&caller, asked).await? });
        }
        let content = pb::LogPetitionRequest { device: None, ..request };
        let fingerprint = self.fingerprint(&caller, "LogPetition", &content);
        let Changed { petition, query_codes, dispute } = self.change(caller, asked, fingerprint, patient).await?;
        Ok(pb::LogPetitionResponse { petition: Some(petition), query_codes, remarks, dispute })
    }

    /// Decides without writing.
    async fn validate(&self, caller: &Caller, asked: parse::Asked) -> Result<pb::LogPetitionResponse, Failure> {
        let api = &self.0;
        let existing = match asked.id {
            Some(id) => store::by_ids(&api.db, &[id.to_string()]).await?.pop().map(|(_, petition)| petition),
            None => None,
        };
        let law = api.law.get();
        let context = Context::new(caller, api.clock.now().day(), &law, api.days_back);
        let (change, _) = decide_at_desk(existing.as_ref(), &asked.command, &context)?;
        if let Event::Registered(petition) = &change.event {
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
            Event::Registered(petition) => Some(reply::petition("", &petition)),
            _ => None,
        };
        Ok(pb::LogPetitionResponse { petition, query_codes: Vec::new(), remarks: Vec::new(), dispute: None })
    }

    /// One item of a stream or batch: its own verdict, whatever becomes of the others.
    pub(super) async fn log_item(&self, caller: Caller, request: Option<pb::LogPetitionRequest>) -> pb::LogPetitionsResponse {
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
}
