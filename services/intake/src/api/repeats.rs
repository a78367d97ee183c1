//! Petitions that may be one, and petitions by their words: what the two calls do.

use super::{Failure, IntakeApi, parse};
use crate::{
    app::{Alike, Found},
    domain::foreign_number_message,
};
use fengqiao_model::{Caller, PageToken};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_service::call_id;
use tonic::{Request, Response, Status};

impl IntakeApi {
    pub(super) async fn similar(
        &self,
        caller: Caller,
        request: Request<pb::FindSimilarRequest>,
    ) -> Result<Response<pb::FindSimilarResponse>, Status> {
        let call = call_id(&request).to_owned();
        let similar = async {
            match parse::similar(&request.into_inner())? {
                Some(sought) => Ok(self.0.reading.similar(&sought, caller.division.as_ref()).await?),
                None => Ok(Default::default()),
            }
        }
        .await
        .map_err(|failure: Failure| failure.status(&call))?;
        Ok(Response::new(pb::FindSimilarResponse {
            similar: similar.shown.iter().map(alike).collect(),
            ask_units: similar.ask.into_iter().collect(),
        }))
    }

    pub(super) async fn search(
        &self,
        caller: Caller,
        request: Request<pb::SearchPetitionsRequest>,
    ) -> Result<Response<pb::SearchPetitionsResponse>, Status> {
        let call = call_id(&request).to_owned();
        let (petitions, next) = async {
            let searching = parse::search(&request.into_inner(), caller.division.as_ref())?;
            let (petitions, next) = self.0.reading.search(&searching.search).await?;
            let next = next.map(|last| PageToken { after: last.to_string() }.encode(&searching.bound));
            Ok((petitions, next))
        }
        .await
        .map_err(|failure: Failure| failure.status(&call))?;
        tracing::info!(found = petitions.len(), actor = %caller.id, "petitions searched and read with their titles");
        Ok(Response::new(pb::SearchPetitionsResponse {
            petitions: petitions.iter().map(found).collect(),
            next_page_token: next.unwrap_or_default(),
        }))
    }
}

fn alike(alike: &Alike) -> pb::SimilarPetition {
    let petition = &alike.petition;
    pb::SimilarPetition {
        petition_id: alike.id.clone(),
        number: petition.number.clone(),
        unit: petition.unit.to_string(),
        responsible_unit: petition.responsible_unit.clone(),
        division_code: petition.division.to_string(),
        state: petition.state.name().to_owned(),
        registered_on: petition.registered_on.to_string(),
        category: petition.category.clone(),
        repeat_of: if petition.is_repeat() { petition.repeat_of.clone() } else { String::new() },
        reasons: alike.reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        text_score: i32::try_from(alike.score).unwrap_or(0),
    }
}

fn found(found: &Found) -> pb::FoundPetition {
    let petition = &found.petition;
    pb::FoundPetition {
        petition_id: found.id.clone(),
        number: petition.number.clone(),
        unit: petition.unit.to_string(),
        division_code: petition.division.to_string(),
        state: petition.state.name().to_owned(),
        registered_on: petition.registered_on.to_string(),
        title: found.content.title.as_str().to_owned(),
        foreign_numbers: petition.foreign_numbers.iter().map(foreign_number_message).collect(),
    }
}
