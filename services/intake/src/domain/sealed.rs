//! What is personal in a petition: it exists only here, in memory, and encrypted in the log.

use fengqiao_identifiers::PaperKind;
use fengqiao_model::Text;

/// On which side of a dispute somebody stands; said only where a petition is handed to mediation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Not said: a petitioner.
    #[default]
    Unsaid,
    /// A petitioner, as handed to mediation.
    Applicant,
    /// The other side.
    Respondent,
}

impl Side {
    /// Every side.
    pub const ALL: [Side; 3] = [Side::Unsaid, Side::Applicant, Side::Respondent];

    /// Its code in sealed payloads.
    pub fn code(self) -> &'static str {
        match self {
            Side::Unsaid => "",
            Side::Applicant => "applicant",
            Side::Respondent => "respondent",
        }
    }
}

/// As what somebody stands on a petition (D§1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartyRole {
    /// Puts the matter for himself.
    #[default]
    Petitioner,
    /// Signs it with others.
    CoSigner,
    /// Speaks for those who came or signed together; at most five (XF 20).
    Representative,
    /// Acts for a principal, who is the person that counts.
    Agent,
    /// Acts for somebody without full capacity, who is the person that counts.
    Guardian,
}

impl PartyRole {
    /// Every role.
    pub const ALL: [PartyRole; 5] =
        [PartyRole::Petitioner, PartyRole::CoSigner, PartyRole::Representative, PartyRole::Agent, PartyRole::Guardian];

    /// Its code in messages; in sealed payloads the first one is left out.
    pub fn code(self) -> &'static str {
        match self {
            PartyRole::Petitioner => "petitioner",
            PartyRole::CoSigner => "co_signer",
            PartyRole::Representative => "representative",
            PartyRole::Agent => "agent",
            PartyRole::Guardian => "guardian",
        }
    }

    /// Whether it is somebody's own matter: who is counted, and compared when repeats are looked for.
    pub fn is_principal(self) -> bool {
        !matches!(self, PartyRole::Agent | PartyRole::Guardian)
    }
}

/// One petitioner, or somebody of the other side, as given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Name.
    pub name: Text,
    /// Phone number.
    pub phone: Text,
    /// Kind of the identity paper.
    pub identity_kind: PaperKind,
    /// Its number as given; never mandatory.
    pub identity_number: Text,
    /// Address.
    pub address: Text,
    /// Side.
    pub side: Side,
    /// Role.
    pub role: PartyRole,
}

/// The sealed part of one event, or of a petition when folded over its events. `Debug` shows lengths only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedContent {
    /// Short title of the matter.
    pub title: Text,
    /// The matter in the petitioner's words.
    pub narrative: Text,
    /// The petitioners; in an event that hands it to mediation, the other side too.
    pub parties: Vec<Party>,
    /// Free text of the step.
    pub text: Text,
    /// The organ to which an allegation was forwarded; belongs to its step.
    pub organ: Text,
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

    /// Takes over what a later event says; steps' texts stay with their steps, and the other side of a dispute with mediation.
    pub fn merge(&mut self, later: SealedContent) {
        if !later.title.is_empty() {
            self.title = later.title;
        }
        if !later.narrative.is_empty() {
            self.narrative = later.narrative;
        }
        let petitioners = later.parties.into_iter().filter(|party| party.side != Side::Respondent);
        let petitioners: Vec<Party> = petitioners.map(|party| Party { side: Side::Unsaid, ..party }).collect();
        if !petitioners.is_empty() {
            self.parties = petitioners;
        }
    }

    /// The petitioner's name of a ledger row.
    pub fn first_name(&self) -> &str {
        self.parties.first().map_or("", |party| party.name.as_str())
    }
}
