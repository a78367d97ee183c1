//! Kinds of identity papers. A citizen number is never asked for: any paper identifies, and none is needed (D§7.1).

use crate::{CitizenNumber, CreditCode, InvalidCitizenNumber, InvalidCreditCode, InvalidOrganisationCode, OrganisationCode};
use fengqiao_model::Day;

/// What paper a number stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PaperKind {
    /// Not said.
    #[default]
    Unsaid,
    /// 居民身份证, and the cards and permits whose numbers are made like it.
    Citizen,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HkMacao,
    /// 台湾居民来往大陆通行证.
    Taiwan,
    /// 户口簿.
    Household,
    /// 统一社会信用代码.
    CreditCode,
    /// 组织机构代码.
    Organisation,
    /// Any other.
    Other,
}

impl PaperKind {
    /// Every kind.
    pub const ALL: [PaperKind; 9] = [
        PaperKind::Unsaid,
        PaperKind::Citizen,
        PaperKind::Passport,
        PaperKind::HkMacao,
        PaperKind::Taiwan,
        PaperKind::Household,
        PaperKind::CreditCode,
        PaperKind::Organisation,
        PaperKind::Other,
    ];

    /// The kind with this code.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            PaperKind::Unsaid => "",
            PaperKind::Citizen => "citizen",
            PaperKind::Passport => "passport",
            PaperKind::HkMacao => "hk_macao",
            PaperKind::Taiwan => "taiwan",
            PaperKind::Household => "household",
            PaperKind::CreditCode => "credit_code",
            PaperKind::Organisation => "organisation",
            PaperKind::Other => "other",
        }
    }
}

/// Why a number cannot stand on such a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPaper {
    #[error(transparent)]
    Citizen(#[from] InvalidCitizenNumber),
    #[error(transparent)]
    Credit(#[from] InvalidCreditCode),
    #[error(transparent)]
    Organisation(#[from] InvalidOrganisationCode),
    /// No kind was said, and it looks like one number and passes as none.
    #[error("looks like a citizen number (if it is another paper, say its kind) and {0}")]
    Looks(InvalidCitizenNumber),
}

/// Checks a number for its kind of paper; an empty one is always right. Without a kind, what looks like a citizen number must be one,
/// or a credit code of digits only: so a slip of the pen is noticed and every other paper is kept as given.
pub fn check_paper(kind: PaperKind, typed: &str, today: Day) -> Result<(), InvalidPaper> {
    if typed.trim().is_empty() {
        return Ok(());
    }
    match kind {
        PaperKind::Citizen => CitizenNumber::parse(typed, today).map(|_| ()).map_err(InvalidPaper::from),
        PaperKind::CreditCode => CreditCode::parse(typed).map(|_| ()).map_err(InvalidPaper::from),
        PaperKind::Organisation => OrganisationCode::parse(typed).map(|_| ()).map_err(InvalidPaper::from),
        PaperKind::Unsaid if CitizenNumber::is_shape(typed) && CreditCode::parse(typed).is_err() => {
            CitizenNumber::parse(typed, today).map(|_| ()).map_err(InvalidPaper::Looks)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_checked_depends_on_the_kind() {
        let today = Day::new(2026, 3, 2).unwrap();
        let ok = |kind, text| check_paper(kind, text, today).is_ok();
        for kind in PaperKind::ALL {
            assert!(ok(kind, "") && ok(kind, "  "), "never mandatory");
            let checked = matches!(kind, PaperKind::Citizen | PaperKind::CreditCode | PaperKind::Organisation);
            assert_eq!(ok(kind, "E12345678"), !checked);
        }
        assert!(ok(PaperKind::Unsaid, "11010519491231002x") && ok(PaperKind::Unsaid, "113208310143510981"));
        assert!(!ok(PaperKind::Unsaid, "110105194912310021") && ok(PaperKind::Other, "110105194912310021"));
        assert!(ok(PaperKind::Unsaid, "1101") && ok(PaperKind::Unsaid, "110105491231002"));
        assert!(ok(PaperKind::CreditCode, "91350100M000100Y43") && ok(PaperKind::Organisation, "01435109-8"));
        let problem = check_paper(PaperKind::Unsaid, "110105194912310021", today).unwrap_err();
        assert!(!problem.to_string().contains("11010"), "{problem}");
    }
}
