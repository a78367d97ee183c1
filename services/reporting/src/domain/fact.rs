//! The image of one thing that figures count, each day with the day since which it is known. It knows what every image has in
//! common: how it is named, under which members it stands. It refuses to know what an event changes in it and what it counts
//! for.

use super::{Body, Case, Contribution, Dispute, Petition, Round, Unit};
use fengqiao_model::{Day, DivisionCode};
use serde::{Deserialize, Serialize};

/// A day of something that happened, and the day since which it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dated(pub Day, pub Day);

impl Dated {
    /// Known on its own day, as everything a ledger tells.
    pub fn own(day: Day) -> Self {
        Self(day, day)
    }

    /// The first day on which it may count.
    pub fn visible(self) -> Day {
        self.0.max(self.1)
    }
}

/// The due days of one clock, and the day since which they are known. They come with the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Due day of the performance practice.
    #[serde(rename = "k")]
    pub kpi: Day,
    /// Due day in law.
    #[serde(rename = "l")]
    pub legal: Day,
    /// Known since.
    #[serde(rename = "s")]
    pub since: Day,
}

/// Since when what an event of mediation tells is known. Its events tell how a thing stands, not what changed: a day that was
/// told before keeps the day since which it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// It became known on this day.
    Told(Day),
    /// A ledger vouches: each day is known on itself, but not before this one, from which the images count.
    Vouched {
        /// The first day from which anything may change.
        not_before: Day,
    },
}

impl Telling {
    /// Whether a ledger vouches.
    pub fn vouched(self) -> bool {
        matches!(self, Telling::Vouched { .. })
    }

    /// Since when something that is told now, and happened on `day`, is known.
    pub fn since(self, day: Day) -> Day {
        match self {
            Telling::Told(known) => known,
            Telling::Vouched { not_before } => day.max(not_before),
        }
    }

    /// The day of something, told for the first time or again.
    pub fn day(self, old: Option<Dated>, day: Day) -> Dated {
        old.filter(|old| old.0 == day).unwrap_or_else(|| Dated(day, self.since(day)))
    }

    /// The same for what may not have happened.
    pub fn maybe(self, old: Option<Dated>, day: Option<Day>) -> Option<Dated> {
        day.map(|day| self.day(old, day))
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A petition.
    Petition,
    /// A case: one body's engagement with a dispute, with its agreement.
    Case,
    /// A dispute: the root.
    Dispute,
    /// A mediation body.
    Body,
    /// A petition office or responsible unit.
    Unit,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Petition, Kind::Case, Kind::Dispute, Kind::Body, Kind::Unit];

    /// Its name.
    pub fn name(self) -> &'static str {
        ["petition", "case", "dispute", "body", "unit"][self as usize]
    }

    /// What the key of its images begins with. Petitions, which were there first, have the bare id; the colon keeps all others
    /// apart from them and from each other, whatever ids clients mint.
    pub fn prefix(self) -> &'static str {
        ["", "case:", "dispute:", "body:", "unit:"][self as usize]
    }

    /// A text behind all keys of this kind.
    pub fn end(self) -> &'static str {
        // Ids of petitions are UUIDs: hexadecimal digits sort before.
        ["g", "case;", "dispute;", "body;", "unit;"][self as usize]
    }

    /// The key of the image with this id.
    pub fn key(self, id: &str) -> String {
        format!("{}{id}", self.prefix())
    }

    /// The kind of the image with this key.
    pub fn of_key(key: &str) -> Kind {
        let named = |kind: &Kind| *kind != Kind::Petition && key.starts_with(kind.prefix());
        Kind::ALL.into_iter().find(named).unwrap_or(Kind::Petition)
    }
}

/// One image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Of a petition.
    Petition(Box<Petition>),
    /// Of a case.
    Case(Box<Case>),
    /// Of a dispute.
    Dispute(Box<Dispute>),
    /// Of a body.
    Body(Box<Body>),
    /// Of a unit.
    Unit(Box<Unit>),
}

/// What an image stands under, beside the force and the month of each contribution. Empty texts are no members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Members<'a> {
    /// Where.
    pub division: &'a DivisionCode,
    /// Responsible unit of a petition.
    pub unit: &'a str,
    /// The office that transferred it.
    pub office: &'a str,
    /// Channel of a petition.
    pub channel: &'a str,
    /// Conclusion of a petition: only of what is closed.
    pub conclusion: &'a str,
    /// Its rounds before, each with a conclusion of its own.
    pub rounds: &'a [Round],
    /// Type of the dispute.
    pub dispute_type: &'a str,
    /// Where a case or dispute comes from.
    pub source: &'a str,
    /// Body of a case.
    pub body: &'a str,
    /// Kind of that body, or of the body itself.
    pub body_kind: &'a str,
    /// Theme of a body: no slice of the roll, but counted.
    pub theme: &'a str,
    /// Whether its contributions have forces.
    pub has_force: bool,
}

impl<'a> Members<'a> {
    /// Of a place, and of nothing else.
    pub fn at(division: &'a DivisionCode) -> Self {
        Self {
            division,
            unit: "",
            office: "",
            channel: "",
            conclusion: "",
            rounds: &[],
            dispute_type: "",
            source: "",
            body: "",
            body_kind: "",
            theme: "",
            has_force: false,
        }
    }

    /// The conclusion of a contribution.
    pub fn conclusion_of(&self, contribution: &Contribution) -> &'a str {
        self.conclusions().nth(usize::from(contribution.round)).unwrap_or("")
    }

    /// The conclusions, by round.
    pub fn conclusions(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.rounds.iter().map(|round| round.conclusion.as_str()).chain([self.conclusion])
    }

    /// The unit that a contribution stands under.
    pub fn unit_of(&self, contribution: &Contribution) -> &'a str {
        if contribution.of_office { self.office } else { self.unit }
    }
}

impl Fact {
    /// What it is an image of.
    pub fn kind(&self) -> Kind {
        match self {
            Fact::Petition(_) => Kind::Petition,
            Fact::Case(_) => Kind::Case,
            Fact::Dispute(_) => Kind::Dispute,
            Fact::Body(_) => Kind::Body,
            Fact::Unit(_) => Kind::Unit,
        }
    }

    /// What it stands under; `None` for a body of which nobody knows the place, and for units: they count nowhere.
    pub fn members(&self) -> Option<Members<'_>> {
        match self {
            Fact::Petition(petition) => Some(petition.members()),
            Fact::Case(case) => Some(case.members()),
            Fact::Dispute(dispute) => Some(dispute.members()),
            Fact::Body(body) => body.members(),
            Fact::Unit(_) => None,
        }
    }

    /// Where it counts; empty when nobody knows.
    pub fn place(&self) -> &str {
        self.members().map_or("", |members| members.division.as_str())
    }

    /// As stored.
    pub fn to_json(&self) -> serde_json::Result<String> {
        match self {
            Fact::Petition(petition) => serde_json::to_string(petition),
            Fact::Case(case) => serde_json::to_string(case),
            Fact::Dispute(dispute) => serde_json::to_string(dispute),
            Fact::Body(body) => serde_json::to_string(body),
            Fact::Unit(unit) => serde_json::to_string(unit),
        }
    }

    /// Reads what [`Fact::to_json`] wrote.
    pub fn from_json(kind: Kind, text: &str) -> serde_json::Result<Fact> {
        Ok(match kind {
            Kind::Petition => Fact::Petition(serde_json::from_str(text)?),
            Kind::Case => Fact::Case(serde_json::from_str(text)?),
            Kind::Dispute => Fact::Dispute(serde_json::from_str(text)?),
            Kind::Body => Fact::Body(serde_json::from_str(text)?),
            Kind::Unit => Fact::Unit(serde_json::from_str(text)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_their_kind() {
        for kind in Kind::ALL {
            let key = kind.key("01890a5d-0000-7000-8000-000000000001");
            assert_eq!((Kind::of_key(&key), kind.prefix() < key.as_str(), key.as_str() < kind.end()), (kind, true, true));
        }
        assert_eq!(Kind::of_key("body"), Kind::Petition);
    }

    #[test]
    fn a_day_told_again_keeps_the_day_since_which_it_is_known() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let (third, fifth, ninth) = (day("2024-03-03"), day("2024-03-05"), day("2024-03-09"));
        let told = Telling::Told(ninth);
        assert_eq!(told.day(Some(Dated(third, fifth)), third), Dated(third, fifth));
        assert_eq!(told.day(Some(Dated(third, fifth)), fifth), Dated(fifth, ninth));
        let vouched = Telling::Vouched { not_before: fifth };
        assert_eq!(vouched.maybe(None, Some(third)), Some(Dated(third, fifth)));
        assert_eq!(vouched.maybe(None, Some(ninth)), Some(Dated::own(ninth)));
        assert_eq!(vouched.maybe(Some(Dated(third, third)), None), None);
    }
}
