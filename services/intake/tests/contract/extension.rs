//! More time for the handling: one asks, another decides, in time, once, from the unrolled day.

use crate::{
    asks,
    desk::{Desk, after, caller, field, reason},
};
use fengqiao_model::Role;
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn one_asks_and_another_decides(location: Location) {
        let desk = Desk::open_on(&location, "2026-03-03").await;
        let accepted = desk.accepted().await;
        assert_eq!(reason(desk.head().decide_extension(asks::grant(&accepted)).await), "NO_EXTENSION_PENDING");
        let both = caller("head-2", &[Role::Head]);
        let asked = after!(desk.by(both.clone()), request_extension, asks::extend(&accepted));
        assert_eq!((asked.state(), asked.extension_days_requested), (PetitionState::Accepted, 30));
        assert_eq!(asked.handling, accepted.handling, "nothing is extended yet");
        assert_eq!(reason(desk.clerk().request_extension(asks::extend(&asked)).await), "EXTENSION_PENDING");
        assert_eq!(reason(desk.by(both).decide_extension(asks::grant(&asked)).await), "SAME_PERSON");
        assert_eq!(reason(desk.clerk().decide_extension(asks::grant(&asked)).await), "PERMISSION_DENIED");
        let extended = after!(desk.head(), decide_extension, asks::grant(&asked));
        assert_eq!((extended.state(), extended.extension_days_requested), (PetitionState::Extended, 0));
        let clock = extended.handling.clone().unwrap();
        // Due on Saturday 2 May, rolled to 6 May; thirty days from the former.
        assert_eq!((clock.kpi_due.as_str(), clock.legal_due.as_str()), ("2026-06-01", "2026-06-01"));
        assert_eq!((clock.rule.as_str(), clock.started_on.as_str()), ("P-06", "2026-03-03"));
        assert_eq!(reason(desk.clerk().request_extension(asks::extend(&extended)).await), "EXTENSION_USED");
        assert_eq!(reason(desk.head().decide_extension(asks::grant(&extended)).await), "NO_EXTENSION_PENDING");
        let done = after!(desk.clerk(), issue_opinion, asks::opinion(&extended));
        assert_eq!(done.state(), PetitionState::OpinionIssued);
        assert_eq!(desk.get(&done.id).await.history[2].text, "案情复杂");
    }

    async fn what_was_denied_may_be_asked_again(location: Location) {
        let desk = Desk::open(&location).await;
        let accepted = desk.accepted().await;
        let asked = after!(desk.clerk(), request_extension, asks::extend(&accepted));
        let denied = after!(desk.head(), decide_extension, asks::deny(&asked));
        assert_eq!((denied.state(), denied.extension_days_requested), (PetitionState::Accepted, 0));
        assert_eq!(denied.handling, accepted.handling);
        let fewer = pb::RequestExtensionRequest { days: 1, ..asks::extend(&denied) };
        let extended = after!(desk.head(), decide_extension, asks::grant(&after!(desk.clerk(), request_extension, fewer)));
        assert_eq!(extended.handling.unwrap().kpi_due, "2026-05-02");
    }

    async fn nothing_is_extended_after_the_kpi_due_day(location: Location) {
        let desk = Desk::open_on(&location, "2026-03-03").await;
        let (late, in_time) = (desk.accepted().await, desk.accepted().await);
        let asked = after!(desk.clerk(), request_extension, asks::extend(&desk.accepted().await));
        desk.next("2026-05-02");
        let asked_in_time = after!(desk.clerk(), request_extension, asks::extend(&in_time));
        after!(desk.head(), decide_extension, asks::grant(&asked_in_time));
        // Sunday; the legal due day is Wednesday, and the practice does not wait for it.
        desk.next("2026-05-03");
        assert_eq!(reason(desk.clerk().request_extension(asks::extend(&late)).await), "EXTENSION_TOO_LATE");
        assert_eq!(reason(desk.head().decide_extension(asks::grant(&asked)).await), "EXTENSION_TOO_LATE");
        let denied = after!(desk.head(), decide_extension, asks::deny(&asked));
        assert_eq!(denied.state(), PetitionState::Accepted, "denying is possible at any time");
    }

    async fn days_are_from_one_to_thirty(location: Location) {
        let desk = Desk::open(&location).await;
        let accepted = desk.accepted().await;
        for days in [0, -1, 31, i32::MAX, i32::MIN] {
            let request = pb::RequestExtensionRequest { days, ..asks::extend(&accepted) };
            assert_eq!(field(desk.clerk().request_extension(request).await).0, "days", "{days}");
        }
    }
}
