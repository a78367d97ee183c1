//! The register as shipped: whole, in order, and right about places whose history is known; an office's file over it.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use fengqiao_identifiers::{Divisions, Found};
use fengqiao_model::{Day, DivisionCode};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

/// What the register says of a code on a day, in one line.
fn said(divisions: &Divisions, text: &str, on: &str) -> String {
    match divisions.find(&code(text), day(on)) {
        Found::Valid(found) if found.statistical => format!("statistical {}", found.name),
        Found::Valid(found) => format!("valid {}", found.name),
        Found::Withdrawn(found) => {
            let successors: Vec<String> = found.successors.iter().map(ToString::to_string).collect();
            format!("withdrawn {} {} {}", found.name, found.until.unwrap(), successors.join(" ")).trim_end().to_owned()
        }
        Found::NotYet(found) => format!("not yet {} {}", found.name, found.from.unwrap()),
        Found::Padded(found) => format!("padded {found}"),
        Found::Unknown(Some(nearest)) => format!("unknown in {nearest}"),
        Found::Unknown(None) => "unknown".to_owned(),
    }
}

#[test]
fn known_places_have_their_history() {
    let divisions = Divisions::shipped();
    for (text, on, expected) in [
        ("32", "2026-03-02", "valid 江苏省"),
        ("3208", "2026-03-02", "valid 淮安市"),
        ("3208", "1999-12-31", "valid 淮阴市"),
        ("320831", "2026-03-02", "valid 金湖县"),
        ("320831101", "2026-03-02", "valid 金南镇"),
        ("320829", "2015-12-31", "valid 洪泽县"),
        ("320829", "2016-12-31", "valid 洪泽县"),
        ("320829", "2017-01-01", "withdrawn 洪泽县 2016-12-31 320813"),
        ("320813", "2016-06-08", "valid 洪泽区"),
        ("320813", "2015-12-31", "not yet 洪泽区 2016-01-01"),
        ("320803", "2009-01-01", "valid 楚州区"),
        ("320803", "2026-01-01", "valid 淮安区"),
        ("653229", "2026-01-01", "valid 和安县"),
        ("320871", "2026-01-01", "statistical 淮安经济技术开发区"),
        ("320831403", "2026-01-01", "statistical 金湖经济开发区"),
        ("320831400", "2026-01-01", "statistical 宝应湖农场"),
        ("320871001", "2026-01-01", "statistical 钵池街道"),
        ("320871099", "2026-01-01", "unknown in 320871 淮安经济技术开发区"),
        ("320831100", "2026-01-01", "unknown in 320831 金湖县"),
        ("320831101201", "2026-01-01", "unknown in 320831101 金南镇"),
        ("320832", "2026-01-01", "unknown in 3208 淮安市"),
        ("3299", "2026-01-01", "unknown in 32 江苏省"),
        ("99", "2026-01-01", "unknown"),
        ("320800", "2026-01-01", "padded 3208 淮安市"),
        ("320000", "2026-01-01", "padded 32 江苏省"),
        ("320831000000", "2026-01-01", "padded 320831 金湖县"),
        ("320831101000", "2026-01-01", "padded 320831101 金南镇"),
        ("441900", "2026-01-01", "statistical 东莞市"),
        ("71", "2026-01-01", "valid 台湾省"),
    ] {
        assert_eq!(said(&divisions, text, on), expected, "{text} on {on}");
    }
    let today = day("2026-03-02");
    assert_eq!(divisions.full_name(&code("320831101"), today).unwrap(), "江苏省淮安市金湖县金南镇");
    assert_eq!(divisions.full_name(&code("110101"), today).unwrap(), "北京市东城区");
    assert_eq!(divisions.full_name(&code("320831999"), today), None);
    let towns: Vec<String> = divisions.within(&code("320831"), today).iter().map(ToString::to_string).collect();
    assert_eq!(towns.len(), 12);
    assert_eq!((towns[0].as_str(), towns[3].as_str()), ("320831001 黎城街道", "320831101 金南镇"));
    let counties: Vec<&str> = divisions.within(&code("3208"), today).iter().map(|division| division.name).collect();
    assert_eq!(counties.join(" "), "淮安区 淮阴区 清江浦区 洪泽区 涟水县 盱眙县 金湖县 淮安经济技术开发区");
    assert!(
        divisions.knows_below(&code("320831"))
            && !divisions.knows_below(&code("320831101"))
            && divisions.knows_below(&code("32"))
    );
}

#[test]
fn the_whole_country_is_there_and_hangs_together() {
    let (divisions, today) = (Divisions::shipped(), day("2026-03-02"));
    let provinces: Vec<DivisionCode> =
        (10..100).map(|n| code(&n.to_string())).filter(|p| divisions.valid(p, today).is_some()).collect();
    assert_eq!(provinces.len(), 34);
    let (mut counties, mut townships, mut statistical) = (0, 0, 0);
    for province in &provinces {
        for city in divisions.within(province, today) {
            for county in divisions.within(&city.code, today) {
                counties += 1;
                statistical += usize::from(county.statistical);
                let below = divisions.within(&county.code, today);
                townships += below.len();
                for township in below {
                    assert!(!township.name.is_empty() && matches!(divisions.find(&township.code, today), Found::Valid(_)));
                    assert!(!county.statistical || township.statistical, "{township} in {county}");
                }
            }
        }
    }
    // Every township of the source is reached from the province down: none hangs in the air.
    assert_eq!((counties, townships), (2_982, 41_352));
    assert_eq!(statistical, 136, "124 zones, and what has no counties of its own");
    let withdrawn = divisions.find(&code("320802"), today);
    assert!(matches!(&withdrawn, Found::Withdrawn(old) if old.successors == [code("320812")]), "{withdrawn:?}");
}

#[test]
fn an_offices_file_goes_before_what_ships() {
    let file = "\u{feff}代码,名称,启用,停用,新代码\r\n\
                320831101201,\"某村\",,,\n\
                320831101498,某筹建区,2024,,\n\
                320831001,黎城街道,,2025-06-30,320831009\n\
                320831009,黎城新街道,2025-07-01,,\n\
                320832,新县,2026-01-01,,\n\
                320832001,新街道,,,\n";
    let divisions = Divisions::with_file(file).unwrap();
    for (text, on, expected) in [
        ("320831101201", "2026-03-02", "valid 某村"),
        ("320831101498", "2026-03-02", "statistical 某筹建区"),
        ("320831101498", "2023-12-31", "not yet 某筹建区 2024-01-01"),
        ("320831101202", "2026-03-02", "unknown in 320831101 金南镇"),
        ("320831001", "2025-06-30", "valid 黎城街道"),
        ("320831001", "2025-07-01", "withdrawn 黎城街道 2025-06-30 320831009"),
        ("320831009", "2025-07-01", "valid 黎城新街道"),
        ("320832", "2025-12-31", "not yet 新县 2026-01-01"),
        ("320832001", "2026-03-02", "valid 新街道"),
        ("320831002", "2026-03-02", "valid 戴楼街道"),
    ] {
        assert_eq!(said(&divisions, text, on), expected, "{text} on {on}");
    }
    let today = day("2026-03-02");
    let towns: Vec<String> = divisions.within(&code("320831"), today).iter().map(ToString::to_string).collect();
    assert!(!towns.contains(&"320831001 黎城街道".to_owned()) && towns.contains(&"320831009 黎城新街道".to_owned()), "{towns:?}");
    assert!(divisions.knows_below(&code("320831101")) && divisions.within(&code("320831101"), today).len() == 2);
    assert_eq!(format!("{divisions:?}"), "Divisions(shipped, 6 of the office)");
}

#[test]
fn each_mistake_of_a_file_has_its_line() {
    let problems =
        |text: &str| -> Vec<String> { Divisions::with_file(text).unwrap_err().iter().map(ToString::to_string).collect() };
    assert_eq!(
        problems(""),
        ["line 1: code: the header has no column code (代码)", "line 1: name: the header has no column name (名称)"]
    );
    assert_eq!(problems("code,name,name,zip\n")[0], "line 1: name: name stands twice in the header");
    assert!(problems("code,name,zip\n")[0].starts_with("line 1: file: there is no column zip; there are code (代码), name"));
    let file = "code,name,from,until,successor\n\
                32083,甲\n\
                320831101201,\n\
                320831101202,乙,yesterday\n\
                320831101203,丙,2024-01-01,2023-12-31\n\
                320831101204,丁,,,3208\n\
                320831101204,丁,2020,,\n\
                320899101204,戊,,,x\n\
                320899101204,戊\n\
                320831101206,己,2020,2020\n\
                320831101206,己,2021,2021\n";
    assert_eq!(
        problems(file),
        [
            "line 2: code: \"32083\" must be a division code of 2, 4, 6, 9 or 12 digits",
            "line 3: name: must have 1 to 100 characters, no comma, quotation mark or control character among them",
            "line 4: from: \"yesterday\" must be a day such as 2024-12-31, or a year",
            "line 5: until: must not be before the first day",
            "line 7: code: 320831101204 stands on line 6 already, for the same time",
            "line 8: successor: \"x\" must be a division code of 2, 4, 6, 9 or 12 digits",
            "line 9: code: 320899101204 lies in 320899, which is no county known, nor in this file",
        ]
    );
    let many = format!("code,name\n{}", "x,y\n".repeat(1_000));
    assert_eq!(problems(&many).len(), 100);
}

#[test]
fn the_statistics_bureaus_list_can_be_loaded_as_it_is() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/divisions/villages_32_jiangsu.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("{} is not beside this checkout: not loaded", path.display());
        return;
    };
    let divisions = Divisions::with_file(&text).unwrap();
    assert_eq!(format!("{divisions:?}"), "Divisions(shipped, 21958 of the office)");
    assert_eq!(said(&divisions, "320102002001", "2026-03-02"), "valid 梅园新村社区居委会");
}
