//! Filters: ListPetitions and WatchPetitions. A page token is bound to all that decides which rows come in which order.

use super::{Invalid, Reader};
use crate::{
    domain::State,
    store::{Ask, Days, Filter, Order, Place},
};
use fengqiao_model::{Day, DivisionCode, Instant, PageToken, PetitionId, ResumeToken, Token};
use fengqiao_proto::{intake::v1 as pb, mask::Mask};
use fengqiao_statute::{Channel, Lamp, MatterClass};
use prost_types::FieldMask;

/// The message that read masks cut.
pub const PETITION: &str = "fengqiao.intake.v1.Petition";

/// A parsed list request.
pub struct Listing {
    pub ask: Ask,
    /// Changed after this moment: the filter's position is still to be found.
    pub changed_after: Option<Instant>,
    pub page_size: i64,
    pub with_total: bool,
    /// Only with this lamp on that day.
    pub lamp: Option<(Lamp, Day)>,
    pub mask: Mask,
    /// Canonical text of filter and order, to which page tokens are bound.
    pub bound: String,
    /// Where to go on.
    pub after: Option<Place>,
}

/// A parsed watch request.
pub struct Watched {
    pub filter: Filter,
    pub from: Option<ResumeToken>,
    pub mask: Mask,
}

/// A read mask by itself.
pub fn mask(mask: Option<&FieldMask>) -> Result<Mask, Invalid> {
    let mut reader = Reader::default();
    let mask = read_mask(&mut reader, mask);
    reader.finish(Some(mask))
}

/// ListPetitions. `allowed` is the caller's division; `today` that on which lamps are looked at where no other is given.
pub fn list(request: &pb::ListPetitionsRequest, allowed: Option<&DivisionCode>, today: Day) -> Result<Listing, Invalid> {
    let mut reader = Reader::default();
    let mut filter = pb::PetitionFilter {
        division_code: request.division_code.clone(),
        unit: request.unit.clone(),
        responsible_unit: request.responsible_unit.clone(),
        states: request.states.clone(),
        channel: request.channel.clone(),
        matter_class: request.matter_class.clone(),
        category: request.category.clone(),
        repeats: request.repeats,
    };
    if request.state != 0 {
        if state(request.state).is_none() {
            reader.wrong("state", "must be a petition state");
        }
        filter.states.push(request.state);
    }
    let mut filter = common(&mut reader, &filter);
    filter.registered = days(&mut reader, "registered", &request.registered_from, &request.registered_to);
    filter.accepted = days(&mut reader, "accepted", &request.accepted_from, &request.accepted_to);
    filter.concluded = days(&mut reader, "concluded", &request.concluded_from, &request.concluded_to);
    filter.due = days(&mut reader, "due", &request.due_from, &request.due_to);
    if let Some(day) = reader.day("overdue_on", &request.overdue_on) {
        let last = day.plus_days(-1);
        filter.due.to = Some(filter.due.to.map_or(last, |to| to.min(last)));
    }
    let changed_after = changed_after(&mut reader, request, &mut filter);
    let lamp: Option<Lamp> = reader.optional("lamp", &request.lamp);
    let lamp_on = reader.day("lamp_on", &request.lamp_on);
    if request.lamp.is_empty() && !request.lamp_on.is_empty() {
        reader.wrong("lamp_on", "must not be given without lamp");
    }
    let lamp = lamp.map(|lamp| (lamp, lamp_on.unwrap_or(today)));
    let order = order(&mut reader, request, &filter);
    let page_size = match request.page_size {
        0 => 100,
        size @ 1..=1000 => i64::from(size),
        _ => {
            reader.wrong("page_size", "must be from 1 to 1000, or 0 for 100");
            1
        }
    };
    let mask = read_mask(&mut reader, request.read_mask.as_ref());
    let ask = Ask { filter: filter.within(allowed), order, descending: request.descending };
    let bound = format!("{ask:?}{changed_after:?}{lamp:?}");
    let after = match PageToken::decode(&request.page_token, &bound) {
        Ok(None) => None,
        Ok(Some(token)) => {
            let place = place(&token.after, order);
            if place.is_none() {
                reader.wrong("page_token", "must be a page token given by an earlier answer");
            }
            place
        }
        // A token cannot be judged by a filter that is wrong.
        Err(_) if !reader.problems.is_empty() => None,
        Err(error) => {
            reader.wrong("page_token", error);
            None
        }
    };
    reader.finish(Some(Listing { ask, changed_after, page_size, with_total: request.with_total, lamp, mask, bound, after }))
}

/// WatchPetitions. Allegations are in no watch, so none can be asked for.
pub fn watch(request: &pb::WatchPetitionsRequest) -> Result<Watched, Invalid> {
    let mut reader = Reader::default();
    let from = ResumeToken::decode(&request.resume_token).map_err(|e| reader.wrong("resume_token", e)).ok().flatten();
    let mask = read_mask(&mut reader, request.read_mask.as_ref());
    let mut fields = Reader::under("filter.");
    let asked = request.filter.clone().unwrap_or_default();
    let filter = common(&mut fields, &asked);
    if filter.matter_class == MatterClass::Allegation.code() {
        fields.wrong("matter_class", "must not be allegation: allegations are in no watch");
    }
    reader.problems.append(&mut fields.problems);
    reader.finish(Some(Watched { filter, from, mask }))
}

/// What lists and watches filter by alike.
fn common(reader: &mut Reader, filter: &pb::PetitionFilter) -> Filter {
    let mut states = Vec::new();
    if filter.states.len() > State::ALL.len() + 1 {
        reader.wrong("states", format!("must be at most {}", State::ALL.len()));
    }
    for (index, number) in filter.states.iter().take(State::ALL.len() + 1).enumerate() {
        match state(*number) {
            Some(state) if !states.contains(&state) => states.push(state),
            Some(_) => {}
            // the single state of a list has its own line
            None if reader.problems.iter().any(|(field, _)| field == "state") => {}
            None => reader.wrong(&format!("states[{index}]"), "must be a petition state"),
        }
    }
    states.sort_by_key(|state| state.name());
    let unit: Option<Token> = reader.optional("unit", &filter.unit);
    let responsible: Option<Token> = reader.optional("responsible_unit", &filter.responsible_unit);
    if !filter.channel.is_empty() {
        reader.code("channel", &filter.channel, Channel::ALL, Channel::code);
    }
    if !filter.matter_class.is_empty() {
        reader.code("matter_class", &filter.matter_class, MatterClass::ALL, MatterClass::code);
    }
    let repeats = match pb::RepeatFilter::try_from(filter.repeats) {
        Ok(pb::RepeatFilter::Unspecified) => None,
        Ok(pb::RepeatFilter::Only) => Some(true),
        Ok(pb::RepeatFilter::Without) => Some(false),
        Err(_) => {
            reader.wrong("repeats", "must be a repeat filter");
            None
        }
    };
    Filter {
        division: reader.optional("division_code", &filter.division_code),
        unit: unit.map(String::from).unwrap_or_default(),
        responsible_unit: responsible.map(String::from).unwrap_or_default(),
        states,
        channel: filter.channel.clone(),
        matter_class: filter.matter_class.clone(),
        category: reader.text("category", &filter.category, 100).as_str().to_owned(),
        repeats,
        ..Filter::default()
    }
}

fn state(number: i32) -> Option<State> {
    usize::try_from(number).ok()?.checked_sub(1).and_then(|at| State::ALL.get(at)).copied()
}

fn days(reader: &mut Reader, name: &str, from: &str, to: &str) -> Days {
    let days = Days { from: reader.day(&format!("{name}_from"), from), to: reader.day(&format!("{name}_to"), to) };
    if days.from.zip(days.to).is_some_and(|(from, to)| to < from) {
        reader.wrong(&format!("{name}_to"), format!("must not be before {name}_from"));
    }
    days
}

fn changed_after(reader: &mut Reader, request: &pb::ListPetitionsRequest, filter: &mut Filter) -> Option<Instant> {
    if request.changed_after_position < 0 {
        reader.wrong("changed_after_position", "must not be negative");
    }
    filter.changed_after = request.changed_after_position.max(0);
    let moment = request.changed_after.as_ref()?;
    if request.changed_after_position != 0 {
        reader.wrong("changed_after", "must not be given beside changed_after_position");
    }
    let micros = moment.seconds.checked_mul(1_000_000).filter(|_| (0..1_000_000_000).contains(&moment.nanos));
    let instant = micros.and_then(|micros| micros.checked_add(i64::from(moment.nanos / 1_000))).map(Instant);
    if instant.is_none() {
        reader.wrong("changed_after", "must be a moment");
    }
    instant
}

/// The order that is asked for, or the one in which the filter is answered best.
fn order(reader: &mut Reader, request: &pb::ListPetitionsRequest, filter: &Filter) -> Order {
    let by_change = filter.changed_after > 0 || request.changed_after.is_some();
    let order = match pb::PetitionOrder::try_from(request.order) {
        Ok(pb::PetitionOrder::Unspecified) if by_change => Order::Changed,
        Ok(pb::PetitionOrder::Unspecified) if filter.concluded.given() => Order::Concluded,
        Ok(pb::PetitionOrder::Unspecified) if filter.due.given() || !request.lamp.is_empty() => Order::Due,
        Ok(pb::PetitionOrder::Unspecified | pb::PetitionOrder::Registered) => Order::Registered,
        Ok(pb::PetitionOrder::Due) => Order::Due,
        Ok(pb::PetitionOrder::Concluded) => Order::Concluded,
        Ok(pb::PetitionOrder::Changed) => Order::Changed,
        Err(_) => {
            reader.wrong("order", "must be an order of petitions");
            return Order::Registered;
        }
    };
    if by_change && order != Order::Changed {
        reader.wrong("order", "must be by change, or not given, where changed_after is");
    }
    order
}

/// A place as tokens hold it.
fn place(text: &str, order: Order) -> Option<Place> {
    let (key, id) = text.split_once('/')?;
    let fits = match order {
        Order::Changed => key.parse::<i64>().is_ok_and(|position| position >= 0),
        _ => key.parse::<Day>().is_ok() && id.parse::<PetitionId>().is_ok(),
    };
    fits.then(|| Place { key: key.to_owned(), id: id.to_owned() })
}

fn read_mask(reader: &mut Reader, mask: Option<&FieldMask>) -> Mask {
    Mask::read(PETITION, mask).map_err(|problem| reader.wrong("read_mask", problem)).unwrap_or_default()
}
