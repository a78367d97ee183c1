//! The measures of petitions that came with the live steps of their life: reopening, review stages, and the indicators P1 to P9
//! of D§5.2. Only append.

use super::{FIRST_LATER, Measure};

/// Id and rule, from [`FIRST_LATER`] on.
pub(super) const OF_PETITIONS: [(&str, &str); 29] = [
    ("petition.reopened", "taken up again in the period"),
    ("petition.review_requested", "review asked for in the period"),
    ("petition.reviewed", "review opinion in the period"),
    ("petition.rereview_requested", "re-review asked for in the period"),
    ("petition.rereviewed", "re-review opinion in the period"),
    ("petition.repeats", "registered in the period, repeating an earlier item"),
    ("petition.online", "registered in the period, online"),
    (
        "petition.office_acceptance.due",
        "first-time item by letter, visit or online, 1 to 9,999 persons, no litigation; P-01 kpi due in the period",
    ),
    ("petition.office_acceptance.on_time", "the same, first action by then"),
    ("petition.unit_acceptance.due", "30 days after registration in the period"),
    ("petition.unit_acceptance.on_time", "30 days after registration in the period, accepted by then"),
    ("petition.on_time_closing.due", "first-time item, no litigation; P-06 kpi due in the period"),
    ("petition.on_time_closing.on_time", "the same, closed by then"),
    ("petition.on_time_closing.late", "the same, closed later"),
    ("petition.on_time_closing.open_overdue", "the same, not closed"),
    ("petition.acceptance_notice.given", "accepted in the period, under a clock for the notice (P-03, P-02, else P-01)"),
    ("petition.acceptance_notice.on_time", "the same, by its kpi due day"),
    ("petition.transfer.made", "first transfer of an item in the period"),
    ("petition.transfer.on_time", "first transfer of an item in the period, by the kpi due day of P-01"),
    (
        "petition.rating.office.asked",
        "rating of the petition office asked for under clock P-13: given in the period, or not given though its term ended in the period",
    ),
    ("petition.rating.office.answered", "rating of the petition office asked for under clock P-13, given in the period"),
    (
        "petition.rating.office.overdue",
        "rating of the petition office asked for under clock P-13, whose term ended in the period, not given",
    ),
    ("petition.rating.office.rated", "petition office rated in the period"),
    ("petition.rating.office.satisfied", "petition office rated in the period, satisfied or basically satisfied"),
    (
        "petition.rating.unit.asked",
        "rating of the responsible unit asked for under clock P-13: given in the period, or not given though its term ended in the period",
    ),
    ("petition.rating.unit.answered", "rating of the responsible unit asked for under clock P-13, given in the period"),
    (
        "petition.rating.unit.overdue",
        "rating of the responsible unit asked for under clock P-13, whose term ended in the period, not given",
    ),
    ("petition.rating.unit.rated", "responsible unit rated in the period"),
    ("petition.rating.unit.satisfied", "responsible unit rated in the period, satisfied or basically satisfied"),
];

/// The later measure of petitions with this id.
const fn named(id: &str) -> Measure {
    super::named(&OF_PETITIONS, FIRST_LATER, id)
}

impl Measure {
    /// Items taken up again after a conclusion.
    pub const PETITION_REOPENED: Measure = named("petition.reopened");
    /// Reviews asked for.
    pub const REVIEW_REQUESTED: Measure = named("petition.review_requested");
    /// Review opinions.
    pub const REVIEWED: Measure = named("petition.reviewed");
    /// Re-reviews asked for.
    pub const REREVIEW_REQUESTED: Measure = named("petition.rereview_requested");
    /// Re-review opinions.
    pub const REREVIEWED: Measure = named("petition.rereviewed");
    /// Items that repeat an earlier one (P6).
    pub const REPEATS: Measure = named("petition.repeats");
    /// Items that came online (P7).
    pub const ONLINE: Measure = named("petition.online");
    /// Items whose first action was due (P1).
    pub const OFFICE_DUE: Measure = named("petition.office_acceptance.due");
    /// Of these, with a first action by the due day.
    pub const OFFICE_ON_TIME: Measure = named("petition.office_acceptance.on_time");
    /// Items that a unit had to accept (P2).
    pub const UNIT_DUE: Measure = named("petition.unit_acceptance.due");
    /// Of these, accepted by then.
    pub const UNIT_ON_TIME: Measure = named("petition.unit_acceptance.on_time");
    /// Items that had to be closed (P3).
    pub const CLOSING_DUE: Measure = named("petition.on_time_closing.due");
    /// Of these, closed by the due day.
    pub const CLOSING_ON_TIME: Measure = named("petition.on_time_closing.on_time");
    /// Of these, closed later.
    pub const CLOSING_LATE: Measure = named("petition.on_time_closing.late");
    /// Of these, not closed.
    pub const CLOSING_OPEN: Measure = named("petition.on_time_closing.open_overdue");
    /// Items accepted, with a term for the notice (P8).
    pub const NOTICES: Measure = named("petition.acceptance_notice.given");
    /// Of these, by its due day.
    pub const NOTICES_ON_TIME: Measure = named("petition.acceptance_notice.on_time");
    /// Items transferred (P9).
    pub const TRANSFERS: Measure = named("petition.transfer.made");
    /// Of these, by the due day of P-01.
    pub const TRANSFERS_ON_TIME: Measure = named("petition.transfer.on_time");
    /// Ratings of the petition office asked for that are given or overdue (P4).
    pub const OFFICE_ASKED: Measure = named("petition.rating.office.asked");
    /// Of these, given.
    pub const OFFICE_ANSWERED: Measure = named("petition.rating.office.answered");
    /// Of these, not given.
    pub const OFFICE_UNRATED: Measure = named("petition.rating.office.overdue");
    /// Ratings of the petition office (P5).
    pub const OFFICE_RATED: Measure = named("petition.rating.office.rated");
    /// Of these, satisfied or basically satisfied.
    pub const OFFICE_SATISFIED: Measure = named("petition.rating.office.satisfied");
    /// Ratings of the responsible unit asked for that are given or overdue (P4).
    pub const UNIT_ASKED: Measure = named("petition.rating.unit.asked");
    /// Of these, given.
    pub const UNIT_ANSWERED: Measure = named("petition.rating.unit.answered");
    /// Of these, not given.
    pub const UNIT_UNRATED: Measure = named("petition.rating.unit.overdue");
    /// Ratings of the responsible unit (P5).
    pub const UNIT_RATED: Measure = named("petition.rating.unit.rated");
    /// Of these, satisfied or basically satisfied.
    pub const UNIT_SATISFIED: Measure = named("petition.rating.unit.satisfied");
}
