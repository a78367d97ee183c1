//! The petition office's year, and beside it the mediation bodies' (`cases.rs`, `quarrel.rs`): what comes in on which working day, and
//! what becomes of it. The same at each run.

use super::{
    cases::{Cases, adjust_bodies, found_bodies, found_old_bodies, import_year_before},
    county::{CHANNELS, Dice, MATTERS, PLACES, office_opens},
    desk::Desk,
    quarrel::{self, Quarrel},
};
use fengqiao_model::{Day, ManualClock};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::Calendar;
use std::collections::BTreeMap;

/// The petition whose 60 days end in the Spring Festival: accepted on this day, due on 10 February 2024, which is a holiday,
/// and so due in law on Sunday 18 February, a make-up working day.
const ROLLING_ACCEPTED: (i16, i8, i8) = (2023, 12, 12);
const ROLLING_ANSWERED: (i16, i8, i8) = (2024, 2, 18);

/// The petition that the office routes to mediation: logged, accepted and routed on these days.
const ROUTED: [(i16, i8, i8); 3] = [(2024, 5, 14), (2024, 5, 15), (2024, 5, 16)];

/// What the story needs to remember of the year.
#[derive(Default)]
pub struct Played {
    /// The petition that rolls.
    pub rolling: String,
    /// Its number.
    pub rolling_number: String,
    /// Its petitioner's query code.
    pub rolling_code: String,
    /// Id, number and query code of the petition that went to mediation.
    pub routed: (String, String, String),
    /// Id of the dispute that went over three bodies.
    pub quarrel: String,
    /// Number of the case whose routing is shown.
    pub shown_case: String,
}

/// What is to be done with a petition on a day.
#[derive(Clone, Copy)]
enum Step {
    Accept,
    Refuse(&'static str),
    Withdraw,
    AskForTime,
    GrantTime,
    Answer,
    AnswerLate,
    Route,
    Void,
}

/// Steps to come, by day, each with the petition's id.
type Plan = BTreeMap<Day, Vec<(String, Step)>>;

/// Plays from the first day to the end of the year, and stops the clock on the morning after it.
pub async fn play(desk: &mut Desk, clock: &ManualClock, first: Day) -> anyhow::Result<Played> {
    let calendar = Calendar::shipped();
    let mut dice = Dice(320_831);
    let mut plan = Plan::new();
    let mut played = Played::default();
    let (mut cases, mut quarrel) = (Cases::new(), Quarrel::default());
    let last = Day::last_of_year(super::YEAR).unwrap_or(first);
    let day_of = |(y, m, d)| Day::new(y, m, d).unwrap_or(first);
    let mut day = first;
    clock.advance_to(office_opens(first));
    found_old_bodies(desk).await?;
    while day <= last {
        let works = calendar.is_working(day);
        let step = quarrel::DAYS.iter().position(|known| day_of(*known) == day);
        if works || step.is_some() {
            clock.advance_to(office_opens(day));
        }
        if let Some(step) = step {
            quarrel.go_on(desk, step).await?;
        }
        if day == day_of((2024, 1, 2)) {
            import_year_before(desk, 2023).await?;
        }
        if works {
            found_bodies(desk, |founded| founded == day.to_string()).await?;
            if day == day_of((2024, 7, 10)) {
                adjust_bodies(desk).await?;
            }
            let due: Vec<_> = plan.range(..=day).map(|(day, _)| *day).collect();
            for (id, step) in due.into_iter().filter_map(|day| plan.remove(&day)).flatten() {
                take(desk, &mut cases, day, &id, step).await?;
            }
            if day == day_of((2023, 12, 8)) {
                let logged = log(desk, &mut dice, "反映拆旧建新补助核算有误").await?;
                let petition = logged.petition.unwrap_or_default();
                played.rolling = petition.id;
                played.rolling_number = petition.number;
                played.rolling_code = logged.query_codes.into_iter().next().unwrap_or_default();
                plan.entry(day_of(ROLLING_ACCEPTED)).or_default().push((played.rolling.clone(), Step::Accept));
                plan.entry(day_of(ROLLING_ANSWERED)).or_default().push((played.rolling.clone(), Step::Answer));
            }
            if day == day_of(ROUTED[0]) {
                let logged = log(desk, &mut dice, "反映邻家空调外机滴水").await?;
                let petition = logged.petition.unwrap_or_default();
                let code = logged.query_codes.into_iter().next().unwrap_or_default();
                plan.entry(day_of(ROUTED[1])).or_default().push((petition.id.clone(), Step::Accept));
                plan.entry(day_of(ROUTED[2])).or_default().push((petition.id.clone(), Step::Route));
                plan.entry(day.plus_days(50)).or_default().push((petition.id.clone(), Step::Answer));
                played.routed = (petition.id, petition.number, code);
            }
            for _ in 0..dice.below(4) {
                let logged = log(desk, &mut dice, "").await?;
                intend(&mut plan, &mut dice, day, logged.petition.unwrap_or_default().id);
            }
        }
        cases.day(desk, day, works).await?;
        day = day.plus_days(1);
    }
    clock.advance_to(office_opens(last.plus_days(1)));
    played.quarrel = quarrel.dispute;
    played.shown_case = cases.shown;
    Ok(played)
}

/// Decides what will become of a petition logged today: mostly an answer in time, sometimes not.
fn intend(plan: &mut Plan, dice: &mut Dice, today: Day, id: String) {
    let mut at = |days: i32, step: Step| plan.entry(today.plus_days(days)).or_default().push((id.clone(), step));
    match dice.below(100) {
        0..=3 => at(dice.between(2, 10), Step::Refuse("petition.R06")),
        4 => at(dice.between(2, 10), Step::Refuse("petition.R01")),
        5..=7 => at(dice.between(5, 14), Step::Withdraw),
        8 => at(1, Step::Void),
        roll => {
            let accepted = if dice.percent(2) { dice.between(16, 19) } else { dice.between(0, 11) };
            at(accepted, Step::Accept);
            match roll {
                9..=14 => {
                    at(accepted + dice.between(30, 38), Step::AskForTime);
                    at(accepted + 41, Step::GrantTime);
                    at(accepted + dice.between(62, 84), Step::Answer);
                }
                15..=16 => at(accepted + dice.between(72, 95), Step::AnswerLate),
                _ => at(accepted + dice.between(12, 50), Step::Answer),
            }
        }
    }
}

async fn log(desk: &mut Desk, dice: &mut Dice, title: &str) -> anyhow::Result<pb::LogPetitionResponse> {
    let (unit, category, usual, _) = dice.pick(&MATTERS, |matter| matter.3);
    let division = dice.pick(&PLACES, |place| place.weight).code;
    let (channel, _) = dice.pick(&CHANNELS, |channel| channel.1);
    let petition = pb::NewPetition {
        channel: (*channel).to_owned(),
        matter_class: "appeal".to_owned(),
        category: (*category).to_owned(),
        division_code: division.to_owned(),
        responsible_unit: (*unit).to_owned(),
        title: if title.is_empty() { *usual } else { title }.to_owned(),
        narrative: "（演示内容，纯属虚构）".to_owned(),
        parties: vec![pb::Party { name: "化名".to_owned(), ..Default::default() }],
        person_count: dice.between(1, 3),
        ..Default::default()
    };
    let request = pb::LogPetitionRequest { request_id: desk.request_id(), petition: Some(petition), ..Default::default() };
    Ok(desk.clerk.log_petition(request).await?.into_inner())
}

/// Takes one step, on the petition as it stands.
async fn take(desk: &mut Desk, cases: &mut Cases, day: Day, id: &str, step: Step) -> anyhow::Result<()> {
    let petition_id = id.to_owned();
    let etag = desk.petition(id).await?.etag;
    let request_id = desk.request_id();
    let (clerk, head) = (&mut desk.clerk, &mut desk.head);
    match step {
        Step::Accept => {
            clerk.accept_petition(pb::AcceptPetitionRequest { request_id, petition_id, etag, ..Default::default() }).await?;
        }
        Step::Refuse(reason) => {
            let reason = reason.to_owned();
            clerk
                .refuse_petition(pb::RefusePetitionRequest { request_id, petition_id, etag, reason, ..Default::default() })
                .await?;
        }
        Step::Withdraw => {
            let reason = "petition.withdrawn_own_wish".to_owned();
            clerk
                .withdraw_petition(pb::WithdrawPetitionRequest { request_id, petition_id, etag, reason, ..Default::default() })
                .await?;
        }
        Step::AskForTime => {
            let text = "需实地测绘".to_owned();
            let request = pb::RequestExtensionRequest { request_id, petition_id, etag, days: 30, text, ..Default::default() };
            clerk.request_extension(request).await?;
        }
        Step::GrantTime => {
            head.decide_extension(pb::DecideExtensionRequest {
                request_id,
                petition_id,
                etag,
                granted: true,
                ..Default::default()
            })
            .await?;
        }
        Step::Answer | Step::AnswerLate => {
            let document_number = "金信处〔2024〕号".to_owned();
            let text = if matches!(step, Step::AnswerLate) { "等待鉴定结论，未能按期" } else { "" }.to_owned();
            let request = pb::IssueOpinionRequest { request_id, petition_id, etag, document_number, text, ..Default::default() };
            clerk.issue_opinion(request).await?;
        }
        Step::Route => {
            clerk
                .route_to_mediation(pb::RouteToMediationRequest {
                    request_id,
                    petition_id,
                    etag,
                    dispute_type: "T02".to_owned(),
                    applicant_consents: true,
                    respondent_consents: true,
                    respondents: vec![pb::Party { name: "化名乙".to_owned(), ..Default::default() }],
                    ..Default::default()
                })
                .await?;
            let link = desk.once_in_mediation(id).await?;
            cases.adopt(desk, day, &link.dispute_id).await?;
        }
        Step::Void => {
            let (reason, approved_by) = ("petition.void_duplicate".to_owned(), "clerk-1".to_owned());
            head.void_petition(pb::VoidPetitionRequest {
                request_id,
                petition_id,
                etag,
                reason,
                approved_by,
                ..Default::default()
            })
            .await?;
        }
    }
    Ok(())
}
