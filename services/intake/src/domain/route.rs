//! Handing a petition to mediation: what may go (D§2.2), and what goes along. Mediation is a link beside the petition: neither its
//! state nor its clock changes.

use super::{
    Change, Context, Event, EventError, Party, Petition, Rejection, Route, SealedContent, Side,
    decide::business_day,
    event::{day_text, parsed},
};
use fengqiao_model::{Day, DivisionCode, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::MatterClass;

/// Who gets what is sealed, and what for (NDR 12).
const RECIPIENT: &str = "mediation";
const PURPOSE: &str = "mediation of the dispute";

/// A purely administrative dispute, which OP25 excludes.
const ADMINISTRATIVE_DISPUTE: &str = "T22";

/// What mediation is told in the open; both sides consented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// Day of the routing.
    pub on: Day,
    /// Number of the petition.
    pub number: String,
    /// Where the matter arose.
    pub division: DivisionCode,
    /// Type of the dispute, by code.
    pub dispute_type: String,
    /// Flags.
    pub flags: Vec<String>,
    /// Organs that have the matter already.
    pub already_at: Vec<String>,
    /// Parties on both sides.
    pub party_count: u32,
    /// The office that routed it.
    pub unit: Token,
}

/// Whether the petition may go, and what goes along. The parties' consent stands in the request, or it was not read.
pub(super) fn decide(
    petition: &Petition,
    asked: &Route,
    forbidden: impl Fn() -> Rejection,
    context: &Context<'_>,
) -> Result<Change, Rejection> {
    let not_allowed = |why| Err(Rejection::MediationNotAllowed { why });
    if petition.matter_class != MatterClass::Appeal {
        return not_allowed("only an appeal does (XF 31)");
    }
    if !petition.state.is_open() {
        return Err(forbidden());
    }
    if petition.litigation_related == Some(true) {
        return not_allowed("a matter of litigation that is not finished is not fit for it (OP25)");
    }
    let on = business_day("routed_on", asked.on, petition.accepted_on.unwrap_or(petition.registered_on), context)?;
    let types = &context.law.dispute_types;
    let Some(dispute_type) = types.find(asked.dispute_type.as_str(), on) else {
        let known: Vec<&str> = types.on(on).map(|known| known.code.as_str()).collect();
        return Err(Rejection::field("dispute_type", format!("must be one of {}", known.join(", "))));
    };
    if dispute_type.code == ADMINISTRATIVE_DISPUTE {
        return not_allowed("a purely administrative dispute is not fit for it (OP25)");
    }
    let answered = u32::try_from(context.links.len()).unwrap_or(u32::MAX);
    if petition.mediation_routings > answered || context.links.iter().any(|link| link.ended_on.is_none()) {
        return Err(Rejection::AlreadyInMediation);
    }
    let others = u32::try_from(asked.respondents.len().max(1)).unwrap_or(u32::MAX);
    let routed = Routed {
        on,
        number: petition.number.clone(),
        division: petition.division.clone(),
        dispute_type: dispute_type.code.clone(),
        flags: asked.flags.clone(),
        already_at: asked.already_at.clone(),
        party_count: petition.person_count.max(1).saturating_add(others),
        unit: context.caller.unit.clone(),
    };
    let sealed = handed_over(context.content.cloned().unwrap_or_default(), asked);
    Ok(Change { event: Event::RoutedToMediation(Box::new(routed)), sealed: Some(sealed) })
}

/// What is sealed so far, the other side and the explanation: all that mediation needs, in one payload.
fn handed_over(content: SealedContent, asked: &Route) -> SealedContent {
    let applicants = content.parties.into_iter().map(|party| Party { side: Side::Applicant, ..party });
    let respondents = asked.respondents.iter().map(|party| Party { side: Side::Respondent, ..party.clone() });
    SealedContent { parties: applicants.chain(respondents).collect(), text: asked.text.clone(), ..content }
}

/// As published.
pub(super) fn encode(routed: &Routed) -> pb::PetitionRouted {
    pb::PetitionRouted {
        routed_on: day_text(Some(routed.on)),
        number: routed.number.clone(),
        division_code: routed.division.to_string(),
        dispute_type: routed.dispute_type.clone(),
        flags: routed.flags.clone(),
        already_at: routed.already_at.clone(),
        applicant_consents: true,
        respondent_consents: true,
        party_count: i32::try_from(routed.party_count).unwrap_or(i32::MAX),
        unit: routed.unit.to_string(),
        recipient: RECIPIENT.to_owned(),
        purpose: PURPOSE.to_owned(),
    }
}

/// Reads what was published.
pub(super) fn decode(m: pb::PetitionRouted) -> Result<Routed, EventError> {
    Ok(Routed {
        on: parsed("routed_on", &m.routed_on)?,
        number: m.number,
        division: parsed("division_code", &m.division_code)?,
        dispute_type: m.dispute_type,
        flags: m.flags,
        already_at: m.already_at,
        party_count: u32::try_from(m.party_count).map_err(|_| EventError::Field("party_count"))?,
        unit: parsed("unit", &m.unit)?,
    })
}
