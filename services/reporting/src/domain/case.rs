//! The image of one case: one body's engagement with a dispute, and the agreement it ended with. It knows which days an event
//! tells anew; it refuses to know what they count for.

use super::{Dated, Due, Members, Telling};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_statute::{AgreementForm, Force, Outcome};
use serde::{Deserialize, Serialize};
use std::ops::Not;

/// How a case entered its root when it was accepted: the publisher says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// It made the root accepted.
    First,
    /// By transfer or hand-on from another case.
    Received,
    /// The root had ended and is open again.
    Reopens,
    /// The root was open elsewhere.
    Joined,
}

impl Entry {
    /// The entry with this name.
    pub fn named(name: &str) -> Option<Entry> {
        match name {
            "first" => Some(Entry::First),
            "received" => Some(Entry::Received),
            "reopens" => Some(Entry::Reopens),
            "joined" => Some(Entry::Joined),
            _ => None,
        }
    }
}

/// An amount paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Payment {
    /// When: of full performance; before that the day on which it was told.
    pub on: Dated,
    /// How much, in fen.
    pub fen: i64,
}

/// How a case stands, as an event tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseTold {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Its reference in its ledger.
    pub external_ref: String,
    /// Its own place and type, where a ledger's row has them; else those of its dispute.
    pub own: Option<(DivisionCode, String)>,
    /// Force of its body, or the one proposed.
    pub force: Option<Force>,
    /// Code of its body; may be empty.
    pub body: String,
    /// Kind of the body; may be empty.
    pub body_kind: String,
    /// Where it comes from, by code.
    pub source: String,
    /// Application.
    pub applied_on: Day,
    /// Acceptance.
    pub accepted_on: Option<Day>,
    /// End of any kind.
    pub ended_on: Option<Day>,
    /// How it ended; with the end, and only then.
    pub outcome: Option<Outcome>,
    /// Form of the agreement.
    pub form: Option<AgreementForm>,
    /// How it entered its root.
    pub entry: Option<Entry>,
    /// Handed on with its conclusion.
    pub handed_on: bool,
    /// Number of parties.
    pub parties: i64,
    /// 疑难复杂.
    pub hard: bool,
    /// Claimed, agreed and paid, in fen.
    pub claimed_fen: i64,
    /// See `claimed_fen`.
    pub agreed_fen: i64,
    /// See `claimed_fen`.
    pub paid_fen: i64,
    /// Day by which the agreement is to be performed.
    pub performance_due: Option<Day>,
    /// Day of full performance.
    pub performed_on: Option<Day>,
    /// Application for judicial confirmation.
    pub confirmation_applied_on: Option<Day>,
    /// The court confirmed.
    pub confirmed: bool,
    /// Its clock: (KPI due, legal due).
    pub handling: Option<(Day, Day)>,
    /// Voided.
    pub voided_on: Option<Day>,
}

/// What a case has from its dispute.
#[derive(Clone, Copy, Debug)]
pub struct Root<'a> {
    /// Id of the dispute.
    pub id: &'a str,
    /// Where it arose.
    pub division: &'a DivisionCode,
    /// Its type, by code.
    pub dispute_type: &'a str,
    /// Whether it is linked into another.
    pub linked: bool,
}

/// One case. Stored as JSON; short names, because there is one for each case of the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Id of its dispute.
    #[serde(rename = "dis")]
    pub dispute: String,
    /// Where it stands: where the dispute arose, unless its row says otherwise.
    #[serde(rename = "div")]
    pub division: DivisionCode,
    /// Type, likewise.
    #[serde(rename = "ty")]
    pub dispute_type: String,
    /// Place and type are its own.
    #[serde(rename = "own", default, skip_serializing_if = "Not::not")]
    pub own: bool,
    /// It stands at another place than its dispute.
    #[serde(rename = "apt", default, skip_serializing_if = "Not::not")]
    pub apart: bool,
    /// Whether the dispute is linked into another, so that another root counts it.
    #[serde(rename = "lnk", default, skip_serializing_if = "Not::not")]
    pub linked: bool,
    /// Force of its body, or the one proposed.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub force: Option<Force>,
    /// Code of its body; empty while there is none.
    #[serde(rename = "b", default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Kind of the body.
    #[serde(rename = "bk", default, skip_serializing_if = "String::is_empty")]
    pub body_kind: String,
    /// Where it comes from.
    #[serde(rename = "src", default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Application.
    #[serde(rename = "app")]
    pub applied: Dated,
    /// Acceptance.
    #[serde(rename = "acc", default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Dated>,
    /// End of any kind.
    #[serde(rename = "end", default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Dated>,
    /// How it ended.
    #[serde(rename = "how", default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Form of the agreement; a ledger may not say.
    #[serde(rename = "form", default, skip_serializing_if = "Option::is_none")]
    pub form: Option<AgreementForm>,
    /// How it entered its root.
    #[serde(rename = "ent", default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// Handed on with its conclusion.
    #[serde(rename = "on", default, skip_serializing_if = "Not::not")]
    pub handed_on: bool,
    /// Number of parties; 0 when a ledger does not say.
    #[serde(rename = "n")]
    pub parties: i64,
    /// 疑难复杂.
    #[serde(rename = "hd", default, skip_serializing_if = "Not::not")]
    pub hard: bool,
    /// Amount claimed, in fen.
    #[serde(rename = "cf", default, skip_serializing_if = "is_zero")]
    pub claimed_fen: i64,
    /// Amount agreed, in fen.
    #[serde(rename = "af", default, skip_serializing_if = "is_zero")]
    pub agreed_fen: i64,
    /// What was paid, in the order of telling.
    #[serde(rename = "pay", default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// Day by which the agreement is to be performed.
    #[serde(rename = "pd", default, skip_serializing_if = "Option::is_none")]
    pub performance_due: Option<Dated>,
    /// Full performance.
    #[serde(rename = "pf", default, skip_serializing_if = "Option::is_none")]
    pub performed: Option<Dated>,
    /// Application for confirmation.
    #[serde(rename = "ca", default, skip_serializing_if = "Option::is_none")]
    pub confirmation_applied: Option<Dated>,
    /// The court confirmed: known since.
    #[serde(rename = "cc", default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Day>,
    /// Its clock.
    #[serde(rename = "due", default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<Due>,
    /// The entry was an error: it counts as voided and nowhere else.
    #[serde(rename = "void", default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<Dated>,
}

impl Case {
    /// What it stands under.
    pub fn members(&self) -> Members<'_> {
        Members {
            dispute_type: &self.dispute_type,
            source: &self.source,
            body: &self.body,
            body_kind: &self.body_kind,
            has_force: true,
            ..Members::at(&self.division)
        }
    }

    /// The image after an event that tells how the case stands.
    pub fn after(old: Option<&Case>, told: &CaseTold, root: Root<'_>, telling: Telling) -> Case {
        let performed = telling.maybe(old.and_then(|o| o.performed), told.performed_on);
        let confirmation_applied = telling.maybe(old.and_then(|o| o.confirmation_applied), told.confirmation_applied_on);
        let confirmed = told.confirmed.then_some(confirmation_applied).flatten();
        let (division, dispute_type) = match &told.own {
            Some((division, dispute_type)) => (division, dispute_type.as_str()),
            None => (root.division, root.dispute_type),
        };
        Case {
            dispute: root.id.to_owned(),
            division: division.clone(),
            dispute_type: dispute_type.to_owned(),
            own: told.own.is_some(),
            apart: division != root.division,
            linked: root.linked,
            force: told.force,
            body: told.body.clone(),
            body_kind: told.body_kind.clone(),
            source: told.source.clone(),
            applied: telling.day(old.map(|o| o.applied), told.applied_on),
            accepted: telling.maybe(old.and_then(|o| o.accepted), told.accepted_on),
            ended: telling.maybe(old.and_then(|o| o.ended), told.ended_on),
            outcome: told.outcome,
            form: told.form,
            entry: told.entry,
            handed_on: told.handed_on,
            parties: told.parties,
            hard: told.hard,
            claimed_fen: told.claimed_fen,
            agreed_fen: told.agreed_fen,
            payments: payments(old, told, performed, telling),
            performance_due: told.performance_due.map(|due| plan(old.and_then(|o| o.performance_due), due, told, telling)),
            performed,
            confirmation_applied,
            confirmed: confirmed.map(|applied| {
                let before = old.filter(|o| o.confirmation_applied == Some(applied)).and_then(|o| o.confirmed);
                before.unwrap_or_else(|| telling.since(applied.0))
            }),
            handling: told.handling.map(|(kpi, legal)| {
                let same = old.and_then(|o| o.handling).filter(|due| (due.kpi, due.legal) == (kpi, legal));
                same.unwrap_or_else(|| Due { kpi, legal, since: telling.since(told.applied_on) })
            }),
            voided: telling.maybe(old.and_then(|o| o.voided), told.voided_on),
        }
    }

    /// The same case of a dispute that is of another place or type now, or linked.
    pub fn of_root(&self, root: Root<'_>) -> Case {
        let mut case = Case { linked: root.linked, ..self.clone() };
        if case.own {
            case.apart = case.division != *root.division;
        } else {
            case.division.clone_from(root.division);
            root.dispute_type.clone_into(&mut case.dispute_type);
        }
        case
    }
}

/// A day that may lie ahead: a ledger's plan is known since the agreement.
fn plan(old: Option<Dated>, day: Day, told: &CaseTold, telling: Telling) -> Dated {
    let made = told.ended_on.unwrap_or(told.applied_on);
    old.filter(|old| old.0 == day).unwrap_or_else(|| Dated(day, telling.since(made)))
}

/// Money counts on the day of full performance, and before that on the day on which it was told; a ledger, which tells no days
/// of instalments, has it on the day of the agreement. Told to be less than it was, all of it was wrong.
fn payments(old: Option<&Case>, told: &CaseTold, performed: Option<Dated>, telling: Telling) -> Vec<Payment> {
    let payment = |on: Dated, fen: i64| Payment { on, fen };
    let Telling::Told(known) = telling else {
        let on = told.performed_on.or(told.ended_on).unwrap_or(told.applied_on);
        return (told.paid_fen != 0).then(|| payment(Dated(on, telling.since(on)), told.paid_fen)).into_iter().collect();
    };
    let mut list = old.map_or_else(Vec::new, |o| o.payments.clone());
    let before = old.and_then(|o| o.performed);
    if before != performed {
        // What was paid with a performance moves with its day.
        let moved = list.iter_mut().filter(|p| before.is_some_and(|before| p.on == before));
        moved.for_each(|p| p.on = performed.unwrap_or(Dated::own(known)));
    }
    let now = performed.unwrap_or(Dated::own(known));
    let paid = list.iter().fold(0_i64, |sum, p| sum.wrapping_add(p.fen));
    if told.paid_fen > paid {
        list.push(payment(now, told.paid_fen - paid));
    } else if told.paid_fen < paid {
        let on = list.last().map_or(now, |last| last.on);
        list = (told.paid_fen != 0).then(|| payment(on, told.paid_fen)).into_iter().collect();
    }
    list
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(amount: &i64) -> bool {
    *amount == 0
}
