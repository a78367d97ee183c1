//! Work of any kind over one stream or in one call: chains in their order, a verdict for each item, dependants held back and not lost.

use crate::{
    asks::{self, appeal, here},
    desk::{Client, Desk, caller, reason},
};
use fengqiao_model::Role;
use fengqiao_proto::intake::v1::{self as pb, PetitionState, petition_work::Change};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use tonic::{Code, Response};

fn work(change: Change) -> pb::PetitionWork {
    pb::PetitionWork { change: Some(change) }
}

/// A petition whose id the phone minted, and what the phone chains to it.
struct Chain {
    log: pb::LogPetitionRequest,
    accept: pb::AcceptPetitionRequest,
    ask: pb::RequestExtensionRequest,
    opinion: pb::IssueOpinionRequest,
}

impl Chain {
    fn new(change: impl FnOnce(&mut pb::NewPetition)) -> Self {
        let mut new = pb::NewPetition { id: asks::id(), slip: format!("回执-{}", asks::id()), offline: true, ..appeal() };
        change(&mut new);
        let known = pb::Petition { id: new.id.clone(), ..Default::default() };
        let log = asks::log(new);
        let accept = pb::AcceptPetitionRequest { after_request_id: log.request_id.clone(), ..asks::accept(&known) };
        let ask = pb::RequestExtensionRequest { after_request_id: accept.request_id.clone(), ..asks::extend(&known) };
        let opinion = pb::IssueOpinionRequest { after_request_id: ask.request_id.clone(), ..asks::opinion(&known) };
        Self { log, accept, ask, opinion }
    }

    fn items(&self) -> Vec<pb::PetitionWork> {
        vec![
            work(Change::Log(self.log.clone())),
            work(Change::Accept(self.accept.clone())),
            work(Change::RequestExtension(self.ask.clone())),
            work(Change::IssueOpinion(self.opinion.clone())),
        ]
    }
}

async fn batch(mut client: Client, items: Vec<pb::PetitionWork>) -> Vec<pb::SubmitPetitionWorkResponse> {
    client.submit_petition_work_batch(pb::SubmitPetitionWorkBatchRequest { items }).await.unwrap().into_inner().results
}

async fn stream(mut client: Client, items: Vec<pb::PetitionWork>) -> Vec<pb::SubmitPetitionWorkResponse> {
    let messages: Vec<_> = items.into_iter().map(|work| pb::SubmitPetitionWorkRequest { work: Some(work) }).collect();
    let mut answers = client.submit_petition_work(tokio_stream::iter(messages)).await.unwrap().into_inner();
    let mut verdicts = Vec::new();
    while let Some(verdict) = answers.message().await.unwrap() {
        verdicts.push(verdict);
    }
    verdicts
}

fn reasons(verdicts: &[pb::SubmitPetitionWorkResponse]) -> Vec<&str> {
    verdicts.iter().map(|verdict| verdict.error.as_ref().map_or("", |error| error.reason.as_str())).collect()
}

on_each_engine! {
    async fn chains_are_done_in_their_order_by_stream_and_batch(location: Location) {
        let desk = Desk::open(&location).await;
        for by_stream in [true, false] {
            let chains: Vec<Chain> = (0..40).map(|_| Chain::new(|_| {})).collect();
            // Side by side: all the first items, then all the second ones, …
            let items: Vec<_> = (0..4).flat_map(|at| chains.iter().map(move |chain| chain.items().swap_remove(at))).collect();
            let before = desk.position().await;
            let verdicts = if by_stream { stream(desk.clerk(), items.clone()).await } else { batch(desk.clerk(), items.clone()).await };
            assert!(reasons(&verdicts).iter().all(|reason| reason.is_empty()), "{verdicts:?}");
            assert_eq!(desk.position().await, before + 160);
            for (at, chain) in chains.iter().enumerate() {
                assert_eq!((verdicts[at].request_id.as_str(), verdicts[at].query_codes.len()), (chain.log.request_id.as_str(), 1));
                let states = [0, 40, 80, 120].map(|step| verdicts[at + step].petition.as_ref().unwrap().state());
                assert_eq!(states, [PetitionState::Registered, PetitionState::Accepted, PetitionState::Accepted, PetitionState::OpinionIssued]);
            }
            // Sent again, whole or by the calls themselves: the same answers, nothing twice.
            assert_eq!(batch(desk.clerk(), items.clone()).await, verdicts);
            assert_eq!(stream(desk.clerk(), items).await, verdicts);
            let logged = desk.clerk().log_petition(chains[0].log.clone()).await.unwrap().into_inner();
            assert_eq!((logged.petition, logged.query_codes), (verdicts[0].petition.clone(), verdicts[0].query_codes.clone()));
            let accepted = desk.clerk().accept_petition(chains[0].accept.clone()).await.unwrap().into_inner();
            assert_eq!(accepted.petition, verdicts[40].petition);
            assert_eq!(desk.position().await, before + 160);
        }
        assert!(desk.differences().await.is_empty());
    }

    async fn dependants_of_a_refused_item_are_held_back_and_not_lost(location: Location) {
        let desk = Desk::open(&location).await;
        for by_stream in [true, false] {
            let send = async |items| if by_stream { stream(desk.clerk(), items).await } else { batch(desk.clerk(), items).await };
            let bad = Chain::new(|petition| petition.channel = "fax".into());
            let good = Chain::new(|_| {});
            let items: Vec<_> = bad.items().into_iter().zip(good.items()).flat_map(|(bad, good)| [bad, good]).collect();
            let verdicts = send(items.clone()).await;
            assert_eq!(reasons(&verdicts), ["INVALID_ARGUMENT", "", "HELD_BACK", "", "HELD_BACK", "", "HELD_BACK", ""]);
            let held: Vec<_> = [2, 4, 6].map(|at: usize| verdicts[at].held_back_by.as_str()).to_vec();
            assert_eq!(held, [&bad.log.request_id, &bad.accept.request_id, &bad.ask.request_id], "each names the one it waits for");
            assert_eq!(verdicts[2].error.as_ref().unwrap().code, Code::FailedPrecondition as i32);
            // The phone mends the first one; the others go as they are.
            let mut mended = bad.items();
            let Some(Change::Log(log)) = &mut mended[0].change else { panic!() };
            log.petition.as_mut().unwrap().channel = "visit".into();
            assert_eq!(reasons(&send(mended).await), ["", "", "", ""]);
        }
        assert!(desk.differences().await.is_empty());
    }

    async fn a_dependant_that_comes_alone_waits_for_what_was_never_done(location: Location) {
        let desk = Desk::open(&location).await;
        let chain = Chain::new(|_| {});
        let items = chain.items();
        // After a cut: the first item never arrived, whatever the phone believes.
        let verdicts = batch(desk.clerk(), items[1..].to_vec()).await;
        assert_eq!(reasons(&verdicts), ["HELD_BACK"; 3]);
        assert_eq!(verdicts[0].held_back_by, chain.log.request_id);
        assert_eq!(desk.position().await, 0);
        assert_eq!(reasons(&batch(desk.clerk(), items[..1].to_vec()).await), [""]);
        assert_eq!(reasons(&batch(desk.clerk(), items[2..].to_vec()).await), ["HELD_BACK"; 2], "the one between is missing");
        assert_eq!(reasons(&batch(desk.clerk(), items[1..].to_vec()).await), ["", "", ""]);
        // What was done and overtaken is refused for good.
        let known = pb::Petition { id: chain.accept.petition_id.clone(), ..Default::default() };
        let late = pb::WithdrawPetitionRequest { after_request_id: chain.log.request_id.clone(), ..asks::withdraw(&known) };
        assert_eq!(reasons(&batch(desk.clerk(), vec![work(Change::Withdraw(late))]).await), ["NOT_AFTER_REQUEST"]);
        let mut itself = asks::withdraw(&known);
        itself.after_request_id = itself.request_id.clone();
        itself.etag = String::new();
        assert_eq!(reasons(&batch(desk.clerk(), vec![work(Change::Withdraw(itself))]).await), ["NOT_AFTER_REQUEST"]);
    }

    async fn what_another_item_changes_by_etag_waits_for_the_item_that_logs_it(location: Location) {
        let desk = Desk::open(&location).await;
        let bad = Chain::new(|petition| petition.division_code = "1".into());
        let accept = pb::AcceptPetitionRequest { after_request_id: String::new(), etag: "1".into(), ..bad.accept.clone() };
        let verdicts = stream(desk.clerk(), vec![work(Change::Log(bad.log.clone())), work(Change::Accept(accept))]).await;
        assert_eq!((reasons(&verdicts), verdicts[1].held_back_by.as_str()), (vec!["INVALID_ARGUMENT", "HELD_BACK"], bad.log.request_id.as_str()));
        let good = Chain::new(|_| {});
        let accept = pb::AcceptPetitionRequest { after_request_id: String::new(), etag: "1".into(), ..good.accept.clone() };
        let verdicts = stream(desk.clerk(), vec![work(Change::Log(good.log)), work(Change::Accept(accept))]).await;
        assert_eq!(reasons(&verdicts), ["", ""]);
    }

    async fn each_kind_of_work_is_its_call(location: Location) {
        let desk = Desk::open(&location).await;
        let (accepted, registered) = (desk.accepted().await, desk.appeal().await);
        let asked = asks::extend(&accepted);
        let grant = pb::DecideExtensionRequest { after_request_id: asked.request_id.clone(), etag: String::new(), ..asks::grant(&accepted) };
        let at_desk = here(appeal());
        let verdicts = batch(desk.by(caller("clerk-2", &[Role::Clerk, Role::Head])), vec![
            work(Change::RequestExtension(asked.clone())),
            work(Change::DecideExtension(grant.clone())),
            work(Change::RouteToMediation(asks::route(&accepted))),
            work(Change::Refuse(asks::refuse(&registered))),
            work(Change::Void(asks::void(&desk.appeal().await))),
            work(Change::Withdraw(asks::withdraw(&desk.appeal().await))),
            work(Change::Log(at_desk)),
        ]).await;
        assert_eq!(reasons(&verdicts), ["", "SAME_PERSON", "ETAG_STALE", "", "", "", ""]);
        assert!(verdicts[6].dispute.is_some());
        // What needs another role is refused item by item.
        let verdicts = batch(desk.clerk(), vec![work(Change::DecideExtension(grant)), work(Change::Void(asks::void(&registered)))]).await;
        assert_eq!(reasons(&verdicts), ["PERMISSION_DENIED", "PERMISSION_DENIED"]);
    }

    async fn bad_items_and_bad_batches_are_named(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        let position = desk.position().await;
        let checked = pb::LogPetitionRequest { validate_only: true, ..asks::log(appeal()) };
        let items = vec![
            pb::PetitionWork { change: None },
            work(Change::Log(pb::LogPetitionRequest::default())),
            work(Change::Log(checked)),
            work(Change::Accept(pb::AcceptPetitionRequest::default())),
            work(Change::Accept(pb::AcceptPetitionRequest { request_id: "42".into(), ..asks::accept(&petition) })),
            work(Change::Accept(pb::AcceptPetitionRequest { petition_id: asks::id(), ..asks::accept(&petition) })),
            work(Change::Accept(pb::AcceptPetitionRequest { etag: "9".into(), ..asks::accept(&petition) })),
            work(Change::Accept(pb::AcceptPetitionRequest { accepted_on: "2026-03-03".into(), ..asks::accept(&petition) })),
            work(Change::IssueOpinion(asks::opinion(&petition))),
        ];
        for verdicts in [batch(desk.clerk(), items.clone()).await, stream(desk.clerk(), items).await] {
            assert_eq!(reasons(&verdicts), [
                "INVALID_ARGUMENT", "INVALID_ARGUMENT", "INVALID_ARGUMENT", "INVALID_ARGUMENT", "INVALID_ARGUMENT", "PETITION_NOT_FOUND",
                "ETAG_STALE", "INVALID_ARGUMENT", "STATE_FORBIDS",
            ]);
            let fields: Vec<_> = verdicts.iter().map(|verdict| {
                verdict.error.as_ref().unwrap().fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>().join(" ")
            }).collect();
            assert_eq!(fields, ["change", "request_id petition", "validate_only", "request_id petition_id etag", "request_id", "", "", "accepted_on", ""]);
            assert!(verdicts.iter().all(|verdict| verdict.petition.is_none() && verdict.held_back_by.is_empty()));
        }
        assert_eq!(desk.position().await, position);
        let of = |items| pb::SubmitPetitionWorkBatchRequest { items };
        for items in [Vec::new(), vec![pb::PetitionWork { change: None }; 501]] {
            assert_eq!(reason(desk.clerk().submit_petition_work_batch(of(items)).await), "INVALID_ARGUMENT");
        }
        assert_eq!(reason(desk.window().submit_petition_work_batch(of(Vec::new())).await), "PERMISSION_DENIED");
        assert_eq!(reason(desk.by_nobody().submit_petition_work_batch(of(Vec::new())).await), "UNAUTHENTICATED");
        let empty = || tokio_stream::iter(Vec::<pb::SubmitPetitionWorkRequest>::new());
        assert_eq!(reason(desk.window().submit_petition_work(empty()).await.map(|_| Response::new(()))), "PERMISSION_DENIED");
        let outside = fengqiao_model::Caller { division: Some("320829".parse().unwrap()), ..crate::desk::clerk("clerk-1") };
        let verdicts = batch(desk.by(outside), vec![work(Change::Accept(asks::accept(&petition)))]).await;
        assert_eq!(reasons(&verdicts), ["PETITION_NOT_FOUND"]);
    }
}

/// Whoever adds a call that changes a petition adds its line to PetitionWork (service.proto) and to `works!` (api/work.rs).
#[test]
fn every_change_of_a_petition_is_work() {
    use prost::Message;
    let files = prost_types::FileDescriptorSet::decode(fengqiao_proto::DESCRIPTOR).unwrap().file;
    let files: Vec<_> = files.into_iter().filter(|file| file.package() == "fengqiao.intake.v1").collect();
    let message =
        |name: &str| files.iter().flat_map(|file| &file.message_type).find(|m| name.ends_with(&format!(".{}", m.name())));
    let work = message(".PetitionWork").unwrap();
    let mut missing = Vec::new();
    for method in files.iter().flat_map(|file| &file.service).flat_map(|service| &service.method) {
        let Some(request) = message(method.input_type()) else { continue };
        let has = |field: &str| request.field.iter().any(|f| f.name() == field);
        // Erasing is for ever, and is asked for by itself.
        let changes = has("petition_id") && has("after_request_id") && method.name() != "EraseParties";
        if changes && !work.field.iter().any(|item| item.type_name() == method.input_type()) {
            missing.push(method.name().to_owned());
        }
    }
    assert!(missing.is_empty(), "not in PetitionWork: {missing:?}");
}
