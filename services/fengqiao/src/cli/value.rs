//! Values that several commands take: an amount, a party, consent.

use clap::ValueEnum;
use fengqiao_model::Instant;
use fengqiao_statute::DisputeTypes;
use std::str::FromStr;

/// An amount of money, typed in yuan with at most two decimals, kept in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Yuan {
    /// The amount in fen.
    pub fen: i64,
}

impl FromStr for Yuan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "must be an amount in yuan such as 1200 or 1200.50, with at most two decimals".to_owned();
        let (yuan, fen) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || fen.len() > 2 || !digits(yuan) || !digits(fen) || text.trim().ends_with('.') {
            return Err(wrong());
        }
        let number = format!("{yuan}{fen:0<2}").parse().map_err(|_| wrong())?;
        Ok(Self { fen: number })
    }
}

/// A place in time: a moment, or a position of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Behind this position.
    Position(i64),
    /// After this moment.
    Moment(Instant),
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(position) = text.parse::<i64>() {
            return if position > 0 { Ok(Self::Position(position)) } else { Err("must be a position from 1".to_owned()) };
        }
        Instant::parse(text).map(Self::Moment).map_err(|e| e.to_string())
    }
}

/// A person as typed: `NAME[;PHONE[;[KIND:]IDENTITY NUMBER[;ADDRESS]]]`; Chinese semicolons do as well. The number may have its kind of
/// paper before it, as in `passport:E12345678`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Phone number.
    pub phone: String,
    /// Kind of the identity paper; empty when not typed.
    pub identity_kind: String,
    /// Number of an identity paper.
    pub identity_number: String,
    /// Address.
    pub address: String,
}

impl FromStr for Person {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(4, [';', '；']).map(|part| part.trim().to_owned());
        let mut next = || parts.next().unwrap_or_default();
        let (name, phone, number, address) = (next(), next(), next(), next());
        // A kind is a word; what else stands before a colon belongs to the number.
        let typed = number.split_once([':', '：']);
        let kind = typed.filter(|(kind, _)| kind.starts_with(|c: char| c.is_ascii_lowercase()));
        let (identity_kind, identity_number) =
            kind.map_or((String::new(), number.clone()), |(kind, number)| (kind.trim().to_owned(), number.trim().to_owned()));
        Ok(Self { name, phone, identity_kind, identity_number, address })
    }
}

/// Who consents to mediation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Consent {
    /// Both sides.
    Both,
    /// The applicant only.
    Applicant,
    /// The other side only.
    Respondent,
    /// Nobody was asked yet, or nobody does.
    #[default]
    None,
}

impl Consent {
    /// Whether the applicant consents.
    pub fn applicant(self) -> bool {
        matches!(self, Consent::Both | Consent::Applicant)
    }

    /// Whether the other side consents.
    pub fn respondent(self) -> bool {
        matches!(self, Consent::Both | Consent::Respondent)
    }
}

/// A dispute type, typed as its code or its Chinese name; sent as the code. What is not in the list of this binary is sent as it
/// was typed: the server's list may be newer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeName(pub String);

impl FromStr for TypeName {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use fengqiao_model::Clock as _;
        let types = DisputeTypes::shipped();
        let today = fengqiao_model::SystemClock.now().day();
        Ok(Self(types.find(text, today).map_or_else(|| text.trim().to_owned(), |kind| kind.code.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_at_most_two_decimals() {
        for (text, fen) in
            [("0", 0), ("1200", 120_000), (" 1200.5 ", 120_050), ("0.05", 5), ("10000000000000.00", 1_000_000_000_000_000)]
        {
            assert_eq!(text.parse::<Yuan>().map(|yuan| yuan.fen), Ok(fen), "{text}");
        }
        for text in ["", ".5", "1.", "1.234", "-1", "1,200", "一百", "99999999999999999999"] {
            assert!(text.parse::<Yuan>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_person_is_parts_between_semicolons() {
        let Ok(person) = "王小明; 139；；某街 1 号; 2 单元".parse::<Person>();
        assert_eq!((person.name.as_str(), person.phone.as_str()), ("王小明", "139"));
        assert_eq!((person.identity_number.as_str(), person.address.as_str()), ("", "某街 1 号; 2 单元"));
        for (typed, kind, number) in [
            ("甲;;passport: E1", "passport", "E1"),
            ("甲;;credit_code：91350100M000100Y43", "credit_code", "91350100M000100Y43"),
            ("甲;;11010519491231002X", "", "11010519491231002X"),
            ("甲;;第3册:12", "", "第3册:12"),
        ] {
            let Ok(person) = typed.parse::<Person>();
            assert_eq!((person.identity_kind.as_str(), person.identity_number.as_str()), (kind, number), "{typed}");
        }
    }

    #[test]
    fn a_type_may_be_named_in_chinese() {
        for (text, code) in [("拖欠农民工工资纠纷", "T10"), (" T02 ", "T02"), ("T98", "T98")] {
            let Ok(kind) = text.parse::<TypeName>();
            assert_eq!(kind.0, code);
        }
    }
}
