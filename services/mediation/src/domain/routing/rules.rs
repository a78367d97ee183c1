//! The rules of routing as data: read so that each mistake has its line, asked in their order.

use super::Inputs;
use fengqiao_statute::{
    DataProblem, Force, Mark,
    datafile::{self, Entry},
};
use std::sync::LazyLock;

static SHIPPED: LazyLock<RoutingRules> =
    LazyLock::new(|| datafile::shipped("data/routing.toml", RoutingRules::from_toml(include_str!("../../../data/routing.toml"))));

/// A code with its names: a flag, or an organ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// What follows from a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Nobody mediates now; a binding one cannot be overridden.
    NotDispatched { binding: bool },
    /// Only these forces.
    Narrow(Vec<Force>),
    /// Mediation goes on, with the duties of the rule.
    Beside,
    /// To a body.
    Dispatch,
}

/// A test that is not a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    ConsentMissing,
    /// A force of the chain tried before.
    Tried,
    /// Every force of the chain tried before.
    Exhausted,
    /// No body could take it.
    NoBody,
    Always,
}

const WHEN: [(&str, When); 5] = [
    ("consent_missing", When::ConsentMissing),
    ("tried", When::Tried),
    ("exhausted", When::Exhausted),
    ("no_body", When::NoBody),
    ("always", When::Always),
];

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingRule {
    /// Id, such as `R3.court`.
    pub id: String,
    /// What it says, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Article or section.
    pub source: String,
    /// confirmed, local_model or to_be_confirmed.
    pub mark: String,
    pub(super) when: Option<When>,
    flags: Vec<String>,
    without_flags: Vec<String>,
    types: Vec<String>,
    organs: Vec<String>,
    without_organs: Vec<String>,
    pub(super) duties: Vec<String>,
    pub(super) then: Then,
}

impl RoutingRule {
    /// Whether flags, type and organs are those of the rule.
    pub(super) fn fits(&self, inputs: &Inputs) -> bool {
        let any = |wanted: &[String], found: &[String]| wanted.iter().any(|code| found.contains(code));
        (self.flags.is_empty() || any(&self.flags, &inputs.flags))
            && (self.types.is_empty() || self.types.contains(&inputs.dispute_type))
            && (self.organs.is_empty() || any(&self.organs, &inputs.already_at))
            && !any(&self.without_flags, &inputs.flags)
            && !any(&self.without_organs, &inputs.already_at)
    }

    /// Whether the rule forbids this force to mediate, whatever a person says.
    fn forbids(&self, force: Force) -> bool {
        match &self.then {
            Then::NotDispatched { binding } => *binding,
            Then::Narrow(forces) => !forces.contains(&force),
            Then::Beside | Then::Dispatch => false,
        }
    }
}

/// The rules of routing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingRules {
    version: String,
    rules: Vec<RoutingRule>,
    flags: Vec<Coded>,
    organs: Vec<Coded>,
}

impl RoutingRules {
    /// The rules that ship with the program.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads rules; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let (flags, organs) = (read_codes(file, "flag"), read_codes(file, "organ"));
            let mut rules: Vec<RoutingRule> = Vec::new();
            for entry in &file.entries("rule") {
                let Some(rule) = read_rule(entry, &flags, &organs) else { continue };
                if rules.iter().any(|earlier| earlier.id == rule.id) {
                    entry.problem("id", format!("{} stands twice", rule.id));
                }
                rules.push(rule);
            }
            if rules.last().is_none_or(|last| last.when != Some(When::Always) || last.then != Then::Dispatch) {
                file.problem("rule", "the last rule must hold always and dispatch");
            }
            Some(Self { version: version?, rules, flags, organs })
        })
    }

    /// Version of the rules.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules, in the order in which they are asked.
    pub fn rules(&self) -> &[RoutingRule] {
        &self.rules
    }

    /// Codes of the flags that a dispute may carry.
    pub fn flags(&self) -> impl Iterator<Item = &str> {
        self.flags.iter().map(|flag| flag.code.as_str())
    }

    /// Codes of the organs that may have the matter already.
    pub fn organs(&self) -> impl Iterator<Item = &str> {
        self.organs.iter().map(|organ| organ.code.as_str())
    }

    /// The rule by which this force may not mediate, whatever a person says.
    pub(in crate::domain) fn forbidding(&self, inputs: &Inputs, force: Force) -> Option<&RoutingRule> {
        self.rules.iter().find(|rule| rule.when.is_none() && rule.fits(inputs) && rule.forbids(force))
    }

    /// The rule by which a body has to refuse what comes to its own desk: binding or not.
    pub(in crate::domain) fn refusing(&self, inputs: &Inputs, force: Force) -> Option<&RoutingRule> {
        self.rules.iter().find(|rule| {
            let stops = matches!(rule.then, Then::NotDispatched { .. }) || rule.forbids(force);
            rule.when.is_none() && rule.fits(inputs) && stops
        })
    }
}

fn read_codes(file: &Entry<'_>, field: &'static str) -> Vec<Coded> {
    let mut codes: Vec<Coded> = Vec::new();
    for entry in &file.entries(field) {
        let (code, zh, en) = (entry.text("code"), entry.text("zh"), entry.text("en"));
        entry.finish();
        let (Some(code), Some(zh), Some(en)) = (code, zh, en) else { continue };
        if codes.iter().any(|earlier| earlier.code == code) {
            entry.problem("code", format!("{code} stands twice"));
        }
        codes.push(Coded { code, zh, en });
    }
    codes
}

fn read_rule(entry: &Entry<'_>, flags: &[Coded], organs: &[Coded]) -> Option<RoutingRule> {
    let known = |field: &'static str, list: &[Coded]| -> Vec<String> {
        let codes = entry.texts(field);
        for (code, line) in &codes {
            if !list.iter().any(|known| known.code == *code) {
                entry.problem_at(*line, field, format!("{code} is none of the codes of this file"));
            }
        }
        codes.into_iter().map(|(code, _)| code).collect()
    };
    let texts = |field: &'static str| -> Vec<String> { entry.texts(field).into_iter().map(|(text, _)| text).collect() };
    let (id, zh, en, source) = (entry.text("id"), entry.text("zh"), entry.text("en"), entry.text("source"));
    let mark: Option<Mark> = entry.parsed("mark");
    let when = entry.maybe_text("when").and_then(|name| {
        let found = WHEN.iter().find(|(known, _)| *known == name).map(|(_, when)| *when);
        if found.is_none() {
            entry.problem("when", format!("{name}: must be one of {}", WHEN.map(|(known, _)| known).join(", ")));
        }
        found
    });
    let (on_flags, without_flags) = (known("flags", flags), known("without_flags", flags));
    let (on_organs, without_organs) = (known("organs", organs), known("without_organs", organs));
    let (types, duties) = (texts("types"), texts("duties"));
    let names_nothing = on_flags.is_empty() && types.is_empty() && on_organs.is_empty() && !entry.has("when");
    if names_nothing {
        entry.problem("when", "a rule needs flags, types, organs or when");
    }
    let then = read_then(entry);
    entry.finish();
    Some(RoutingRule {
        id: id?,
        zh: zh?,
        en: en?,
        source: source?,
        mark: mark?.code().to_owned(),
        when,
        flags: on_flags,
        without_flags,
        types,
        organs: on_organs,
        without_organs,
        duties,
        then: then?,
    })
}

fn read_then(entry: &Entry<'_>) -> Option<Then> {
    let binding = entry.yes("binding");
    let mut forces = Vec::new();
    for (text, line) in entry.texts("forces") {
        match text.parse() {
            Ok(force) => forces.push(force),
            Err(error) => entry.problem_at(line, "forces", format!("{error}")),
        }
    }
    let then = match entry.text("then")?.as_str() {
        "not_dispatched" => Then::NotDispatched { binding },
        "narrow" => Then::Narrow(forces.clone()),
        "beside" => Then::Beside,
        "dispatch" => Then::Dispatch,
        other => {
            entry.problem("then", format!("{other}: must be not_dispatched, narrow, beside or dispatch"));
            return None;
        }
    };
    if binding && !matches!(then, Then::NotDispatched { .. }) {
        entry.problem("binding", "goes with not_dispatched only");
    }
    if forces.is_empty() == matches!(then, Then::Narrow(_)) {
        entry.problem("forces", "go with narrow, and only with narrow");
    }
    Some(then)
}
