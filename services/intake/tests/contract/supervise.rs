//! Supervision: who may press whom, the explanation it asks for, and the history of both.

use crate::{
    asks,
    desk::{Desk, after, caller, field, reason},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn a_notice_asks_for_an_explanation_and_gets_it(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        let accept = pb::AcceptPetitionRequest { responsible_unit: "住建局".into(), ..asks::accept(&petition) };
        let accepted = after!(desk.clerk(), accept_petition, accept);
        assert_eq!(reason(desk.clerk().explain_supervision(asks::explain(&accepted)).await), "NOTHING_TO_EXPLAIN");
        let reminded = pb::SuperviseRequest { measure: "reminder".into(), explanation_due: String::new(), ..asks::supervise(&accepted) };
        let reminded = after!(desk.clerk(), supervise, reminded);
        let pressed = after!(desk.by(caller("leader", &[Role::Coordinator])), supervise, asks::supervise(&reminded));
        let facts = pressed.facts.clone().unwrap();
        let told: Vec<_> = facts.supervisions.iter().map(|s| (s.measure.as_str(), s.unit.as_str(), s.explanation_due.as_str())).collect();
        assert_eq!(told, [("reminder", "住建局", ""), ("notice", "住建局", "2026-03-09")]);
        desk.next("2026-03-10");
        let bureau = Caller { unit: "住建局".parse().unwrap(), ..caller("bureau-1", &[Role::Clerk]) };
        let explained = after!(desk.by(bureau), explain_supervision, asks::explain(&pressed));
        let facts = explained.facts.clone().unwrap();
        let days: Vec<_> = facts.supervisions.iter().map(|s| s.explained_on.as_str()).collect();
        assert_eq!(days, ["", "2026-03-10"], "the oldest that waits, and a reminder asks for none");
        assert_eq!(reason(desk.clerk().explain_supervision(asks::explain(&explained)).await), "NOTHING_TO_EXPLAIN");
        // The reminder may be explained all the same, by its number.
        let first = pb::ExplainSupervisionRequest { supervision: 1, ..asks::explain(&explained) };
        after!(desk.clerk(), explain_supervision, first);
        let history = desk.get(&petition.id).await.history;
        let last: Vec<_> = history.iter().map(|step| step.kind.as_str()).skip(2).collect();
        assert_eq!(last, ["petition.supervised", "petition.supervised", "petition.supervision_explained", "petition.supervision_explained"]);
        assert_eq!(history[4].text, "正在调查");
        // Late by a day: C-17 of the rules of conduct.
        let verdicts = desk.clerk().check_conduct(pb::CheckConductRequest { petition_id: petition.id, ..Default::default() }).await;
        let verdicts = verdicts.unwrap().into_inner().verdicts;
        let answered = verdicts.iter().find(|verdict| verdict.code == "C-17").unwrap();
        assert_eq!(answered.breaches, ["explanation was due on 2026-03-09 and came on 2026-03-10"]);
        assert!(desk.differences().await.is_empty());
    }

    async fn nobody_presses_his_own_unit(location: Location) {
        let desk = Desk::open(&location).await;
        let accepted = desk.accepted().await;
        let own = pb::SuperviseRequest { unit: String::new(), ..asks::supervise(&accepted) };
        let (at, problem) = field(desk.clerk().supervise(own).await);
        assert_eq!((at.as_str(), problem.as_str()), ("unit", "must not be the caller's own: nobody supervises himself"));
        after!(desk.clerk(), supervise, asks::supervise(&accepted));
    }
}
