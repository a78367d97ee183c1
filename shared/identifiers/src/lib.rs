//! Numbers that people, organisations, papers and places have: which of them can be right, and what place a code means on a day.
//!
//! Pure: no input or output, no clock, no randomness. What a type here holds passed its check; what is not checked is kept as given.
//! Numbers of people are personal: no `Debug` and no error of this crate shows a digit of one.
//!
//! | file | knows |
//! |---|---|
//! | `form` | how a typed number is read: full-width letters, blanks, case; the form in which texts are searched |
//! | `citizen` | citizen number, GB 11643 |
//! | `organisation` | organisation code, GB 11714 |
//! | `credit` | unified social credit code, GB 32100 |
//! | `paper` | which kinds of papers there are, and which kinds are checked |
//! | `phone` | mobile numbers, and what looks wrong with a phone number |
//! | `document` | document and mediation numbers, in any brackets |
//! | `division` | the register of divisions: codes, names, validity, successors, statistical areas |

mod citizen;
mod credit;
pub mod division;
mod document;
mod form;
mod organisation;
mod paper;
mod phone;

pub use citizen::{CitizenNumber, InvalidCitizenNumber};
pub use credit::{CreditCode, InvalidCreditCode};
pub use division::{Division, Divisions, Found, LineProblem};
pub use document::{DocumentNumber, InvalidDocumentNumber};
pub use form::{compact, search_form};
pub use organisation::{InvalidOrganisationCode, OrganisationCode};
pub use paper::{InvalidPaper, PaperKind, check_paper};
pub use phone::{Mobile, NotMobile, phone_doubt};
