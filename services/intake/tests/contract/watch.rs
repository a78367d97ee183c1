//! Watching: changes, checkpoints, tokens, what is never told.

use crate::{
    asks::{self, appeal},
    desk::{Client, Desk, after, caller, clerk, field, reason, refused},
};
use fengqiao_model::{Caller, ResumeToken, Role};
use fengqiao_proto::intake::v1::{self as pb, PetitionState, watch_petitions_response::What};
use fengqiao_store::{Location, log};
use fengqiao_testkit::on_each_engine;
use prost_types::FieldMask;
use tonic::{Code, Streaming};

fn all() -> pb::WatchPetitionsRequest {
    pb::WatchPetitionsRequest::default()
}

fn of(filter: pb::PetitionFilter) -> pb::WatchPetitionsRequest {
    pb::WatchPetitionsRequest { filter: Some(filter), ..all() }
}

fn from(token: &str) -> pb::WatchPetitionsRequest {
    pb::WatchPetitionsRequest { resume_token: token.to_owned(), ..all() }
}

type Watch = Streaming<pb::WatchPetitionsResponse>;

/// Begins to watch, up to the checkpoint that comes first.
async fn begin(mut client: Client, request: pb::WatchPetitionsRequest) -> (Watch, String) {
    let mut watch = client.watch_petitions(request).await.unwrap().into_inner();
    let first = watch.message().await.unwrap().unwrap();
    assert!(matches!(first.what, Some(What::Checkpoint(_))), "{first:?}");
    (watch, first.resume_token)
}

/// What comes next beside checkpoints, and its token.
async fn next(watch: &mut Watch) -> (What, String) {
    loop {
        let answer = watch.message().await.unwrap().unwrap();
        match answer.what.unwrap() {
            What::Checkpoint(_) => {}
            what => return (what, answer.resume_token),
        }
    }
}

/// The kind and slip of the next change; `left` for what left.
async fn told(watch: &mut Watch) -> String {
    match next(watch).await.0 {
        What::Change(change) => format!("{} {}", change.kind, change.petition.unwrap().slip),
        What::Left(left) => format!("left {}", left.etag),
        What::Checkpoint(_) => unreachable!("passed over"),
    }
}

fn slip(slip: &str) -> pb::NewPetition {
    pb::NewPetition { slip: slip.into(), ..appeal() }
}

on_each_engine! {
    async fn changes_come_in_the_order_of_the_log(location: Location) {
        let desk = Desk::open(&location).await;
        desk.log(slip("before")).await;
        let (mut watch, _) = begin(desk.clerk(), all()).await;
        let a = desk.log(slip("a")).await.petition.unwrap();
        let What::Change(change) = next(&mut watch).await.0 else { panic!("a change") };
        assert_eq!((change.kind.as_str(), change.version, change.position), ("petition.registered", 1, 2));
        assert_eq!((change.occurred_on.as_str(), change.recorded_at.is_some()), ("2026-03-02", true));
        let shown = change.petition.unwrap();
        assert_eq!(shown, pb::Petition { title: String::new(), ..shown.clone() }, "nothing sealed");
        assert!(shown.parties.is_empty() && shown.narrative.is_empty() && shown.history.is_empty());
        assert_eq!((shown.id.as_str(), shown.number.as_str()), (a.id.as_str(), a.number.as_str()));
        let a = after!(desk.clerk(), accept_petition, asks::accept(&a));
        desk.log(slip("b")).await;
        assert_eq!(told(&mut watch).await, "petition.accepted a");
        assert_eq!(told(&mut watch).await, "petition.registered b");
        after!(desk.head(), erase_parties, asks::erase(&a));
        let What::Change(change) = next(&mut watch).await.0 else { panic!("a change") };
        assert_eq!((change.kind.as_str(), change.petition.unwrap().erased), ("petition.parties_erased", true));
    }

    async fn a_token_goes_on_exactly_there(location: Location) {
        let desk = Desk::open(&location).await;
        let (mut watch, start) = begin(desk.clerk(), all()).await;
        for name in ["a", "b", "c"] {
            desk.log(slip(name)).await;
        }
        let mut tokens = vec![start];
        for _ in 0..3 {
            tokens.push(next(&mut watch).await.1);
        }
        drop(watch);
        desk.log(slip("d")).await;
        for (index, token) in tokens.iter().enumerate() {
            let mut watch = desk.clerk().watch_petitions(from(token)).await.unwrap().into_inner();
            for name in &["a", "b", "c", "d"][index..] {
                assert_eq!(told(&mut watch).await, format!("petition.registered {name}"));
            }
        }
        // what comes after more pages than one
        let items: Vec<_> = (0..400).map(|_| asks::log(appeal())).collect();
        desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await.unwrap();
        let mut watch = desk.clerk().watch_petitions(from(&tokens[3])).await.unwrap().into_inner();
        for expected in 4..=404 {
            let What::Change(change) = next(&mut watch).await.0 else { panic!("a change") };
            assert_eq!(change.position, expected);
        }
    }

    async fn what_nobody_sees_moves_the_checkpoint(location: Location) {
        let desk = Desk::open(&location).await;
        let town = Caller { division: Some("320831101".parse().unwrap()), ..clerk("clerk-2") };
        let (mut watch, first) = begin(desk.by(town), all()).await;
        desk.log(slip("elsewhere")).await;
        let answer = watch.message().await.unwrap().unwrap();
        assert!(matches!(answer.what, Some(What::Checkpoint(pb::WatchCheckpoint { as_of: Some(_) }))), "{answer:?}");
        assert_ne!(answer.resume_token, first);
        desk.log(pb::NewPetition { division_code: "320831101001".into(), ..slip("here") }).await;
        assert_eq!(told(&mut watch).await, "petition.registered here");
    }

    async fn allegations_are_in_no_watch(location: Location) {
        let desk = Desk::open(&location).await;
        let (mut watch, _) = begin(desk.clerk(), all()).await;
        let allegation = desk.log(pb::NewPetition { matter_class: "allegation".into(), ..slip("secret") }).await.petition.unwrap();
        after!(desk.clerk(), withdraw_petition, asks::withdraw(&allegation));
        desk.log(slip("open")).await;
        assert_eq!(told(&mut watch).await, "petition.registered open");
    }

    async fn filters_filter_and_tell_what_left(location: Location) {
        let desk = Desk::open(&location).await;
        let registered = pb::PetitionFilter { states: vec![PetitionState::Registered.into()], ..Default::default() };
        let (mut watch, _) = begin(desk.clerk(), of(registered)).await;
        let a = desk.log(slip("a")).await.petition.unwrap();
        assert_eq!(told(&mut watch).await, "petition.registered a");
        after!(desk.clerk(), accept_petition, asks::accept(&a));
        assert_eq!(told(&mut watch).await, "left 2");

        for filter in [
            pb::PetitionFilter { division_code: "320831101".into(), ..Default::default() },
            pb::PetitionFilter { unit: "别处".into(), ..Default::default() },
            pb::PetitionFilter { responsible_unit: "国土所".into(), ..Default::default() },
            pb::PetitionFilter { channel: "online".into(), ..Default::default() },
            pb::PetitionFilter { matter_class: "suggestion".into(), ..Default::default() },
            pb::PetitionFilter { category: "土地".into(), ..Default::default() },
            pb::PetitionFilter { repeats: pb::RepeatFilter::Only.into(), ..Default::default() },
        ] {
            let (mut watch, _) = begin(desk.clerk(), of(filter.clone())).await;
            desk.log(appeal()).await;
            let matching = pb::NewPetition {
                division_code: "320831101".into(),
                responsible_unit: "国土所".into(),
                channel: "online".into(),
                matter_class: "suggestion".into(),
                category: "土地".into(),
                ..appeal()
            };
            let found = desk.log(matching).await.petition.unwrap();
            let found = after!(desk.clerk(), withdraw_petition, asks::withdraw(&found));
            match next(&mut watch).await.0 {
                What::Change(change) => assert_eq!(change.petition.unwrap().id, found.id, "{filter:?}"),
                What::Left(left) => assert_eq!(left, pb::PetitionLeft { petition_id: found.id, etag: "2".into() }, "{filter:?}"),
                What::Checkpoint(_) => unreachable!("passed over"),
            }
        }
    }

    async fn a_mask_cuts_what_is_told(location: Location) {
        let desk = Desk::open(&location).await;
        let mask = FieldMask { paths: vec!["slip".into()] };
        let (mut watch, _) = begin(desk.clerk(), pb::WatchPetitionsRequest { read_mask: Some(mask), ..all() }).await;
        desk.log(slip("a")).await;
        let What::Change(change) = next(&mut watch).await.0 else { panic!("a change") };
        assert_eq!(change.petition, Some(pb::Petition { slip: "a".into(), ..Default::default() }));
    }

    async fn tokens_of_another_log_are_out_of_range(location: Location) {
        let desk = Desk::open(&location).await;
        let (mut watch, start) = begin(desk.clerk(), all()).await;
        desk.log(slip("a")).await;
        let token = ResumeToken::decode(&next(&mut watch).await.1).unwrap().unwrap();
        let head = log::head(&desk.db).await.unwrap();
        assert_eq!((token.position, &token.hash), (head.position, &head.hash));
        let start = ResumeToken::decode(&start).unwrap().unwrap();
        for wrong in [
            ResumeToken { log_id: "another".into(), ..token.clone() },
            ResumeToken { position: 2, ..token.clone() },
            ResumeToken { position: i64::MAX, ..token.clone() },
            ResumeToken { hash: start.hash.clone(), ..token.clone() },
            ResumeToken { hash: token.hash.clone(), ..start.clone() },
        ] {
            let fault = refused(desk.clerk().watch_petitions(from(&wrong.encode())).await);
            assert_eq!((fault.code, fault.reason.as_str()), (Code::OutOfRange, "RESUME_TOKEN_OUT_OF_RANGE"), "{wrong:?}");
        }
        for right in [token, start] {
            desk.clerk().watch_petitions(from(&right.encode())).await.unwrap();
        }
    }

    async fn wrong_requests_are_named(location: Location) {
        let desk = Desk::open(&location).await;
        let filter = pb::PetitionFilter::default;
        for (name, request) in [
            ("resume_token", from("nonsense")),
            ("resume_token", from("00")),
            ("read_mask", pb::WatchPetitionsRequest { read_mask: Some(FieldMask { paths: vec!["titel".into()] }), ..all() }),
            ("filter.division_code", of(pb::PetitionFilter { division_code: "1".into(), ..filter() })),
            ("filter.unit", of(pb::PetitionFilter { unit: "a\0".into(), ..filter() })),
            ("filter.responsible_unit", of(pb::PetitionFilter { responsible_unit: "长".repeat(65), ..filter() })),
            ("filter.states[1]", of(pb::PetitionFilter { states: vec![1, 99], ..filter() })),
            ("filter.states[0]", of(pb::PetitionFilter { states: vec![0], ..filter() })),
            ("filter.states", of(pb::PetitionFilter { states: vec![1; 99], ..filter() })),
            ("filter.channel", of(pb::PetitionFilter { channel: "fax".into(), ..filter() })),
            ("filter.matter_class", of(pb::PetitionFilter { matter_class: "申诉".into(), ..filter() })),
            ("filter.matter_class", of(pb::PetitionFilter { matter_class: "allegation".into(), ..filter() })),
            ("filter.category", of(pb::PetitionFilter { category: "长".repeat(101), ..filter() })),
            ("filter.category", of(pb::PetitionFilter { category: "a\u{1b}".into(), ..filter() })),
            ("filter.repeats", of(pb::PetitionFilter { repeats: 3, ..filter() })),
        ] {
            assert_eq!(field(desk.clerk().watch_petitions(request).await).0, name);
        }
        assert_eq!(reason(desk.by(caller("x", &[Role::Public])).watch_petitions(all()).await), "PERMISSION_DENIED");
        assert_eq!(reason(desk.by_nobody().watch_petitions(all()).await), "UNAUTHENTICATED");
    }

    async fn a_watch_ends_with_the_server_and_a_slow_one_holds_up_nobody(location: Location) {
        let desk = Desk::open(&location).await;
        let (mut watch, _) = begin(desk.clerk(), all()).await;
        // far more than may wait for a reader; nobody reads
        for _ in 0..3 {
            let items: Vec<_> = (0..500).map(|_| asks::log(appeal())).collect();
            desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await.unwrap();
        }
        assert_eq!(told(&mut watch).await.split(' ').next(), Some("petition.registered"));
        desk.draining.cancel();
        let ended = loop {
            match watch.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("a watch says why it ends"),
                Err(status) => break status,
            }
        };
        assert_eq!(fengqiao_service::errors::reason(&ended).as_deref(), Some("DRAINING"));
        assert_eq!(ended.code(), Code::Unavailable);
    }

    async fn as_many_watch_as_one_process_serves(location: Location) {
        let desk = Desk::open(&location).await;
        let mut open = Vec::new();
        let refused = loop {
            match desk.clerk().watch_petitions(all()).await {
                Ok(watch) => open.push(watch),
                Err(status) => break status,
            }
        };
        assert_eq!(open.len(), 512);
        assert_eq!(fengqiao_service::errors::reason(&refused).as_deref(), Some("TOO_MANY_WATCHES"));
        drop(open);
        fengqiao_testkit::eventually("a place to become free", std::time::Duration::from_secs(60), async || {
            desk.clerk().watch_petitions(all()).await
        })
        .await;
    }
}
