//! The work on a case through the service: planned, held, amended, found again after a repetition, and never in two places.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, after, reason, refused},
};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use tonic::Code;

on_each_engine! {
    async fn a_mediator_and_a_room_are_in_one_place_at_a_time(location: Location) {
        let desk = Desk::open(&location).await;
        let (one, other) = (desk.taken("village").await, desk.taken("township").await);
        let first = asks::schedule_session(&one);
        let planned = after!(desk.at("village"), schedule_session, first.clone());
        assert_eq!(after!(desk.at("village"), schedule_session, first), planned, "a repetition gets its first answer");
        let taken = pb::ScheduleSessionRequest { mediators: vec!["med-30".into()], ..asks::schedule_session(&other) };
        let fault = refused(desk.at("township").schedule_session(taken.clone()).await);
        assert_eq!((fault.code, fault.reason.as_str()), (Code::FailedPrecondition, "CALENDAR_CONFLICT"));
        assert!(fault.message.contains("room:room-1 is taken at 2026-03-09T09:00"), "{}", fault.message);
        let later = pb::ScheduleSessionRequest { request_id: asks::id(), starts_at: "2026-03-09T10:00".into(), ..taken };
        let later = after!(desk.at("township"), schedule_session, later);
        // The first one moves away, and its hour is free again; on to the other's it may not.
        let session = planned.facts.as_ref().unwrap().file.as_ref().unwrap().sessions[0].session_id.clone();
        let moved = |case: &pb::Case, at: &str| pb::ScheduleSessionRequest {
            session_id: session.clone(),
            starts_at: at.into(),
            ..asks::schedule_session(case)
        };
        assert_eq!(reason(desk.at("village").schedule_session(moved(&planned, "2026-03-09T10:30")).await), "CALENDAR_CONFLICT");
        let away = after!(desk.at("village"), schedule_session, moved(&planned, "2026-03-10T09:00"));
        let again = pb::ScheduleSessionRequest { mediators: vec!["med-31".into()], ..asks::schedule_session(&later) };
        after!(desk.at("township"), schedule_session, again);
        // An ended case takes nobody's time any more.
        after!(desk.at("village"), conclude_case, asks::agree(&away));
        let third = desk.taken("village").await;
        let in_its_place = pb::ScheduleSessionRequest { starts_at: "2026-03-10T09:00".into(), ..asks::schedule_session(&third) };
        after!(desk.at("village"), schedule_session, in_its_place);
        assert_eq!(desk.differences().await, Vec::<String>::new());
    }

    async fn of_two_who_want_one_room_at_once_one_gets_it(location: Location) {
        let desk = Desk::open(&location).await;
        let mut cases = Vec::new();
        for _ in 0..6 {
            cases.push(desk.taken("village").await);
        }
        let asked = cases.iter().enumerate().map(|(n, case)| {
            let request = pb::ScheduleSessionRequest { mediators: vec![format!("med-4{n}")], ..asks::schedule_session(case) };
            let mut client = desk.at("village");
            async move { client.schedule_session(request).await.map(drop).map_err(|status| crate::desk::fault(&status).reason) }
        });
        let answers = futures_util::future::join_all(asked).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert!(answers.iter().flat_map(|answer| answer.as_ref().err()).all(|reason| reason == "CALENDAR_CONFLICT"), "{answers:?}");
        assert_eq!(desk.differences().await, Vec::<String>::new());
    }

    async fn what_was_said_is_sealed_and_what_was_done_is_in_the_history(location: Location) {
        let desk = Desk::open(&location).await;
        let case = desk.taken("village").await;
        let record = pb::RecordSessionRequest { minutes_text: "双方陈述：王小明说墙是他家的".into(), ..asks::record_session(&case) };
        let case = after!(desk.at("village"), record_session, record);
        let case = after!(desk.at("village"), raise_risk, asks::raise_risk(&case));
        let case = after!(desk.at("village"), resolve_risk, asks::resolve_risk(&case));
        let case = after!(desk.at("village"), conclude_case, asks::agree(&case));
        let case = after!(desk.at("village"), record_follow_up, asks::follow_up(&case));
        let shown = desk.get(&asks::case_id(&case)).await;
        let kinds: Vec<&str> = shown.history.iter().map(|step| step.kind.as_str()).collect();
        assert_eq!(kinds[3..], ["case.session_recorded", "case.risk_raised", "case.risk_resolved", "case.concluded", "case.followed_up"]);
        assert_eq!(shown.history[3].text, "双方陈述：王小明说墙是他家的");
        let file = shown.facts.unwrap().file.unwrap();
        assert_eq!((file.risks[0].averted, file.risks[0].persons, file.sessions[0].minutes), (true, 4, 40));
        assert_eq!(file.follow_ups[0].satisfaction, "satisfied");
        assert!(desk.opened(quarrel()).await.facts.unwrap().file.is_none(), "nothing recorded, nothing there");
    }
}
