//! Reading one petition and a page of them, cut to what was asked for. What is sealed is opened only when it is wanted.

use super::{Api, parse, reply, status::Failure};
use crate::{
    domain::{Petition, Rejection},
    store,
};
use fengqiao_model::{Caller, DivisionCode, PageToken, PetitionId};
use fengqiao_proto::{intake::v1 as pb, mask::Mask};
use fengqiao_store::log;

/// Fields that only the sealed part, the history and mediation's links give.
const BEHIND_THE_ROW: [&str; 5] = ["title", "narrative", "parties", "history", "mediation"];

/// GetPetition.
pub async fn one(api: &Api, caller: &Caller, request: &pb::GetPetitionRequest) -> Result<pb::Petition, Failure> {
    let mask = parse::mask(request.read_mask.as_ref())?;
    let found = match parse::which(request)? {
        parse::Which::Id(id) => row(api, &id).await?,
        parse::Which::Number(number) => store::by_number(&api.db, &number).await?,
        parse::Which::Reference { ledger, external_ref } => {
            let ledger = ledger.unwrap_or_else(|| caller.unit.clone());
            store::by_references(&api.db, &[ledger.into()], &[external_ref.into()]).await?.pop()
        }
        parse::Which::Foreign(number) => store::by_foreign_numbers(&api.db, &[number]).await?.pop().map(|(_, found)| found),
    };
    let visible = |division: &DivisionCode| caller.division.as_ref().is_none_or(|own| own.contains(division));
    let not_found = Failure::Rejected(Rejection::PetitionNotFound);
    let Some((id, petition)) = found.filter(|(_, petition)| visible(&petition.division)) else { return Err(not_found) };
    if !needs_more_than_the_row(&mask) {
        tracing::debug!(petition = id, actor = %caller.id, "petition read without its sealed part");
        return Ok(mask.apply(reply::petition(&id, &petition)));
    }
    let shown = api.reading.show(&id).await?.filter(|shown| visible(&shown.petition.division)).ok_or(not_found)?;
    tracing::info!(petition = id, actor = %caller.id, "petition read with its parties");
    Ok(mask.apply(reply::shown(&shown)))
}

async fn row(api: &Api, id: &PetitionId) -> Result<Option<store::Stored>, Failure> {
    Ok(store::by_ids(&api.db, &[id.to_string()]).await?.pop())
}

fn needs_more_than_the_row(mask: &Mask) -> bool {
    BEHIND_THE_ROW.iter().any(|field| mask.wants(parse::PETITION, field))
}

/// ListPetitions.
pub async fn page(api: &Api, caller: &Caller, request: &pb::ListPetitionsRequest) -> Result<pb::ListPetitionsResponse, Failure> {
    let parse::Listing { mut ask, changed_after, page_size, with_total, lamp, mask, bound, after } =
        parse::list(request, caller.division.as_ref(), api.clock.now().day())?;
    if let Some(moment) = changed_after {
        ask.filter.changed_after = log::position_at(&api.db, moment).await?;
    }
    let law = api.law.get();
    let lit = lamp.map(|(lamp, on)| move |petition: &Petition| petition.lamp(&law, on) == Some(lamp));
    let keep: store::Keep<'_> = match &lit {
        Some(lit) => Some(lit),
        None => None,
    };
    let total = if with_total { Some(store::total(&api.db, &ask, keep).await?) } else { None };
    let page = store::page(&api.db, &ask, after.as_ref(), page_size, keep).await?;
    let next = page.next.map(|place| PageToken { after: format!("{}/{}", place.key, place.id) }.encode(&bound));
    Ok(pb::ListPetitionsResponse {
        petitions: page.rows.iter().map(|(id, petition)| mask.apply(reply::petition(id, petition))).collect(),
        next_page_token: next.unwrap_or_default(),
        total_size: total.map_or(0, |total| total.size),
        total_is_capped: total.is_some_and(|total| total.is_capped),
    })
}
