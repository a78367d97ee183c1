//! Handing a petition to mediation: what goes along, what stays as it was, and what never goes.

use crate::{
    asks::{self, appeal},
    desk::{Desk, MASTER, after, caller, look_up_status, reason},
};
use fengqiao_feed::Feed;
use fengqiao_model::Role;
use fengqiao_proto::{
    feed::v1::{FollowRequest, FollowResponse, feed_service_server::FeedService},
    intake::v1::{self as pb, PetitionState},
};
use fengqiao_store::{DataKey, Location, data_key, log, seal};
use fengqiao_testkit::on_each_engine;
use prost::Message;
use std::sync::Arc;
use tokio_stream::StreamExt;
use tokio_util::sync::CancellationToken;
use tonic::Request;

/// The first page of the log as a follower of this name and role gets it.
async fn followed(desk: &Desk, follower: &str, role: Role) -> FollowResponse {
    let (name, db, master) = desk.intake.sealed_log();
    let feed = Feed::new(Arc::new(desk.clock.clone()), CancellationToken::new()).with_sealed_log(name, db, master);
    let mut request = Request::new(FollowRequest { log: name.into(), follower: follower.into(), ..Default::default() });
    request.extensions_mut().insert(caller(follower, &[role]));
    let mut pages = feed.follow(request).await.unwrap().into_inner();
    pages.next().await.unwrap().unwrap()
}

fn open<M: Message + Default>(bytes: &[u8]) -> M {
    M::decode(bytes).unwrap()
}

on_each_engine! {
    async fn mediation_gets_both_sides_with_the_key_and_the_petition_stays_as_it_was(location: Location) {
        let desk = Desk::open(&location).await;
        let allegation = pb::NewPetition { matter_class: "allegation".into(), title: "举报".into(), ..appeal() };
        let allegation = desk.log(allegation).await.petition.unwrap();
        let new = pb::NewPetition { narrative: "两家为界墙争吵".into(), person_count: 3, ..appeal() };
        let logged = desk.log(new).await;
        let accepted = after!(desk.clerk(), accept_petition, asks::accept(&logged.petition.unwrap()));
        let before = desk.get(&accepted.id).await;
        desk.next("2026-03-04");
        let request = pb::RouteToMediationRequest {
            routed_on: "2026-03-03".into(),
            dispute_type: "邻里纠纷".into(),
            flags: vec!["wages".into()],
            already_at: vec!["police".into()],
            text: "双方愿意调解".into(),
            ..asks::route(&accepted)
        };
        let routed = after!(desk.clerk(), route_to_mediation, request.clone());
        let facts = accepted.facts.clone().map(|facts| pb::PetitionFacts {
            routed_on: "2026-03-03".into(),
            mediation_routings: 1,
            ..facts
        });
        assert_eq!(routed, pb::Petition { etag: "3".into(), routed_on: "2026-03-03".into(), facts, ..accepted.clone() });
        assert_eq!(after!(desk.clerk(), route_to_mediation, request), routed, "the same request gets the same answer");
        let shown = desk.get(&accepted.id).await;
        assert_eq!((&shown.title, &shown.parties, &shown.handling), (&before.title, &before.parties, &before.handling));
        assert_eq!((shown.history[2].kind.as_str(), shown.history[2].text.as_str()), ("petition.routed_to_mediation", "双方愿意调解"));
        assert!(shown.mediation.is_empty(), "not until mediation says so");

        let page = followed(&desk, "mediation", Role::Mediation).await;
        let event = &page.events[3];
        let told: pb::PetitionRouted = open(&event.open);
        assert_eq!(told, pb::PetitionRouted {
            routed_on: "2026-03-03".into(),
            number: accepted.number.clone(),
            division_code: accepted.division_code.clone(),
            dispute_type: "T02".into(),
            flags: vec!["wages".into()],
            already_at: vec!["police".into()],
            applicant_consents: true,
            respondent_consents: true,
            party_count: 4,
            unit: "信访局".into(),
            dispute_id: String::new(),
            case_id: String::new(),
            dispute_number: String::new(),
            recipient: "mediation".into(),
            purpose: "mediation of the dispute".into(),
        });
        assert_eq!((page.keys.len(), page.keys[0].position), (1, event.position));
        let key = DataKey::from_bytes(page.keys[0].key.as_slice().try_into().unwrap());
        let sealed = seal::open_sealed(&key, &event.aggregate_id, event.version, &event.sealed).unwrap();
        let sealed: pb::Sealed = open(&sealed);
        let sides: Vec<_> = sealed.parties.iter().map(|party| (party.name.as_str(), party.side.as_str())).collect();
        assert_eq!(sides, [("王小明", "applicant"), ("李大力", "respondent")]);
        assert_eq!((sealed.title.as_str(), sealed.narrative.as_str(), sealed.text.as_str()), ("宅基地界址", "两家为界墙争吵", "双方愿意调解"));
        for event in page.events.iter().filter(|event| event.position != 4) {
            assert!(event.open_withheld && event.sealed.is_empty(), "{}: what was not routed stays here", event.kind);
        }
        assert!(!page.events.iter().any(|event| event.aggregate_id == allegation.id && !event.open.is_empty()));

        let page = followed(&desk, "reporting", Role::Follower).await;
        assert!(page.keys.is_empty() && page.events.iter().all(|event| event.sealed.is_empty() && !event.open_withheld));
        assert!(desk.differences().await.is_empty());
    }

    async fn logged_routed_and_erased_in_one_batch(location: Location) {
        let desk = Desk::open(&location).await;
        let mine = asks::id();
        let logged = asks::log(pb::NewPetition { id: mine.clone(), narrative: "经过".into(), ..appeal() });
        let target = pb::Petition { id: mine.clone(), ..Default::default() };
        let route = pb::RouteToMediationRequest { after_request_id: logged.request_id.clone(), ..asks::route(&target) };
        let erase = pb::ErasePartiesRequest { after_request_id: route.request_id.clone(), ..asks::erase(&target) };
        let (mut clerk, mut other, mut head) = (desk.clerk(), desk.clerk(), desk.head());
        let (logged, routed, erased) =
            tokio::join!(clerk.log_petition(logged), other.route_to_mediation(route), head.erase_parties(erase));
        let number = logged.unwrap().into_inner().petition.unwrap().number;
        let routed = routed.unwrap().into_inner().petition.unwrap();
        assert_eq!((routed.number.as_str(), routed.routed_on.as_str()), (number.as_str(), "2026-03-02"));
        assert!(erased.unwrap().into_inner().petition.unwrap().erased);
        let event = log::event_at(&desk.db, 2).await.unwrap().unwrap();
        assert_eq!(open::<pb::PetitionRouted>(&event.open).number, number);
        assert!(data_key::load(&desk.db, &[mine]).await.unwrap().is_empty());
        let page = followed(&desk, "mediation", Role::Mediation).await;
        assert!(page.keys.is_empty() && !page.events[1].sealed.is_empty(), "sealed under a key that is nowhere");
        assert_eq!(page.events[2].kind, "petition.parties_erased");
        assert!(!page.events[2].open_withheld, "mediation hears of the erasure");
        assert!(desk.differences().await.is_empty());
    }

    async fn what_one_batch_logs_it_hands_over(location: Location) {
        let desk = Desk::open(&location).await;
        let mine = asks::id();
        let logged = asks::log(pb::NewPetition { id: mine.clone(), narrative: "经过".into(), ..appeal() });
        let target = pb::Petition { id: mine.clone(), ..Default::default() };
        let route = pb::RouteToMediationRequest { after_request_id: logged.request_id.clone(), ..asks::route(&target) };
        let (mut clerk, mut other) = (desk.clerk(), desk.clerk());
        let (logged, routed) = tokio::join!(clerk.log_petition(logged), other.route_to_mediation(route));
        logged.unwrap();
        routed.unwrap();
        let event = log::event_at(&desk.db, 2).await.unwrap().unwrap();
        let wrapped = data_key::load(&desk.db, std::slice::from_ref(&mine)).await.unwrap();
        let master = fengqiao_store::MasterKey::from_hex(MASTER).unwrap();
        let key = DataKey::unwrap(&wrapped[&mine], &master, &mine).unwrap();
        let sealed: pb::Sealed = open(&seal::open_sealed(&key, &mine, event.version, &event.sealed).unwrap());
        assert_eq!((sealed.narrative.as_str(), sealed.parties.len()), ("经过", 2));
    }

    async fn an_imported_item_goes_too_and_its_row_may_still_advance(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "title", "petitioner", "accepted_at"];
        desk.import(&columns, &[&["R", "2026-02-20", "320831", "appeal", "宅基地", "王小明", ""]]).await;
        let row = desk.imported("R").await;
        let routed = after!(desk.clerk(), route_to_mediation, asks::route(&row));
        assert_eq!((routed.state(), routed.routed_on.as_str()), (PetitionState::Registered, "2026-03-02"));
        let again = desk.import(&columns, &[&["R", "2026-02-20", "320831", "appeal", "宅基地", "王小明", "2026-02-25"]]).await;
        assert_eq!((again.advanced, again.refused.len()), (1, 0), "{again:?}");
        let advanced = desk.imported("R").await;
        assert_eq!((advanced.state(), advanced.routed_on.as_str()), (PetitionState::Accepted, "2026-03-02"));
        assert_eq!(advanced.parties.len(), 1, "the other side is not one of its petitioners");
        assert!(desk.differences().await.is_empty());
    }

    async fn what_never_goes(location: Location) {
        let desk = Desk::open(&location).await;
        for class in ["allegation", "suggestion"] {
            let petition = desk.log(pb::NewPetition { matter_class: class.into(), ..appeal() }).await.petition.unwrap();
            assert_eq!(reason(desk.clerk().route_to_mediation(asks::route(&petition)).await), "MEDIATION_NOT_ALLOWED", "{class}");
        }
        let position = desk.position().await;
        let petition = desk.appeal().await;
        assert_eq!(reason(desk.head().decide_extension(asks::grant(&petition)).await), "STATE_FORBIDS");
        let public = desk.window().route_to_mediation(asks::route(&petition)).await;
        assert_eq!(reason(public), "PERMISSION_DENIED");
        let routed = after!(desk.clerk(), route_to_mediation, asks::route(&petition));
        assert_eq!(reason(desk.clerk().route_to_mediation(asks::route(&routed)).await), "ALREADY_IN_MEDIATION");
        let logged = desk.log(appeal()).await;
        let erased = after!(desk.head(), erase_parties, asks::erase(&logged.petition.unwrap()));
        assert_eq!(reason(desk.clerk().route_to_mediation(asks::route(&erased)).await), "PARTIES_ERASED");
        assert_eq!(desk.position().await, position + 4);
    }

    async fn the_petitioner_sees_the_day_and_nothing_more(location: Location) {
        let desk = Desk::open(&location).await;
        let logged = desk.log(appeal()).await;
        let (petition, code) = (logged.petition.unwrap(), &logged.query_codes[0]);
        let before = look_up_status(&desk, &petition.number, code).await;
        after!(desk.clerk(), route_to_mediation, asks::route(&petition));
        let after = look_up_status(&desk, &petition.number, code).await;
        assert_eq!(after, pb::LookUpStatusResponse { mediation_from: "2026-03-02".into(), ..before });
    }
}
