//! Flags of `fengqiao petition similar` and `search`: what may be one petition, and what holds words.

use super::{Person, petition::ChangeArgs};
use clap::{ArgGroup, Args};
use fengqiao_model::DivisionCode;
use std::{path::PathBuf, str::FromStr};

/// A number in another system as typed: `SYSTEM=NUMBER`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The system.
    pub system: String,
    /// The number there.
    pub number: String,
}

impl FromStr for Foreign {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((system, number)) if !system.is_empty() && !number.is_empty() => {
                Ok(Self { system: system.to_owned(), number: number.to_owned() })
            }
            _ => Err("must be SYSTEM=NUMBER, such as 12345=GD20240001"),
        }
    }
}

/// What is known of a petition that is being taken down.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("known").required(true).multiple(true).args(["persons", "title", "narrative", "narrative_file"]))]
pub struct SimilarPetitionArgs {
    /// Whose matter it is, `NAME[;PHONE[;IDENTITY NUMBER]]`; once for each.
    #[arg(long = "party", value_name = "PARTY")]
    pub persons: Vec<Person>,
    /// Title.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub title: String,
    /// Narrative.
    #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "narrative_file")]
    pub narrative: String,
    /// Narrative from a file; `-`: standard input.
    #[arg(long, value_name = "FILE")]
    pub narrative_file: Option<PathBuf>,
    /// Division code where the matter arose.
    #[arg(long, value_name = "CODE")]
    pub at: Option<DivisionCode>,
    /// Id of a petition that is logged already, to leave it out.
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub but: String,
}

/// A repeat and the first petition of its matter.
#[derive(Debug, Args)]
pub struct LinkRepeatArgs {
    /// Which petition: the later one.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Id or number of the earlier one; where that is a repeat itself, the first of its matter is meant.
    #[arg(long, value_name = "PETITION")]
    pub first: String,
    /// It is the same person on the same matter: without that it is no repeat.
    #[arg(long, required = true)]
    pub same_person_and_matter: bool,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A link that is taken back.
#[derive(Debug, Args)]
pub struct UnlinkRepeatArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Words that are looked for.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("sought").required(true).multiple(true).args(["words", "phone", "identity_number"]))]
pub struct SearchArgs {
    /// Words, each at least two characters; all of them have to be there.
    pub words: Vec<String>,
    /// A phone number that a petitioner gave.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub phone: String,
    /// A number of an identity paper that a petitioner gave.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub identity_number: String,
    /// This division and all in it.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Go on where an earlier answer with the same words ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_its_system() {
        let foreign = Foreign { system: "12345".to_owned(), number: "GD=1".to_owned() };
        assert_eq!("12345=GD=1".parse(), Ok(foreign));
        for wrong in ["", "12345", "=1", "12345="] {
            assert!(wrong.parse::<Foreign>().is_err(), "{wrong:?}");
        }
    }
}
