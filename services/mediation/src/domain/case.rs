//! A case as it stands: one body's engagement with a dispute, what a body counts. Holds nothing personal.

use super::file::CaseFile;
use fengqiao_model::{CaseId, Day, RequestId};
use fengqiao_statute::{AgreementForm, CaseSource, ClockTerms, Confirmation, Force, Outcome, SessionMode};
use serde::{Deserialize, Serialize};

/// Where a case stands (D§3.6); performance and confirmation are fields of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Logged, at no body.
    Applied,
    /// At a body that has not taken it.
    Dispatched,
    /// Given back, at no body.
    Returned,
    /// Taken; its clock runs.
    Accepted,
    Agreed,
    Partial,
    SettledPrivately,
    Failed,
    Withdrawn,
    Terminated,
    Transferred,
    Refused,
    Declined,
    Void,
}

impl CaseState {
    /// Every state, in the order of the contract's numbers, from 1.
    pub const ALL: [CaseState; 14] = [
        CaseState::Applied,
        CaseState::Dispatched,
        CaseState::Returned,
        CaseState::Accepted,
        CaseState::Agreed,
        CaseState::Partial,
        CaseState::SettledPrivately,
        CaseState::Failed,
        CaseState::Withdrawn,
        CaseState::Terminated,
        CaseState::Transferred,
        CaseState::Refused,
        CaseState::Declined,
        CaseState::Void,
    ];

    /// Name in columns, events and messages.
    pub fn name(self) -> &'static str {
        match self {
            CaseState::Applied => "applied",
            CaseState::Dispatched => "dispatched",
            CaseState::Returned => "returned",
            CaseState::Accepted => "accepted",
            CaseState::Agreed => "agreed",
            CaseState::Partial => "partial",
            CaseState::SettledPrivately => "settled_privately",
            CaseState::Failed => "failed",
            CaseState::Withdrawn => "withdrawn",
            CaseState::Terminated => "terminated",
            CaseState::Transferred => "transferred",
            CaseState::Refused => "refused",
            CaseState::Declined => "declined",
            CaseState::Void => "void",
        }
    }

    /// The state with this name.
    pub fn named(name: &str) -> Option<CaseState> {
        CaseState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Name in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            CaseState::Applied => "已申请",
            CaseState::Dispatched => "已派单",
            CaseState::Returned => "已退回",
            CaseState::Accepted => "已受理",
            CaseState::Agreed => "达成协议",
            CaseState::Partial => "部分达成",
            CaseState::SettledPrivately => "自行和解",
            CaseState::Failed => "调解不成",
            CaseState::Withdrawn => "撤回",
            CaseState::Terminated => "终止",
            CaseState::Transferred => "转办",
            CaseState::Refused => "一方拒绝",
            CaseState::Declined => "不予受理",
            CaseState::Void => "作废",
        }
    }

    /// Waits to be accepted.
    pub fn is_pending(self) -> bool {
        matches!(self, CaseState::Applied | CaseState::Dispatched | CaseState::Returned)
    }

    /// Pending or accepted: it weighs on the body that has it.
    pub fn is_open(self) -> bool {
        self.is_pending() || self == CaseState::Accepted
    }

    /// The state that an outcome leads to.
    pub fn of(outcome: Outcome) -> CaseState {
        match outcome {
            Outcome::Agreed => CaseState::Agreed,
            Outcome::Partial => CaseState::Partial,
            Outcome::SettledPrivately => CaseState::SettledPrivately,
            Outcome::Failed => CaseState::Failed,
            Outcome::Withdrawn => CaseState::Withdrawn,
            Outcome::Terminated => CaseState::Terminated,
            Outcome::Transferred => CaseState::Transferred,
            Outcome::Refused => CaseState::Refused,
            Outcome::Declined => CaseState::Declined,
        }
    }
}

/// How a case entered its root when it was accepted; what bridges the sum of bodies to the county's count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// It made the root accepted.
    First,
    /// By transfer or hand-on from another case of the root.
    Received,
    /// The root had ended and is open again.
    Reopens,
    /// The root was open elsewhere: linked, or in parallel.
    Joined,
}

#[allow(clippy::borrowed_box, reason = "serde asks with a reference to the field")]
fn is_blank(file: &Box<CaseFile>) -> bool {
    file.is_empty()
}

impl Case {
    /// What the row of an imported case says of a column that the dispute says for all its other cases.
    pub fn own(&self, column: &str) -> Option<&str> {
        let named = |cell: &'_ String| cell.starts_with(column) && cell[column.len()..].starts_with('=');
        let cell = self.imported_cells.as_deref()?.iter().find(|cell| named(cell))?;
        Some(&cell[column.len() + 1..])
    }
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// How many events changed it, its opening included; the etag.
    pub version: i64,
    /// Number in its series; empty until given.
    pub number: String,
    /// Where it stands.
    pub state: CaseState,
    /// Force of its body; `None` before dispatch.
    pub force: Option<Force>,
    /// Code of its body; empty while there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Kind of the body when the case got it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body_kind: String,
    /// Where it comes from.
    pub source: CaseSource,
    /// Application.
    pub applied_on: Day,
    /// Since when it is at its present body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatched_on: Option<Day>,
    /// Acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<Day>,
    /// End of any kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Day>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Form of the agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement_form: Option<AgreementForm>,
    /// How it entered its root; set by [`super::milestones`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
    /// Handed on with its conclusion, even before the receiving body is found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub handed_on: bool,
    /// Body it was handed on or transferred to; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub handed_on_to: String,
    /// The case it follows by transfer, hand-on or reopening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CaseId>,
    /// Number of parties; 0 when a ledger row does not say.
    pub party_count: u32,
    /// 疑难复杂.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hard: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_mode: Option<SessionMode>,
    /// The mediator's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mediator: String,
    /// Claimed, agreed and paid, in fen: three amounts, never one for another.
    #[serde(default)]
    pub claimed_fen: i64,
    #[serde(default)]
    pub agreed_fen: i64,
    #[serde(default)]
    pub paid_fen: i64,
    /// Day by which the agreement is to be performed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performance_due: Option<Day>,
    /// Day on which it was performed in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation_applied_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// Reason code of the end.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How often a body returned it.
    #[serde(default)]
    pub returns: u32,
    /// Bodies that returned it: not proposed again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returned_by: Vec<String>,
    /// The clock of its force, where the law sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handling: Option<ClockTerms>,
    /// Ledger of the external reference.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ledger: String,
    /// Reference in that ledger.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub external_ref: String,
    /// Reference of the petition as the ledger has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub petition_ref: String,
    /// Day on which it was voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_on: Option<Day>,
    /// What routing looks at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub already_at: Vec<String>,
    #[serde(default)]
    pub applicant_consents: bool,
    #[serde(default)]
    pub respondent_consents: bool,
    /// The body the parties chose; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chosen_body: String,
    /// The rules sent it nowhere, and why stands in the last decision.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_dispatched: bool,
    /// Which cells of the ledger row were filled that a default would hide: party_count, hard, source, claimed, agreed, paid,
    /// narrative and the like, by column name; present exactly for imported cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_cells: Option<Vec<String>>,
    /// The work on it, from its acceptance to its bound file.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub file: Box<CaseFile>,
    /// The request that made the last change of this case.
    pub last_request: Option<RequestId>,
}
