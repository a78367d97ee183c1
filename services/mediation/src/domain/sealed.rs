//! What is personal in a dispute: it exists only here, in memory, and encrypted in the log.

use fengqiao_model::Text;

/// Which side a party is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    Applicant,
    Respondent,
    #[default]
    Third,
}

impl Side {
    /// Every side.
    pub const ALL: [Side; 3] = [Side::Applicant, Side::Respondent, Side::Third];

    /// Name on the wire.
    pub fn code(self) -> &'static str {
        ["applicant", "respondent", "third"][self as usize]
    }
}

/// One party, as given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Name.
    pub name: Text,
    /// Phone number.
    pub phone: Text,
    /// Number of an identity paper; never mandatory.
    pub identity_number: Text,
    /// Address.
    pub address: Text,
    /// Side.
    pub side: Side,
}

/// The sealed part of one event, or of a dispute when folded over its events. `Debug` shows lengths only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedContent {
    /// Short title.
    pub title: Text,
    /// The matter in words.
    pub narrative: Text,
    /// The parties.
    pub parties: Vec<Party>,
    /// Free text of the step.
    pub text: Text,
}

impl SealedContent {
    /// Only the free text of a step; `None` when there is none.
    pub fn step(text: &Text) -> Option<Self> {
        (!text.is_empty()).then(|| Self { text: text.clone(), ..Self::default() })
    }

    /// Whether there is nothing to seal.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what a later event says; steps' texts stay with their steps.
    pub fn merge(&mut self, later: SealedContent) {
        if !later.title.is_empty() {
            self.title = later.title;
        }
        if !later.narrative.is_empty() {
            self.narrative = later.narrative;
        }
        if !later.parties.is_empty() {
            self.parties = later.parties;
        }
    }

    /// As [`SealedContent::merge`], for the events of one ledger row: what a row seals as text belongs to the row, so it is kept.
    pub fn merge_row(&mut self, later: SealedContent) {
        if !later.text.is_empty() {
            self.text = later.text.clone();
        }
        self.merge(later);
    }
}
