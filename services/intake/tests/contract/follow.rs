//! Following mediation: a link beside the petition, with an etag of its own, and only when something shown changed.

use crate::{
    asks::{self, appeal},
    desk::{Desk, after, look_up_status, reason},
    mediation::{Dispute, Mediation, case},
};
use fengqiao_feed::FollowState;
use fengqiao_intake::{StuckEvent, stuck, verify_book};
use fengqiao_proto::{intake::v1 as pb, mediation::v1::DisputeChanged};
use fengqiao_store::{Location, cursor, log, on};
use fengqiao_testkit::on_each_engine;
use prost::Message;
use sqlx::AssertSqlSafe;
use tokio_util::sync::CancellationToken;

const FIRST: &str = "01890a5d-ac96-774b-9000-000000000001";
const SECOND: &str = "01890a5d-ac96-774b-9000-000000000002";
const CASE: [&str; 3] =
    ["01890a5d-ac96-774b-a000-000000000001", "01890a5d-ac96-774b-a000-000000000002", "01890a5d-ac96-774b-a000-000000000003"];

fn link(state: &str, body: &str, ended_on: &str, etag: &str) -> pb::MediationLink {
    pb::MediationLink {
        dispute_id: FIRST.into(),
        dispute_number: "MD-0189".into(),
        state: state.into(),
        body: body.into(),
        opened_on: "2026-03-02".into(),
        ended_on: ended_on.into(),
        etag: etag.into(),
    }
}

/// A petition that was routed, and its query code.
async fn routed(desk: &Desk) -> (pb::Petition, String) {
    let logged = desk.log(appeal()).await;
    let petition = after!(desk.clerk(), route_to_mediation, asks::route(&logged.petition.unwrap()));
    (petition, logged.query_codes[0].clone())
}

on_each_engine! {
    async fn the_way_of_a_dispute_shows_on_its_petition(location: Location) {
        let (desk, mediation) = (Desk::open(&location).await, Mediation::open(location.engine()).await);
        let (petition, code) = routed(&desk).await;
        let mut dispute = Dispute::of(&petition.id, FIRST);
        mediation.tell("2026-03-02", vec![dispute.told("case.opened_from_petition", &[case(CASE[0], "applied", "", "")])]).await;
        mediation.followed_by(&desk).await;
        assert_eq!(desk.get(&petition.id).await.mediation, [link("applied", "", "", "1")]);

        // The clerk's etag is as fresh as before.
        let accepted = after!(desk.clerk(), accept_petition, asks::accept(&petition));
        assert_eq!(accepted.etag, "3");
        desk.next("2026-03-20");
        mediation.tell("2026-03-03", vec![dispute.told("case.dispatched", &[case(CASE[0], "dispatched", "村调委会", "")])]).await;
        dispute.milestone("accepted", "2026-03-04");
        mediation.tell("2026-03-04", vec![dispute.told("case.taken", &[case(CASE[0], "accepted", "村调委会", "")])]).await;
        mediation.followed_by(&desk).await;
        assert_eq!(desk.get(&petition.id).await.mediation, [link("accepted", "村调委会", "", "3")]);
        assert_eq!(reason(desk.clerk().route_to_mediation(asks::route(&accepted)).await), "ALREADY_IN_MEDIATION");

        // Failed and handed on: it goes on. The township takes it, and they agree.
        let failed = case(CASE[0], "failed", "村调委会", "2026-03-08");
        mediation.tell("2026-03-08", vec![dispute.told("case.concluded", std::slice::from_ref(&failed))]).await;
        mediation.followed_by(&desk).await;
        assert_eq!(desk.get(&petition.id).await.mediation, [link("failed", "村调委会", "", "4")], "nobody has it, but it goes on");
        mediation.tell("2026-03-09", vec![dispute.told("case.opened", &[case(CASE[1], "accepted", "镇调委会", "")])]).await;
        dispute.milestone("concluded", "2026-03-12");
        mediation.tell("2026-03-12", vec![dispute.told("case.concluded", &[case(CASE[1], "agreed", "镇调委会", "2026-03-12")])]).await;
        mediation.followed_by(&desk).await;
        let ended = link("agreed", "镇调委会", "2026-03-12", "6");
        assert_eq!(desk.get(&petition.id).await.mediation, std::slice::from_ref(&ended));
        let seen = look_up_status(&desk, &petition.number, &code).await;
        assert_eq!((seen.mediation_from.as_str(), seen.mediation_until.as_str()), ("2026-03-02", "2026-03-12"));

        // What changes nothing that is shown is told to nobody; what changes the first case is not the last one's state.
        let position = desk.position().await;
        mediation.tell("2026-03-13", vec![
            dispute.told("case.performed", &[case(CASE[1], "agreed", "镇调委会", "2026-03-12")]),
            dispute.told("case.corrected", &[failed]),
            dispute.told("dispute.parties_erased", &[]),
        ]).await;
        mediation.followed_by(&desk).await;
        assert_eq!((desk.get(&petition.id).await.mediation, desk.position().await), (vec![ended], position));

        // Taken up again, it is open again, and once more it may not be routed; then it ends for good.
        dispute.milestone("reopened", "2026-03-15");
        mediation.tell("2026-03-15", vec![dispute.told("dispute.reopened", &[case(CASE[2], "accepted", "镇调委会", "")])]).await;
        mediation.followed_by(&desk).await;
        assert_eq!(look_up_status(&desk, &petition.number, &code).await.mediation_until, "");
        assert_eq!(reason(desk.clerk().route_to_mediation(asks::route(&accepted)).await), "ALREADY_IN_MEDIATION");
        dispute.milestone("concluded", "2026-03-18");
        mediation.tell("2026-03-18", vec![dispute.told("case.concluded", &[case(CASE[2], "failed", "镇调委会", "2026-03-18")])]).await;
        mediation.followed_by(&desk).await;
        assert_eq!(desk.get(&petition.id).await.mediation, [link("failed", "镇调委会", "2026-03-18", "8")]);
        let again = after!(desk.clerk(), route_to_mediation, asks::route(&accepted));
        assert_eq!((again.etag.as_str(), again.routed_on.as_str()), ("4", "2026-03-20"));
        let seen = look_up_status(&desk, &petition.number, &code).await;
        assert_eq!((seen.mediation_from.as_str(), seen.mediation_until.as_str()), ("2026-03-20", ""), "not answered yet");

        let second = Dispute::of(&petition.id, SECOND);
        mediation.tell("2026-03-20", vec![second.told("case.opened_from_petition", &[case(CASE[0].replace("a0", "a1").as_str(), "applied", "", "")])]).await;
        mediation.followed_by(&desk).await;
        let ids: Vec<_> = desk.get(&petition.id).await.mediation.into_iter().map(|link| link.dispute_id).collect();
        assert_eq!(ids, [FIRST, SECOND]);
        let verified = verify_book(&desk.db).await.unwrap();
        assert_eq!((verified.petitions, verified.links, verified.stuck, verified.differences), (1, 2, 0, vec![]));
        mediation.remove().await;
    }

    async fn what_is_made_is_the_same_whenever_it_is_made(location: Location) {
        let (desk, mediation) = (Desk::open(&location).await, Mediation::open(location.engine()).await);
        let (petition, _) = routed(&desk).await;
        let dispute = Dispute::of(&petition.id, FIRST);
        mediation.tell("2026-03-02", vec![
            dispute.told("case.opened_from_petition", &[case(CASE[0], "applied", "", "")]),
            dispute.told("case.declined", &[case(CASE[0], "declined", "", "2026-03-05")]),
        ]).await;
        mediation.followed_by(&desk).await;
        assert_eq!(desk.get(&petition.id).await.mediation, [link("declined", "", "2026-03-05", "2")], "never accepted: the end of the case");
        let made = log::read_after(&desk.db, 2, 10).await.unwrap();
        let ids: Vec<_> = made.iter().map(|event| (event.kind.as_str(), event.aggregate_id.as_str(), event.version)).collect();
        let aggregate = format!("mediation:{FIRST}");
        assert_eq!(ids, [("mediation.progressed", aggregate.as_str(), 1), ("mediation.progressed", &aggregate, 2)]);
        for (event, of) in made.iter().zip(1..) {
            assert_eq!((event.actor.as_str(), event.sealed.len()), ("intake", 0));
            assert_eq!(event.request_id, format!("01890a5d-ac96-774b-bcd0-{of:012x}"), "of the request that caused it");
            let told = pb::MediationProgressed::decode(event.open.as_slice()).unwrap();
            assert_eq!((told.petition_id.as_str(), told.mediation_position), (petition.id.as_str(), of));
            assert_eq!(event.event_id.as_bytes()[14], b'7', "a UUID of version 7 shape");
        }
        // The same events again, as after a lost cursor: nothing is made twice.
        let mut tx = desk.db.begin().await.unwrap();
        on!(tx tx, c => sqlx::query("DELETE FROM cursor").execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        mediation.followed_by(&desk).await;
        assert_eq!(cursor::load(&desk.db, "mediation").await.unwrap().unwrap().position, 2);
        assert_eq!(desk.get(&petition.id).await.mediation.len(), 1);
        assert!(desk.differences().await.is_empty());
        mediation.remove().await;
    }

    async fn what_has_no_place_is_stuck_and_following_goes_on(location: Location) {
        let (desk, mediation) = (Desk::open(&location).await, Mediation::open(location.engine()).await);
        let (petition, _) = routed(&desk).await;
        let (unrouted, unknown) = (desk.appeal().await, asks::id());
        let open = [case(CASE[0], "applied", "", "")];
        let malformed = |change: fn(&mut DisputeChanged)| {
            let (kind, id, bytes) = Dispute::of(&petition.id, FIRST).told("case.opened", &open);
            let mut changed = DisputeChanged::decode(bytes.as_slice()).unwrap();
            change(&mut changed);
            (kind, id, changed.encode_to_vec())
        };
        mediation.tell("2026-03-02", vec![
            ("body.registered", "body:X".into(), vec![1, 2, 3]),
            Dispute::of("", FIRST).told("case.imported", &open),
            Dispute::of(&unknown, FIRST).told("case.opened", &open),
            Dispute::of(&unrouted.id, FIRST).told("case.opened", &open),
            ("case.opened", FIRST.into(), vec![0xff]),
            ("case.opened", FIRST.into(), Vec::new()),
            ("case.sung", FIRST.into(), Vec::new()),
            Dispute::of("42", FIRST).told("case.opened", &open),
            Dispute::of(&petition.id, "FIRST").told("case.opened", &open),
            malformed(|changed| changed.cases[0].case_id = "x".into()),
            malformed(|changed| changed.cases[0].applied_on = "x".into()),
            malformed(|changed| changed.cases[0].state = "a\0".into()),
            malformed(|changed| changed.cases.clear()),
            Dispute::of(&petition.id, FIRST).told("case.opened", &open),
        ]).await;
        mediation.followed_by(&desk).await;
        let found = stuck(&desk.db, "mediation", 100).await.unwrap();
        let found: Vec<_> = found.iter().map(|StuckEvent { position, reason, .. }| (*position, reason.as_str())).collect();
        assert_eq!(found, [
            (3, "no petition with this id was handed to mediation"),
            (4, "no petition with this id was handed to mediation"),
            (5, "the payload cannot be read"),
            (6, "the payload has no dispute"),
            (7, "the kind is unknown"),
            (8, "the petition's id is malformed"),
            (9, "the dispute's id is malformed"),
            (10, "a case's id is malformed"),
            (11, "a day is malformed"),
            (12, "a text has a NUL character"),
            (13, "the dispute has no case"),
        ]);
        assert_eq!(desk.get(&petition.id).await.mediation, [link("applied", "", "", "1")]);
        let verified = verify_book(&desk.db).await.unwrap();
        assert_eq!((verified.stuck, verified.differences), (11, vec![]));
        mediation.remove().await;
    }

    async fn writers_and_follower_share_the_book(location: Location) {
        let (desk, mediation) = (Desk::open(&location).await, Mediation::open(location.engine()).await);
        let mut petitions = Vec::new();
        for _ in 0..10 {
            petitions.push(routed(&desk).await.0);
        }
        let ids = (1..).map(|n: u32| format!("01890a5d-ac96-774b-9000-{n:012x}"));
        let disputes: Vec<Dispute> = petitions.iter().zip(ids).map(|(petition, id)| Dispute::of(&petition.id, &id)).collect();
        for state in ["applied", "dispatched", "returned", "accepted"] {
            let events = disputes.iter().map(|d| d.told("case.opened", &[case(&d.id.replace("-9000-", "-a000-"), state, "", "")]));
            mediation.tell("2026-03-02", events.collect()).await;
        }
        let desk_work = async {
            for petition in &petitions {
                let accepted = after!(desk.clerk(), accept_petition, asks::accept(petition));
                after!(desk.clerk(), issue_opinion, asks::opinion(&accepted));
            }
        };
        tokio::join!(desk_work, mediation.followed_by(&desk));
        assert_eq!(desk.position().await, 20 + 20 + 40);
        for petition in &petitions {
            assert_eq!(desk.get(&petition.id).await.mediation[0].etag, "4");
        }
        assert!(desk.differences().await.is_empty());
        mediation.remove().await;
    }

    async fn a_changed_link_is_named(location: Location) {
        let (desk, mediation) = (Desk::open(&location).await, Mediation::open(location.engine()).await);
        let (petition, _) = routed(&desk).await;
        mediation.tell("2026-03-02", vec![Dispute::of(&petition.id, FIRST).told("case.opened", &[case(CASE[0], "applied", "", "")])]).await;
        mediation.followed_by(&desk).await;
        let execute = async |sql: &str| {
            let mut tx = desk.db.begin().await.unwrap();
            on!(tx tx, c => sqlx::query(AssertSqlSafe(sql.to_owned())).execute(c).await.map(drop)).unwrap();
            tx.commit().await.unwrap();
        };
        for column in ["version = version + 1", "petition_id = 'x'", "since = 7", "image = image || ' '"] {
            execute("CREATE TABLE kept AS SELECT * FROM mediation_link").await;
            execute(&format!("UPDATE mediation_link SET {column}")).await;
            assert_eq!(desk.differences().await, [format!("link mediation:{FIRST} does not stand as its events say")], "{column}");
            execute("DELETE FROM mediation_link").await;
            assert_eq!(desk.differences().await, [format!("link mediation:{FIRST} stands in the log but not in the book")]);
            execute("INSERT INTO mediation_link SELECT * FROM kept").await;
            execute("DROP TABLE kept").await;
        }
        assert!(desk.differences().await.is_empty());
        mediation.remove().await;
    }

    async fn an_erased_petition_still_shows_where_mediation_stands(location: Location) {
        let (desk, mediation) = (Desk::open(&location).await, Mediation::open(location.engine()).await);
        let (petition, _) = routed(&desk).await;
        let erased = after!(desk.head(), erase_parties, asks::erase(&petition));
        let dispute = Dispute::of(&petition.id, FIRST);
        mediation.tell("2026-03-02", vec![
            dispute.told("case.opened_from_petition", &[case(CASE[0], "applied", "", "")]),
            dispute.told("dispute.parties_erased", &[]),
        ]).await;
        mediation.followed_by(&desk).await;
        let shown = desk.get(&petition.id).await;
        assert_eq!((shown.erased, shown.etag), (true, erased.etag));
        assert_eq!(shown.mediation, [link("applied", "", "", "1")]);
        assert!(desk.differences().await.is_empty());
        mediation.remove().await;
    }

    async fn a_process_follows_until_it_drains(location: Location) {
        let (desk, mediation) = (Desk::open(&location).await, Mediation::open(location.engine()).await);
        let (petition, _) = routed(&desk).await;
        mediation.tell("2026-03-02", vec![Dispute::of(&petition.id, FIRST).told("case.opened", &[case(CASE[0], "applied", "", "")])]).await;
        let (source, mut status, closing) = (mediation.source(&desk), desk.intake.status(), CancellationToken::new());
        let Desk { intake, db, draining, .. } = desk;
        let kept = tokio::spawn(intake.keep(Some(source), closing.clone()));
        status.wait_for(|status| status.caught_up_at.is_some() && status.position == 1).await.unwrap();
        assert_eq!(log::head(&db).await.unwrap().position, 3);
        draining.cancel();
        status.wait_for(|status| matches!(status.state, FollowState::Stopped { .. })).await.unwrap();
        assert!(!kept.is_finished(), "the book stays open for the calls that still run");
        closing.cancel();
        kept.await.unwrap().unwrap();
        mediation.remove().await;
    }
}
