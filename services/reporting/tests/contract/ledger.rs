//! A ledger drawn at random, and its figures counted by hand: one pass over the rows for each figure, no contributions, no
//! buckets.

use fengqiao_model::Day;
use fengqiao_proto::{
    common::v1::ClockTerms,
    intake::v1::{LedgerFacts, PetitionImported},
    reporting::v1::Figure,
};
use std::collections::BTreeMap;

/// (indicator, dimension key, member) → count.
pub type Counts = BTreeMap<(String, String, String), i64>;

#[derive(Clone, Debug)]
pub struct Row {
    number: usize,
    division: &'static str,
    channel: &'static str,
    unit: &'static str,
    persons: i32,
    registered: Day,
    accepted: Option<Day>,
    concluded: Option<Day>,
    conclusion: &'static str,
    reviewed: Option<Day>,
    repeat: bool,
    litigation: bool,
    /// Of the petition office, of the responsible unit.
    ratings: [&'static str; 2],
}

pub struct Ledger {
    pub rows: Vec<Row>,
}

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn upto(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    fn of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.upto(from.len())]
    }
}

impl Ledger {
    pub fn random(rows: usize, seed: u64) -> Ledger {
        let mut dice = Dice(seed);
        let rows = (0..rows).map(|number| Row::random(number, &mut dice)).collect();
        Ledger { rows }
    }

    pub fn figures(&self, year: i32, place: &str, as_of: Day) -> Counts {
        let mut counts = Counts::new();
        for row in self.rows.iter().filter(|row| row.division.starts_with(place)) {
            row.count(year, place, as_of, &mut counts);
        }
        counts.retain(|_, count| *count != 0);
        counts
    }
}

/// The counts of a report that are not zero.
pub fn counts(figures: &[Figure]) -> Counts {
    let mut counts = Counts::new();
    for figure in figures {
        let (key, member) = figure.dims.first().map_or(("", ""), |d| (d.key.as_str(), d.member.as_str()));
        if let Some(count) = figure.count.filter(|count| *count != 0) {
            let twice = counts.insert((figure.id.clone(), key.to_owned(), member.to_owned()), count);
            assert_eq!(twice, None, "{figure:?} comes twice");
        }
    }
    counts
}

impl Row {
    fn random(number: usize, dice: &mut Dice) -> Row {
        let first: Day = "2021-01-01".parse().unwrap();
        let registered = first.plus_days(dice.upto(1270) as i32);
        let last: Day = "2024-06-30".parse().unwrap();
        let later = |day: Day, days: usize| Some(day.plus_days(days as i32)).filter(|day| *day <= last);
        let accepted = if dice.upto(5) > 0 { later(registered, dice.upto(25)) } else { None };
        let concluded = if dice.upto(6) > 0 { later(accepted.unwrap_or(registered), dice.upto(200)) } else { None };
        let how = ["replied", "replied", "settled", "refused", "withdrawn", "void"];
        let conclusion = if concluded.is_some() { dice.of(&how) } else { "" };
        Row {
            number,
            division: dice.of(&["320831106", "320831106201", "320831106202", "320831003", "320803100", "320831", "3208"]),
            channel: dice.of(&["visit", "online", "hotline", ""]),
            unit: dice.of(&["Housing", "Water", ""]),
            persons: dice.upto(6) as i32,
            registered,
            accepted,
            concluded,
            conclusion,
            reviewed: if conclusion == "replied" && dice.upto(2) == 0 {
                later(concluded.unwrap(), 20 + dice.upto(30))
            } else {
                None
            },
            repeat: dice.upto(6) == 0,
            litigation: dice.upto(9) == 0,
            ratings: [(); 2].map(|()| dice.of(&["", "satisfied", "basically", "dissatisfied"])),
        }
    }

    pub fn id(&self) -> String {
        format!("01890a5d-0000-7000-8000-{:012}", self.number)
    }

    /// The row as it was when nothing but its registration was known.
    pub fn opened(&self) -> Row {
        Row { accepted: None, concluded: None, conclusion: "", reviewed: None, ratings: [""; 2], ..self.clone() }
    }

    fn handling(&self) -> Option<(Day, Day)> {
        self.accepted.map(|on| (on.plus_days(60), on.plus_days(60 + self.number as i32 % 3)))
    }

    fn review(&self) -> Option<(Day, Day)> {
        self.reviewed.and(self.concluded).map(|on| (on.plus_days(35), on.plus_days(35)))
    }

    pub fn message(&self) -> PetitionImported {
        let text = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
        let terms = |due: Option<(Day, Day)>| {
            due.map(|(kpi, legal)| ClockTerms { kpi_due: kpi.to_string(), legal_due: legal.to_string(), ..Default::default() })
        };
        PetitionImported {
            number: format!("No. {}", self.number),
            external_ref: format!("R{}", self.number),
            facts: Some(LedgerFacts {
                registered_on: self.registered.to_string(),
                division_code: self.division.to_owned(),
                channel: self.channel.to_owned(),
                matter_class: "appeal".to_owned(),
                person_count: self.persons,
                responsible_unit: self.unit.to_owned(),
                accepted_on: text(self.accepted),
                concluded_on: text(self.concluded),
                conclusion: self.conclusion.to_owned(),
                review_requested_on: text(self.reviewed.map(|on| on.plus_days(-10))),
                reviewed_on: text(self.reviewed),
                first_action: terms(Some((self.registered.plus_days(15), self.registered.plus_days(15)))),
                handling: terms(self.handling()),
                review: terms(self.review()),
                repeat_of: if self.repeat { "R0" } else { "" }.to_owned(),
                litigation_related: if self.litigation { "true" } else { "" }.to_owned(),
                rating_office: self.ratings[0].to_owned(),
                rating_unit: self.ratings[1].to_owned(),
                ..LedgerFacts::default()
            }),
            ..PetitionImported::default()
        }
    }

    fn count(&self, year: i32, place: &str, as_of: Day, counts: &mut Counts) {
        let seen = |day: Option<Day>| day.filter(|day| *day <= as_of);
        let mut add = |id: &str, basis: Option<Day>, amount: i64| {
            let county = place.len() <= 6;
            let mut slices = vec![("", String::new())];
            let stock = basis.is_none();
            if place.len() <= 9 {
                slices.push(("unit", self.unit.to_owned()));
                slices.extend(basis.map(|day| ("month", format!("{:02}", day.month()))));
            }
            if county {
                slices.push(("channel", self.channel.to_owned()));
                slices.push(("division", self.division.chars().take(if self.division.len() < 9 { 6 } else { 9 }).collect()));
                if id == "closed" || id == "concluded" {
                    slices.push(("conclusion", self.conclusion.to_owned()));
                }
            }
            if stock || basis.is_some_and(|day| i32::from(day.year()) == year) {
                for (key, member) in slices.into_iter().filter(|(key, member)| key.is_empty() || !member.is_empty()) {
                    *counts.entry((format!("petition.{id}"), key.to_owned(), member)).or_default() += amount;
                }
            }
        };
        if self.conclusion == "void" {
            if let Some(registered) = seen(Some(self.registered)) {
                add("voided", Some(registered), 1);
            }
            return;
        }
        let Some(registered) = seen(Some(self.registered)) else {
            // Its due days lie later still.
            return;
        };
        add("registered", Some(registered), 1);
        add("persons", Some(registered), i64::from(self.persons));
        add("repeats", Some(registered), i64::from(self.repeat));
        add("online", Some(registered), i64::from(self.channel == "online"));
        for (of, code) in ["office", "unit"].into_iter().zip(self.ratings) {
            if let Some(rated) = seen(Some(self.concluded.unwrap_or(registered))).filter(|_| !code.is_empty()) {
                add(&format!("rating.{of}.rated"), Some(rated), 1);
                add(&format!("rating.{of}.satisfied"), Some(rated), i64::from(code != "dissatisfied"));
            }
        }
        if let Some(thirtieth) = seen(Some(self.registered.plus_days(30))) {
            add("unit_acceptance.due", Some(thirtieth), 1);
            add("unit_acceptance.on_time", Some(thirtieth), i64::from(self.accepted.is_some_and(|day| day <= thirtieth)));
        }
        let first_time = i64::from(!self.repeat && !self.litigation);
        let open_before = |end: i32| {
            let closed = seen(self.concluded).is_some_and(|day| i32::from(day.year()) < end);
            i64::from(i32::from(registered.year()) < end && !closed)
        };
        add("carried_in", None, open_before(year));
        add("carried_out", None, open_before(year + 1));
        if let Some(accepted) = seen(self.accepted) {
            add("accepted", Some(accepted), 1);
            add("acceptance_notice.given", Some(accepted), 1);
            add("acceptance_notice.on_time", Some(accepted), i64::from(accepted <= self.registered.plus_days(15)));
        }
        if let Some(closed) = seen(self.concluded) {
            add("closed", Some(closed), 1);
            add("concluded", Some(closed), i64::from(["replied", "settled"].contains(&self.conclusion)));
        }
        if let Some(due) = seen(Some(self.registered.plus_days(15))) {
            let first = self.accepted.or(self.concluded);
            let on_time = i64::from(first.is_some_and(|first| first <= due));
            add("timely_acceptance.due", Some(due), first_time);
            add("timely_acceptance.on_time", Some(due), first_time * on_time);
            let p1 = first_time * i64::from(self.persons > 0 && ["visit", "online"].contains(&self.channel));
            add("office_acceptance.due", Some(due), p1);
            add("office_acceptance.on_time", Some(due), p1 * on_time);
        }
        for (id, on) in [("review_requested", self.reviewed.map(|on| on.plus_days(-10))), ("reviewed", self.reviewed)] {
            if let Some(on) = seen(on) {
                add(id, Some(on), 1);
            }
        }
        for (stage, due, end) in [("handling", self.handling(), self.concluded), ("review", self.review(), self.reviewed)] {
            let Some((kpi, legal)) = due else { continue };
            for (term, due) in [("kpi", kpi), ("legal", legal)] {
                let Some(due) = seen(Some(due)) else { continue };
                add(&format!("{stage}.{term}.due"), Some(due), 1);
                let outcome = match seen(end) {
                    Some(end) if end <= due => "on_time",
                    Some(_) => "late",
                    None => "open_overdue",
                };
                add(&format!("{stage}.{term}.{outcome}"), Some(due), 1);
                if (stage, term) == ("handling", "kpi") {
                    add("on_time_closing.due", Some(due), first_time);
                    add(&format!("on_time_closing.{outcome}"), Some(due), first_time);
                }
            }
        }
    }
}
