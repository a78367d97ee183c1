//! What follows an agreement: payments and confirmation.

use super::book::{Book, conclusion, day};
use crate::domain::Command;
use fengqiao_model::Text;
use fengqiao_statute::{Confirmation, Outcome};

#[test]
fn confirmation_has_thirty_days_and_one_answer() {
    let mut book = Book::new();
    let case = book.at("2024-03-04", "village").open_here();
    book.act(case, &Command::Conclude(Box::new(conclusion(Outcome::Agreed)))).unwrap();
    let apply = Command::ApplyConfirmation { on: None };
    let answer = |confirmation, reason: &str| Command::AnswerConfirmation { confirmation, reason: reason.to_owned() };
    let no = |book: &mut Book, command: &Command| book.act(case, command).unwrap_err().reason();
    assert_eq!(no(book.at("2024-04-04", "village"), &apply), "CONFIRMATION_TOO_LATE");
    book.at("2024-04-03", "village").act(case, &apply).unwrap();
    assert_eq!(no(&mut book, &apply), "CONFIRMATION_PENDING");
    assert_eq!(no(&mut book, &answer(Confirmation::NotAccepted, "")), "INVALID_ARGUMENT");
    assert_eq!(no(&mut book, &answer(Confirmation::Confirmed, "case.wrong_court")), "INVALID_ARGUMENT");
    book.act(case, &answer(Confirmation::NotAccepted, "case.wrong_court")).unwrap();
    assert_eq!(no(&mut book, &answer(Confirmation::Confirmed, "")), "CONFIRMATION_NOT_PENDING");
    book.act(case, &apply).unwrap();
    book.act(case, &answer(Confirmation::Confirmed, "")).unwrap();
    assert_eq!(no(&mut book, &apply), "CONFIRMATION_ANSWERED");
}

#[test]
fn payments_add_up_until_it_is_performed_in_full() {
    let mut book = Book::new();
    let case = book.open_here();
    book.act(case, &Command::Conclude(Box::new(conclusion(Outcome::Agreed)))).unwrap();
    let pay = |paid_fen, in_full| Command::Perform { on: None, paid_fen, in_full, text: Text::default() };
    assert_eq!(book.act(case, &pay(0, false)).unwrap_err().reason(), "INVALID_ARGUMENT");
    assert_eq!(book.act(case, &pay(-1, true)).unwrap_err().reason(), "INVALID_ARGUMENT");
    book.act(case, &pay(500_000, false)).unwrap();
    assert_eq!((book.case(case).paid_fen, book.case(case).performed_on), (500_000, None));
    book.act(case, &pay(1_500_000, true)).unwrap();
    assert_eq!((book.case(case).paid_fen, book.case(case).performed_on), (2_000_000, Some(day("2024-03-03"))));
    assert_eq!(book.act(case, &pay(1, false)).unwrap_err().reason(), "PERFORMED_ALREADY");
    let other = book.open_here();
    let end = crate::domain::Conclusion { performed: true, ..conclusion(Outcome::Agreed) };
    book.act(other, &Command::Conclude(Box::new(end))).unwrap();
    assert_eq!((book.case(other).paid_fen, book.case(other).performed_on), (2_000_000, Some(day("2024-03-03"))));
}
