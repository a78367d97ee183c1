//! The closed lists of petitions and cases: wire code and Chinese name of each channel, matter class, conclusion, rating, force,
//! source, outcome and the like.
//! Ledgers may carry either. Source: design §8; matter classes of XF 29-31.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A text that is neither a code nor a Chinese name of the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is unknown: must be one of {known}")]
pub struct UnknownCode {
    /// The text, cut to 40 characters.
    pub text: String,
    /// The codes and names that are known.
    pub known: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal $zh:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: [$name; [$($code),*].len()] = [$($name::$variant),*];

            /// The code on the wire.
            pub fn code(self) -> &'static str {
                match self {
                    $($name::$variant => $code,)*
                }
            }

            /// The Chinese name.
            pub fn zh(self) -> &'static str {
                match self {
                    $($name::$variant => $zh,)*
                }
            }

            /// The value with this code or this Chinese name; spaces around it do not count.
            pub fn from_code_or_zh(text: &str) -> Result<Self, UnknownCode> {
                let text = text.trim();
                Self::ALL.into_iter().find(|value| value.code() == text || value.zh() == text).ok_or_else(|| UnknownCode {
                    text: text.chars().take(40).collect(),
                    known: Self::ALL.map(|value| format!("{} {}", value.code(), value.zh())).join(", "),
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownCode;

            fn try_from(text: String) -> Result<Self, UnknownCode> {
                Self::from_code_or_zh(&text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                Self::from_code_or_zh(text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.code().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    )*};
}

codes! {
    /// How a petition came in (XF 17; the list is design §8).
    Channel {
        /// Internet.
        Online = "online" "网上",
        /// Letter.
        Letter = "letter" "来信",
        /// Visit in person.
        Visit = "visit" "来访",
        /// Telephone.
        Phone = "phone" "来电",
        /// The 12345 hotline of government services.
        Hotline = "hotline" "12345热线",
        /// Passed on by a higher office.
        Transfer = "transfer" "上级转送",
        /// A reception point of a one-stop centre.
        Station = "station" "站点",
        /// Anything else.
        Other = "other" "其他",
    }

    /// The three statutory classes of petition items (XF 29, 30, 31).
    MatterClass {
        /// A suggestion or opinion (XF 29).
        Suggestion = "suggestion" "建议意见",
        /// A report of misconduct (XF 30): never shown or passed to the accused.
        Allegation = "allegation" "检举控告",
        /// A claim that asks for a decision (XF 31): the only class with the 60-day clock.
        Appeal = "appeal" "申诉求决",
    }

    /// How a petition item ended (design §8; D§2.3).
    Conclusion {
        /// A handling opinion was issued (XF 32).
        Replied = "replied" "处理意见",
        /// Settled by mediation or by the parties.
        Settled = "settled" "调解办结",
        /// Not accepted, for a reason of D§2.5.
        Refused = "refused" "不予受理",
        /// Finally closed before, same facts and reasons (XF 36, 37).
        NoLongerAccepted = "no_longer_accepted" "不再受理",
        /// Led to a statutory channel (XF 31 items 1-5).
        Diverted = "diverted" "导入法定途径",
        /// A suggestion was answered (XF 29).
        Answered = "answered" "已答复",
        /// An allegation was forwarded to the competent organ (XF 30).
        Forwarded = "forwarded" "已转送",
        /// Only advice was wanted.
        ConsultOnly = "consult_only" "咨询",
        /// The petitioner withdrew.
        Withdrawn = "withdrawn" "撤回",
        /// The entry was a mistake; counts nowhere but among the voided.
        Void = "void" "作废",
    }

    /// The five mediation forces (design §8; D§3).
    Force {
        /// People's mediation (PML).
        People = "people" "人民调解",
        /// Administrative mediation.
        Administrative = "administrative" "行政调解",
        /// Judicial mediation (CPL; TY).
        Judicial = "judicial" "司法调解",
        /// Industry mediation (PML 34).
        Industry = "industry" "行业调解",
        /// Professional mediation (PML 34; MED; LMA).
        Professional = "professional" "专业调解",
    }

    /// Where a case comes from (D§4.2; design §8).
    CaseSource {
        /// On application.
        Applied = "applied" "申请",
        /// On the body's own initiative.
        Initiative = "initiative" "主动",
        /// Referred by a court before filing.
        Court = "court" "法院委派",
        /// Referred by the police.
        Police = "police" "公安移送",
        /// Referred by the procuratorate.
        Procuratorate = "procuratorate" "检察院移送",
        /// Routed by the petition office.
        Petition = "petition" "信访移送",
        /// Referred by another body.
        OtherBody = "other_body" "其他移送",
    }

    /// How a case ended (D§3.6; design §8).
    Outcome {
        /// An effective agreement, oral or written.
        Agreed = "agreed" "达成协议",
        /// Agreement on a part of the claims.
        Partial = "partial" "部分达成",
        /// The parties settled between themselves.
        SettledPrivately = "settled_privately" "自行和解",
        /// No agreement.
        Failed = "failed" "调解不成",
        /// The applicant withdrew.
        Withdrawn = "withdrawn" "撤回",
        /// Ended for a reason of law or fact.
        Terminated = "terminated" "终止",
        /// Given to another body without an end.
        Transferred = "transferred" "转办",
        /// A party refused before mediation began (PML 17).
        Refused = "refused" "一方拒绝",
        /// Not accepted.
        Declined = "declined" "不予受理",
    }

    /// Form of an agreement (PML 28).
    AgreementForm {
        /// Recorded by the mediator.
        Oral = "oral" "口头",
        /// Signed and sealed (PML 29).
        Written = "written" "书面",
    }

    /// How the parties met.
    SessionMode {
        /// In one room.
        OnSite = "on_site" "现场",
        /// By audio or video.
        Remote = "remote" "远程",
        /// Some in the room, some not.
        Mixed = "mixed" "混合",
    }

    /// What the court answered to an application for confirmation (CPLI 355, 358).
    Confirmation {
        /// Confirmed.
        Confirmed = "confirmed" "确认",
        /// Rejected.
        Rejected = "rejected" "驳回",
        /// Not taken.
        NotAccepted = "not_accepted" "不予受理",
    }

    /// How a paper reached the petitioner (CPL 87-91, used as the same evidence elsewhere: D§6.2).
    DeliveryMeans {
        /// Handed over against a signature.
        Direct = "direct" "直接送达",
        /// Refused, and left before a witness.
        Left = "left" "留置送达",
        /// By post.
        Post = "post" "邮寄送达",
        /// Electronically, received on arrival.
        Electronic = "electronic" "电子送达",
        /// Through another organ or a representative.
        Entrusted = "entrusted" "委托送达",
        /// By public notice.
        Notice = "notice" "公告送达",
    }

    /// What the petitioner thinks of the office or the unit (SAT; design §8).
    Rating {
        /// Satisfied.
        Satisfied = "satisfied" "满意",
        /// Basically satisfied.
        Basically = "basically" "基本满意",
        /// Dissatisfied.
        Dissatisfied = "dissatisfied" "不满意",
    }
}

impl Outcome {
    /// Whether the case counts as concluded: it was accepted, and ended here. Neither refusal, nor decline, nor transfer is an end.
    pub fn concludes(self) -> bool {
        !matches!(self, Outcome::Transferred | Outcome::Refused | Outcome::Declined)
    }

    /// Whether a dispute that ends so counts as resolved: agreed, or settled privately (design §7).
    pub fn resolves(self) -> bool {
        matches!(self, Outcome::Agreed | Outcome::SettledPrivately)
    }

    /// Whether there is an agreement.
    pub fn has_agreement(self) -> bool {
        matches!(self, Outcome::Agreed | Outcome::Partial)
    }
}

/// Reads 是, 否, true or false (design §8); `None` for anything else.
pub fn parse_yes_no(text: &str) -> Option<bool> {
    match text.trim() {
        "是" | "true" => Some(true),
        "否" | "false" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_may_carry_codes_or_chinese_names() {
        for value in Conclusion::ALL {
            assert_eq!(Conclusion::from_code_or_zh(value.code()), Ok(value));
            assert_eq!(Conclusion::from_code_or_zh(&format!(" {} ", value.zh())), Ok(value));
        }
        assert_eq!(Channel::from_code_or_zh("12345热线"), Ok(Channel::Hotline));
        assert_eq!(MatterClass::from_code_or_zh("申诉求决"), Ok(MatterClass::Appeal));
        assert_eq!(Rating::from_code_or_zh("基本满意"), Ok(Rating::Basically));
        let error = MatterClass::from_code_or_zh("投诉").unwrap_err();
        assert!(error.to_string().contains("appeal 申诉求决"), "{error}");
    }

    #[test]
    fn values_travel_as_their_code() {
        assert_eq!(serde_json::to_string(&Conclusion::NoLongerAccepted).unwrap(), "\"no_longer_accepted\"");
        assert_eq!(serde_json::from_str::<Channel>("\"hotline\"").unwrap(), Channel::Hotline);
        assert!(serde_json::from_str::<Channel>("\"fax\"").is_err());
    }

    #[test]
    fn yes_and_no() {
        assert_eq!(
            ["是", "否", "true", "false", "", "1"].map(parse_yes_no),
            [Some(true), Some(false), Some(true), Some(false), None, None]
        );
    }
}
