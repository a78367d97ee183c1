//! Plans and pages over a made book, on both engines: each documented combination walks an index and sorts nothing; pages of any
//! filter in any order give exactly what the filter holds, once.

use super::*;
use crate::{
    domain::State,
    store::{Days, MIGRATIONS, save},
};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_statute::{Channel, MatterClass};
use fengqiao_testkit::on_each_engine;
use serde_json::{Value, json};

const BOOK: usize = 600;

fn day(number: usize) -> Day {
    "2024-01-01".parse::<Day>().unwrap().plus_days(i32::try_from(number).unwrap())
}

/// Made so that every filter holds for some and not for others, days repeat, and few ids stand in the order of days. Read like an
/// image, so that a field that nothing here looks at needs no line.
fn made(number: usize) -> (String, Petition) {
    let registered = day(number * 7 % 50);
    let closed = !number.is_multiple_of(3);
    let state = if closed { ["", "settled", "reviewed"][number % 3] } else { ["accepted", "extended"][number / 3 % 2] };
    let divisions = ["320831", "320831100", "320831100201", "320831100202", "320831101", "320831101001", "320829", "32"];
    let terms = json!({
        "rule": "P-06",
        "rule_version": "1",
        "calendar_version": "1",
        "started_on": registered,
        "kpi_due": registered.plus_days(60),
        "legal_due": registered.plus_days(60 + i32::try_from(number % 4).unwrap()),
        "provisional": false,
    });
    let mut image = json!({
        "version": 1,
        "number": (format!("信访局-2024-{number:06}")),
        "unit": (["信访局", "镇信访办"][number % 2]),
        "division": (divisions[number % divisions.len()]),
        "matter_class": (MatterClass::ALL[number / 2 % MatterClass::ALL.len()]),
        "category": (["", "土地", "劳动"][number / 5 % 3]),
        "person_count": 1,
        "responsible_unit": (["", "国土所", "住建局", "公安局", "教育局"][number / 4 % 5]),
        "registered_on": registered,
        "state": state,
        "clocks": [{ "terms": terms }],
        "last_request": null,
    });
    let mut set = |given: bool, field: &str, value: Value| {
        if given {
            image[field] = value;
        }
    };
    set(!number.is_multiple_of(11), "channel", json!(Channel::ALL[number % Channel::ALL.len()]));
    set(!number.is_multiple_of(5), "accepted_on", json!(registered.plus_days(3)));
    set(closed, "concluded_on", json!(registered.plus_days(i32::try_from(number % 9).unwrap())));
    set(number % 6 == 1, "repeat_of", json!("R1"));
    (format!("01890a5d-ac96-774b-bcce-{:012}", number * 7919 % 1_000_003), serde_json::from_value(image).unwrap())
}

async fn book(db: &Db) -> Vec<Stored> {
    let all: Vec<Stored> = (0..BOOK).map(made).collect();
    let mut tx = db.begin().await.unwrap();
    let rows: Vec<(String, i64, &Petition)> = all.iter().map(|(id, petition)| (id.clone(), 0, petition)).collect();
    save(&mut tx, &rows).await.unwrap();
    tx.commit().await.unwrap();
    all
}

fn filters() -> Vec<Filter> {
    let all = Filter::default;
    let division = |code: &str| Filter { division: Some(code.parse::<DivisionCode>().unwrap()), ..all() };
    let days = |from: usize, to: usize| Days { from: Some(day(from)), to: Some(day(to)) };
    vec![
        all(),
        division("32"),
        division("320831"),
        division("320831100"),
        division("320831100201"),
        Filter { unit: "镇信访办".to_owned(), ..all() },
        Filter { responsible_unit: "住建局".to_owned(), ..all() },
        Filter { responsible_unit: "住建局".to_owned(), states: vec![State::Extended], ..division("320831100") },
        Filter { states: vec![State::Settled], ..all() },
        Filter { states: vec![State::Reviewed, State::Accepted, State::Extended], ..all() },
        Filter { states: State::ALL.to_vec(), ..all() },
        Filter { channel: "visit".to_owned(), ..all() },
        Filter { matter_class: "appeal".to_owned(), category: "土地".to_owned(), ..all() },
        Filter { registered: days(10, 20), ..all() },
        Filter { registered: Days { from: Some(day(40)), to: None }, states: vec![State::Settled, State::Accepted], ..all() },
        Filter { accepted: days(10, 20), ..all() },
        Filter { concluded: days(10, 20), ..all() },
        Filter { due: Days { from: None, to: Some(day(80)) }, ..all() },
        Filter { due: days(70, 90), responsible_unit: "国土所".to_owned(), ..all() },
        Filter { repeats: Some(true), ..all() },
        Filter { repeats: Some(false), ..division("320831101") },
        Filter { nowhere: true, ..all() },
    ]
}

const ORDERS: [Order; 3] = [Order::Registered, Order::Due, Order::Concluded];

/// The key of a petition in an order; none where it is not in that list.
fn key(order: Order, p: &Petition) -> Option<Day> {
    match order {
        Order::Due => crate::store::open_due(p),
        Order::Concluded => p.concluded_on,
        _ => Some(p.registered_on),
    }
}

/// The index that the table at the top of `list.rs` promises.
fn expected(order: Order, leading: Option<&str>) -> &'static str {
    match (order, leading) {
        (Order::Registered, None) => "petition_registered",
        (Order::Registered, Some("responsible_unit")) => "petition_responsible",
        (Order::Registered, Some("township")) => "petition_township",
        (Order::Registered, Some(_)) => "petition_state",
        (Order::Due, None) => "petition_due",
        (Order::Due, Some(_)) => "petition_responsible_due",
        (Order::Concluded, _) => "petition_concluded",
        (Order::Changed, _) => "event",
    }
}

on_each_engine! { MIGRATIONS;
    async fn pages_give_what_the_filter_holds_in_order(db: Db) {
        let book = book(&db).await;
        for filter in filters() {
            for order in ORDERS {
                for descending in [false, true] {
                    let mut expected: Vec<(Day, &String)> = book
                        .iter()
                        .filter(|(_, p)| filter.holds(p))
                        .filter_map(|(id, p)| key(order, p).map(|day| (day, id)))
                        .collect();
                    expected.sort();
                    if descending {
                        expected.reverse();
                    }
                    let expected: Vec<&String> = expected.into_iter().map(|(_, id)| id).collect();
                    let ask = Ask { filter: filter.clone(), order, descending };
                    for limit in [7, 1000] {
                        let (mut found, mut after) = (Vec::new(), None);
                        loop {
                            let page = page(&db, &ask, after.as_ref(), limit, None).await.unwrap();
                            assert!(i64::try_from(page.rows.len()).unwrap() <= limit);
                            found.extend(page.rows.into_iter().map(|(id, _)| id));
                            after = page.next;
                            if after.is_none() {
                                break;
                            }
                        }
                        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{ask:?} by {limit}");
                    }
                    let counted = total(&db, &ask, None).await.unwrap();
                    assert_eq!(counted, Total { size: i64::try_from(expected.len()).unwrap(), is_capped: false }, "{ask:?}");
                }
            }
        }
    }

    async fn what_no_column_says_can_be_asked_of_each(db: Db) {
        let book = book(&db).await;
        let odd = |p: &Petition| p.number.ends_with(['1', '3', '5', '7', '9']);
        let ask = Ask::default();
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = page(&db, &ask, after.as_ref(), 10, Some(&odd)).await.unwrap();
            found.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found.len(), book.iter().filter(|(_, p)| odd(p)).count());
        assert_eq!(total(&db, &ask, Some(&odd)).await.unwrap().size, i64::try_from(found.len()).unwrap());
    }

    async fn every_statement_walks_an_index(db: Db) {
        book(&db).await;
        let place = || Some(Place { key: "2024-01-09".to_owned(), id: "01890a5d-ac96-774b-bcce-000000000000".to_owned() });
        for filter in filters() {
            for order in ORDERS.into_iter().chain([Order::Changed]) {
                for (descending, places) in [(false, [None, None]), (false, [place(), None]), (true, [place(), place()])] {
                    let ask = Ask { filter: filter.clone(), order, descending };
                    for walk in ways(&ask, None).into_iter().flatten() {
                        let [after, until] = places.clone();
                        let walk = Walk { after, until, ..walk };
                        let mut statements = vec![walk.select(&ask, 100)];
                        if order != Order::Changed {
                            statements.push(walk.end(&ask, PASSED));
                        }
                        for statement in statements {
                            let plan = statement.plan(&db).await.unwrap();
                            let index = expected(order, walk.leading.as_ref().map(|(column, _)| *column));
                            assert!(plan.steps.iter().any(|step| step.contains(index)), "not {index}: {plan:?}: {statement:?}");
                            assert!(plan.slow.is_empty(), "{plan:?}: {statement:?}");
                        }
                    }
                }
            }
        }
        // what no index gives is seen
        let bad = Query::new("SELECT petition.id FROM petition ORDER BY petition.category, petition.id");
        assert!(!bad.plan(&db).await.unwrap().slow.is_empty());
    }
}
