//! Checking without writing.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, facts, field, reason},
};
use fengqiao_proto::mediation::v1::{self as pb, CaseState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn validate_only_writes_nothing(location: Location) {
        let desk = Desk::open(&location).await;
        let before = desk.position().await;
        let check = |dispute| pb::OpenCaseRequest { validate_only: true, ..asks::open(dispute) };
        let answer = desk.at("village").open_case(check(pb::NewDispute { take_here: true, ..quarrel() })).await.unwrap().into_inner();
        let case = answer.case.unwrap();
        assert_eq!((case.state(), facts(&case).number.as_str()), (CaseState::Accepted, ""));
        let bad = pb::NewDispute { dispute_type: "T98".into(), ..quarrel() };
        assert_eq!(field(desk.coordinator().open_case(check(bad)).await).0, "dispute.dispute_type");
        assert_eq!(desk.position().await, before);
        let taken = pb::NewDispute { dispute_id: asks::id(), external_ref: "E-1".into(), ..quarrel() };
        desk.opened(taken.clone()).await;
        assert_eq!(reason(desk.coordinator().open_case(check(taken.clone())).await), "DISPUTE_EXISTS");
        let other = pb::NewDispute { dispute_id: String::new(), ..taken };
        assert_eq!(reason(desk.coordinator().open_case(check(other)).await), "EXTERNAL_REF_EXISTS", "as it would be refused");
        assert_eq!(desk.position().await, before + 1);
    }
}
