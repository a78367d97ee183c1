//! Bodies: registered, imported, changed, closed.

use super::book::{Book, day, new_body, new_dispute};
use crate::domain::{Adjustment, Body, BodyCommand, BodyKind, CaseField, CaseRow, NewBody, imported_body};
use fengqiao_statute::Force;

fn register(new: NewBody) -> BodyCommand {
    BodyCommand::Register(Box::new(new))
}

fn reason(book: &mut Book, code: &str, command: BodyCommand) -> &'static str {
    book.body(code, command).unwrap_err().reason()
}

#[test]
fn a_body_is_registered_once_and_keeps_its_force() {
    let mut book = Book::new();
    assert_eq!(reason(&mut book, "village", register(new_body("village", Force::People))), "BODY_EXISTS");
    assert_eq!(reason(&mut book, "nobody", BodyCommand::Foster { on: None }), "BODY_NOT_FOUND");
    let update =
        |force| BodyCommand::Update(Box::new(NewBody { name: "新名".to_owned(), capacity: 9, ..new_body("village", force) }));
    assert_eq!(reason(&mut book, "village", update(Force::Judicial)), "INVALID_ARGUMENT");
    book.body("village", update(Force::People)).unwrap();
    let body = &book.bodies["village"];
    assert_eq!((body.version, body.name.as_str(), body.capacity), (2, "新名", 9));
}

#[test]
fn the_fields_of_a_body_are_checked() {
    let mut book = Book::new();
    let wrong = [
        NewBody { code: "other".parse().unwrap(), ..new_body("new", Force::People) },
        NewBody { parent: Some("new".parse().unwrap()), ..new_body("new", Force::People) },
        NewBody { specialities: vec!["T98".to_owned()], ..new_body("new", Force::People) },
        NewBody { founded_on: Some(day("2024-03-04")), ..new_body("new", Force::People) },
    ];
    for new in wrong {
        assert_eq!(reason(&mut book, "new", register(new)), "INVALID_ARGUMENT");
    }
    book.caller.division = Some("320830".parse().unwrap());
    assert_eq!(reason(&mut book, "new", register(new_body("new", Force::People))), "OUTSIDE_DIVISION");
    assert_eq!(reason(&mut book, "village", BodyCommand::Foster { on: None }), "OUTSIDE_DIVISION");
}

#[test]
fn a_bodys_life_is_dated() {
    let mut book = Book::new();
    let founded = NewBody { founded_on: Some(day("2023-05-01")), ..new_body("room", Force::Industry) };
    book.body("room", register(founded)).unwrap();
    let adjust = |on: &str, staff_in, staff_out| BodyCommand::Adjust { on: Some(day(on)), staff_in, staff_out };
    assert_eq!(reason(&mut book, "room", adjust("2023-04-30", 1, 0)), "INVALID_ARGUMENT");
    assert_eq!(reason(&mut book, "room", adjust("2024-03-04", 1, 0)), "INVALID_ARGUMENT");
    assert_eq!(reason(&mut book, "room", adjust("2024-03-01", 0, 0)), "INVALID_ARGUMENT");
    book.body("room", adjust("2024-03-01", 2, 1)).unwrap();
    book.body("room", adjust("2023-09-01", 1, 0)).unwrap();
    let on: Vec<_> = book.bodies["room"].adjustments.iter().map(|Adjustment { on, .. }| *on).collect();
    assert_eq!(on, [day("2023-09-01"), day("2024-03-01")]);
    book.body("room", BodyCommand::Foster { on: None }).unwrap();
    assert_eq!(reason(&mut book, "room", BodyCommand::Foster { on: None }), "INVALID_ARGUMENT");
    book.body("room", BodyCommand::Close { on: None }).unwrap();
    assert_eq!(reason(&mut book, "room", BodyCommand::Close { on: None }), "BODY_CLOSED");
    let active = |on: &str| book.bodies["room"].is_active(day(on));
    assert!(!active("2023-04-30") && active("2023-05-01") && active("2024-03-02") && !active("2024-03-03"));
}

#[test]
fn a_body_with_open_cases_is_not_closed() {
    let mut book = Book::new();
    let case = book.open(&new_dispute()).unwrap();
    book.dispatch(case, "village");
    assert_eq!(reason(&mut book, "village", BodyCommand::Close { on: None }), "BODY_HAS_OPEN_CASES");
}

#[test]
fn a_ledger_names_a_body_before_anybody_registers_it() {
    let mut book = Book::new();
    let columns: Vec<CaseField> = ["external_ref", "applied_at", "dispute_type", "force", "division_code", "body", "body_kind"]
        .map(|n| CaseField::named(n).unwrap())
        .to_vec();
    let row = |force: &str, body: &str| {
        let texts = ["1", "2024-01-01", "T02", force, "320831", body, "studio"].map(str::to_owned);
        CaseRow::parse(2, &columns, &texts, day("2024-03-03"), &crate::domain::Law::shipped()).unwrap()
    };
    assert_eq!(imported_body(&row("people", ""), None, &book.context()), Ok(None), "a row need not name one");
    let change = imported_body(&row("people", "老娘舅"), None, &book.context()).unwrap().unwrap();
    assert_eq!(change.event.kind(), "body.imported");
    book.apply(&[change]);
    let known = book.bodies["老娘舅"].clone();
    assert!(known.imported && known.kind == "studio" && known.division.is_none());
    assert_eq!(imported_body(&row("people", "老娘舅"), Some(&known), &book.context()), Ok(None));
    let refused = imported_body(&row("judicial", "老娘舅"), Some(&known), &book.context()).unwrap_err();
    assert_eq!(
        (refused.column, refused.reason.as_str()),
        ("force", "the body \"老娘舅\" is of force people, the row says judicial")
    );
    // Registering it keeps its force, for its cases have it.
    assert_eq!(reason(&mut book, "老娘舅", register(new_body("老娘舅", Force::Judicial))), "INVALID_ARGUMENT");
    book.body("老娘舅", register(new_body("老娘舅", Force::People))).unwrap();
    let registered = &book.bodies["老娘舅"];
    assert!(!registered.imported && registered.version == 2 && registered.division.is_some());
}

#[test]
fn an_event_out_of_place_does_not_apply() {
    let book = Book::new();
    let body = book.bodies["village"].clone();
    for kind in [BodyKind::Updated, BodyKind::Adjusted, BodyKind::Fostered, BodyKind::Closed] {
        assert_eq!(Body::apply(None, kind, &body, None), None);
    }
    for kind in [BodyKind::Registered, BodyKind::Imported] {
        assert_eq!(Body::apply(Some(body.clone()), kind, &body, None), None);
    }
}
