//! Bodies: registered, changed, adjusted, fostered, closed, listed; their load.

use crate::{
    asks::{self, quarrel},
    county::{VILLAGE, bodies},
    desk::{Desk, TODAY, after, coordinator, field, reason},
};
use fengqiao_model::Caller;
use fengqiao_proto::mediation::v1::{self as pb, Force};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

fn studio() -> pb::NewBody {
    pb::NewBody {
        code: "studio".into(),
        name: "老张调解工作室".into(),
        force: Force::People.into(),
        kind: "personal_studio".into(),
        theme: "婚姻".into(),
        tags: vec!["enterprise_related".into(), "named".into()],
        parent: "township".into(),
        division_code: "320831100".into(),
        specialities: vec!["T01".into()],
        capacity: 2,
        founded_on: "2020-01-06".into(),
    }
}

async fn codes(desk: &Desk, request: pb::ListBodiesRequest) -> Vec<String> {
    let listed = desk.coordinator().list_bodies(request).await.unwrap().into_inner();
    listed.bodies.into_iter().map(|body| body.facts.unwrap().code).collect()
}

on_each_engine! {
    async fn a_body_is_registered_and_changes(location: Location) {
        let desk = Desk::empty(&location, TODAY).await;
        let mut coordinator = desk.coordinator();
        let body = coordinator.register_body(asks::register(studio())).await.unwrap().into_inner().body.unwrap();
        assert_eq!((body.etag.as_str(), body.force(), body.open_cases), ("1", Force::People, 0));
        let facts = body.facts.clone().unwrap();
        assert_eq!((facts.theme.as_str(), facts.tags.len(), facts.capacity, facts.imported), ("婚姻", 2, 2, false));
        assert_eq!(desk.body("studio").await, body);
        assert_eq!(reason(coordinator.register_body(asks::register(studio())).await), "BODY_EXISTS");

        let mut request = asks::update(&body);
        request.body.as_mut().unwrap().capacity = 5;
        let body = coordinator.update_body(request).await.unwrap().into_inner().body.unwrap();
        assert_eq!((body.etag.as_str(), body.facts.as_ref().unwrap().capacity), ("2", 5));
        let body = coordinator.adjust_body(asks::adjust(&body)).await.unwrap().into_inner().body.unwrap();
        assert_eq!(body.facts.as_ref().unwrap().adjustments.len(), 1);
        let body = coordinator.foster_body(asks::foster(&body)).await.unwrap().into_inner().body.unwrap();
        assert_eq!(body.facts.as_ref().unwrap().fostered_on, TODAY);
        let stale = pb::CloseBodyRequest { etag: "1".into(), ..asks::close(&body) };
        let status = coordinator.close_body(stale).await.unwrap_err();
        assert!(status.message().contains("body.updated by coord-1"), "{status:?}");
        let closed = coordinator.close_body(asks::close(&body)).await.unwrap().into_inner().body.unwrap();
        assert_eq!((closed.etag.as_str(), closed.facts.unwrap().closed_on.as_str()), ("5", TODAY));
        assert!(desk.differences().await.is_empty());
    }

    async fn a_body_with_open_cases_stays_open(location: Location) {
        let desk = Desk::open(&location).await;
        let taken = desk.taken("village").await;
        let body = desk.body("village").await;
        assert_eq!(body.open_cases, 1);
        assert_eq!(reason(desk.coordinator().close_body(asks::close(&body)).await), "BODY_HAS_OPEN_CASES");
        after!(desk.at("village"), conclude_case, asks::agree(&taken));
        desk.coordinator().close_body(asks::close(&desk.body("village").await)).await.unwrap();
        let case = desk.opened(quarrel()).await;
        assert_eq!(reason(desk.coordinator().dispatch_case(asks::dispatch_to(&case, "village")).await), "BODY_CLOSED");
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch(&case));
        assert_eq!(sent.facts.unwrap().body, "township", "the next one");
        assert!(desk.differences().await.is_empty());
    }

    async fn the_rules_never_go_over_a_capacity(location: Location) {
        let desk = Desk::open(&location).await;
        let mut request = asks::update(&desk.body("village").await);
        request.body.as_mut().unwrap().capacity = 1;
        desk.coordinator().update_body(request).await.unwrap();
        let cases = [desk.opened(quarrel()).await, desk.opened(quarrel()).await];
        // Both in one batch of the writer, or one after the other: the second goes elsewhere.
        let sent = cases.iter().map(|case| {
            let (mut client, request) = (desk.coordinator(), asks::dispatch(case));
            async move { client.dispatch_case(request).await.unwrap().into_inner().case.unwrap().facts.unwrap().body }
        });
        let mut bodies = futures_util::future::join_all(sent).await;
        bodies.sort();
        assert_eq!(bodies, ["township", "village"]);
        assert_eq!(desk.body("village").await.open_cases, 1);
        assert!(desk.differences().await.is_empty());
    }

    async fn bodies_are_listed_by_what_they_are(location: Location) {
        let desk = Desk::open(&location).await;
        desk.coordinator().register_body(asks::register(studio())).await.unwrap();
        let all = codes(&desk, pb::ListBodiesRequest::default()).await;
        assert_eq!(all, ["bureau", "court", "medical", "property", "studio", "township", "village"]);
        let of = |request| codes(&desk, request);
        assert_eq!(of(pb::ListBodiesRequest { force: Force::People.into(), ..Default::default() }).await, ["studio", "township", "village"]);
        assert_eq!(of(pb::ListBodiesRequest { division_code: VILLAGE.into(), ..Default::default() }).await, ["village"]);
        assert_eq!(of(pb::ListBodiesRequest { kind: "room".into(), ..Default::default() }).await, ["bureau"]);
        assert_eq!(of(pb::ListBodiesRequest { tag: "named".into(), ..Default::default() }).await, ["studio"]);
        assert_eq!(of(pb::ListBodiesRequest { active_on: "2019-12-31".into(), ..Default::default() }).await.len(), 6);
        let page = pb::ListBodiesRequest { page_size: 3, ..Default::default() };
        let first = desk.coordinator().list_bodies(page.clone()).await.unwrap().into_inner();
        assert_eq!(first.bodies.len(), 3);
        let second = pb::ListBodiesRequest { page_token: first.next_page_token.clone(), ..page.clone() };
        assert_eq!(codes(&desk, second).await, ["property", "studio", "township"]);
        let other = pb::ListBodiesRequest { page_token: first.next_page_token, kind: "room".into(), ..page };
        assert_eq!(field(desk.coordinator().list_bodies(other).await).0, "page_token");
    }

    async fn bodies_of_other_divisions_are_not_changed(location: Location) {
        let desk = Desk::open(&location).await;
        let town = Caller { division: Some("320831100".parse().unwrap()), ..coordinator("coord-9") };
        let mut town = desk.by(town);
        assert_eq!(reason(town.adjust_body(asks::adjust(&desk.body("court").await)).await), "OUTSIDE_DIVISION");
        town.adjust_body(asks::adjust(&desk.body("village").await)).await.unwrap();
        let mut body = bodies()[0].clone();
        (body.code, body.division_code) = ("other".into(), "320831101".into());
        assert_eq!(reason(town.register_body(asks::register(body)).await), "OUTSIDE_DIVISION");
        assert_eq!(reason(desk.at("village").register_body(asks::register(studio())).await), "PERMISSION_DENIED");
    }
}
