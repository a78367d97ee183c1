//! A busy life: whatever is asked in whatever order, the book stays what its log says, and a repeated request says the same.

use crate::{
    asks,
    desk::{Client, Desk, caller, clerk, fault},
};
use fengqiao_model::Role;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{Engine, log};
use fengqiao_testkit::on_fresh_location;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tonic::{Code, Response, Status};

/// One step; petitions are named by a number modulo those there are.
#[derive(Clone, Debug)]
enum Step {
    Log { class: usize, parties: usize, reference: bool },
    Accept(usize),
    Refuse(usize, usize),
    Ask(usize, i32),
    Decide(usize, bool),
    Opinion(usize),
    Withdraw(usize),
    Void(usize),
    Erase(usize),
    Import { key: usize, filled: u8, other: bool },
    Chain(usize),
    Repeat(usize),
    Days(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..6_usize;
    prop_oneof![
        4 => (0..3_usize, 0..7_usize, any::<bool>()).prop_map(|(class, parties, reference)| Step::Log { class, parties, reference }),
        4 => which.clone().prop_map(Step::Accept),
        1 => (which.clone(), 0..4_usize).prop_map(|(i, reason)| Step::Refuse(i, reason)),
        3 => (which.clone(), 0..32).prop_map(|(i, days)| Step::Ask(i, days)),
        3 => (which.clone(), any::<bool>()).prop_map(|(i, granted)| Step::Decide(i, granted)),
        2 => which.clone().prop_map(Step::Opinion),
        1 => which.clone().prop_map(Step::Withdraw),
        1 => which.clone().prop_map(Step::Void),
        1 => which.clone().prop_map(Step::Erase),
        4 => (0..3_usize, any::<u8>(), prop::bool::weighted(0.2)).prop_map(|(key, filled, other)| Step::Import { key, filled, other }),
        1 => which.clone().prop_map(Step::Chain),
        2 => (0..20_usize).prop_map(Step::Repeat),
        2 => (1..40_u8).prop_map(Step::Days),
    ]
}

/// A call that was made and can be made again.
enum Done {
    Log(pb::LogPetitionRequest, Box<pb::LogPetitionResponse>),
    Accept(pb::AcceptPetitionRequest, pb::AcceptPetitionResponse),
    Opinion(pb::IssueOpinionRequest, pb::IssueOpinionResponse),
    Erase(pb::ErasePartiesRequest, pb::ErasePartiesResponse),
}

struct Life {
    desk: Desk,
    clerk: Client,
    head: Client,
    ids: Vec<String>,
    erased: Vec<String>,
    done: Vec<Done>,
    day: fengqiao_model::Day,
}

/// The answer, when it was given; a refusal must be one that the contract knows.
fn given<T>(answer: Result<Response<T>, Status>) -> Option<T> {
    answer
        .map(Response::into_inner)
        .inspect_err(|status| assert!(!matches!(fault(status).code, Code::Internal | Code::Unknown)))
        .ok()
}

impl Life {
    async fn seen(&self, i: usize) -> pb::Petition {
        match self.ids.is_empty() {
            true => pb::Petition { id: asks::id(), etag: "1".into(), ..Default::default() },
            false => self.desk.get(&self.ids[i % self.ids.len()]).await,
        }
    }

    async fn take(&mut self, step: &Step) {
        match step {
            Step::Log { class, parties, reference } => {
                let new = pb::NewPetition {
                    matter_class: ["appeal", "suggestion", "allegation"][*class].into(),
                    parties: (0..*parties).map(|i| asks::party(&format!("当事人{i}"))).collect(),
                    external_ref: if *reference { format!("E{}", self.ids.len() % 3) } else { String::new() },
                    ..asks::appeal()
                };
                let request = asks::log(new);
                if let Some(logged) = given(self.clerk.log_petition(request.clone()).await) {
                    self.ids.push(logged.petition.as_ref().unwrap().id.clone());
                    self.done.push(Done::Log(request, Box::new(logged)));
                }
            }
            Step::Accept(i) => {
                let request = asks::accept(&self.seen(*i).await);
                if let Some(answer) = given(self.clerk.accept_petition(request.clone()).await) {
                    self.done.push(Done::Accept(request, answer));
                }
            }
            Step::Refuse(i, reason) => {
                let reason = ["petition.R01", "petition.R04", "petition.R08", "petition.R99"][*reason].to_owned();
                let request = pb::RefusePetitionRequest { reason, ..asks::refuse(&self.seen(*i).await) };
                given(self.clerk.refuse_petition(request).await);
            }
            Step::Ask(i, days) => {
                let request = pb::RequestExtensionRequest { days: *days, ..asks::extend(&self.seen(*i).await) };
                given(self.clerk.request_extension(request).await);
            }
            Step::Decide(i, granted) => {
                let request = pb::DecideExtensionRequest { granted: *granted, ..asks::grant(&self.seen(*i).await) };
                given(self.head.decide_extension(request).await);
            }
            Step::Opinion(i) => {
                let request = pb::IssueOpinionRequest { text: "意见".into(), ..asks::opinion(&self.seen(*i).await) };
                if let Some(answer) = given(self.clerk.issue_opinion(request.clone()).await) {
                    self.done.push(Done::Opinion(request, answer));
                }
            }
            Step::Withdraw(i) => drop(given(self.clerk.withdraw_petition(asks::withdraw(&self.seen(*i).await)).await)),
            Step::Void(i) => drop(given(self.head.void_petition(asks::void(&self.seen(*i).await)).await)),
            Step::Erase(i) => {
                let request = asks::erase(&self.seen(*i).await);
                if let Some(answer) = given(self.head.erase_parties(request.clone()).await) {
                    self.erased.push(request.petition_id.clone());
                    self.done.push(Done::Erase(request, answer));
                }
            }
            Step::Import { key, filled, other } => self.import(*key, *filled, *other).await,
            Step::Chain(i) => self.chain(*i).await,
            Step::Repeat(i) => self.repeat(*i).await,
            Step::Days(days) => {
                self.day = self.day.plus_days(i32::from(*days));
                self.desk.next(&self.day.to_string());
            }
        }
    }

    async fn import(&mut self, key: usize, filled: u8, other: bool) {
        const COLUMNS: [&str; 12] = [
            "external_ref",
            "registered_at",
            "division_code",
            "matter_class",
            "title",
            "petitioner",
            "category",
            "accepted_at",
            "opinion_at",
            "conclusion",
            "delivered_at",
            "review_requested_at",
        ];
        let optional = ["题", "王小明", "土地", "2026-01-06", "2026-02-02", "replied", "2026-02-03", "2026-02-04"];
        let reference = format!("R{key}");
        let mut row = vec![reference.as_str(), "2026-01-05", "320831", "appeal"];
        row.extend((0..8).map(|i| if filled >> i & 1 == 1 { optional[i] } else { "" }));
        if other {
            row[1] = "2026-01-04";
        }
        let answer = self.desk.import(&COLUMNS, &[&row, &row]).await;
        assert_eq!(answer.rows, 2);
        if answer.imported == 1 {
            self.ids.push(self.desk.imported(&reference).await.id);
        }
    }

    /// Log, accept and withdraw at once, as a phone that comes back on line.
    async fn chain(&mut self, i: usize) {
        let mine = pb::Petition { id: asks::id(), ..Default::default() };
        let log = asks::log(pb::NewPetition { id: mine.id.clone(), ..asks::appeal() });
        let accept = pb::AcceptPetitionRequest { after_request_id: log.request_id.clone(), ..asks::accept(&mine) };
        let follows = if i.is_multiple_of(2) { &accept.request_id } else { &log.request_id };
        let withdraw = pb::WithdrawPetitionRequest { after_request_id: follows.clone(), ..asks::withdraw(&mine) };
        let (mut a, mut b, mut c) = (self.clerk.clone(), self.clerk.clone(), self.clerk.clone());
        let (logged, accepted, withdrawn) =
            tokio::join!(a.log_petition(log), b.accept_petition(accept), c.withdraw_petition(withdraw));
        assert!(given(logged).is_some() && given(accepted).is_some());
        assert_eq!(given(withdrawn).is_some(), i.is_multiple_of(2));
        self.ids.push(mine.id);
    }

    async fn repeat(&mut self, i: usize) {
        let Some(done) = self.done.get(i) else { return };
        let position = self.desk.position().await;
        match done {
            Done::Log(request, first) => {
                let mut again = self.clerk.log_petition(request.clone()).await.unwrap().into_inner();
                if self.erased.contains(&first.petition.as_ref().unwrap().id) {
                    assert!(again.query_codes.is_empty());
                    again.query_codes.clone_from(&first.query_codes);
                }
                assert_eq!(again, **first);
            }
            Done::Accept(request, first) => {
                assert_eq!(self.clerk.accept_petition(request.clone()).await.unwrap().into_inner(), *first);
            }
            Done::Opinion(request, first) => {
                assert_eq!(self.clerk.issue_opinion(request.clone()).await.unwrap().into_inner(), *first)
            }
            Done::Erase(request, first) => {
                assert_eq!(self.head.erase_parties(request.clone()).await.unwrap().into_inner(), *first)
            }
        }
        assert_eq!(self.desk.position().await, position);
    }

    /// What holds after every life.
    async fn check(&self) {
        assert_eq!(self.desk.differences().await, Vec::<String>::new());
        let events = log::read_after(&self.desk.db, 0, 1_000).await.unwrap();
        let positions: Vec<_> = events.iter().map(|event| event.position).collect();
        assert_eq!(positions, (1..=self.desk.position().await).collect::<Vec<_>>());
        let mut numbers = Vec::new();
        for id in &self.ids {
            let shown = self.desk.get(id).await;
            assert_eq!(shown.etag, shown.history.len().to_string());
            let mine: Vec<_> = events.iter().filter(|event| event.aggregate_id == *id).map(|event| event.position).collect();
            assert_eq!(shown.history.iter().map(|step| step.position).collect::<Vec<_>>(), mine);
            assert_eq!(shown.conclusion.is_empty(), shown.concluded_on.is_empty());
            assert_eq!(shown.erased, self.erased.contains(id));
            assert!(!shown.erased || shown.title.is_empty() && shown.parties.is_empty());
            numbers.push(shown.number);
        }
        numbers.sort();
        let expected: Vec<_> = (1..=numbers.len()).map(|n| format!("信访局-2026-{n:06}")).collect();
        if self.day.year() == 2026 {
            assert_eq!(numbers, expected, "no gap");
        }
    }
}

fn lives(engine: Engine, cases: u32) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(step(), 1..20), |steps| {
        on_fresh_location(engine, async |location| {
            let desk = Desk::open(&location).await;
            let (clerk, head) = (desk.by(clerk("clerk-1")), desk.by(caller("head-1", &[Role::Head])));
            let day = crate::desk::TODAY.parse().unwrap();
            let mut life = Life { desk, clerk, head, ids: Vec::new(), erased: Vec::new(), done: Vec::new(), day };
            for step in &steps {
                life.take(step).await;
            }
            life.check().await;
        });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn the_book_is_what_its_log_says_sqlite() {
    lives(Engine::Sqlite, 64);
}

#[test]
fn the_book_is_what_its_log_says_postgres() {
    lives(Engine::Postgres, 64);
}
