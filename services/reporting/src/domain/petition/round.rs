//! The rounds of a petition: what it was until it was taken up again. An end that was followed by a reopening stays what it
//! was, on its own day; the reopening is a flow of its day, and whatever comes later is the next round's.

use crate::domain::{Dated, Due};
use serde::{Deserialize, Serialize};

/// A round that was over when the item was taken up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The conclusion.
    #[serde(rename = "end")]
    pub closed: Dated,
    /// Its code.
    #[serde(rename = "how")]
    pub conclusion: String,
    /// Taken up again.
    #[serde(rename = "re")]
    pub reopened: Dated,
    /// What happened in it.
    #[serde(flatten)]
    pub course: Course,
}

/// What can happen anew in each round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Acceptance.
    #[serde(rename = "acc", default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Dated>,
    /// Clock P-06: handling opinion.
    #[serde(rename = "p06", default, skip_serializing_if = "Option::is_none")]
    pub handling_due: Option<Due>,
    /// Review was asked for.
    #[serde(rename = "rvq", default, skip_serializing_if = "Option::is_none")]
    pub review_requested: Option<Dated>,
    /// Review opinion.
    #[serde(rename = "rv", default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Dated>,
    /// Clock P-08: review.
    #[serde(rename = "p08", default, skip_serializing_if = "Option::is_none")]
    pub review_due: Option<Due>,
    /// Re-review was asked for.
    #[serde(rename = "rrq", default, skip_serializing_if = "Option::is_none")]
    pub rereview_requested: Option<Dated>,
    /// Re-review opinion.
    #[serde(rename = "rr", default, skip_serializing_if = "Option::is_none")]
    pub rereviewed: Option<Dated>,
    /// Clock P-10: re-review.
    #[serde(rename = "p10", default, skip_serializing_if = "Option::is_none")]
    pub rereview_due: Option<Due>,
    /// How the petitioner rated the petition office.
    #[serde(rename = "ro", default, skip_serializing_if = "Option::is_none")]
    pub rating_office: Option<Rating>,
    /// How the petitioner rated the responsible unit.
    #[serde(rename = "ru", default, skip_serializing_if = "Option::is_none")]
    pub rating_unit: Option<Rating>,
    /// Clock P-13: rating.
    #[serde(rename = "p13", default, skip_serializing_if = "Option::is_none")]
    pub rating_due: Option<Due>,
}

/// A rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Its day; of a ledger's row, which does not tell it, that of the conclusion.
    pub on: Dated,
    /// Its code.
    #[serde(rename = "how")]
    pub code: String,
}
