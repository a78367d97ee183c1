//! What may be asked of a unit.

use super::Standing;
use fengqiao_model::Day;

/// A unit as it is to be, checked field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUnit {
    /// Code, unique in the book.
    pub code: String,
    /// What it is.
    pub standing: Standing,
    /// Day of founding, if known.
    pub founded_on: Option<Day>,
}

/// A change of a unit, or a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitCommand {
    Register(Box<NewUnit>),
    /// From a day on it is this; today when not given.
    Update {
        on: Option<Day>,
        new: Box<NewUnit>,
    },
    /// Another unit takes over what is open.
    Succeed {
        on: Option<Day>,
        successor: String,
    },
    Close {
        on: Option<Day>,
    },
}

impl UnitCommand {
    /// The call's name.
    pub fn name(&self) -> &'static str {
        match self {
            UnitCommand::Register(_) => "RegisterUnit",
            UnitCommand::Update { .. } => "UpdateUnit",
            UnitCommand::Succeed { .. } => "SucceedUnit",
            UnitCommand::Close { .. } => "CloseUnit",
        }
    }
}
