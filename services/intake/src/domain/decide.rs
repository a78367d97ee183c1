//! What the rules answer to a command: the changes that follow, or why not.

use super::{Command, Context, Event, NewPetition, PartyRole, Petition, Rejection, SealedContent, State, route};
use fengqiao_model::{Day, Text};
use fengqiao_statute::{ClockTerms, Conclusion, Length, MatterClass, extend_clock, start_clock};

/// One event and what of it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub event: Event,
    /// Its personal part.
    pub sealed: Option<SealedContent>,
}

impl Change {
    fn open(event: Event) -> Self {
        Self { event, sealed: None }
    }

    fn with_text(event: Event, text: &Text) -> Self {
        Self { event, sealed: SealedContent::step(text) }
    }
}

/// At most this many representatives hold a query code (XF 20).
pub const REPRESENTATIVES: usize = 5;

/// What the rules answer to `command` on the petition `state`; never performs anything. The number of a new petition is left
/// empty: it is given when everything else is certain.
pub fn decide(state: Option<&Petition>, command: &Command, context: &Context<'_>) -> Result<Change, Rejection> {
    if let Command::Log(new) = command {
        return match state {
            Some(_) => Err(Rejection::PetitionExists),
            None => log(new, context),
        };
    }
    let petition = state.ok_or(Rejection::PetitionNotFound)?;
    if !context.may_touch(petition) {
        return Err(Rejection::PetitionNotFound);
    }
    let forbidden = || Rejection::state(command, petition.state);
    match command {
        Command::Log(_) => Err(Rejection::PetitionExists),
        Command::Accept { on, responsible_unit, document_number } => {
            if petition.state != State::Registered {
                return Err(forbidden());
            }
            let on = business_day("accepted_on", *on, petition.registered_on, context)?;
            let unit = match responsible_unit {
                Some(unit) => unit.to_string(),
                None if petition.responsible_unit.is_empty() => context.caller.unit.to_string(),
                None => petition.responsible_unit.clone(),
            };
            Ok(Change::open(Event::Accepted {
                on,
                responsible_unit: unit,
                document_number: document_number.as_str().to_owned(),
                handling: handling_clock(petition.matter_class, on, context),
            }))
        }
        Command::Refuse { on, reason, text, document_number } => {
            if petition.state != State::Registered {
                return Err(forbidden());
            }
            let on = business_day("refused_on", *on, petition.registered_on, context)?;
            let code = reason_code(reason, "refuse", on, context)?;
            let conclusion = match code.conclusion {
                Some(conclusion @ (Conclusion::Refused | Conclusion::NoLongerAccepted)) => conclusion,
                _ => Conclusion::Refused,
            };
            Ok(Change::with_text(
                Event::Refused {
                    on,
                    reason: code.code.clone(),
                    list_version: context.law.reasons.version().to_owned(),
                    conclusion,
                    document_number: document_number.as_str().to_owned(),
                },
                text,
            ))
        }
        Command::RequestExtension { days, text } => {
            let terms = running_clock(petition, forbidden)?;
            if petition.state == State::Extended {
                return Err(Rejection::ExtensionUsed);
            }
            if petition.extension.is_some() {
                return Err(Rejection::ExtensionPending);
            }
            in_time(terms, context)?;
            extended(terms, *days, context)?;
            Ok(Change::with_text(Event::ExtensionRequested { on: context.today, days: *days }, text))
        }
        Command::DecideExtension { granted } => {
            let terms = running_clock(petition, forbidden)?;
            let extension = petition.extension.as_ref().ok_or(Rejection::NoExtensionPending)?;
            if extension.requested_by == context.caller.id {
                return Err(Rejection::SamePerson);
            }
            if *granted {
                in_time(terms, context)?;
            }
            let handling = if *granted { Some(extended(terms, extension.days, context)?) } else { None };
            Ok(Change::open(Event::ExtensionDecided { on: context.today, handling }))
        }
        Command::IssueOpinion { on, document_number, text, delivered_on } => {
            running_clock(petition, forbidden)?;
            let accepted = petition.accepted_on.unwrap_or(petition.registered_on);
            let on = business_day("issued_on", *on, accepted, context)?;
            if let Some(delivered) = delivered_on {
                not_before("delivered_on", *delivered, on, "the opinion")?;
                not_after_today("delivered_on", *delivered, context)?;
            }
            Ok(Change::with_text(
                Event::OpinionIssued { on, document_number: document_number.as_str().to_owned(), delivered_on: *delivered_on },
                text,
            ))
        }
        Command::Withdraw { on, reason, text } => {
            if !petition.state.is_open() {
                return Err(forbidden());
            }
            let earliest = petition.accepted_on.unwrap_or(petition.registered_on);
            let on = business_day("withdrawn_on", *on, earliest, context)?;
            let code = reason_code(reason, "withdraw", on, context)?;
            let list_version = context.law.reasons.version().to_owned();
            Ok(Change::with_text(Event::Withdrawn { on, reason: code.code.clone(), list_version }, text))
        }
        Command::RouteToMediation(asked) => route::decide(petition, asked, forbidden, context),
        Command::Void { reason, text, approved_by } => {
            if petition.state == State::Void {
                return Err(forbidden());
            }
            if *approved_by == context.caller.id {
                return Err(Rejection::SamePerson);
            }
            let code = reason_code(reason, "void", context.today, context)?;
            Ok(Change::with_text(
                Event::Voided {
                    on: context.today,
                    reason: code.code.clone(),
                    list_version: context.law.reasons.version().to_owned(),
                    approved_by: approved_by.clone(),
                },
                text,
            ))
        }
        Command::EraseParties { approved_by } => {
            if petition.erased {
                return Err(Rejection::PartiesErased);
            }
            if *approved_by == context.caller.id {
                return Err(Rejection::SamePerson);
            }
            Ok(Change::open(Event::PartiesErased { on: context.today, approved_by: approved_by.clone() }))
        }
    }
}

fn log(new: &NewPetition, context: &Context<'_>) -> Result<Change, Rejection> {
    if context.caller.division.as_ref().is_some_and(|division| !division.contains(&new.division)) {
        return Err(Rejection::OutsideDivision);
    }
    let on = new.occurred_on.unwrap_or(context.today);
    not_after_today("petition.occurred_on", on, context)?;
    if context.today.days_since(on) > context.days_back {
        return Err(Rejection::field("petition.occurred_on", format!("must be at most {} days back", context.days_back)));
    }
    // The channel of an allegation must never tell that it exists, so it gets no code (XF 30).
    let named = new.sealed.parties.iter().filter(|party| party.role == PartyRole::Representative).count();
    let representatives = match new.matter_class {
        MatterClass::Allegation => 0,
        _ if named > 0 => named,
        _ => new.sealed.parties.len().clamp(1, REPRESENTATIVES),
    };
    let petition = Petition {
        version: 0,
        number: String::new(),
        slip: new.slip.clone(),
        unit: context.caller.unit.clone(),
        division: new.division.clone(),
        channel: Some(new.channel),
        matter_class: new.matter_class,
        category: new.category.as_str().to_owned(),
        person_count: new.person_count,
        responsible_unit: new.responsible_unit.as_ref().map(ToString::to_string).unwrap_or_default(),
        ledger: match (&new.external_ref, &new.ledger) {
            (None, _) => String::new(),
            (Some(_), Some(ledger)) => ledger.to_string(),
            (Some(_), None) => context.caller.unit.to_string(),
        },
        external_ref: new.external_ref.as_ref().map(ToString::to_string).unwrap_or_default(),
        foreign_numbers: new.foreign_numbers.clone(),
        registered_on: on,
        offline: new.offline,
        representatives: u32::try_from(representatives).unwrap_or(0),
        state: State::Registered,
        accepted_on: None,
        concluded_on: None,
        conclusion: None,
        reason: String::new(),
        first_action: start_clock(&context.law.rules, &context.law.calendar, "P-01", on).ok(),
        handling: None,
        extension: None,
        extended_on: None,
        routed_on: None,
        routings: 0,
        erased: false,
        further: None,
        last_request: None,
    };
    Ok(Change { event: Event::Registered(Box::new(petition)), sealed: Some(new.sealed.clone()) })
}

/// Clock P-06, which only accepted appeals have (XF 31 item 6, 34).
pub(super) fn handling_clock(class: MatterClass, accepted: Day, context: &Context<'_>) -> Option<ClockTerms> {
    match class {
        MatterClass::Appeal => start_clock(&context.law.rules, &context.law.calendar, "P-06", accepted).ok(),
        MatterClass::Suggestion | MatterClass::Allegation => None,
    }
}

fn running_clock(petition: &Petition, forbidden: impl Fn() -> Rejection) -> Result<&ClockTerms, Rejection> {
    if !matches!(petition.state, State::Accepted | State::Extended) {
        return Err(forbidden());
    }
    petition.handling.as_ref().ok_or(Rejection::NoHandlingClock)
}

fn in_time(terms: &ClockTerms, context: &Context<'_>) -> Result<(), Rejection> {
    if context.today > terms.kpi_due { Err(Rejection::ExtensionTooLate { kpi_due: terms.kpi_due }) } else { Ok(()) }
}

fn extended(terms: &ClockTerms, days: u32, context: &Context<'_>) -> Result<ClockTerms, Rejection> {
    extend_clock(terms, &context.law.rules, &context.law.calendar, Length::calendar_days(days))
        .map_err(|error| Rejection::field("days", error.to_string()))
}

fn reason_code<'a>(
    code: &str,
    transition: &str,
    on: Day,
    context: &Context<'a>,
) -> Result<&'a fengqiao_statute::Reason, Rejection> {
    let known = context.law.reasons.for_transition(transition, on);
    known.iter().copied().find(|reason| reason.code == code).ok_or_else(|| {
        let codes: Vec<_> = known.iter().map(|reason| reason.code.as_str()).collect();
        Rejection::field("reason", format!("must be one of {}", codes.join(", ")))
    })
}

/// A business day: today when not given, at most so many days back, not in the future, not before what it follows.
pub(super) fn business_day(
    field: &'static str,
    given: Option<Day>,
    earliest: Day,
    context: &Context<'_>,
) -> Result<Day, Rejection> {
    let day = given.unwrap_or(context.today);
    not_after_today(field, day, context)?;
    not_before(field, day, earliest, "the step it follows")?;
    if context.today.days_since(day) > context.days_back {
        return Err(Rejection::field(field, format!("must be at most {} days back", context.days_back)));
    }
    Ok(day)
}

fn not_after_today(field: &'static str, day: Day, context: &Context<'_>) -> Result<(), Rejection> {
    if day > context.today {
        return Err(Rejection::field(field, format!("must not be after today ({})", context.today)));
    }
    Ok(())
}

fn not_before(field: &'static str, day: Day, earliest: Day, what: &str) -> Result<(), Rejection> {
    if day < earliest {
        return Err(Rejection::field(field, format!("must not be before the day of {what} ({earliest})")));
    }
    Ok(())
}
