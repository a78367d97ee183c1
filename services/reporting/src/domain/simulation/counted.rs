//! What an image counts for, a second time: by looking at its days as of one day, without stamps and without taking back.

use crate::domain::{Contribution, Course, Dated, Measure, Outcome, Petition, Rating, Stage, Term};
use fengqiao_model::Day;

/// What an image counts for as of a day.
pub(super) fn counted(fact: &Petition, on: Day) -> Vec<Contribution> {
    let mut count = Count { on, round: 0, list: Vec::new() };
    if let Some(voided) = fact.voided {
        count.day(Measure::VOIDED, Some(voided), 1);
        return count.list;
    }
    let registered = Some(fact.registered);
    count.day(Measure::REGISTERED, registered, 1);
    count.day(Measure::PERSONS, registered, fact.persons);
    count.day(Measure::REPEATS, registered, i64::from(fact.repeat));
    count.day(Measure::ONLINE, registered, i64::from(fact.channel == "online"));
    for round in &fact.rounds {
        count.course(fact, &round.course, Some(round.closed), &round.conclusion);
        count.day(Measure::PETITION_REOPENED, Some(round.reopened), 1);
        count.round += 1;
    }
    count.course(fact, &fact.course, fact.closed, &fact.conclusion);
    let first_time = !fact.repeat && !fact.litigation;
    if let Some(due) = fact.first_action_due.filter(|due| due.kpi <= on && due.since <= on && first_time) {
        let timely = i64::from(count.seen(fact.first_action).is_some_and(|end| end <= due.kpi));
        let p1 = i64::from((1..10_000).contains(&fact.persons) && ["letter", "visit", "online"].contains(&fact.channel.as_str()));
        for (measure, amount) in [
            (Measure::TIMELY_DUE, 1),
            (Measure::TIMELY, timely),
            (Measure::OFFICE_DUE, p1),
            (Measure::OFFICE_ON_TIME, p1 * timely),
        ] {
            count.add(measure, due.kpi, amount);
        }
    }
    let accepted = fact.rounds.iter().filter_map(|round| round.course.accepted).chain(fact.course.accepted).min();
    let thirtieth = fact.registered.0.plus_days(30);
    if thirtieth <= on && fact.registered.1 <= on {
        count.add(Measure::UNIT_DUE, thirtieth, 1);
        count.add(Measure::UNIT_ON_TIME, thirtieth, i64::from(count.seen(accepted).is_some_and(|day| day <= thirtieth)));
    }
    if let Some(due) = fact.notice_due.or(fact.first_action_due) {
        count.day(Measure::NOTICES, accepted, 1);
        count.day(Measure::NOTICES_ON_TIME, accepted, i64::from(accepted.is_some_and(|day| day.0 <= due.kpi)));
    }
    if let Some(transfer) = &fact.transfer {
        let on_time = fact.first_action_due.is_some_and(|due| transfer.on.0 <= due.kpi);
        let from = count.list.len();
        count.day(Measure::TRANSFERS, Some(transfer.on), 1);
        count.day(Measure::TRANSFERS_ON_TIME, Some(transfer.on), i64::from(on_time));
        count.list[from..].iter_mut().for_each(|c| c.of_office = true);
    }
    count.list.iter_mut().for_each(|c| c.round *= u8::from(c.measure.by_conclusion()));
    count.list
}

struct Count {
    on: Day,
    round: u8,
    list: Vec<Contribution>,
}

impl Count {
    fn add(&mut self, measure: Measure, basis: Day, amount: i64) {
        let (stamp, round) = (self.on, self.round);
        if amount != 0 {
            self.list.push(Contribution { measure, basis, stamp, amount, force: None, round, of_office: false });
        }
    }

    fn seen(&self, dated: Option<Dated>) -> Option<Day> {
        dated.filter(|d| d.0 <= self.on && d.1 <= self.on).map(|d| d.0)
    }

    fn day(&mut self, measure: Measure, dated: Option<Dated>, amount: i64) {
        if let Some(basis) = self.seen(dated) {
            self.add(measure, basis, amount);
        }
    }

    fn course(&mut self, fact: &Petition, course: &Course, closed: Option<Dated>, conclusion: &str) {
        self.day(Measure::ACCEPTED, course.accepted, 1);
        self.day(Measure::CLOSED, closed, 1);
        self.day(Measure::CONCLUDED, closed, i64::from(["replied", "settled"].contains(&conclusion)));
        self.day(Measure::REVIEW_REQUESTED, course.review_requested, 1);
        self.day(Measure::REVIEWED, course.reviewed, 1);
        self.day(Measure::REREVIEW_REQUESTED, course.rereview_requested, 1);
        self.day(Measure::REREVIEWED, course.rereviewed, 1);
        let clocks =
            [(course.handling_due, closed), (course.review_due, course.reviewed), (course.rereview_due, course.rereviewed)];
        self.ratings(course, "office", course.rating_office.as_ref());
        self.ratings(course, "unit", course.rating_unit.as_ref());
        let on = self.on;
        for (stage, (due, end)) in Stage::OF_PETITIONS.into_iter().zip(clocks) {
            let Some(due) = due.filter(|due| due.since <= self.on) else { continue };
            for (term, day) in Term::ALL.into_iter().zip([due.kpi, due.legal]).filter(|(_, day)| *day <= on) {
                let outcome = match self.seen(end) {
                    None => Outcome::OpenOverdue,
                    Some(end) if end <= day => Outcome::OnTime,
                    Some(_) => Outcome::Late,
                };
                self.add(Measure::clock(stage, term, Outcome::Due), day, 1);
                self.add(Measure::clock(stage, term, outcome), day, 1);
                if (stage, term) == (Stage::Handling, Term::Kpi) && !fact.repeat && !fact.litigation {
                    self.add(Measure::CLOSING_DUE, day, 1);
                    let third = match outcome {
                        Outcome::OpenOverdue => Measure::CLOSING_OPEN,
                        Outcome::OnTime => Measure::CLOSING_ON_TIME,
                        _ => Measure::CLOSING_LATE,
                    };
                    self.add(third, day, 1);
                }
            }
        }
    }

    fn ratings(&mut self, course: &Course, of: &str, rating: Option<&Rating>) {
        let [asked, answered, overdue, rated, satisfied] = match of {
            "office" => [
                Measure::OFFICE_ASKED,
                Measure::OFFICE_ANSWERED,
                Measure::OFFICE_UNRATED,
                Measure::OFFICE_RATED,
                Measure::OFFICE_SATISFIED,
            ],
            _ => {
                [Measure::UNIT_ASKED, Measure::UNIT_ANSWERED, Measure::UNIT_UNRATED, Measure::UNIT_RATED, Measure::UNIT_SATISFIED]
            }
        };
        let given = rating.and_then(|rating| self.seen(Some(rating.on)).map(|day| (day, rating.code != "dissatisfied")));
        if let Some((day, pleased)) = given {
            self.add(rated, day, 1);
            self.add(satisfied, day, i64::from(pleased));
        }
        match (course.rating_due, given) {
            (Some(_), Some((day, _))) => {
                self.add(asked, day, 1);
                self.add(answered, day, 1);
            }
            (Some(due), None) if due.kpi <= self.on && due.since <= self.on => {
                self.add(asked, due.kpi, 1);
                self.add(overdue, due.kpi, 1);
            }
            _ => {}
        }
    }
}
