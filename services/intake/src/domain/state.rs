//! Where a petition stands (D§2.3). Knows the names; which call leads where is for `decide` to say.

use fengqiao_statute::Conclusion;
use serde::{Deserialize, Serialize};

macro_rules! states {
    ($($(#[$doc:meta])* $state:ident = $name:literal $zh:literal,)*) => {
        /// Where a petition stands (D§2.3); HANDLING and ACCEPTED are one state.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum State {
            $($(#[$doc])* $state,)*
        }

        impl State {
            /// Every state, in the order of the contract's enum.
            pub const ALL: [State; [$($name),*].len()] = [$(State::$state),*];

            /// Name in state rows and in messages.
            pub fn name(self) -> &'static str {
                match self {
                    $(State::$state => $name,)*
                }
            }

            /// Name as petitioners and officials read it.
            pub fn zh(self) -> &'static str {
                match self {
                    $(State::$state => $zh,)*
                }
            }
        }
    };
}

// In the order of the contract's enum; new ones at the end.
states! {
    /// Recorded, and waits for its way.
    Registered = "registered" "已登记",
    /// The notice was given; the handling clock of an appeal runs.
    Accepted = "accepted" "办理中",
    /// As accepted, with more time.
    Extended = "extended" "已延期",
    /// Refused with a reason.
    NotAccepted = "not_accepted" "不予受理",
    /// Finally closed before, same facts and reasons.
    NoLongerAccepted = "no_longer_accepted" "不再受理",
    /// Led to another statutory procedure.
    Diverted = "diverted" "已导入法定途径",
    /// Only advice was wanted.
    ConsultOnly = "consult_only" "咨询",
    /// The handling opinion was issued.
    OpinionIssued = "opinion_issued" "已出具处理意见",
    /// Settled by agreement.
    Settled = "settled" "调解办结",
    /// A suggestion was answered.
    Answered = "answered" "已答复",
    /// An allegation was forwarded.
    Forwarded = "forwarded" "已转送",
    /// The petitioner withdrew.
    Withdrawn = "withdrawn" "已撤回",
    /// Entered in error.
    Void = "void" "作废",
    /// A review was asked for.
    ReviewRequested = "review_requested" "复查中",
    /// The review opinion was issued.
    Reviewed = "reviewed" "已复查",
    /// A re-review was asked for.
    RereviewRequested = "rereview_requested" "复核中",
    /// Closed for good: only new facts open it again.
    Final = "final" "已终结",
    /// Transferred to the unit that has to handle it.
    Transferred = "transferred" "已转至办理单位",
    /// Assigned to it, with a time limit for its report.
    Assigned = "assigned" "已交办",
    /// That unit says it is not competent.
    Objected = "objected" "已提出异议",
}

impl State {
    /// Whether the item still waits for the office or the unit.
    pub fn is_open(self) -> bool {
        self.waits_for_notice() || matches!(self, State::Objected | State::Accepted | State::Extended)
    }

    /// Whether it waits to be accepted, refused or given another way.
    pub fn waits_for_notice(self) -> bool {
        matches!(self, State::Registered | State::Transferred | State::Assigned)
    }

    /// Whether it is being handled.
    pub fn is_handled(self) -> bool {
        matches!(self, State::Accepted | State::Extended)
    }

    /// The state with this name.
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The state a conclusion leads to.
    pub fn of(conclusion: Conclusion) -> State {
        match conclusion {
            Conclusion::Replied => State::OpinionIssued,
            Conclusion::Settled => State::Settled,
            Conclusion::Refused => State::NotAccepted,
            Conclusion::NoLongerAccepted => State::NoLongerAccepted,
            Conclusion::Diverted => State::Diverted,
            Conclusion::Answered => State::Answered,
            Conclusion::Forwarded => State::Forwarded,
            Conclusion::ConsultOnly => State::ConsultOnly,
            Conclusion::Withdrawn => State::Withdrawn,
            Conclusion::Void => State::Void,
        }
    }
}
