//! The papers that a petitioner receives, and which day each belongs to.

use super::{Petition, State};
use fengqiao_model::Day;

/// A paper of a petition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Notice of acceptance (XF 23).
    Acceptance,
    /// Notice that it is not, or no longer, accepted (XF 23, 36).
    Refusal,
    /// Notice of more time, with the reason (XF 34).
    Extension,
    /// Handling opinion (XF 32); its receipt starts the window of XF 35.
    Opinion,
    /// Review opinion; its receipt starts the window of XF 36.
    Review,
    /// Re-review opinion.
    Rereview,
}

impl Paper {
    /// Every paper.
    pub const ALL: [Paper; 6] =
        [Paper::Acceptance, Paper::Refusal, Paper::Extension, Paper::Opinion, Paper::Review, Paper::Rereview];

    /// Code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Paper::Acceptance => "acceptance",
            Paper::Refusal => "refusal",
            Paper::Extension => "extension",
            Paper::Opinion => "opinion",
            Paper::Review => "review",
            Paper::Rereview => "rereview",
        }
    }

    /// The day of the paper; `None` when the petition has no such paper.
    pub fn issued_on(self, petition: &Petition) -> Option<Day> {
        let concluded = petition.concluded_on;
        match self {
            Paper::Acceptance => petition.accepted_on,
            Paper::Refusal => concluded.filter(|_| matches!(petition.state, State::NotAccepted | State::NoLongerAccepted)),
            Paper::Extension => petition.extended_on,
            Paper::Opinion => concluded.filter(|_| petition.conclusion == Some(fengqiao_statute::Conclusion::Replied)),
            Paper::Review => petition.reviewed_on,
            Paper::Rereview => petition.rereviewed_on,
        }
    }
}
