//! Why an item was refused, diverted, forwarded, withdrawn or voided, and a case declined, returned, failed or handed on: versioned codes with their Chinese and English text (D§2.5).

use crate::{
    Conclusion,
    datafile::{self, DataProblem, Entry},
};
use fengqiao_model::Day;
use std::{collections::BTreeMap, fmt, str::FromStr, sync::LazyLock};

static SHIPPED: LazyLock<ReasonList> =
    LazyLock::new(|| datafile::shipped("data/reasons.toml", ReasonList::from_toml(include_str!("../data/reasons.toml"))));

static SHIPPED_OF_CASES: LazyLock<ReasonList> = LazyLock::new(|| {
    datafile::shipped("data/case_reasons.toml", ReasonList::from_toml(include_str!("../data/case_reasons.toml")))
});

/// The step that needs a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transition {
    /// Not accepted, or no longer.
    Refuse,
    /// Led to a statutory channel.
    Divert,
    /// The petitioner withdraws.
    Withdraw,
    /// The entry is voided.
    Void,
    /// Only advice was wanted.
    Consult,
    /// A suggestion is answered.
    Answer,
    /// An allegation is forwarded.
    Forward,
    /// A unit says that it is not competent.
    Object,
    /// A closed petition is opened again.
    Reopen,
    /// A petition was entered wrongly in part.
    Amend,
    /// A case is not accepted.
    Decline,
    /// A party refuses mediation before it begins.
    RefuseMediation,
    /// A body gives a dispatched case back.
    Return,
    /// Mediation fails.
    Fail,
    /// Mediation is terminated.
    Terminate,
    /// A case goes on at another body.
    HandOn,
    /// A person sends a case elsewhere than the rules propose.
    Override,
    /// An agreement is not performed.
    Default,
    /// A court does not confirm an agreement.
    Confirm,
    /// A case was entered wrongly.
    Correct,
    /// The entry of a case is voided.
    VoidCase,
    /// A mediator may not mediate a case.
    Recuse,
    /// An agreement is annulled.
    Annul,
}

impl Transition {
    /// Every transition.
    pub const ALL: [Transition; 23] = [
        Transition::Refuse,
        Transition::Divert,
        Transition::Withdraw,
        Transition::Void,
        Transition::Consult,
        Transition::Answer,
        Transition::Forward,
        Transition::Object,
        Transition::Reopen,
        Transition::Amend,
        Transition::Decline,
        Transition::RefuseMediation,
        Transition::Return,
        Transition::Fail,
        Transition::Terminate,
        Transition::HandOn,
        Transition::Override,
        Transition::Default,
        Transition::Confirm,
        Transition::Correct,
        Transition::VoidCase,
        Transition::Recuse,
        Transition::Annul,
    ];

    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Transition::Refuse => "refuse",
            Transition::Divert => "divert",
            Transition::Withdraw => "withdraw",
            Transition::Void => "void",
            Transition::Consult => "consult",
            Transition::Answer => "answer",
            Transition::Forward => "forward",
            Transition::Object => "object",
            Transition::Reopen => "reopen",
            Transition::Amend => "amend",
            Transition::Decline => "decline",
            Transition::RefuseMediation => "refuse_mediation",
            Transition::Return => "return",
            Transition::Fail => "fail",
            Transition::Terminate => "terminate",
            Transition::HandOn => "hand_on",
            Transition::Override => "override",
            Transition::Default => "default",
            Transition::Confirm => "confirmation",
            Transition::Correct => "correct",
            Transition::VoidCase => "void_case",
            Transition::Recuse => "recuse",
            Transition::Annul => "annul",
        }
    }

    /// What the codes of its reasons begin with.
    fn prefix(self) -> &'static str {
        let of_petitions = Transition::ALL.iter().take_while(|known| **known != Transition::Decline);
        if of_petitions.into_iter().any(|known| *known == self) { "petition." } else { "case." }
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Transition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || format!("must be one of {}", Transition::ALL.map(Transition::code).join(", "));
        Transition::ALL.into_iter().find(|transition| transition.code() == text).ok_or_else(known)
    }
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Code, such as `petition.R01` or `case.gap_too_large`; the prefix keeps it apart from clock `R-01`.
    pub code: String,
    /// Chinese text.
    pub zh: String,
    /// English text.
    pub en: String,
    /// The step it belongs to.
    pub transition: Transition,
    /// How the item ends with it; `None` when that is not for the reason to say.
    pub conclusion: Option<Conclusion>,
    /// Article.
    pub source: String,
    /// First day on which it may be used.
    pub valid_from: Day,
    /// Last day on which it may be used; `None` while it may.
    pub valid_to: Option<Day>,
}

impl Reason {
    /// Whether the reason may be used on the day.
    pub fn is_valid(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// The list of reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonList {
    version: String,
    reasons: Vec<Reason>,
}

impl ReasonList {
    /// The list that ships with the program.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// The list for cases that ships with the program.
    pub fn shipped_of_cases() -> Self {
        SHIPPED_OF_CASES.clone()
    }

    /// Reads a list; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let entries = file.entries("reason");
            let mut by_code: BTreeMap<String, Vec<Reason>> = BTreeMap::new();
            let mut reasons = Vec::new();
            for entry in &entries {
                let Some(reason) = read_reason(entry) else { continue };
                let earlier = by_code.entry(reason.code.clone()).or_default();
                if earlier.iter().any(|other| other.is_valid(reason.valid_from) || reason.is_valid(other.valid_from)) {
                    entry.problem("code", format!("{} is valid twice on the same day", reason.code));
                }
                earlier.push(reason.clone());
                reasons.push(reason);
            }
            Some(Self { version: version?, reasons })
        })
    }

    /// The version of the list.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every reason, in the order of the list.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The reason with this code, as it is on the day.
    pub fn find(&self, code: &str, day: Day) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.code == code && reason.is_valid(day))
    }

    /// The reasons for a transition (its code, such as `refuse`) that may be used on the day.
    pub fn for_transition(&self, transition: &str, day: Day) -> Vec<&Reason> {
        self.on(day).filter(|reason| reason.transition.code() == transition).collect()
    }

    /// The reasons that may be used on the day.
    pub fn on(&self, day: Day) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(move |reason| reason.is_valid(day))
    }
}

fn read_reason(entry: &Entry<'_>) -> Option<Reason> {
    let (code, zh, en) = (entry.text("code"), entry.text("zh"), entry.text("en"));
    let transition: Option<Transition> = entry.parsed("transition");
    let prefix = transition.map_or("petition.", Transition::prefix);
    if code.as_deref().is_some_and(|code| !code.starts_with(prefix)) {
        entry.problem("code", format!("must begin with {prefix}"));
    }
    let conclusion: Option<Conclusion> = entry.maybe_parsed("conclusion");
    let source = entry.text("source");
    let valid_from: Option<Day> = entry.parsed("from");
    let valid_to: Option<Day> = entry.maybe_parsed("to");
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to < from
    {
        entry.problem("to", format!("{to} is before from, {from}"));
    }
    entry.finish();
    Some(Reason {
        code: code?,
        zh: zh?,
        en: en?,
        transition: transition?,
        conclusion,
        source: source?,
        valid_from: valid_from?,
        valid_to,
    })
}
