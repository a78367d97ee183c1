//! Units by themselves: what may be done with them, what stood when, who is above whom, and rows of ledgers.

use crate::domain::{
    Context, Directory, HigherOrgan, Law, NewUnit, Rejection, Standing, Unit, UnitCommand, UnitEvent, UnitField, UnitKind,
    UnitRow, UnitVerdict, decide_unit, take_unit_row,
};
use fengqiao_model::{Caller, Day, Role};
use fengqiao_statute::UnitLevel;
use proptest::prelude::*;
use std::sync::LazyLock;

static LAW: LazyLock<Law> = LazyLock::new(Law::shipped);
const TODAY: &str = "2026-03-02";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn head(division: Option<&str>) -> Caller {
    Caller {
        id: "head-1".parse().unwrap(),
        unit: "office".parse().unwrap(),
        division: division.map(|code| code.parse().unwrap()),
        roles: vec![Role::Head],
    }
}

/// A unit of a level at a place; `parent` may be empty.
fn new(code: &str, level: UnitLevel, division: &str, parent: &str) -> NewUnit {
    NewUnit {
        code: code.to_owned(),
        standing: Standing {
            name: format!("{code}名"),
            kind: "responsible_unit".to_owned(),
            level: Some(level),
            parent: parent.to_owned(),
            division: Some(division.parse().unwrap()),
            ..Standing::default()
        },
        founded_on: None,
    }
}

/// A book of units.
#[derive(Clone, Default)]
struct Book(Directory);

impl Book {
    fn ask(&mut self, code: &str, command: &UnitCommand, open_items: u32) -> Result<UnitEvent, Rejection> {
        let caller = head(None);
        let context = Context::new(&caller, day(TODAY), &LAW, 30);
        let event = decide_unit(code, command, &self.0, open_items, &context)?;
        self.take(event.clone());
        Ok(event)
    }

    fn take(&mut self, event: UnitEvent) {
        let read = UnitEvent::decode(event.kind.name(), &event.encode()).unwrap();
        assert_eq!(read, event, "what is published is all there is");
        let after = Unit::apply(self.0.get(&event.unit.code), &event, None).unwrap();
        self.0.put(after);
    }

    fn register(&mut self, unit: NewUnit) -> Result<UnitEvent, Rejection> {
        self.ask(&unit.code.clone(), &UnitCommand::Register(Box::new(unit)), 0)
    }

    fn update(&mut self, on: Option<&str>, unit: NewUnit) -> Result<UnitEvent, Rejection> {
        self.ask(&unit.code.clone(), &UnitCommand::Update { on: on.map(day), new: Box::new(unit) }, 0)
    }

    fn succeed(&mut self, code: &str, successor: &str, on: Option<&str>) -> Result<UnitEvent, Rejection> {
        self.ask(code, &UnitCommand::Succeed { on: on.map(day), successor: successor.to_owned() }, 7)
    }

    fn unit(&self, code: &str) -> &Unit {
        self.0.get(code).unwrap()
    }

    fn row(&mut self, columns: &[&str], cells: &[&str], open_items: u32) -> Result<&'static str, String> {
        let columns: Vec<UnitField> = columns.iter().map(|name| UnitField::named(name).unwrap()).collect();
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let told = |refusal: crate::domain::RowRefusal| format!("{}: {}", refusal.column, refusal.reason);
        let row = UnitRow::parse(2, &columns, &cells, day(TODAY)).map_err(told)?;
        let caller = head(None);
        let context = Context::new(&caller, day(TODAY), &LAW, 30);
        let (verdict, events) = match take_unit_row(&row, &columns, &self.0, open_items, &context).map_err(told)? {
            UnitVerdict::Already => ("already", Vec::new()),
            UnitVerdict::New(events) => ("new", events),
            UnitVerdict::Advanced(events) => ("advanced", events),
        };
        for event in events {
            self.take(event);
        }
        Ok(verdict)
    }
}

/// Of a rejection of one field: the field.
fn field<T: std::fmt::Debug>(answer: Result<T, Rejection>) -> &'static str {
    match answer {
        Err(Rejection::Field { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_stood_on_a_past_day_can_be_read() {
    let mut book = Book::default();
    let founded = NewUnit { founded_on: Some(day("2010-05-01")), ..new("town", UnitLevel::Township, "320831100", "") };
    book.register(founded.clone()).unwrap();
    let renamed = |name: &str| {
        let mut unit = founded.clone();
        unit.standing.name = name.to_owned();
        unit
    };
    book.update(Some("2018-01-01"), renamed("二")).unwrap();
    book.update(Some("2024-01-01"), renamed("三")).unwrap();
    book.update(Some("2024-01-01"), renamed("三之正")).unwrap();
    let name = |on: &str| book.unit("town").standing_on(day(on)).map(|standing| standing.name.clone());
    assert_eq!(name("2010-04-30"), None);
    assert_eq!(name("2010-05-01").as_deref(), Some("town名"));
    assert_eq!(name("2018-01-01").as_deref(), Some("二"));
    assert_eq!(name("2023-12-31").as_deref(), Some("二"));
    assert_eq!(name(TODAY).as_deref(), Some("三之正"));
    assert_eq!(book.unit("town").past.len(), 2);
    assert_eq!(field(book.clone().update(Some("2023-06-01"), renamed("四"))), "changed_on");
    assert_eq!(field(book.clone().update(Some("2026-03-03"), renamed("四"))), "changed_on");
    let late = NewUnit { founded_on: Some(day("2019-01-01")), ..renamed("四") };
    assert_eq!(field(book.clone().update(None, late)), "unit.founded_on");
    assert_eq!(field(book.succeed("town", "town", None)), "successor");
    book.register(new("county", UnitLevel::County, "320831", "")).unwrap();
    assert_eq!(field(book.succeed("town", "county", Some("2023-12-31"))), "succeeded_on");
    book.succeed("town", "county", Some("2025-07-01")).unwrap();
    let town = book.unit("town");
    assert_eq!((town.handed_over, town.is_active(day("2025-06-30")), town.is_active(day("2025-07-01"))), (7, true, false));
    let before = town.as_of(day("2025-06-30")).unwrap();
    assert_eq!((before.closed_on, before.successor.as_str(), before.handed_over), (None, "", 0));
    // Where no founding is known, what is known first holds for all days before.
    assert_eq!(book.unit("county").standing_on(day("1990-01-01")).unwrap().level, Some(UnitLevel::County));
}

#[test]
fn what_is_closed_receives_nothing_and_names_who_took_over() {
    let mut book = Book::default();
    for code in ["a", "b", "c"] {
        book.register(new(code, UnitLevel::County, "320831", "")).unwrap();
    }
    book.succeed("a", "b", Some("2026-02-01")).unwrap();
    assert!(matches!(book.clone().succeed("b", "a", None), Err(Rejection::UnitClosed { .. })));
    book.succeed("b", "c", None).unwrap();
    let refused = |code: &str, on: &str| book.0.may_receive(code, day(on));
    let closed = |code: &str| Rejection::UnitClosed { code: code.to_owned(), successor: "c".to_owned() };
    assert_eq!(refused("a", "2026-01-31"), Ok(()));
    assert_eq!(refused("a", "2026-02-01"), Err(closed("a")));
    assert_eq!(refused("b", TODAY), Err(closed("b")));
    assert_eq!((refused("c", TODAY), refused("nobody knows it", TODAY)), (Ok(()), Ok(())));
    assert_eq!(book.0.heirs_of("c"), ["a", "b", "c"]);
    assert_eq!(book.clone().ask("c", &UnitCommand::Close { on: None }, 1), Err(Rejection::UnitHasOpenItems { open: 1 }));
    book.ask("c", &UnitCommand::Close { on: None }, 0).unwrap();
    assert_eq!(
        book.update(None, new("c", UnitLevel::City, "3208", "")),
        Err(Rejection::UnitClosed { code: "c".to_owned(), successor: String::new() })
    );
}

#[test]
fn other_divisions_are_left_alone() {
    let mut book = Book::default();
    book.register(new("county", UnitLevel::County, "320831", "")).unwrap();
    let caller = head(Some("320829"));
    let context = Context::new(&caller, day(TODAY), &LAW, 30);
    let ask = |code: &str, command: UnitCommand| decide_unit(code, &command, &book.0, 0, &context);
    let other = || Box::new(new("x", UnitLevel::County, "320831", ""));
    assert_eq!(ask("x", UnitCommand::Register(other())), Err(Rejection::OutsideDivision));
    assert_eq!(ask("county", UnitCommand::Close { on: None }), Err(Rejection::OutsideDivision));
    assert!(ask("x", UnitCommand::Register(Box::new(new("x", UnitLevel::Township, "320829100", "")))).is_ok());
    assert_eq!(ask("y", UnitCommand::Close { on: None }), Err(Rejection::UnitNotFound { code: "y".to_owned() }));
}

#[test]
fn the_next_higher_organ() {
    use UnitLevel::{City, County, Province, Township, Village};
    let mut book = Book::default();
    for (code, level, division, parent, kind) in [
        ("province", Province, "32", "", "petition_office"),
        ("city", City, "3208", "", "petition_office"),
        ("city housing", City, "3208", "", "housing"),
        ("county", County, "320831", "", "petition_office"),
        ("county government", County, "320831", "", "government"),
        ("housing", County, "320831", "", "housing"),
        ("bureau", County, "320831", "county government", "bureau"),
        ("schools", County, "320831", "", "schools"),
        ("town", Township, "320831100", "", "petition_office"),
        ("village", Village, "320831100201", "", "committee"),
        ("village of no town", Village, "320831101201", "", "committee"),
        ("other city", City, "3201", "", "petition_office"),
        ("gone", County, "320831", "", "bureau"),
        ("orphan", Township, "320831100", "gone", "petition_office"),
        ("child of gone", Township, "320831100", "gone", "station"),
    ] {
        let mut unit = new(code, level, division, parent);
        unit.standing.kind = kind.to_owned();
        book.register(unit).unwrap();
    }
    let parent = |code: &str| HigherOrgan::Parent(code.to_owned());
    let by_division = |code: &str| HigherOrgan::Division(code.to_owned());
    let several = |codes: &[&str]| HigherOrgan::Several(codes.iter().map(|code| (*code).to_owned()).collect());
    let higher = |book: &Book, code: &str| book.0.next_higher(code, day(TODAY));
    assert_eq!(higher(&book, "orphan"), parent("gone"));
    let mut succeeded = book.clone();
    succeeded.succeed("gone", "bureau", None).unwrap();
    assert_eq!(higher(&succeeded, "child of gone"), parent("bureau"), "who took over from the parent");
    assert_eq!(succeeded.0.next_higher("child of gone", day("2026-03-01")), parent("gone"), "as it stood the day before");
    book.ask("gone", &UnitCommand::Close { on: None }, 0).unwrap();
    for (code, expected) in [
        ("bureau", parent("county government")),
        ("town", by_division("county")),
        ("orphan", by_division("county")),
        ("housing", by_division("city housing")),
        ("county", by_division("city")),
        ("city", by_division("province")),
        ("other city", by_division("province")),
        ("province", HigherOrgan::Unknown),
        ("nobody knows it", HigherOrgan::Unknown),
        // No committee is above a village's, and three units of the township level can be meant.
        ("village", several(&["child of gone", "orphan", "town"])),
        // Its township has no unit: the nearest higher level is the county's.
        ("village of no town", several(&["bureau", "county", "county government", "housing", "schools"])),
        ("schools", several(&["city", "city housing"])),
    ] {
        assert_eq!(higher(&book, code), expected, "{code}");
    }
    book.take(UnitEvent::new(UnitKind::Imported, day(TODAY), Unit::named("named", day(TODAY))));
    assert_eq!(higher(&book, "named"), HigherOrgan::Unknown);
}

const COLUMNS: [&str; 10] =
    ["code", "name", "kind", "level", "parent", "division_code", "competence", "founded_on", "closed_on", "successor"];

#[test]
fn a_row_is_new_then_already_then_further_on() {
    let mut book = Book::default();
    let all = &COLUMNS;
    let row = [
        "县住建局",
        "住房和城乡建设局",
        "责任单位",
        "县级",
        "县政府",
        "320831",
        "城乡建设；房产物业、320831100",
        "2010-05-01",
        "",
        "",
    ];
    assert_eq!(book.row(all, &row, 0), Ok("new"));
    assert_eq!(book.row(all, &row, 0), Ok("already"));
    let unit = book.unit("县住建局").clone();
    assert_eq!((unit.standing.kind.as_str(), unit.standing.level), ("responsible_unit", Some(UnitLevel::County)));
    assert_eq!((unit.standing.categories.len(), unit.standing.divisions.len()), (2, 1));
    assert!(book.unit("县政府").imported, "its row may stand further down");
    assert_eq!(
        book.row(&["code", "name", "level", "division_code"], &["县政府", "人民政府", "county", "320831"], 0),
        Ok("advanced")
    );
    assert!(!book.unit("县政府").imported);
    let short = ["code", "name", "level", "division_code", "kind"];
    assert_eq!(book.row(&short, &["县政府", "人民政府", "county", "320831", "government"], 0), Ok("advanced"));
    assert_eq!(
        book.row(&short, &["县政府", "县人民政府", "county", "320831", "government"], 0),
        Err("name: recorded \"人民政府\", the row says \"县人民政府\"".to_owned())
    );
    let mut closing = row;
    closing[8] = "2025-12-31";
    assert_eq!(book.row(all, &closing, 3), Err("successor: must not be empty: 3 open items of the unit go to it".to_owned()));
    closing[9] = "县政府";
    assert_eq!(book.row(all, &closing, 3), Ok("advanced"));
    let unit = book.unit("县住建局");
    assert_eq!((unit.successor.as_str(), unit.handed_over, unit.closed_on), ("县政府", 3, Some(day("2025-12-31"))));
    assert_eq!(book.row(all, &closing, 0), Ok("already"));
}

#[test]
fn what_is_wrong_with_a_row_is_named() {
    let mut book = Book::default();
    book.register(new("known", UnitLevel::County, "320831", "")).unwrap();
    book.register(new("child", UnitLevel::County, "320831", "known")).unwrap();
    let good = ["x", "名", "bureau", "county", "", "320831", "", "", "", ""];
    for (at, cell, said) in [
        (0, "", "code: must not be empty"),
        (0, &"字".repeat(101), "code: must have at most 100 characters"),
        (1, "", "name: must not be empty"),
        (1, "a\u{7}", "name: must not contain control characters"),
        (2, "a\"b", "kind: must be 1 to 64 characters"),
        (3, "", "level: must not be empty"),
        (3, "国家级", "level: must be one of province, city, county, township, village, is \"国家级\""),
        (4, "x", "parent: must be another unit"),
        (5, "32083", "division_code: must be a division code"),
        (6, "12345", "competence: must be a division code"),
        (7, "2026-03-03", "founded_on: must not be after today"),
        (7, "1899-12-31", "founded_on: must not be before 1900"),
        (7, "yesterday", "founded_on: is "),
        (9, "known", "closed_on: must not be empty when there is a successor"),
    ] {
        let mut cells = good;
        cells[at] = cell;
        let told = book.clone().row(&COLUMNS, &cells, 0).unwrap_err();
        assert!(told.starts_with(said), "{cell}: {told}");
    }
    let told = |cells: [&str; 10], open| book.clone().row(&COLUMNS, &cells, open).unwrap_err();
    let low = ["x", "名", "", "township", "child", "320831100", "", "", "", ""];
    assert!(book.clone().row(&COLUMNS, &low, 0).is_ok());
    let above = ["x", "名", "", "city", "child", "3208", "", "", "", ""];
    assert!(told(above, 0).starts_with("parent: must not be of a lower level"));
    let ended = ["x", "名", "", "county", "", "320831", "", "2020-01-01", "2019-01-01", ""];
    assert_eq!(told(ended, 0), "closed_on: is 2019-01-01, before founded_on 2020-01-01");
    let mut by_itself = ended;
    (by_itself[8], by_itself[9]) = ("2021-01-01", "x");
    assert_eq!(told(by_itself, 0), "successor: must be another unit");
    assert!(book.row(&["code", "name"], &["x"], 0).unwrap_err().contains("the row has 1 cells"));
}

/// What a random walk may ask: which unit, of which level, below which other one, taken over by which.
#[derive(Clone, Debug)]
enum Ask {
    Register(usize, usize, Option<usize>),
    Update(usize, usize, Option<usize>),
    Succeed(usize, usize),
    Close(usize),
    Row(usize, usize, Option<usize>, Option<usize>),
}

fn ask() -> impl Strategy<Value = Ask> {
    let one = || 0..6_usize;
    let level = || 0..5_usize;
    prop_oneof![
        3 => (one(), level(), proptest::option::of(one())).prop_map(|(u, l, p)| Ask::Register(u, l, p)),
        4 => (one(), level(), proptest::option::of(one())).prop_map(|(u, l, p)| Ask::Update(u, l, p)),
        1 => (one(), one()).prop_map(|(a, b)| Ask::Succeed(a, b)),
        1 => one().prop_map(Ask::Close),
        3 => (one(), level(), proptest::option::of(one()), proptest::option::of(one()))
            .prop_map(|(u, l, p, s)| Ask::Row(u, l, p, s)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_above_or_after_himself(asks in proptest::collection::vec(ask(), 1..60)) {
        let name = |at: usize| format!("u{at}");
        let named = |at: Option<usize>| at.map(name).unwrap_or_default();
        let mut book = Book::default();
        for asked in asks {
            // Whether it is carried out or refused does not matter here.
            match asked {
                Ask::Register(unit, level, parent) => {
                    let _ = book.register(new(&name(unit), UnitLevel::ALL[level], "320831", &named(parent)));
                }
                Ask::Update(unit, level, parent) => {
                    let _ = book.update(None, new(&name(unit), UnitLevel::ALL[level], "320831", &named(parent)));
                }
                Ask::Succeed(unit, heir) => {
                    let _ = book.succeed(&name(unit), &name(heir), None);
                }
                Ask::Close(unit) => {
                    let _ = book.ask(&name(unit), &UnitCommand::Close { on: None }, 0);
                }
                Ask::Row(unit, level, parent, heir) => {
                    let (unit, parent, heir) = (name(unit), named(parent), named(heir));
                    let closed = if heir.is_empty() { "" } else { "2026-01-01" };
                    let cells = [&unit, "名", "", UnitLevel::ALL[level].code(), &parent, "320831", "", "", closed, &heir];
                    let _ = book.row(&COLUMNS, &cells, 0);
                }
            }
            for unit in book.0.iter() {
                prop_assert!(book.0.above(&unit.code).all(|above| above.code != unit.code), "{} is above itself", unit.code);
                if let Some(above) = book.0.get(&unit.standing.parent)
                    && let (Some(own), Some(its)) = (unit.standing.level, above.standing.level)
                {
                        prop_assert!(unit.closed_on.is_some() || above.closed_on.is_some() || its <= own, "{} above {}", above.code, unit.code);
                }
                let mut heirs = vec![unit.code.clone()];
                while let Some(heir) = book.0.get(heirs.last().unwrap()).map(|unit| unit.successor.clone()).filter(|heir| !heir.is_empty()) {
                    prop_assert!(!heirs.contains(&heir), "{heirs:?} and again {heir}");
                    heirs.push(heir);
                }
                let mut past = unit.past.iter().map(|period| period.from).chain([unit.since]);
                let mut before = past.next().unwrap();
                for from in past {
                    prop_assert!(before < from, "periods of {}", unit.code);
                    before = from;
                }
            }
        }
    }
}
