//! How a petition stands after a step of any kind. The message tells the whole, not what changed: a day that was told before
//! keeps the day since which it is known, what is new is known since the step, and what is told otherwise than before was
//! wrong or is another now, which `history.rs` posts as signed differences.
//!
//! One thing is read from what changed: an item that had an end and was taken up again begins a new round, and what was counted
//! in the old one stays counted there.

use super::{Course, Due, Petition, Rating, Round, Transfer, VOID};
use crate::domain::{Dated, Telling};
use fengqiao_model::{Day, DivisionCode};

/// A petition after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Business day of the step.
    pub on: Day,
    /// Where the matter arose.
    pub division: DivisionCode,
    /// Class of matter.
    pub class: String,
    /// Channel.
    pub channel: String,
    /// Responsible unit; may be empty.
    pub unit: String,
    /// Content category.
    pub category: String,
    /// Number of petitioners.
    pub persons: i64,
    /// It repeats an earlier item.
    pub repeat: bool,
    /// It is a litigation matter.
    pub litigation: bool,
    /// State by name.
    pub state: String,
    /// Registration.
    pub registered_on: Day,
    /// First action of the petition office.
    pub first_action_on: Option<Day>,
    /// Acceptance.
    pub accepted_on: Option<Day>,
    /// Conclusion of any kind.
    pub concluded_on: Option<Day>,
    /// Its code; empty while open.
    pub conclusion: String,
    /// Review was asked for.
    pub review_requested_on: Option<Day>,
    /// Review opinion.
    pub reviewed_on: Option<Day>,
    /// Re-review was asked for.
    pub rereview_requested_on: Option<Day>,
    /// Re-review opinion.
    pub rereviewed_on: Option<Day>,
    /// How often it was taken up again.
    pub reopenings: u32,
    /// When last.
    pub reopened_on: Option<Day>,
    /// The first transfer: its day, and the office that made it.
    pub transfer: Option<(Day, String)>,
    /// Rating of the petition office; empty when there is none.
    pub rating_office: String,
    /// Rating of the responsible unit, likewise.
    pub rating_unit: String,
    /// Day of the last rating.
    pub rated_on: Option<Day>,
    /// Clock P-01: (KPI due, legal due).
    pub first_action: Option<(Day, Day)>,
    /// Clock P-03, else P-02.
    pub notice: Option<(Day, Day)>,
    /// Clock P-06, and whether it still runs.
    pub handling: Option<((Day, Day), bool)>,
    /// Clock P-08.
    pub review: Option<(Day, Day)>,
    /// Clock P-10.
    pub rereview: Option<(Day, Day)>,
    /// Clock P-13.
    pub rating: Option<(Day, Day)>,
}

impl Petition {
    /// The image after a step, known since `known`.
    pub(super) fn standing(old: Option<&Petition>, told: &Standing, known: Day) -> Petition {
        let telling = Telling::Told(known);
        let void = told.state == VOID || told.conclusion == VOID;
        let concluded_on = told.concluded_on.filter(|_| !void && !told.conclusion.is_empty());
        let rounds = rounds(old, told, known);
        let began_with = old.filter(|old| old.rounds.len() == rounds.len());
        let transfer = |(on, from): &(Day, String)| Transfer {
            on: telling.day(old.and_then(|old| old.transfer.as_ref()).map(|transfer| transfer.on), *on),
            from: from.clone(),
        };
        // What the first acceptance had to keep; a later round starts a clock of its own.
        let notice = old.filter(|old| old.first_accepted().is_some()).map(|old| old.notice_due);
        let course = course(began_with, &rounds, told, known);
        // The earliest counts (D§5.2), also when it was in an earlier round.
        let ends = rounds.iter().flat_map(|round| [Some(round.closed.0), round.course.accepted.map(|day| day.0)]);
        let acted = [told.first_action_on, told.accepted_on, concluded_on].into_iter().chain(ends).flatten().min();
        Petition {
            division: told.division.clone(),
            class: told.class.clone(),
            channel: told.channel.clone(),
            unit: told.unit.clone(),
            category: told.category.clone(),
            persons: told.persons,
            repeat: told.repeat,
            litigation: told.litigation,
            registered: telling.day(old.map(|old| old.registered), told.registered_on),
            first_action: telling.maybe(old.and_then(|old| old.first_action), acted),
            closed: telling.maybe(began_with.and_then(|old| old.closed), concluded_on),
            conclusion: if concluded_on.is_some() { told.conclusion.clone() } else { String::new() },
            voided: void.then(|| old.and_then(|old| old.voided).unwrap_or(Dated(told.on, known))),
            first_action_due: due(old.and_then(|old| old.first_action_due), told.first_action, known),
            notice_due: notice.unwrap_or_else(|| due(old.and_then(|old| old.notice_due), told.notice, known)),
            transfer: told.transfer.as_ref().map(transfer),
            reopenings: told.reopenings,
            rounds,
            course,
        }
    }
}

/// The rounds that are over: another one when an item that had an end was taken up again.
fn rounds(old: Option<&Petition>, told: &Standing, known: Day) -> Vec<Round> {
    let Some(old) = old else { return Vec::new() };
    let mut rounds = old.rounds.clone();
    if told.reopenings > old.reopenings
        && let Some(closed) = old.closed
    {
        let mut course = old.course.clone();
        // A clock that goes on running is the next round's.
        course.handling_due =
            course.handling_due.filter(|due| told.handling.is_none_or(|(days, runs)| !(runs && same(due, days))));
        let reopened = Dated(told.reopened_on.unwrap_or(told.on), known);
        rounds.push(Round { closed, conclusion: old.conclusion.clone(), reopened, course });
    }
    rounds
}

/// What has happened since the last round: `old` is the image before, of the same round.
fn course(old: Option<&Petition>, rounds: &[Round], told: &Standing, known: Day) -> Course {
    let telling = Telling::Told(known);
    let empty = Course::default();
    let before = old.map_or(&empty, |old| &old.course);
    // Days and clocks of an earlier round may be told again.
    let anew = |day: Option<Day>, then: fn(&Course) -> Option<Dated>| {
        let old =
            |day: Day| rounds.iter().any(|round| day < round.reopened.0 || then(&round.course).is_some_and(|old| old.0 == day));
        day.filter(|day| !old(*day))
    };
    let clock = |days: Option<(Day, Day)>, then: fn(&Course) -> Option<Due>| {
        days.filter(|days| !rounds.iter().any(|round| then(&round.course).is_some_and(|due| same(&due, *days))))
    };
    // A ledger's row does not tell the day of a rating.
    let rated_on = told.rated_on.or(told.concluded_on).or(Some(told.registered_on));
    let rating = |old: Option<&Rating>, code: &String, then: fn(&Course) -> Option<Dated>| {
        let on = telling.maybe(old.map(|old| old.on), anew(rated_on, then))?;
        (!code.is_empty()).then(|| Rating { on, code: code.clone() })
    };
    let of_office = |course: &Course| course.rating_office.as_ref().map(|rating| rating.on);
    let of_unit = |course: &Course| course.rating_unit.as_ref().map(|rating| rating.on);
    let handling = told.handling.map(|(days, _)| days);
    Course {
        accepted: telling.maybe(before.accepted, anew(told.accepted_on, |course| course.accepted)),
        handling_due: due(before.handling_due, clock(handling, |course| course.handling_due), known),
        review_requested: telling.maybe(before.review_requested, anew(told.review_requested_on, |c| c.review_requested)),
        reviewed: telling.maybe(before.reviewed, anew(told.reviewed_on, |course| course.reviewed)),
        review_due: due(before.review_due, clock(told.review, |course| course.review_due), known),
        rereview_requested: telling.maybe(before.rereview_requested, anew(told.rereview_requested_on, |c| c.rereview_requested)),
        rereviewed: telling.maybe(before.rereviewed, anew(told.rereviewed_on, |course| course.rereviewed)),
        rereview_due: due(before.rereview_due, clock(told.rereview, |course| course.rereview_due), known),
        rating_office: rating(before.rating_office.as_ref(), &told.rating_office, of_office),
        rating_unit: rating(before.rating_unit.as_ref(), &told.rating_unit, of_unit),
        rating_due: due(before.rating_due, clock(told.rating, |course| course.rating_due), known),
    }
}

fn same(due: &Due, (kpi, legal): (Day, Day)) -> bool {
    (due.kpi, due.legal) == (kpi, legal)
}

/// Due days told again keep the day since which they are known.
fn due(old: Option<Due>, days: Option<(Day, Day)>, known: Day) -> Option<Due> {
    let (kpi, legal) = days?;
    old.filter(|old| same(old, (kpi, legal))).or(Some(Due { kpi, legal, since: known }))
}
