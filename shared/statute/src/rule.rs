//! The rule book: which length the law sets from which event, in which version on which day, and by which article (D§6.1).

use crate::{
    Length,
    datafile::{self, DataProblem, Entry},
};
use fengqiao_model::Day;
use std::{collections::BTreeMap, fmt, str::FromStr, sync::LazyLock};

static SHIPPED: LazyLock<RuleBook> =
    LazyLock::new(|| datafile::shipped("data/rules.toml", RuleBook::from_toml(include_str!("../data/rules.toml"))));

/// How sure the book is of a rule (D§0.1, D§12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The article was read.
    Confirmed,
    /// Law elsewhere, or a product default: a model to load as configuration.
    LocalModel,
    /// Recalled or second-hand: check before claiming compliance.
    ToBeConfirmed,
}

impl Mark {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Mark::Confirmed => "confirmed",
            Mark::LocalModel => "local_model",
            Mark::ToBeConfirmed => "to_be_confirmed",
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Mark {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        [Mark::Confirmed, Mark::LocalModel, Mark::ToBeConfirmed]
            .into_iter()
            .find(|mark| mark.code() == text)
            .ok_or("must be confirmed, local_model or to_be_confirmed")
    }
}

/// A cause for which a rule may say that time is not counted (D§6.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Code, such as `medical_appraisal`.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Article.
    pub source: String,
}

/// That a length may be extended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// At most this much, in all; `None` when the law sets no bound.
    pub length: Option<Length>,
    /// Who decides, in Chinese.
    pub decided_by_zh: String,
    /// Who decides, in English.
    pub decided_by_en: String,
}

/// One version of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Code of D§6.1, such as `P-06`; a row with several lengths has one rule for each: `L-02a`, `L-02b`.
    pub code: String,
    /// Version; a running clock keeps the version of its trigger day.
    pub version: String,
    /// First trigger day of the version.
    pub effective_from: Day,
    /// Last trigger day of the version; `None` while it is in force.
    pub effective_to: Option<Day>,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// The event that starts the clock.
    pub trigger: String,
    /// How long; `None` when the law sets no length that runs forward from an event.
    pub length: Option<Length>,
    /// Why there is no length, such as "set by the assigner".
    pub no_length: Option<String>,
    /// How it may be extended; `None` when it may not.
    pub extension: Option<Extension>,
    /// Codes of the causes whose time is not counted. Nothing else is, and never by analogy (D§6.5).
    pub excluded: Vec<String>,
    /// What follows when the time lapses.
    pub consequence: Option<String>,
    /// Article, by the keys of D§0.2.
    pub source: String,
    /// How sure the book is.
    pub mark: Mark,
    /// What else to know.
    pub note: Option<String>,
}

impl Rule {
    /// Whether the version is in force on the day.
    pub fn in_force(&self, day: Day) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|last| day <= last)
    }
}

/// The rules of one office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleBook {
    version: String,
    causes: Vec<Cause>,
    rules: Vec<Rule>,
}

impl RuleBook {
    /// The book that ships with the program: all of D§6.1.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a rule book; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let causes: Vec<Cause> = file.entries("cause").iter().filter_map(read_cause).collect();
            let entries = file.entries("rule");
            let read: Vec<(Rule, &Entry<'_>)> =
                entries.iter().filter_map(|entry| Some((read_rule(entry, &causes)?, entry))).collect();
            check_versions(&read);
            let rules = read.into_iter().map(|(rule, _)| rule).collect();
            Some(Self { version: version?, causes, rules })
        })
    }

    /// The version of the book.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every version of every rule, in the order of the book.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The causes that rules may name.
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// The version of a rule in force on a trigger day.
    pub fn rule_on(&self, code: &str, day: Day) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.code == code && rule.in_force(day))
    }

    /// The rules in force on a day.
    pub fn rules_on(&self, day: Day) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.in_force(day))
    }

    /// One version of a rule, whatever the day.
    pub fn rule(&self, code: &str, version: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.code == code && rule.version == version)
    }
}

fn read_cause(entry: &Entry<'_>) -> Option<Cause> {
    let (code, zh, en, source) = (entry.text("code"), entry.text("zh"), entry.text("en"), entry.text("source"));
    entry.finish();
    Some(Cause { code: code?, zh: zh?, en: en?, source: source? })
}

fn read_rule(entry: &Entry<'_>, causes: &[Cause]) -> Option<Rule> {
    let code = entry.text("code");
    if code.as_deref().is_some_and(|code| !is_code(code)) {
        entry.problem("code", "must be a letter, a hyphen, two digits and perhaps a small letter, as in P-06 or L-02a");
    }
    let version = entry.text("version");
    let effective_from: Option<Day> = entry.parsed("from");
    let effective_to: Option<Day> = entry.maybe_parsed("to");
    if let (Some(from), Some(to)) = (effective_from, effective_to)
        && to < from
    {
        entry.problem("to", format!("{to} is before from, {from}"));
    }
    let (title_zh, title_en, trigger) = (entry.text("title_zh"), entry.text("title_en"), entry.text("trigger"));
    let length: Option<Length> = entry.maybe_parsed("length");
    let no_length = entry.maybe_text("no_length");
    match (entry.has("length"), entry.has("no_length")) {
        (false, false) => entry.problem("length", "must be given, as in 60 D, or no_length must say why the law sets none"),
        (true, true) => entry.problem("no_length", "must not be given beside a length"),
        _ => {}
    }
    let extension = entry.maybe_entry("extension").and_then(|entry| read_extension(&entry, length));
    let excluded = entry.texts("excluded");
    for (cause, line) in &excluded {
        if !causes.iter().any(|known| known.code == *cause) {
            entry.problem_at(*line, "excluded", format!("{cause} is not among the causes of the book"));
        }
    }
    let (consequence, source) = (entry.maybe_text("consequence"), entry.text("source"));
    let (mark, note) = (entry.parsed::<Mark>("mark"), entry.maybe_text("note"));
    entry.finish();
    Some(Rule {
        code: code?,
        version: version?,
        effective_from: effective_from?,
        effective_to,
        title_zh: title_zh?,
        title_en: title_en?,
        trigger: trigger?,
        length,
        no_length,
        extension,
        excluded: excluded.into_iter().map(|(cause, _)| cause).collect(),
        consequence,
        source: source?,
        mark: mark?,
        note,
    })
}

fn read_extension(entry: &Entry<'_>, of: Option<Length>) -> Option<Extension> {
    let length: Option<Length> = entry.maybe_parsed("length");
    if let (Some(length), Some(of)) = (length, of)
        && length.unit != of.unit
    {
        entry.problem("length", format!("{length}: an extension has the unit of the length it extends, {of}"));
    }
    let (zh, en) = (entry.text("decided_by_zh"), entry.text("decided_by_en"));
    entry.finish();
    Some(Extension { length, decided_by_zh: zh?, decided_by_en: en? })
}

fn is_code(code: &str) -> bool {
    let bytes = code.as_bytes();
    matches!(bytes, [b'A'..=b'Z', b'-', b'0'..=b'9', b'0'..=b'9'] | [b'A'..=b'Z', b'-', b'0'..=b'9', b'0'..=b'9', b'a'..=b'z'])
}

/// One rule has each version once, and on each day at most one of them is in force.
fn check_versions(rules: &[(Rule, &Entry<'_>)]) {
    let mut by_code: BTreeMap<&str, Vec<(&Rule, &Entry<'_>)>> = BTreeMap::new();
    for (rule, entry) in rules {
        let earlier = by_code.entry(&rule.code).or_default();
        for (other, at) in earlier.iter() {
            let line = at.line();
            if other.version == rule.version {
                entry.problem("version", format!("{} {} stands in the file already, at line {line}", rule.code, rule.version));
            } else if rule.in_force(other.effective_from) || other.in_force(rule.effective_from) {
                let problem = format!("{} {} overlaps version {} of line {line}", rule.code, rule.version, other.version);
                entry.problem("from", problem);
            }
        }
        earlier.push((rule, entry));
    }
}
