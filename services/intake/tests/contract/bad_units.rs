//! Bad input into the calls about units: a documented answer each, nothing written, and the service goes on. The golden file lists
//! them all.

use crate::{
    asks::id,
    bad_input::{Spoil, Table},
    desk::Desk,
    units::{bureau, close, head_beside, register, succeed, unit_rows, update},
};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::{assert_golden, on_each_engine};
use tonic::Response;

const UNIT: &[Spoil<pb::NewUnit>] = &[
    ("over-long code", |u| u.code = "字".repeat(101)),
    ("control character in code", |u| u.code = "a\0".into()),
    ("code on two lines", |u| u.code = "a\nb".into()),
    ("code with spaces at the ends", |u| u.code = " a".into()),
    ("no name", |u| u.name = String::new()),
    ("over-long name", |u| u.name = "字".repeat(101)),
    ("control character in name", |u| u.name = "a\u{7}".into()),
    ("no kind", |u| u.kind = String::new()),
    ("over-long kind", |u| u.kind = "k".repeat(65)),
    ("no level", |u| u.level = String::new()),
    ("unknown level", |u| u.level = "national".into()),
    ("level in Chinese", |u| u.level = "县级".into()),
    ("unknown parent", |u| u.parent = "无此单位".into()),
    ("over-long parent", |u| u.parent = "字".repeat(101)),
    ("parent of a lower level", |u| u.parent = "镇政府".into()),
    ("closed parent", |u| u.parent = "旧局".into()),
    ("no division", |u| u.division_code = String::new()),
    ("malformed division", |u| u.division_code = "32083".into()),
    ("too many categories", |u| u.categories = (0..101).map(|n| format!("类{n}")).collect()),
    ("category twice", |u| u.categories = vec!["教育".into(); 2]),
    ("empty category", |u| u.categories = vec![String::new()]),
    ("category of digits", |u| u.categories = vec!["12345".into()]),
    ("several categories in one", |u| u.categories = vec!["教育、政法".into()]),
    ("malformed division of competence", |u| u.divisions = vec!["1".into()]),
    ("malformed day of founding", |u| u.founded_on = "2020".into()),
    ("day of founding before 1900", |u| u.founded_on = "1899-12-31".into()),
    ("day of founding after today", |u| u.founded_on = "2026-03-03".into()),
    ("everything at once", |u| *u = pb::NewUnit { founded_on: "x".into(), ..Default::default() }),
];

/// What can be wrong with what all changes have in common.
macro_rules! changes {
    ($table:ident, $desk:ident, $used:ident, $call:literal, $method:ident, $good:expr) => {{
        let good = $good;
        for (what, request) in [
            ("no request id", {
                let mut r = good.clone();
                r.request_id = String::new();
                r
            }),
            ("malformed request id", {
                let mut r = good.clone();
                r.request_id = "1".into();
                r
            }),
            ("request id used with other content", {
                let mut r = good.clone();
                r.request_id = $used.clone();
                r
            }),
            ("no code", {
                let mut r = good.clone();
                r.code = String::new();
                r
            }),
            ("control character in code", {
                let mut r = good.clone();
                r.code = "a\0".into();
                r
            }),
            ("unknown code", {
                let mut r = good.clone();
                r.code = "无此单位".into();
                r
            }),
            ("neither etag nor request", {
                let mut r = good.clone();
                r.etag = String::new();
                r
            }),
            ("both etag and request", {
                let mut r = good.clone();
                r.after_request_id = id();
                r
            }),
            ("malformed etag", {
                let mut r = good.clone();
                r.etag = "x".into();
                r
            }),
            ("stale etag", {
                let mut r = good.clone();
                r.etag = "9".into();
                r
            }),
            ("request that was not the last", {
                let mut r = good.clone();
                r.etag = String::new();
                r.after_request_id = id();
                r
            }),
            ("closed unit", {
                let mut r = good.clone();
                r.code = "旧局".into();
                r.etag = "2".into();
                r
            }),
        ] {
            $table.note($call, what, $desk.head().$method(request).await).await;
        }
        $table.note($call, "role that may not", $desk.clerk().$method(good.clone()).await).await;
        $table.note($call, "nobody", $desk.by_nobody().$method(good.clone()).await).await;
        $table.note($call, "division of others", $desk.by(head_beside()).$method(good).await).await;
    }};
}

on_each_engine! {
    async fn every_bad_input_about_units_has_its_documented_answer(location: Location) {
        let desk = Desk::open(&location).await;
        let proof = desk.appeal().await.id;
        let first = register(pb::NewUnit { founded_on: "2020-01-01".into(), ..bureau("住建局") });
        let used = first.request_id.clone();
        let unit = desk.head().register_unit(first).await.unwrap().into_inner().unit.unwrap();
        desk.register(bureau("新局")).await;
        let town = pb::NewUnit { level: "township".into(), division_code: "320831100".into(), ..bureau("镇政府") };
        desk.register(town).await;
        desk.register(pb::NewUnit { parent: "住建局".into(), ..bureau("质监站") }).await;
        let old = desk.register(bureau("旧局")).await;
        desk.head().close_unit(close(&old)).await.unwrap();
        let mut table = Table::new(&desk, proof).await;
        let table = &mut table;

        const REGISTER: &str = "RegisterUnit";
        let good = || register(bureau("新的局"));
        for (what, request) in [
            ("no request id", pb::RegisterUnitRequest { request_id: String::new(), ..good() }),
            ("malformed request id", pb::RegisterUnitRequest { request_id: "1".into(), ..good() }),
            ("request id used with other content", pb::RegisterUnitRequest { request_id: used.clone(), ..good() }),
            ("no unit", pb::RegisterUnitRequest { unit: None, ..good() }),
            ("code that exists", register(bureau("住建局"))),
            ("parent that is itself", register(pb::NewUnit { parent: "新的局".into(), ..bureau("新的局") })),
            ("no code", register(bureau(""))),
        ] {
            table.note(REGISTER, what, desk.head().register_unit(request).await).await;
        }
        for (what, spoil) in UNIT {
            let mut new = bureau("新的局");
            spoil(&mut new);
            table.note(REGISTER, what, desk.head().register_unit(register(new)).await).await;
        }
        table.note(REGISTER, "role that may not", desk.clerk().register_unit(good()).await).await;
        table.note(REGISTER, "nobody", desk.by_nobody().register_unit(good()).await).await;
        table.note(REGISTER, "division of others", desk.by(head_beside()).register_unit(good()).await).await;

        const UPDATE: &str = "UpdateUnit";
        let good = || update(&unit, bureau(""));
        changes!(table, desk, used, "UpdateUnit", update_unit, good());
        for (what, spoil) in UNIT {
            let mut new = bureau("");
            spoil(&mut new);
            table.note(UPDATE, what, desk.head().update_unit(update(&unit, new)).await).await;
        }
        for (what, request) in [
            ("no unit", pb::UpdateUnitRequest { unit: None, ..good() }),
            ("another code in the unit", update(&unit, bureau("新局"))),
            ("parent that lies below", update(&unit, pb::NewUnit { parent: "质监站".into(), ..bureau("") })),
            ("level below that of a child", update(&unit, pb::NewUnit { level: "village".into(), ..bureau("") })),
            ("malformed day", pb::UpdateUnitRequest { changed_on: "x".into(), ..good() }),
            ("day after today", pb::UpdateUnitRequest { changed_on: "2026-03-03".into(), ..good() }),
            ("day before its founding", pb::UpdateUnitRequest { changed_on: "2019-12-31".into(), ..good() }),
            ("another division", update(&unit, pb::NewUnit { division_code: "x".into(), ..bureau("") })),
        ] {
            table.note(UPDATE, what, desk.head().update_unit(request).await).await;
        }

        const SUCCEED: &str = "SucceedUnit";
        let good = || succeed(&unit, "新局");
        changes!(table, desk, used, "SucceedUnit", succeed_unit, good());
        for (what, request) in [
            ("no successor", succeed(&unit, "")),
            ("over-long successor", succeed(&unit, &"字".repeat(101))),
            ("unknown successor", succeed(&unit, "无此单位")),
            ("closed successor", succeed(&unit, "旧局")),
            ("itself", succeed(&unit, "住建局")),
            ("malformed day", pb::SucceedUnitRequest { succeeded_on: "x".into(), ..good() }),
            ("day after today", pb::SucceedUnitRequest { succeeded_on: "2026-03-03".into(), ..good() }),
            ("day before its founding", pb::SucceedUnitRequest { succeeded_on: "2019-12-31".into(), ..good() }),
        ] {
            table.note(SUCCEED, what, desk.head().succeed_unit(request).await).await;
        }

        const CLOSE: &str = "CloseUnit";
        let good = || close(&unit);
        changes!(table, desk, used, "CloseUnit", close_unit, good());
        for (what, request) in [
            ("malformed day", pb::CloseUnitRequest { closed_on: "x".into(), ..good() }),
            ("day after today", pb::CloseUnitRequest { closed_on: "2026-03-03".into(), ..good() }),
            ("day before its founding", pb::CloseUnitRequest { closed_on: "2019-12-31".into(), ..good() }),
        ] {
            table.note(CLOSE, what, desk.head().close_unit(request).await).await;
        }
        reads(table, &desk).await;
        imports(table, &desk).await;
        assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bad_units.txt"), table.lines());
        assert!(desk.differences().await.is_empty());
    }
}

async fn reads(table: &mut Table<'_>, desk: &Desk) {
    let get = |code: &str, on: &str| pb::GetUnitRequest { code: code.into(), on: on.into() };
    for (what, request) in [
        ("no code", get("", "")),
        ("over-long code", get(&"字".repeat(101), "")),
        ("control character in code", get("a\0", "")),
        ("unknown code", get("无此单位", "")),
        ("malformed day", get("住建局", "x")),
        ("day before its founding", get("住建局", "2019-12-31")),
    ] {
        let higher = pb::NextHigherOrganRequest { code: request.code.clone(), on: request.on.clone() };
        table.note("GetUnit", what, desk.clerk().get_unit(request).await).await;
        table.note("NextHigherOrgan", what, desk.clerk().next_higher_organ(higher).await).await;
    }
    let higher = pb::NextHigherOrganRequest { code: "住建局".into(), on: String::new() };
    table.note("NextHigherOrgan", "nobody is above it", desk.clerk().next_higher_organ(higher.clone()).await).await;
    table.note("GetUnit", "role that may not", desk.window().get_unit(get("住建局", "")).await).await;
    table.note("NextHigherOrgan", "role that may not", desk.window().next_higher_organ(higher).await).await;

    let spoils: &[Spoil<pb::ListSilentUnitsRequest>] = &[
        ("malformed division", |r| r.division_code = "1".into()),
        ("unknown level", |r| r.level = "national".into()),
        ("over-long kind", |r| r.kind = "k".repeat(65)),
        ("malformed day", |r| r.as_of = "x".into()),
        ("negative page size", |r| r.page_size = -1),
        ("too large a page size", |r| r.page_size = 1_001),
        ("malformed page token", |r| r.page_token = "x".into()),
        ("page token of another filter", |r| r.page_token = "000000000000.61".into()),
    ];
    for (what, spoil) in spoils {
        let mut silent = pb::ListSilentUnitsRequest { days: 1, ..Default::default() };
        spoil(&mut silent);
        let list = pb::ListUnitsRequest {
            division_code: silent.division_code.clone(),
            level: silent.level.clone(),
            kind: silent.kind.clone(),
            on: silent.as_of.clone(),
            page_size: silent.page_size,
            page_token: silent.page_token.clone(),
        };
        table.note("ListUnits", what, desk.clerk().list_units(list).await).await;
        table.note("ListSilentUnits", what, desk.clerk().list_silent_units(silent).await).await;
    }
    for (what, days, as_of) in
        [("no days", 0, ""), ("negative days", -1, ""), ("too many days", 3_661, ""), ("day after today", 1, "2026-03-03")]
    {
        let request = pb::ListSilentUnitsRequest { days, as_of: as_of.into(), ..Default::default() };
        table.note("ListSilentUnits", what, desk.clerk().list_silent_units(request).await).await;
    }
    table.note("ListUnits", "role that may not", desk.window().list_units(pb::ListUnitsRequest::default()).await).await;
    let request = pb::ListSilentUnitsRequest { days: 1, ..Default::default() };
    table.note("ListSilentUnits", "role that may not", desk.window().list_silent_units(request).await).await;
}

async fn imports(table: &mut Table<'_>, desk: &Desk) {
    const COLUMNS: [&str; 4] = ["code", "name", "level", "division_code"];
    const BATCH: &[Spoil<pb::ImportUnitsRequest>] = &[
        ("no request id", |b| b.request_id = String::new()),
        ("malformed request id", |b| b.request_id = "1".into()),
        ("no columns", |b| b.columns.clear()),
        ("unknown column", |b| b.columns.push("colour".into())),
        ("column in Chinese", |b| b.columns.push("上级".into())),
        ("column twice", |b| b.columns.push("code".into())),
        ("mandatory column missing", |b| b.columns.truncate(3)),
        ("too many rows", |b| b.rows = vec![b.rows[0].clone(); 2_001]),
        ("everything at once", |b| *b = pb::ImportUnitsRequest::default()),
    ];
    let good = || unit_rows(&COLUMNS, &[&["新的局", "名", "county", "320831"]]);
    let in_one_call = |batch| pb::ImportUnitBatchRequest { batch };
    for (what, spoil) in BATCH {
        let mut batch = good();
        spoil(&mut batch);
        table.note("ImportUnitBatch", what, desk.head().import_unit_batch(in_one_call(Some(batch.clone()))).await).await;
        let mut answers = desk.head().import_units(tokio_stream::iter(vec![batch])).await.unwrap().into_inner();
        table.note("ImportUnits", what, answers.message().await.map(Response::new)).await;
    }
    table.note("ImportUnitBatch", "no batch", desk.head().import_unit_batch(in_one_call(None)).await).await;
    table.note("ImportUnitBatch", "role that may not", desk.clerk().import_unit_batch(in_one_call(Some(good()))).await).await;
    let may_not = desk.clerk().import_units(tokio_stream::iter(vec![good()])).await;
    table.note("ImportUnits", "role that may not", may_not.map(|_| Response::new(()))).await;
    // Wrong rows: a verdict each, and nothing written.
    let rows: [&[&str]; 6] = [
        &["", "名", "county", "320831"],
        &["x", "", "county", "320831"],
        &["x", "名", "国家级", "320831"],
        &["x", "名", "county", "32083"],
        &["住建局", "别的名", "county", "320831"],
        &["x", "名", "county"],
    ];
    let answer = desk.head().import_unit_batch(in_one_call(Some(unit_rows(&COLUMNS, &rows)))).await.unwrap().into_inner();
    let refused = answer.result.unwrap().refused;
    assert_eq!(
        refused.iter().map(|refusal| refusal.column.as_str()).collect::<Vec<_>>(),
        ["code", "name", "level", "division_code", "name", "division_code",]
    );
    assert_eq!(refused[4].reason, "recorded \"住建局（全称）\", the row says \"别的名\"");
    let mut outside = desk.by(head_beside());
    let answer = outside.import_unit_batch(in_one_call(Some(good()))).await.unwrap().into_inner().result.unwrap();
    assert_eq!(answer.refused[0].reason, "lies outside the caller's divisions");
}
