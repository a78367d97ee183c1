//! `fengqiao petition list` and `watch`: which petitions, page by page or as they change.

use super::show;
use crate::{
    cli::{FilterArgs, Format, ListArgs, OrderName, RepeatsName, Since, StateName, WatchArgs},
    client::Intake,
    json,
    listing::{Listing, Total},
    output,
    request::day,
};
use fengqiao_model::Instant;
use fengqiao_proto::intake::v1::{
    ListPetitionsRequest, PetitionFilter, PetitionOrder, PetitionState, RepeatFilter, WatchPetitionsRequest,
    WatchPetitionsResponse, watch_petitions_response::What,
};
use prost_types::{FieldMask, Timestamp};
use std::cell::Cell;

/// Does `fengqiao petition list`.
pub async fn list(intake: &mut Intake, args: ListArgs, format: Format) -> anyhow::Result<()> {
    let read_mask = mask(&args.filter);
    let filter = filter(args.filter);
    let (changed_after_position, changed_after) = match args.changed_after {
        None => (0, None),
        Some(Since::Position(position)) => (position, None),
        Some(Since::Moment(at)) => (0, Some(moment(at))),
    };
    let request = ListPetitionsRequest {
        division_code: filter.division_code,
        responsible_unit: filter.responsible_unit,
        unit: filter.unit,
        states: filter.states,
        channel: filter.channel,
        matter_class: filter.matter_class,
        category: filter.category,
        repeats: filter.repeats,
        registered_from: day(args.from),
        registered_to: day(args.to),
        accepted_from: day(args.accepted_from),
        accepted_to: day(args.accepted_to),
        concluded_from: day(args.concluded_from),
        concluded_to: day(args.concluded_to),
        due_from: day(args.due_from),
        due_to: day(args.due_to),
        overdue_on: day(args.overdue_on),
        lamp: args.lamp,
        lamp_on: day(args.lamp_on),
        changed_after_position,
        changed_after,
        order: order(args.order).into(),
        descending: args.descending,
        read_mask,
        ..ListPetitionsRequest::default()
    };
    let total = Cell::new(None);
    let mut with_total = args.total;
    let listing = Listing { key: "petitions", message: "intake.v1.Petition", rows: show::rows };
    let limit = if args.all { 0 } else { args.limit };
    listing
        .print_counted(format, limit, args.page_token, &total, async |page_size, page_token| {
            let request = ListPetitionsRequest { page_size, page_token, with_total, ..request.clone() };
            let page = intake.list_petitions(request).await?.into_inner();
            if with_total {
                total.set(Some(Total { size: page.total_size, is_capped: page.total_is_capped }));
                with_total = false;
            }
            Ok((page.petitions, page.next_page_token))
        })
        .await
}

/// Does `fengqiao petition watch`: a line for each answer, whole as soon as it is there.
pub async fn watch(intake: &mut Intake, args: WatchArgs, format: Format) -> anyhow::Result<()> {
    let request =
        WatchPetitionsRequest { read_mask: mask(&args.filter), filter: Some(filter(args.filter)), resume_token: args.resume };
    let mut answers = intake.watch_petitions(request).await?.into_inner();
    let mut left = args.count;
    while left != Some(0) {
        let Some(answer) = answers.message().await? else { break };
        if matches!(answer.what, Some(What::Checkpoint(_))) && !args.checkpoints {
            continue;
        }
        output::print(&match format {
            Format::Json => json::line("intake.v1.WatchPetitionsResponse", &answer)?,
            _ => line(&answer),
        })?;
        left = left.map(|left| left - 1);
    }
    Ok(())
}

/// An answer for reading.
fn line(answer: &WatchPetitionsResponse) -> String {
    let at = |moment: &Option<Timestamp>| {
        moment.as_ref().map(|at| Instant(at.seconds * 1_000_000).to_china_time()).unwrap_or_default()
    };
    match &answer.what {
        Some(What::Change(change)) => {
            let petition = change.petition.clone().unwrap_or_default();
            let state = show::state(petition.state());
            format!("{}  {}  {}  {}  {state}", at(&change.recorded_at), petition.number, change.kind, change.occurred_on)
        }
        Some(What::Left(left)) => format!("{}  不在所选范围内", left.petition_id),
        Some(What::Checkpoint(checkpoint)) => format!("{}  至此无其他变化  {}", at(&checkpoint.as_of), answer.resume_token),
        None => String::new(),
    }
}

fn filter(args: FilterArgs) -> PetitionFilter {
    let repeats = match args.repeats {
        None => RepeatFilter::Unspecified,
        Some(RepeatsName::Only) => RepeatFilter::Only,
        Some(RepeatsName::Without) => RepeatFilter::Without,
    };
    PetitionFilter {
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        unit: args.office,
        responsible_unit: args.unit,
        states: args.states.into_iter().map(|name| state(name).into()).collect(),
        channel: args.channel,
        matter_class: args.matter_class,
        category: args.category,
        repeats: repeats.into(),
    }
}

fn mask(args: &FilterArgs) -> Option<FieldMask> {
    (!args.fields.is_empty()).then(|| FieldMask { paths: args.fields.clone() })
}

fn order(name: Option<OrderName>) -> PetitionOrder {
    match name {
        None => PetitionOrder::Unspecified,
        Some(OrderName::Registered) => PetitionOrder::Registered,
        Some(OrderName::Due) => PetitionOrder::Due,
        Some(OrderName::Concluded) => PetitionOrder::Concluded,
        Some(OrderName::Changed) => PetitionOrder::Changed,
    }
}

fn moment(at: Instant) -> Timestamp {
    Timestamp { seconds: at.0.div_euclid(1_000_000), nanos: i32::try_from(at.0.rem_euclid(1_000_000) * 1_000).unwrap_or(0) }
}

fn state(name: StateName) -> PetitionState {
    match name {
        StateName::Registered => PetitionState::Registered,
        StateName::Accepted => PetitionState::Accepted,
        StateName::Extended => PetitionState::Extended,
        StateName::NotAccepted => PetitionState::NotAccepted,
        StateName::NoLongerAccepted => PetitionState::NoLongerAccepted,
        StateName::Diverted => PetitionState::Diverted,
        StateName::ConsultOnly => PetitionState::ConsultOnly,
        StateName::OpinionIssued => PetitionState::OpinionIssued,
        StateName::Settled => PetitionState::Settled,
        StateName::Answered => PetitionState::Answered,
        StateName::Forwarded => PetitionState::Forwarded,
        StateName::Withdrawn => PetitionState::Withdrawn,
        StateName::Void => PetitionState::Void,
        StateName::ReviewRequested => PetitionState::ReviewRequested,
        StateName::Reviewed => PetitionState::Reviewed,
        StateName::RereviewRequested => PetitionState::RereviewRequested,
        StateName::Final => PetitionState::Final,
        StateName::Transferred => PetitionState::Transferred,
        StateName::Assigned => PetitionState::Assigned,
        StateName::Objected => PetitionState::Objected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;

    #[test]
    fn every_state_can_be_asked_for() {
        for name in StateName::value_variants() {
            let typed = name.to_possible_value().unwrap().get_name().to_owned();
            let expected = format!("PETITION_STATE_{}", typed.replace('-', "_").to_uppercase());
            assert_eq!(state(*name).as_str_name(), expected);
        }
        assert_eq!(StateName::value_variants().len(), 20);
    }
}
