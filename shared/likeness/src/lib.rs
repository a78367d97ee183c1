//! When two texts may tell of one matter, and two entries be one person: a tokeniser for Chinese of our own choosing, the plain form
//! of names and numbers, and how much two sets of tokens have in common.
//!
//! Pure: no store, no key, no clock; what it gives is the same on every engine and in every year. Who stores it hashes it first.
//! It decides nothing: a person does.
//!
//! | File | Knows |
//! |---|---|
//! | `plain.rs` | NFKC, small letters: how a text is written does not matter |
//! | `tokens.rs` | pairs of Chinese characters, whole words and numbers; what is left out |
//! | `person.rs` | the plain form of a name, a phone number, the number of a paper |
//! | `score.rs` | shared tokens of all tokens, in thousandths, and from where on it tells something |

mod person;
mod plain;
mod score;
mod tokens;

pub use person::{name, paper, phone};
pub use plain::plain;
pub use score::{ALIKE, ALIKE_SAME_PERSON, score};
pub use tokens::{HEAD, head, query, tokens};
