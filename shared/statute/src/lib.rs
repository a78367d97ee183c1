//! What the law says about days: rules, the working-day calendar, clocks, reason codes and the words of the ledgers.
//!
//! Pure: no input or output, no clock, no randomness. Law is data: everything that a legislator or the State Council can change
//! stands in `data/*.toml`, with versions, effective dates and sources, and is checked line by line when it is read.
//!
//! | file | knows |
//! |---|---|
//! | `calendar` | which days are working days |
//! | `count` | how lengths are counted from a day |
//! | `rule` | the rule book: which length applies on which day, and by which article |
//! | `clock` | the terms of one running clock: start, extend, restate, on time or late |
//! | `exclusion` | time that a rule says is not counted |
//! | `lamp` | green, yellow, red, grey: how urgent a clock is on a day |
//! | `conduct` | the rules of conduct ("5 + 21") and the checks the system can make of them |
//! | `reason` | why an item was refused, diverted, withdrawn, voided; why a case was declined, returned, failed, handed on |
//! | `dispute_type` | types of dispute, with first force and fallbacks |
//! | `codes` | channel, matter class, conclusion, force, outcome and the like: wire code and Chinese name |
//! | `ledger` | the columns of the ledgers of petitions and cases |
//! | `datafile` | how a data file is read so that each mistake has its line |

mod calendar;
mod clock;
mod codes;
mod conduct;
mod count;
pub mod datafile;
mod dispute_type;
mod exclusion;
mod lamp;
mod ledger;
mod reason;
mod rule;

pub use calendar::{Calendar, Notice, NoticeError};
pub use clock::{
    Clock, ClockTerms, ExtensionError, NoRule, Standing, extend_clock, extend_to, restate_clock, start_clock, start_until,
    with_exclusions,
};
pub use codes::{
    AgreementForm, CaseSource, Channel, Conclusion, Confirmation, DeliveryMeans, Force, MatterClass, Outcome, Rating,
    SessionMode, UnitLevel, UnknownCode, parse_yes_no,
};
pub use conduct::{
    Breach, Check, ConductBook, ConductRule, Deed, Facts as ConductFacts, Known, Lack, RunClock, Stage, Subject, Verdict,
};
pub use count::{Due, InvalidLength, Length, Unit, due, extended, rolled, unrolled};
pub use datafile::DataProblem;
pub use dispute_type::{DisputeType, DisputeTypes};
pub use exclusion::{Exclusion, ExclusionError, merged};
pub use lamp::{DueBy, Lamp, Lamps, Threshold};
pub use ledger::{CASE_COLUMNS, LEDGER_COLUMNS, LedgerColumn, UNIT_COLUMNS, ledger_column};
pub use reason::{Reason, ReasonList, Transition};
pub use rule::{Cause, Extension, Mark, Rule, RuleBook};
