//! Units: registered, changed from a day on, named by petitions and ledgers, taken over, closed, listed; the next higher organ; who is
//! silent.

use crate::{
    asks::{self, appeal, id},
    desk::{Client, Desk, OFFICE, TODAY, caller, clerk, field, reason, refused},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{Location, log, on};
use fengqiao_testkit::on_each_engine;

/// A bureau of the county.
pub fn bureau(code: &str) -> pb::NewUnit {
    pb::NewUnit {
        code: code.into(),
        name: format!("{code}（全称）"),
        kind: "responsible_unit".into(),
        level: "county".into(),
        division_code: "320831".into(),
        ..Default::default()
    }
}

pub fn register(unit: pb::NewUnit) -> pb::RegisterUnitRequest {
    pb::RegisterUnitRequest { request_id: id(), unit: Some(unit), device: None }
}

/// The unit becomes this.
pub fn update(unit: &pb::Unit, new: pb::NewUnit) -> pb::UpdateUnitRequest {
    let code = unit.facts.clone().unwrap().code;
    pb::UpdateUnitRequest { request_id: id(), code, etag: unit.etag.clone(), unit: Some(new), ..Default::default() }
}

pub fn succeed(unit: &pb::Unit, successor: &str) -> pb::SucceedUnitRequest {
    let code = unit.facts.clone().unwrap().code;
    let (etag, successor) = (unit.etag.clone(), successor.into());
    pb::SucceedUnitRequest { request_id: id(), code, etag, successor, ..Default::default() }
}

pub fn close(unit: &pb::Unit) -> pb::CloseUnitRequest {
    let code = unit.facts.clone().unwrap().code;
    pb::CloseUnitRequest { request_id: id(), code, etag: unit.etag.clone(), ..Default::default() }
}

/// A batch of rows of a ledger of units; the first row stands on line 2.
pub fn unit_rows(columns: &[&str], rows: &[&[&str]]) -> pb::ImportUnitsRequest {
    let row =
        |(line, cells): (i64, &&[&str])| pb::UnitLedgerRow { line, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() };
    pb::ImportUnitsRequest {
        request_id: id(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: (2..).zip(rows).map(row).collect(),
    }
}

impl Desk {
    pub async fn register(&self, unit: pb::NewUnit) -> pb::Unit {
        self.head().register_unit(register(unit)).await.unwrap().into_inner().unit.unwrap()
    }

    pub async fn unit(&self, code: &str) -> pb::Unit {
        self.unit_on(code, "").await
    }

    pub async fn unit_on(&self, code: &str, on: &str) -> pb::Unit {
        let request = pb::GetUnitRequest { code: code.into(), on: on.into() };
        self.clerk().get_unit(request).await.unwrap().into_inner().unit.unwrap()
    }

    /// Kinds of events from a position on, with their aggregates.
    pub async fn events_after(&self, position: i64) -> Vec<log::Event> {
        log::read_after(&self.db, position, 10_000).await.unwrap()
    }

    /// The open items of a unit, as the list has them.
    pub async fn items_of(&self, unit: &str) -> Vec<pb::Petition> {
        let request = pb::ListPetitionsRequest { responsible_unit: unit.into(), page_size: 1000, ..Default::default() };
        self.clerk().list_petitions(request).await.unwrap().into_inner().petitions
    }
}

fn codes(units: &[pb::Unit]) -> Vec<String> {
    units.iter().map(|unit| unit.facts.clone().unwrap().code).collect()
}

pub async fn listed(desk: &Desk, request: pb::ListUnitsRequest) -> Vec<String> {
    codes(&desk.clerk().list_units(request).await.unwrap().into_inner().units)
}

async fn silent(desk: &Desk, request: pb::ListSilentUnitsRequest) -> Vec<(String, String, i32)> {
    let answer = desk.clerk().list_silent_units(request).await.unwrap().into_inner();
    answer.units.into_iter().map(|unit| (unit.facts.unwrap().code, unit.last_day, unit.days)).collect()
}

/// Logs a petition that a unit has to handle.
pub async fn logged_for(client: &mut Client, unit: &str) -> pb::Petition {
    let petition = pb::NewPetition { responsible_unit: unit.into(), ..appeal() };
    client.log_petition(asks::log(petition)).await.unwrap().into_inner().petition.unwrap()
}

/// Imports open items of a unit, and says their references.
pub async fn many_items(desk: &Desk, unit: &str, count: usize) {
    let columns = ["external_ref", "registered_at", "division_code", "matter_class", "responsible_unit"];
    let references: Vec<String> = (0..count).map(|n| format!("R{n}")).collect();
    for part in references.chunks(500) {
        let rows: Vec<[&str; 5]> = part.iter().map(|r| [r.as_str(), "2026-01-05", "320831", "appeal", unit]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 5]>::as_slice).collect();
        assert_eq!(desk.import(&columns, &rows).await.imported, i64::try_from(part.len()).unwrap());
    }
}

on_each_engine! {
    async fn a_unit_is_registered_and_changes_from_a_day_on(location: Location) {
        let desk = Desk::open(&location).await;
        let mut head = desk.head();
        let founded = pb::NewUnit { founded_on: "2010-05-01".into(), categories: vec!["城乡建设".into()], ..bureau("住建局") };
        let request = register(founded.clone());
        let unit = head.register_unit(request.clone()).await.unwrap().into_inner().unit.unwrap();
        assert_eq!((unit.etag.as_str(), unit.history.len(), unit.facts.as_ref().unwrap().categories.len()), ("1", 1, 1));
        assert_eq!(desk.unit("住建局").await, unit);
        assert_eq!(head.register_unit(request.clone()).await.unwrap().into_inner().unit.unwrap(), unit, "the first outcome again");
        let other = pb::RegisterUnitRequest { unit: Some(bureau("规划局")), ..request };
        assert_eq!(reason(head.register_unit(other).await), "REQUEST_ID_REUSED");
        assert_eq!(reason(head.register_unit(register(founded.clone())).await), "UNIT_EXISTS");

        let renamed = pb::NewUnit { name: "住房和城乡建设局".into(), ..founded.clone() };
        let first = pb::UpdateUnitRequest { changed_on: "2019-03-01".into(), ..update(&unit, renamed.clone()) };
        let changed = head.update_unit(first.clone()).await.unwrap().into_inner().unit.unwrap();
        assert_eq!((changed.etag.as_str(), changed.history.len()), ("2", 2));
        assert_eq!((changed.history[0].until.as_str(), changed.history[1].until.as_str()), ("2019-03-01", ""));
        let on = async |day: &str| desk.unit_on("住建局", day).await.facts.unwrap().name;
        assert_eq!((on("2019-02-28").await.as_str(), on("2019-03-01").await.as_str()), ("住建局（全称）", "住房和城乡建设局"));
        let unborn = pb::GetUnitRequest { code: "住建局".into(), on: "2010-04-30".into() };
        assert_eq!(reason(desk.clerk().get_unit(unborn).await), "UNIT_NOT_FOUND");

        let fault = refused(head.update_unit(pb::UpdateUnitRequest { request_id: id(), ..first.clone() }).await);
        assert_eq!((fault.reason.as_str(), fault.message.contains("unit.updated by head-1")), ("ETAG_STALE", true), "{fault:?}");
        let chained = pb::UpdateUnitRequest { etag: String::new(), after_request_id: first.request_id, ..update(&changed, founded) };
        assert_eq!(head.update_unit(chained.clone()).await.unwrap().into_inner().unit.unwrap().etag, "3");
        let again = pb::CloseUnitRequest { etag: String::new(), after_request_id: id(), ..close(&changed) };
        assert_eq!(reason(head.close_unit(again).await), "NOT_AFTER_REQUEST");
        let closing = pb::CloseUnitRequest { etag: String::new(), after_request_id: chained.request_id, ..close(&changed) };
        let closed = head.close_unit(closing).await.unwrap().into_inner().unit.unwrap();
        assert_eq!(closed.facts.unwrap().closed_on, TODAY);
        assert_eq!(desk.unit_on("住建局", "2026-03-01").await.facts.unwrap().closed_on, "", "then nobody knew");
        assert_eq!(desk.events_after(0).await.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), [
            "unit.registered", "unit.updated", "unit.updated", "unit.closed",
        ]);
        assert!(desk.differences().await.is_empty());
    }

    async fn units_that_are_named_are_registered_as_imported(location: Location) {
        let desk = Desk::open(&location).await;
        logged_for(&mut desk.clerk(), "住建局").await;
        let kinds = |events: Vec<log::Event>| events.into_iter().map(|event| event.kind).collect::<Vec<_>>();
        assert_eq!(kinds(desk.events_after(0).await), ["unit.imported", "petition.registered"], "what names it stands behind it");
        let unit = desk.unit("住建局").await;
        let facts = unit.facts.clone().unwrap();
        assert_eq!((facts.imported, facts.name.as_str(), facts.level.as_str(), unit.open_items), (true, "住建局", "", 1));
        let position = desk.position().await;
        logged_for(&mut desk.clerk(), "住建局").await;
        logged_for(&mut desk.clerk(), OFFICE).await;
        assert_eq!(desk.position().await, position + 2, "a known one and the caller's own cost nothing");
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "responsible_unit"];
        let rows: [&[&str]; 4] = [
            &["1", "2026-01-05", "320831", "appeal", "住建局"],
            &["2", "2026-01-05", "320831", "appeal", "某 \"局\""],
            &["3", "2026-01-05", "320831", "appeal", "某 \"局\""],
            &["4", "2026-01-05", "320831", "appeal", ""],
        ];
        desk.import(&columns, &rows).await;
        assert_eq!(listed(&desk, pb::ListUnitsRequest::default()).await, ["住建局", "某 \"局\""]);
        assert_eq!(desk.position().await, position + 2 + 5);

        let registered = desk.register(bureau("住建局")).await;
        assert_eq!((registered.etag.as_str(), registered.facts.unwrap().imported), ("2", false));
        assert_eq!(desk.unit("住建局").await.open_items, 3);
        assert!(desk.differences().await.is_empty());
    }

    async fn units_are_listed_by_what_they_are_and_were(location: Location) {
        let desk = Desk::open(&location).await;
        let town = pb::NewUnit {
            level: "township".into(),
            division_code: "320831100".into(),
            kind: "petition_office".into(),
            founded_on: "2020-01-01".into(),
            ..bureau("镇信访办")
        };
        let unit = desk.register(town.clone()).await;
        desk.register(bureau("住建局")).await;
        desk.register(pb::NewUnit { division_code: "320829".into(), ..bureau("邻县局") }).await;
        let promoted = pb::NewUnit { level: "county".into(), ..town };
        let request = pb::UpdateUnitRequest { changed_on: "2024-01-01".into(), ..update(&unit, promoted) };
        desk.head().update_unit(request).await.unwrap();
        let of = |request: pb::ListUnitsRequest| listed(&desk, request);
        assert_eq!(of(pb::ListUnitsRequest::default()).await, ["住建局", "邻县局", "镇信访办"]);
        assert_eq!(of(pb::ListUnitsRequest { division_code: "320831".into(), ..Default::default() }).await, ["住建局", "镇信访办"]);
        assert_eq!(of(pb::ListUnitsRequest { kind: "petition_office".into(), ..Default::default() }).await, ["镇信访办"]);
        let township = pb::ListUnitsRequest { level: "township".into(), ..Default::default() };
        assert!(of(township.clone()).await.is_empty());
        assert_eq!(of(pb::ListUnitsRequest { on: "2023-12-31".into(), ..township.clone() }).await, ["镇信访办"]);
        assert!(of(pb::ListUnitsRequest { on: "2019-12-31".into(), ..township }).await.is_empty());
        let page = pb::ListUnitsRequest { page_size: 2, ..Default::default() };
        let first = desk.clerk().list_units(page.clone()).await.unwrap().into_inner();
        assert_eq!(codes(&first.units), ["住建局", "邻县局"]);
        let next = pb::ListUnitsRequest { page_token: first.next_page_token.clone(), ..page.clone() };
        let second = desk.clerk().list_units(next).await.unwrap().into_inner();
        assert_eq!((codes(&second.units), second.next_page_token.as_str()), (vec!["镇信访办".to_owned()], ""));
        let other = pb::ListUnitsRequest { page_token: first.next_page_token, kind: "bureau".into(), ..page };
        assert_eq!(field(desk.clerk().list_units(other).await).0, "page_token");
    }

    async fn the_next_higher_organ_is_the_parent_or_by_division(location: Location) {
        let desk = Desk::open(&location).await;
        desk.register(bureau("县政府")).await;
        desk.register(pb::NewUnit { parent: "县政府".into(), ..bureau("住建局") }).await;
        let town = |code: &str| pb::NewUnit { level: "township".into(), division_code: "320831100".into(), ..bureau(code) };
        desk.register(town("镇政府")).await;
        let higher = async |code: &str| {
            let request = pb::NextHigherOrganRequest { code: code.into(), on: String::new() };
            desk.clerk().next_higher_organ(request).await.map(tonic::Response::into_inner)
        };
        let by_parent = higher("住建局").await.unwrap();
        assert_eq!((by_parent.derived_by.as_str(), by_parent.organ.unwrap().facts.unwrap().code.as_str()), ("parent", "县政府"));
        let unsure = higher("镇政府").await.unwrap();
        assert_eq!((unsure.derived_by.as_str(), unsure.organ, unsure.candidates.len()), ("several", None, 2));
        let missing = |answer: Result<pb::NextHigherOrganResponse, tonic::Status>| crate::desk::fault(&answer.unwrap_err()).reason;
        assert_eq!(missing(higher("县政府").await), "NO_HIGHER_ORGAN");
        assert_eq!(missing(higher("无此单位").await), "UNIT_NOT_FOUND");
        let loops = pb::NewUnit { parent: "住建局".into(), ..bureau("县政府") };
        let request = update(&desk.unit("县政府").await, loops);
        assert_eq!(field(desk.head().update_unit(request).await).0, "unit.parent");
    }

    async fn who_logged_nothing_for_a_while_is_silent(location: Location) {
        let desk = Desk::open_on(&location, "2026-01-05").await;
        desk.register(pb::NewUnit { founded_on: "2025-12-01".into(), ..bureau("住建局") }).await;
        desk.register(bureau("规划局")).await;
        desk.appeal().await;
        let station = Caller { unit: "站点".parse().unwrap(), ..clerk("clerk-2") };
        desk.next("2026-01-20");
        logged_for(&mut desk.by(station), "住建局").await;
        desk.next("2026-02-02");
        let petition = desk.appeal().await;
        let accept = pb::AcceptPetitionRequest { responsible_unit: "住建局".into(), ..asks::accept(&petition) };
        desk.clerk().accept_petition(accept).await.unwrap();
        let of = |days, as_of: &str| silent(&desk, pb::ListSilentUnitsRequest { days, as_of: as_of.into(), ..Default::default() });
        let line = |code: &str, day: &str, days| (code.to_owned(), day.to_owned(), days);
        assert_eq!(of(13, "").await, [line("站点", "2026-01-20", 13), line("规划局", "", 0)]);
        assert_eq!(of(14, "").await, [line("规划局", "", 0)]);
        // As of a past day only what was logged until then counts.
        assert_eq!(of(10, "2026-01-15").await, [
            line("住建局", "", 45), line("信访局", "2026-01-05", 10), line("规划局", "", 0),
        ]);
        let of_level = pb::ListSilentUnitsRequest { days: 1, level: "county".into(), page_size: 1, ..Default::default() };
        assert_eq!(silent(&desk, of_level).await, [line("规划局", "", 0)]);
        assert!(desk.differences().await.is_empty());
    }

    async fn a_ledger_of_units_is_imported_and_safe_to_repeat(location: Location) {
        let desk = Desk::open(&location).await;
        many_items(&desk, "规划局", 3).await;
        let columns = ["code", "name", "kind", "level", "parent", "division_code", "founded_on", "closed_on", "successor"];
        let rows: [&[&str]; 4] = [
            &["住建局", "住房和城乡建设局", "责任单位", "县级", "县政府", "320831", "2010-05-01", "", ""],
            &["县政府", "人民政府", "government", "county", "", "320831", "", "", ""],
            &["规划局", "规划局", "责任单位", "county", "", "320831", "", "2019-03-01", "资规局"],
            &["坏", "", "", "county", "", "320831", "", "", ""],
        ];
        let import = async |request: pb::ImportUnitsRequest| {
            let request = pb::ImportUnitBatchRequest { batch: Some(request) };
            desk.head().import_unit_batch(request).await.unwrap().into_inner().result.unwrap()
        };
        let request = unit_rows(&columns, &rows);
        let answer = import(request.clone()).await;
        assert_eq!((answer.rows, answer.imported, answer.advanced, answer.already), (4, 1, 2, 0), "{answer:?}");
        assert_eq!((answer.refused[0].line, answer.refused[0].column.as_str()), (5, "name"));
        assert_eq!((desk.unit("规划局").await.handed_over, desk.unit("资规局").await.open_items), (3, 3));
        let position = desk.position().await;
        for repeated in [request, unit_rows(&columns, &rows)] {
            let again = import(repeated).await;
            assert_eq!((again.already, again.refused.len(), desk.position().await), (3, 1, position));
        }
        let mut answers = desk.head().import_units(tokio_stream::iter(vec![unit_rows(&columns, &rows)])).await.unwrap().into_inner();
        assert_eq!(answers.message().await.unwrap().unwrap().already, 3);
        assert!(desk.differences().await.is_empty());
    }

    async fn a_changed_unit_is_named_by_the_check(location: Location) {
        let desk = Desk::open(&location).await;
        desk.register(bureau("住建局")).await;
        desk.appeal().await;
        for (sql, said) in [
            ("UPDATE unit SET level = 'city'", "unit 住建局 does not stand as its events say"),
            ("UPDATE unit_logged SET day = '2026-03-01'", "unit 信访局 is noted as at work on 2026-03-01, which no event says"),
            ("DELETE FROM unit", "unit 住建局 stands in the log but not in the book"),
        ] {
            let mut tx = desk.db.begin().await.unwrap();
            on!(tx tx, c => sqlx::query(sql).execute(c).await.map(drop)).unwrap();
            tx.commit().await.unwrap();
            let found = desk.differences().await;
            assert!(found.iter().any(|line| line == said), "{sql}: {found:?}");
        }
    }
}

/// The head of an office of the county beside.
pub fn head_beside() -> Caller {
    Caller { division: Some("320829".parse().unwrap()), ..caller("head-9", &[Role::Head]) }
}
