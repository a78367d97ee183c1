//! Random lives of petitions: registered or imported, changed by the kinds of event that say what changed, then by steps that
//! carry the whole. What a step carries is kept by a plain model, as the publisher keeps it.

use crate::domain::{Change, LedgerRow, Petition, Registration, Standing};
use fengqiao_model::Day;
use proptest::prelude::*;

pub(super) const FIRST: i32 = 0;
pub(super) const DAYS: i32 = 260;

pub(super) fn day(at: i32) -> Day {
    "2023-09-01".parse::<Day>().unwrap().plus_days(at)
}

fn a_day() -> impl Strategy<Value = Day> {
    (FIRST..DAYS).prop_map(day)
}

fn maybe_a_day() -> impl Strategy<Value = Option<Day>> {
    proptest::option::of(a_day())
}

fn terms() -> impl Strategy<Value = Option<(Day, Day)>> {
    proptest::option::of((FIRST..DAYS, 0..4i32).prop_map(|(at, rolled)| (day(at), day(at + rolled))))
}

fn conclusion() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["replied", "settled", "refused", "withdrawn", "consult_only"]).prop_map(str::to_owned)
}

fn registration() -> impl Strategy<Value = Registration> {
    let division = proptest::sample::select(vec!["3208", "320831", "320831003", "320831106", "320831106201", "320803100200"]);
    let unit = proptest::sample::select(vec!["", "A", "B"]);
    (division, unit, proptest::sample::select(vec!["", "visit", "online"]), 0..9i64, a_day(), terms()).prop_map(
        |(division, unit, channel, persons, on, first_action)| Registration {
            division: division.parse().unwrap(),
            class: "appeal".to_owned(),
            channel: channel.to_owned(),
            unit: unit.to_owned(),
            category: String::new(),
            persons,
            on,
            first_action,
        },
    )
}

pub(super) fn row() -> impl Strategy<Value = LedgerRow> {
    let days = (maybe_a_day(), maybe_a_day(), maybe_a_day(), maybe_a_day(), maybe_a_day(), maybe_a_day());
    let how = prop_oneof![4 => conclusion(), 1 => Just("void".to_owned())];
    (registration(), days, maybe_a_day(), how, (terms(), terms(), terms())).prop_map(
        |(
            registration,
            (first, accepted, asked, reviewed, again, rereviewed),
            concluded_on,
            how,
            (handling, review, rereview),
        )| {
            LedgerRow {
                repeat: registration.persons == 3,
                litigation: registration.persons == 4,
                rating_office: ["", "satisfied", "basically", "dissatisfied"][registration.persons.unsigned_abs() as usize % 4]
                    .to_owned(),
                rating_unit: ["", "dissatisfied"][registration.persons.unsigned_abs() as usize % 2].to_owned(),
                registration,
                first_action_on: first,
                accepted_on: accepted,
                concluded_on,
                conclusion: if concluded_on.is_some() { how } else { String::new() },
                review_requested_on: asked,
                reviewed_on: reviewed,
                rereview_requested_on: again,
                rereviewed_on: rereviewed,
                handling,
                review,
                rereview,
            }
        },
    )
}

pub(super) fn live() -> impl Strategy<Value = Change> {
    let unit = proptest::sample::select(vec!["", "A", "C"]);
    prop_oneof![
        (a_day(), unit, terms()).prop_map(|(on, unit, handling)| Change::Accepted { on, unit: unit.to_owned(), handling }),
        (a_day(), conclusion()).prop_map(|(on, conclusion)| Change::Refused { on, conclusion }),
        (FIRST..DAYS).prop_map(|at| Change::Extended { handling: (day(at), day(at + 2)) }),
        a_day().prop_map(|on| Change::OpinionIssued { on }),
        a_day().prop_map(|on| Change::Withdrawn { on }),
        a_day().prop_map(|on| Change::Voided { on }),
        Just(Change::Nothing),
    ]
}

/// A life: how it begins, rows that a ledger advanced it by, then live changes.
pub(super) fn life() -> impl Strategy<Value = Vec<(Day, Change)>> {
    let known = || (FIRST..DAYS).prop_map(day);
    let begin = prop_oneof![
        registration().prop_map(|r| Change::Registered(Box::new(r))),
        row().prop_map(|r| Change::Imported(Box::new(r))),
    ];
    let lives = proptest::collection::vec((known(), live()), 0..6);
    let moves = proptest::collection::vec((0..20i32, a_move()), 0..8);
    (known(), begin, proptest::collection::vec(row(), 0..2), lives, moves).prop_map(|(first, begin, rows, mut lives, moves)| {
        let mut all = vec![(first, begin)];
        if matches!(all[0].1, Change::Imported(_)) {
            all.extend(rows.into_iter().map(|row| (first, Change::Advanced(Box::new(row)))));
        }
        lives.sort_by_key(|(known, _)| *known);
        let last = all[0].0;
        all.extend(lives.into_iter().map(|(known, change)| (known.max(last), change)));
        let mut known = all.last().unwrap().0;
        let moves: Vec<_> = moves
            .into_iter()
            .map(|(pause, taken)| {
                known = known.plus_days(pause);
                (known, taken)
            })
            .collect();
        let steps = lived(&all, &moves);
        all.extend(steps);
        all
    })
}

/// What a step does to a petition.
#[derive(Clone, Debug)]
pub(in crate::domain) enum Move {
    Act,
    Transfer { to: &'static str },
    Accept { late: i32, unit: &'static str },
    Close { how: &'static str, late: i32 },
    Reopen { restarted: bool },
    AskReview { again: bool },
    Review { again: bool, late: i32 },
    Rate { unit: bool, code: &'static str },
    AskRating,
    Link { repeat: bool },
    Sue { litigation: bool },
    Correct { days: i32, place: &'static str },
    Void,
    Nothing,
}

pub(in crate::domain) fn a_move() -> impl Strategy<Value = Move> {
    let unit = || proptest::sample::select(vec!["", "A", "B", "C"]);
    let how = proptest::sample::select(vec!["replied", "settled", "answered", "forwarded", "diverted", "no_longer_accepted"]);
    let code = proptest::sample::select(vec!["satisfied", "basically", "dissatisfied"]);
    let place = proptest::sample::select(vec!["320831003", "320831106201"]);
    prop_oneof![
        1 => Just(Move::Act),
        2 => unit().prop_map(|to| Move::Transfer { to }),
        3 => (0..9i32, unit()).prop_map(|(late, unit)| Move::Accept { late, unit }),
        4 => (how, 0..9i32).prop_map(|(how, late)| Move::Close { how, late }),
        3 => any::<bool>().prop_map(|restarted| Move::Reopen { restarted }),
        2 => any::<bool>().prop_map(|again| Move::AskReview { again }),
        2 => (any::<bool>(), 0..9i32).prop_map(|(again, late)| Move::Review { again, late }),
        2 => (any::<bool>(), code).prop_map(|(unit, code)| Move::Rate { unit, code }),
        1 => Just(Move::AskRating),
        2 => any::<bool>().prop_map(|repeat| Move::Link { repeat }),
        1 => any::<bool>().prop_map(|litigation| Move::Sue { litigation }),
        1 => (-5..5i32, place).prop_map(|(days, place)| Move::Correct { days, place }),
        1 => Just(Move::Void),
        1 => Just(Move::Nothing),
    ]
}

/// The steps of a petition's life after `before`.
pub(in crate::domain) fn lived(before: &[(Day, Change)], moves: &[(Day, Move)]) -> Vec<(Day, Change)> {
    let mut image: Option<Petition> = None;
    for (known, change) in before {
        image = Some(Petition::after(image.as_ref(), change, *known).unwrap());
    }
    let mut now = standing(&image.unwrap());
    let mut steps = Vec::new();
    for (known, taken) in moves {
        now.on = *known;
        take(&mut now, *known, taken);
        steps.push((*known, Change::Stepped(Box::new(now.clone()))));
    }
    steps
}

/// A life of steps only, each known on its own day, none before the one before.
pub(in crate::domain) fn ordered() -> impl Strategy<Value = Vec<(Day, Change)>> {
    let moves = proptest::collection::vec((0..40i32, a_move()), 0..12);
    (registration(), moves).prop_map(|(registration, moves)| {
        let mut known = registration.on;
        let registration = Registration { division: "320831003".parse().unwrap(), ..registration };
        let mut all = vec![(known, Change::Registered(Box::new(registration)))];
        let still = |taken| match taken {
            Move::Accept { unit, .. } => Move::Accept { late: 0, unit },
            Move::Close { how, .. } => Move::Close { how, late: 0 },
            Move::Review { again, .. } => Move::Review { again, late: 0 },
            Move::Correct { .. } => Move::Nothing,
            taken => taken,
        };
        let moves: Vec<_> = moves
            .into_iter()
            .map(|(pause, taken)| {
                known = known.plus_days(pause);
                (known, still(taken))
            })
            .collect();
        let steps = lived(&all, &moves);
        all.extend(steps);
        all
    })
}

/// As the publisher has it before the first step.
fn standing(image: &Petition) -> Standing {
    let day = |dated: Option<crate::domain::Dated>| dated.map(|dated| dated.0);
    let terms = |due: Option<crate::domain::Due>| due.map(|due| (due.kpi, due.legal));
    let code = |rating: &Option<crate::domain::Rating>| rating.as_ref().map(|r| r.code.clone()).unwrap_or_default();
    let course = &image.course;
    Standing {
        on: image.registered.0,
        division: image.division.clone(),
        class: image.class.clone(),
        channel: image.channel.clone(),
        unit: image.unit.clone(),
        category: image.category.clone(),
        persons: image.persons,
        repeat: image.repeat,
        litigation: image.litigation,
        state: if image.voided.is_some() { "void" } else { "registered" }.to_owned(),
        registered_on: image.registered.0,
        first_action_on: day(image.first_action),
        accepted_on: day(course.accepted),
        concluded_on: day(image.closed),
        conclusion: image.conclusion.clone(),
        review_requested_on: day(course.review_requested),
        reviewed_on: day(course.reviewed),
        rereview_requested_on: day(course.rereview_requested),
        rereviewed_on: day(course.rereviewed),
        reopenings: 0,
        reopened_on: None,
        transfer: None,
        rating_office: code(&course.rating_office),
        rating_unit: code(&course.rating_unit),
        rated_on: course.rating_office.as_ref().or(course.rating_unit.as_ref()).map(|rating| rating.on.0),
        first_action: terms(image.first_action_due),
        notice: None,
        handling: terms(course.handling_due).map(|days| (days, image.closed.is_none())),
        review: terms(course.review_due),
        rereview: terms(course.rereview_due),
        rating: None,
    }
}

fn take(now: &mut Standing, on: Day, taken: &Move) {
    let earlier = |late: i32, start: Day| on.plus_days(-late).max(start);
    let closed = now.concluded_on.is_some();
    match taken {
        _ if now.state == "void" => {}
        Move::Act => drop(now.first_action_on.get_or_insert(on)),
        Move::Transfer { to } if !closed => {
            now.transfer.get_or_insert((on, "office".to_owned()));
            now.first_action_on.get_or_insert(on);
            (*to).clone_into(&mut now.unit);
            now.notice = Some((on.plus_days(15), on.plus_days(17)));
        }
        Move::Accept { late, unit } if !closed && now.handling.is_none_or(|(_, runs)| !runs) => {
            let on = earlier(*late, now.reopened_on.unwrap_or(now.registered_on));
            now.accepted_on = Some(on);
            now.first_action_on.get_or_insert(on);
            (*unit).clone_into(&mut now.unit);
            now.handling = Some(((on.plus_days(20), on.plus_days(22)), true));
        }
        Move::Close { how, late } if !closed => {
            let on = earlier(*late, now.reopened_on.or(now.accepted_on).unwrap_or(now.registered_on));
            (now.concluded_on, now.conclusion) = (Some(on), (*how).to_owned());
            now.first_action_on.get_or_insert(on);
            now.handling = now.handling.map(|(days, _)| (days, false));
        }
        Move::Reopen { restarted } if closed => {
            (now.concluded_on, now.conclusion) = (None, String::new());
            (now.reopenings, now.reopened_on) = (now.reopenings + 1, Some(on));
            (now.review_requested_on, now.reviewed_on, now.rereview_requested_on, now.rereviewed_on) = (None, None, None, None);
            now.handling = now
                .handling
                .map(|(days, _)| if *restarted { ((on.plus_days(20), on.plus_days(22)), true) } else { (days, true) });
        }
        Move::AskReview { again: false } if closed && now.review_requested_on.is_none() => {
            (now.review_requested_on, now.review) = (Some(on), Some((on.plus_days(30), on.plus_days(31))));
        }
        Move::AskReview { again: true } if now.reviewed_on.is_some() && now.rereview_requested_on.is_none() => {
            (now.rereview_requested_on, now.rereview) = (Some(on), Some((on.plus_days(30), on.plus_days(31))));
        }
        Move::Review { again: false, late } => {
            if let (Some(asked), None) = (now.review_requested_on, now.reviewed_on) {
                now.reviewed_on = Some(earlier(*late, asked));
            }
        }
        Move::Review { again: true, late } => {
            if let (Some(asked), None) = (now.rereview_requested_on, now.rereviewed_on) {
                now.rereviewed_on = Some(earlier(*late, asked));
            }
        }
        Move::Rate { unit, code } if closed => {
            let rating = if *unit { &mut now.rating_unit } else { &mut now.rating_office };
            (*code).clone_into(rating);
            now.rated_on = Some(on);
        }
        Move::AskRating if closed => now.rating = Some((on.plus_days(10), on.plus_days(10))),
        Move::Link { repeat } => now.repeat = *repeat,
        Move::Sue { litigation } => now.litigation = *litigation,
        Move::Correct { days, place } => {
            now.registered_on = now.registered_on.plus_days(*days);
            now.division = place.parse().unwrap();
        }
        Move::Void => "void".clone_into(&mut now.state),
        _ => {}
    }
}
