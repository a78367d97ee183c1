//! The image of one petition as the log tells it, nothing personal in it. It knows what each event changes; it refuses to
//! know what that counts for.
//!
//! | File | Knows |
//! |---|---|
//! | here | the image, and the kinds of event that say what changed |
//! | `petition/change.rs` | what the log says |
//! | `petition/standing.rs` | the kinds of event that say how the petition stands after them: all others |
//! | `petition/round.rs` | what can happen anew when an item is taken up again |

mod change;
mod round;
mod standing;

pub use change::{Change, LedgerRow, Registration, Unplaced};
pub use round::{Course, Rating, Round};
pub use standing::Standing;

use super::{Dated, Due, Members};
use fengqiao_model::{Day, DivisionCode};
use serde::{Deserialize, Serialize};

/// One petition. Stored as JSON; short names, because there is one for each petition of the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Petition {
    /// Where the matter arose.
    #[serde(rename = "div")]
    pub division: DivisionCode,
    /// Class of matter, by code.
    #[serde(rename = "cls")]
    pub class: String,
    /// Channel, by code; empty when a ledger does not say.
    #[serde(rename = "ch", default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// The responsible unit; empty when there is none yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Content category.
    #[serde(rename = "cat", default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Number of petitioners; 0 when a ledger does not say.
    #[serde(rename = "n")]
    pub persons: i64,
    /// It repeats an earlier item: a person said so, or a ledger.
    #[serde(rename = "rep", default, skip_serializing_if = "std::ops::Not::not")]
    pub repeat: bool,
    /// It is a litigation matter.
    #[serde(rename = "lit", default, skip_serializing_if = "std::ops::Not::not")]
    pub litigation: bool,
    /// Registration.
    #[serde(rename = "reg")]
    pub registered: Dated,
    /// First action of the petition office.
    #[serde(rename = "act", default, skip_serializing_if = "Option::is_none")]
    pub first_action: Option<Dated>,
    /// Conclusion of any kind but void.
    #[serde(rename = "end", default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Dated>,
    /// Code of that conclusion; empty while open.
    #[serde(rename = "how", default, skip_serializing_if = "String::is_empty")]
    pub conclusion: String,
    /// The entry was an error: it counts as voided and nowhere else.
    #[serde(rename = "void", default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<Dated>,
    /// Clock P-01: first action.
    #[serde(rename = "p01", default, skip_serializing_if = "Option::is_none")]
    pub first_action_due: Option<Due>,
    /// Clock P-02 or P-03: notice of acceptance; where neither was started, P-01 stands for it.
    #[serde(rename = "p03", default, skip_serializing_if = "Option::is_none")]
    pub notice_due: Option<Due>,
    /// The first transfer, and the office that made it.
    #[serde(rename = "tr", default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// How often it was taken up again, as told.
    #[serde(rename = "rn", default, skip_serializing_if = "is_zero")]
    pub reopenings: u32,
    /// What it was until it was taken up again, each time.
    #[serde(rename = "was", default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// What has happened since.
    #[serde(rename = "now")]
    pub course: Course,
}

/// The first transfer of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its day.
    pub on: Dated,
    /// Code of the office that made it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The conclusion under which a ledger row is void.
const VOID: &str = "void";

impl Petition {
    /// What it stands under.
    pub fn members(&self) -> Members<'_> {
        Members {
            unit: &self.unit,
            office: self.transfer.as_ref().map_or("", |transfer| &transfer.from),
            channel: &self.channel,
            conclusion: &self.conclusion,
            rounds: &self.rounds,
            ..Members::at(&self.division)
        }
    }

    /// The image after an event known since `known`.
    pub fn after(before: Option<&Petition>, change: &Change, known: Day) -> Result<Petition, Unplaced> {
        let fact = match (before, change) {
            (None, Change::Registered(new)) => Petition::registered(new, known),
            (None, Change::Imported(row)) => Petition::of_row(row),
            (before, Change::Stepped(standing)) => Petition::standing(before, standing, known),
            (None, _) => return Err(Unplaced::Missing),
            (Some(_), Change::Registered(_) | Change::Imported(_)) => return Err(Unplaced::Exists),
            // A voided entry stays void, on the day it had.
            (Some(old), Change::Advanced(row)) => match old.voided {
                voided @ Some(_) => Petition { voided, ..Petition::of_row(row) },
                None => Petition::of_row(row),
            },
            (Some(old), change) => old.clone().changed(change, known),
        };
        Ok(fact)
    }

    fn registered(new: &Registration, known: Day) -> Petition {
        Petition {
            division: new.division.clone(),
            class: new.class.clone(),
            channel: new.channel.clone(),
            unit: new.unit.clone(),
            category: new.category.clone(),
            persons: new.persons,
            repeat: false,
            litigation: false,
            registered: Dated(new.on, known),
            first_action: None,
            closed: None,
            conclusion: String::new(),
            voided: None,
            first_action_due: due(new.first_action, known),
            notice_due: None,
            transfer: None,
            reopenings: 0,
            rounds: Vec::new(),
            course: Course::default(),
        }
    }

    fn of_row(row: &LedgerRow) -> Petition {
        let registered = row.registration.on;
        let own = |day: Option<Day>| day.map(Dated::own);
        let void = row.conclusion == VOID;
        let rating = |code: &String| {
            let on = Dated::own(row.concluded_on.unwrap_or(registered));
            (!code.is_empty()).then(|| Rating { on, code: code.clone() })
        };
        Petition {
            repeat: row.repeat,
            litigation: row.litigation,
            // The petition office acted at the latest when the item was accepted or concluded (D§5.2: the earliest counts).
            first_action: own([row.first_action_on, row.accepted_on, row.concluded_on].into_iter().flatten().min()),
            closed: if void { None } else { own(row.concluded_on) },
            conclusion: if void { String::new() } else { row.conclusion.clone() },
            voided: void.then(|| Dated::own(registered)),
            course: Course {
                accepted: own(row.accepted_on),
                handling_due: due(row.handling, registered),
                review_requested: own(row.review_requested_on),
                reviewed: own(row.reviewed_on),
                review_due: due(row.review, registered),
                rereview_requested: own(row.rereview_requested_on),
                rereviewed: own(row.rereviewed_on),
                rereview_due: due(row.rereview, registered),
                rating_office: rating(&row.rating_office),
                rating_unit: rating(&row.rating_unit),
                rating_due: None,
            },
            ..Petition::registered(&row.registration, registered)
        }
    }

    fn changed(mut self, change: &Change, known: Day) -> Petition {
        match change {
            Change::Accepted { on, unit, handling } => {
                self.course.accepted = Some(Dated(*on, known));
                self.first_action.get_or_insert(Dated(*on, known));
                if !unit.is_empty() {
                    self.unit.clone_from(unit);
                }
                self.course.handling_due = due(*handling, known);
            }
            Change::Refused { on, conclusion } => {
                self.first_action.get_or_insert(Dated(*on, known));
                self.close(*on, known, conclusion);
            }
            Change::Extended { handling } => self.course.handling_due = due(Some(*handling), known),
            Change::OpinionIssued { on } => self.close(*on, known, "replied"),
            Change::Withdrawn { on } => {
                // As in a ledger's row: what ended before any other action ended the office's duty to act.
                self.first_action.get_or_insert(Dated(*on, known));
                self.close(*on, known, "withdrawn");
            }
            Change::Voided { on } => self.voided = Some(Dated(*on, known)),
            Change::Registered(_) | Change::Imported(_) | Change::Advanced(_) | Change::Stepped(_) | Change::Nothing => {}
        }
        self
    }

    /// The first acceptance in any round.
    pub fn first_accepted(&self) -> Option<Dated> {
        let before = self.rounds.iter().map(|round| round.course.accepted);
        before.chain([self.course.accepted]).flatten().min()
    }

    fn close(&mut self, on: Day, known: Day, conclusion: &str) {
        self.closed = Some(Dated(on, known));
        conclusion.clone_into(&mut self.conclusion);
    }
}

fn due(days: Option<(Day, Day)>, since: Day) -> Option<Due> {
    days.map(|(kpi, legal)| Due { kpi, legal, since })
}
