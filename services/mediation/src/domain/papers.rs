//! The papers of a case's file and how long it is kept: data, read so that each mistake has its line (D§7.2).

use super::Case;
use fengqiao_statute::{
    AgreementForm, DataProblem, Outcome,
    datafile::{self, Entry},
};
use std::sync::LazyLock;

static SHIPPED: LazyLock<PaperList> =
    LazyLock::new(|| datafile::shipped("data/papers.toml", PaperList::from_toml(include_str!("../../data/papers.toml"))));

/// When a file needs a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    Always,
    IfAny,
    /// With a written agreement.
    Written,
    /// With an oral one.
    Oral,
    /// When the agreement was performed.
    Performed,
    /// When a follow-up visit was made.
    Visited,
    /// When confirmation was applied for.
    Confirmation,
}

const NEEDED: [(&str, Needed); 7] = [
    ("always", Needed::Always),
    ("if_any", Needed::IfAny),
    ("written", Needed::Written),
    ("oral", Needed::Oral),
    ("performed", Needed::Performed),
    ("visited", Needed::Visited),
    ("confirmation", Needed::Confirmation),
];

/// One paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub needed: Needed,
    /// Papers of one group stand for one another.
    pub group: String,
}

/// How long a file is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// The papers and the retention classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperList {
    version: String,
    papers: Vec<Paper>,
    retentions: Vec<Retention>,
}

impl PaperList {
    /// The list that ships with the program.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a list; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let papers = file.entries("paper").iter().filter_map(read_paper).collect();
            let retentions = file.entries("retention").iter().filter_map(read_retention).collect();
            Some(Self { version: version?, papers, retentions })
        })
    }

    /// Version of the list.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The papers, in the order of the index.
    pub fn papers(&self) -> impl Iterator<Item = &Paper> {
        self.papers.iter()
    }

    /// The paper with this code.
    pub fn find(&self, code: &str) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.code == code)
    }

    /// The retention classes.
    pub fn retentions(&self) -> impl Iterator<Item = &Retention> {
        self.retentions.iter()
    }

    /// What the file of a case has to have and has not, by code.
    pub fn missing(&self, case: &Case, papers: &[String]) -> Vec<String> {
        let needed = |paper: &&Paper| match paper.needed {
            Needed::Always => true,
            Needed::IfAny => false,
            Needed::Written => case.agreement_form == Some(AgreementForm::Written),
            Needed::Oral => case.agreement_form == Some(AgreementForm::Oral),
            Needed::Performed => case.outcome.is_some_and(Outcome::has_agreement) && case.performed_on.is_some(),
            Needed::Visited => case.file.follow_ups.iter().any(|visit| visit.visited_on.is_some()),
            Needed::Confirmation => case.confirmation_applied_on.is_some(),
        };
        let has = |paper: &Paper| {
            papers.contains(&paper.code)
                || (!paper.group.is_empty()
                    && self.papers.iter().any(|other| other.group == paper.group && papers.contains(&other.code)))
        };
        let mut groups: Vec<&str> = Vec::new();
        let mut missing = Vec::new();
        for paper in self.papers.iter().filter(needed).filter(|paper| !has(paper)) {
            if !paper.group.is_empty() {
                if groups.contains(&paper.group.as_str()) {
                    continue;
                }
                groups.push(&paper.group);
            }
            missing.push(paper.code.clone());
        }
        missing
    }
}

fn read_paper(entry: &Entry<'_>) -> Option<Paper> {
    let (code, zh, en) = (entry.text("code"), entry.text("zh"), entry.text("en"));
    let group = entry.maybe_text("group").unwrap_or_default();
    let needed = entry.text("needed").and_then(|name| {
        let found = NEEDED.iter().find(|(known, _)| *known == name).map(|(_, needed)| *needed);
        if found.is_none() {
            entry.problem("needed", format!("{name}: must be one of {}", NEEDED.map(|(known, _)| known).join(", ")));
        }
        found
    });
    entry.finish();
    Some(Paper { code: code?, zh: zh?, en: en?, needed: needed?, group })
}

fn read_retention(entry: &Entry<'_>) -> Option<Retention> {
    let (code, zh, en) = (entry.text("code"), entry.text("zh"), entry.text("en"));
    entry.finish();
    Some(Retention { code: code?, zh: zh?, en: en? })
}
