//! Every reason why a well-formed question is not answered.

use super::Sheet;
use fengqiao_model::Day;

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Nobody knows the figures of a day to come.
    #[error("must not be after today ({today})")]
    AsOfInFuture { today: Day },
    /// The figures by this dimension are not kept for so small a place.
    #[error("{} is kept for counties and wider divisions only", sheet.name())]
    DimensionNotKept { sheet: Sheet },
    /// This indicator has no figure by this dimension.
    #[error("{indicator} has no figure by {}", sheet.name())]
    DimensionSenseless { indicator: String, sheet: Sheet },
    /// Only counts have items behind them.
    #[error("must be a count: a rate is explained by its numerator and its denominator")]
    NotACount,
    /// Themes are no items of the book.
    #[error("must be a count of items: themes are a property of the bodies behind body.active")]
    NotItems,
    /// The caller may not see this place.
    #[error("the division lies outside the caller's")]
    OutsideDivision,
}

impl Rejection {
    /// The reason on the wire.
    pub fn reason(&self) -> &'static str {
        match self {
            // The field and its problem say which.
            Rejection::AsOfInFuture { .. }
            | Rejection::DimensionNotKept { .. }
            | Rejection::DimensionSenseless { .. }
            | Rejection::NotACount
            | Rejection::NotItems => "INVALID_ARGUMENT",
            Rejection::OutsideDivision => "OUTSIDE_DIVISION",
        }
    }

    /// The request's field at fault.
    pub fn field(&self) -> &'static str {
        match self {
            Rejection::AsOfInFuture { .. } => "as_of",
            Rejection::DimensionNotKept { .. } | Rejection::DimensionSenseless { .. } => "dimension",
            Rejection::NotACount | Rejection::NotItems => "indicator",
            Rejection::OutsideDivision => "division_code",
        }
    }
}
