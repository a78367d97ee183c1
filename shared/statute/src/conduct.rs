//! The rules of conduct ("5 + 21", design §6): grouped by five stages, each with a check that the system can make from what was
//! recorded. The book is data and replaceable; what the checks mean is here and in `check`.

mod check;

pub use check::{Breach, Deed, Facts, Lack, RunClock, Verdict};

use crate::{
    Length, Mark, RuleBook,
    datafile::{self, DataProblem, Entry},
    lamp::DueBy,
};
use fengqiao_model::Day;
use std::{fmt, str::FromStr, sync::LazyLock};

/// The steps of a petition that a check may name: the kinds of its events, without `petition.`.
const PETITION_STEPS: [&str; 36] = [
    "registered",
    "imported",
    "advanced",
    "transferred",
    "assigned",
    "assignment_reported",
    "objected",
    "objection_decided",
    "accepted",
    "refused",
    "diverted",
    "consulted",
    "answered",
    "forwarded",
    "extension_requested",
    "extension_decided",
    "heard",
    "opinion_issued",
    "delivered",
    "review_requested",
    "reviewed",
    "rereview_requested",
    "rereviewed",
    "settled",
    "reopened",
    "withdrawn",
    "voided",
    "corrected",
    "rated",
    "flagged_urgent",
    "routed_to_mediation",
    "parties_erased",
    "supervised",
    "supervision_explained",
    "clock_lapsed",
    "clock_restated",
];

/// The steps of a case that a check may name: the kinds of its events, without `case.`.
const CASE_STEPS: [&str; 8] =
    ["opened", "dispatched", "taken", "returned", "session_recorded", "concluded", "performed", "followed_up"];

static SHIPPED: LazyLock<ConductBook> = LazyLock::new(|| {
    let text = include_str!("../data/conduct.toml");
    datafile::shipped("data/conduct.toml", ConductBook::from_toml(text, &Known::shipped()))
});

/// The five stages (seed: 预防, 受理, 办理, 监督追责, 维护秩序).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 预防.
    Prevention,
    /// 受理.
    Acceptance,
    /// 办理.
    Handling,
    /// 监督追责.
    Supervision,
    /// 维护秩序.
    Order,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 5] = [Stage::Prevention, Stage::Acceptance, Stage::Handling, Stage::Supervision, Stage::Order];

    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Stage::Prevention => "prevention",
            Stage::Acceptance => "acceptance",
            Stage::Handling => "handling",
            Stage::Supervision => "supervision",
            Stage::Order => "order",
        }
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Stage::Prevention => "预防",
            Stage::Acceptance => "受理",
            Stage::Handling => "办理",
            Stage::Supervision => "监督追责",
            Stage::Order => "维护秩序",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Stage {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        Stage::ALL
            .into_iter()
            .find(|stage| stage.code() == text)
            .ok_or("must be prevention, acceptance, handling, supervision or order")
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A petition item; checked by intake.
    Petition,
    /// A case of mediation; checked by mediation.
    Case,
}

impl Subject {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Subject::Petition => "petition",
            Subject::Case => "case",
        }
    }
}

impl FromStr for Subject {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        [Subject::Petition, Subject::Case].into_iter().find(|subject| subject.code() == text).ok_or("must be petition or case")
    }
}

/// What the system can see of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// Each clock of one of these rules ended by its due day.
    ClockKept { clocks: Vec<String>, by: DueBy },
    /// Each such step has a document number.
    Documented { step: String },
    /// Each such step has a reason code.
    Reasoned { step: String },
    /// The paper of each such step reached the person within this time.
    Received { step: String, within: Length },
    /// Each such step was agreed by a second person; or, where `after` is given, was taken by another person than that step.
    SecondPerson { step: String, after: Option<String> },
    /// Each such step was taken by another unit than the last step `than` before it.
    OtherUnit { step: String, than: String },
    /// Each such step (`*`: every step) was recorded within this time of its own day.
    RecordedWithin { step: String, within: Length },
    /// Each step `after` was followed by a step `step` within this time.
    Follows { step: String, after: String, within: Length },
    /// At most so many such steps.
    AtMost { step: String, count: u32 },
    /// Never such a step.
    Never { step: String },
    /// Each explanation that supervision asked for came by its day.
    Explained,
    /// At most so many representatives of one visit.
    Representatives { most: u32 },
}

/// One version of one rule of conduct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConductRule {
    /// Code, such as `C-05`.
    pub code: String,
    /// Version; an item is held to the version of its day of registration.
    pub version: String,
    /// First day of the version.
    pub effective_from: Day,
    /// Last day of the version; `None` while it is in force.
    pub effective_to: Option<Day>,
    /// Stage.
    pub stage: Stage,
    /// What it is about.
    pub subject: Subject,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The check.
    pub check: Check,
    /// Only for items of this class; empty: of every class.
    pub matter_class: String,
    /// Only for items of this channel; empty: of every channel.
    pub channel: String,
    /// Article or section.
    pub source: String,
    /// How sure it is.
    pub mark: Mark,
    /// Remark.
    pub note: Option<String>,
}

/// What a check may name: what else an office loads.
pub struct Known<'a> {
    /// Its clocks.
    pub rules: &'a RuleBook,
}

impl Known<'static> {
    /// What ships with the program.
    pub fn shipped() -> Self {
        static BOOK: LazyLock<RuleBook> = LazyLock::new(RuleBook::shipped);
        Self { rules: &BOOK }
    }
}

/// The rules of conduct of one office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConductBook {
    version: String,
    rules: Vec<ConductRule>,
}

impl ConductBook {
    /// The sample book that ships with the program: twenty-one rules.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a book of conduct; every mistake is reported with its line.
    pub fn from_toml(text: &str, known: &Known<'_>) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let entries = file.entries("rule");
            let mut rules: Vec<ConductRule> = Vec::new();
            for entry in &entries {
                let Some(rule) = read_rule(entry, known) else { continue };
                for other in rules.iter().filter(|other| other.code == rule.code) {
                    if other.version == rule.version {
                        entry.problem("version", format!("{} {} stands in the file already", rule.code, rule.version));
                    } else if rule.in_force(other.effective_from) || other.in_force(rule.effective_from) {
                        entry.problem("from", format!("{} {} overlaps version {}", rule.code, rule.version, other.version));
                    }
                }
                rules.push(rule);
            }
            Some(Self { version: version?, rules })
        })
    }

    /// The version of the book.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every version of every rule, in the order of the book.
    pub fn rules(&self) -> &[ConductRule] {
        &self.rules
    }

    /// The rules of a subject that an item of this day is held to, in the order of the book.
    pub fn rules_on(&self, subject: Subject, day: Day) -> impl Iterator<Item = &ConductRule> {
        self.rules.iter().filter(move |rule| rule.subject == subject && rule.in_force(day))
    }
}

impl ConductRule {
    fn in_force(&self, day: Day) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|to| day <= to)
    }
}

fn read_rule(entry: &Entry<'_>, known: &Known<'_>) -> Option<ConductRule> {
    let code = entry.text("code");
    if code.as_deref().is_some_and(|code| !is_code(code)) {
        entry.problem("code", "must be a letter, a hyphen and two digits, as in C-05");
    }
    let version = entry.text("version");
    let effective_from: Option<Day> = entry.parsed("from");
    let effective_to: Option<Day> = entry.maybe_parsed("to");
    if let (Some(from), Some(to)) = (effective_from, effective_to)
        && to < from
    {
        entry.problem("to", format!("{to} is before from, {from}"));
    }
    let (stage, subject) = (entry.parsed::<Stage>("stage"), entry.parsed::<Subject>("subject"));
    let (title_zh, title_en) = (entry.text("title_zh"), entry.text("title_en"));
    let matter_class: Option<crate::MatterClass> = entry.maybe_parsed("matter_class");
    let channel: Option<crate::Channel> = entry.maybe_parsed("channel");
    if !entry.has("check") {
        entry.problem("check", "must be given, as in { kind = \"clock_kept\", clocks = [\"P-01\"] }");
    }
    let check = entry.maybe_entry("check").and_then(|check| read_check(&check, subject.unwrap_or(Subject::Petition), known));
    let (source, mark, note) = (entry.text("source"), entry.parsed::<Mark>("mark"), entry.maybe_text("note"));
    entry.finish();
    Some(ConductRule {
        code: code?,
        version: version?,
        effective_from: effective_from?,
        effective_to,
        stage: stage?,
        subject: subject?,
        title_zh: title_zh?,
        title_en: title_en?,
        check: check?,
        matter_class: matter_class.map_or("", crate::MatterClass::code).to_owned(),
        channel: channel.map_or("", crate::Channel::code).to_owned(),
        source: source?,
        mark: mark?,
        note,
    })
}

fn is_code(code: &str) -> bool {
    matches!(code.as_bytes(), [b'A'..=b'Z', b'-', b'0'..=b'9', b'0'..=b'9'])
}

fn read_check(entry: &Entry<'_>, subject: Subject, known: &Known<'_>) -> Option<Check> {
    let kind = entry.text("kind")?;
    let steps: &[&str] = match subject {
        Subject::Petition => &PETITION_STEPS,
        Subject::Case => &CASE_STEPS,
    };
    let step = |field: &'static str, every: bool| {
        let step = entry.text(field)?;
        let good = steps.contains(&step.as_str()) || (every && step == "*");
        if !good {
            let of = subject.code();
            entry.problem(field, format!("{step} is not a step of a {of}: must be one of {}", steps.join(", ")));
        }
        good.then_some(step)
    };
    let check = match kind.as_str() {
        "clock_kept" => clock_kept(entry, known),
        "documented" => step("step", false).map(|step| Check::Documented { step }),
        "reasoned" => step("step", false).map(|step| Check::Reasoned { step }),
        "received" => step("step", false).zip(entry.parsed("within")).map(|(step, within)| Check::Received { step, within }),
        "second_person" => {
            let after = if entry.has("after") { step("after", false) } else { None };
            step("step", false).map(|step| Check::SecondPerson { step, after })
        }
        "other_unit" => step("step", false).zip(step("than", false)).map(|(step, than)| Check::OtherUnit { step, than }),
        "recorded_within" => {
            step("step", true).zip(entry.parsed("within")).map(|(step, within)| Check::RecordedWithin { step, within })
        }
        "follows" => step("step", false)
            .zip(step("after", false))
            .zip(entry.parsed("within"))
            .map(|((step, after), within)| Check::Follows { step, after, within }),
        "at_most" => step("step", false).zip(entry.number("count")).map(|(step, count)| Check::AtMost { step, count }),
        "never" => step("step", false).map(|step| Check::Never { step }),
        "explained" => Some(Check::Explained),
        "representatives" => entry.number("most").map(|most| Check::Representatives { most }),
        _ => {
            let kinds = "clock_kept, documented, reasoned, received, second_person, other_unit, recorded_within, follows, at_most, never, \
                         explained, representatives";
            entry.problem("kind", format!("{kind} is no check: must be one of {kinds}"));
            return None;
        }
    };
    entry.finish();
    check
}

fn clock_kept(entry: &Entry<'_>, known: &Known<'_>) -> Option<Check> {
    let named = entry.texts("clocks");
    if named.is_empty() {
        entry.problem("clocks", "must name the clocks, as in [\"P-01\"]");
    }
    for (clock, line) in &named {
        if !known.rules.rules().iter().any(|rule| rule.code == *clock) {
            entry.problem_at(*line, "clocks", format!("{clock} is not a rule of the rule book"));
        }
    }
    let by = if entry.has("by") { entry.parsed("by") } else { Some(DueBy::Legal) };
    by.map(|by| Check::ClockKept { clocks: named.into_iter().map(|(clock, _)| clock).collect(), by })
}
