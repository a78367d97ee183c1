//! A phone that worked off line: five hundred items in its outbox, chained, some of them wrong, sent over a line that is cut again and
//! again. Each is done exactly once, chains keep their order, each item gets the verdict it has to get, what waits for a refused item is
//! held back and not lost, and both numbers of a quarrel taken up at the desk are the ones that mediation has.
//!
//! The items and the cuts come from a seed; what stays undetermined is how the operating system slices the traffic.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_model::{IdSource, RequestId, SystemClock};
use fengqiao_proto::{
    intake::v1::{self as pb, petition_work::Change},
    mediation::v1::GetDisputeRequest,
};
use fengqiao_tests::{Desk, Proxy, Room, SOON, eventually, ledger::Dice, on_each_engine, petition};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

const ITEMS: usize = 500;
const CUTS: u64 = 50;
/// One piece of traffic in so many is the last of its connection.
const ONE_IN: u64 = 14;
/// Items on the way at once.
const WINDOW: usize = 6;

/// What has to become of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Done,
    Refused(&'static str),
    HeldBack(String),
}

struct Item {
    work: pb::PetitionWork,
    fate: Fate,
}

fn id() -> String {
    use std::sync::LazyLock;
    static IDS: LazyLock<IdSource> = LazyLock::new(IdSource::default);
    RequestId::from_bytes(IDS.mint(&SystemClock)).to_string()
}

/// What is wrong with a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Nothing,
    First,
    Second,
    State,
}

/// One petition with what the phone chained to it.
struct Chain {
    petition: String,
    items: Vec<Item>,
    /// The kinds of events that have to stand in its history, in order.
    kinds: Vec<&'static str>,
}

fn chain(n: usize, wrong: Wrong, steps: usize, here: bool) -> Chain {
    let petition_id = id();
    let new = pb::NewPetition {
        id: petition_id.clone(),
        slip: format!("回执-{n}"),
        offline: true,
        ..petition("界址", &format!("手机-{n}"))
    };
    let mut log = pb::LogPetitionRequest { request_id: id(), petition: Some(new), ..Default::default() };
    let mut kinds = vec!["petition.registered"];
    if here {
        log.mediate_here = Some(pb::MediateHere {
            dispute_type: "T02".into(),
            applicant_consents: true,
            respondent_consents: true,
            respondents: vec![pb::Party { name: "李大力".into(), ..Default::default() }],
            ..Default::default()
        });
        kinds.push("petition.routed_to_mediation");
    }
    let accept = pb::AcceptPetitionRequest {
        request_id: id(),
        petition_id: petition_id.clone(),
        after_request_id: log.request_id.clone(),
        document_number: if wrong == Wrong::Second { "字".repeat(101) } else { "受字1号".into() },
        ..Default::default()
    };
    let ask = pb::RequestExtensionRequest {
        request_id: id(),
        petition_id: petition_id.clone(),
        after_request_id: accept.request_id.clone(),
        days: 20,
        text: "案情复杂".into(),
        ..Default::default()
    };
    let opinion = pb::IssueOpinionRequest {
        request_id: id(),
        petition_id: petition_id.clone(),
        // Without the acceptance no opinion: a step that the state forbids.
        after_request_id: if wrong == Wrong::State { log.request_id.clone() } else { ask.request_id.clone() },
        document_number: "答字1号".into(),
        ..Default::default()
    };
    if wrong == Wrong::First {
        log.petition.as_mut().unwrap().channel = "fax".into();
    }
    let ids = [log.request_id.clone(), accept.request_id.clone(), ask.request_id.clone()];
    let mut items = vec![Change::Log(log)];
    if wrong != Wrong::State {
        items.extend([Change::Accept(accept), Change::RequestExtension(ask)]);
    }
    items.push(Change::IssueOpinion(opinion));
    items.truncate(if wrong == Wrong::State { 2 } else { steps });
    let fate = |at: usize| match (wrong, at) {
        (Wrong::First, 0) | (Wrong::Second, 1) => Fate::Refused("INVALID_ARGUMENT"),
        (Wrong::First, _) => Fate::HeldBack(ids[at - 1].clone()),
        (Wrong::Second, 2..) => Fate::HeldBack(ids[at - 1].clone()),
        (Wrong::State, 1) => Fate::Refused("STATE_FORBIDS"),
        _ => Fate::Done,
    };
    let items: Vec<Item> = items
        .into_iter()
        .enumerate()
        .map(|(at, change)| Item { work: pb::PetitionWork { change: Some(change) }, fate: fate(at) })
        .collect();
    kinds.extend(["petition.accepted", "petition.extension_requested", "petition.opinion_issued"]);
    let done = items.iter().filter(|item| item.fate == Fate::Done).count();
    kinds.truncate(if done == 0 { 0 } else { done + usize::from(here) });
    Chain { petition: petition_id, items, kinds }
}

/// Chains with so many items together, every seventh of them wrong in one way or another.
fn chains(dice: &mut Dice) -> Vec<Chain> {
    let (mut chains, mut items) = (Vec::new(), 0);
    while items < ITEMS {
        let wrong = match dice.below(21) {
            0 => Wrong::First,
            1 => Wrong::Second,
            2 => Wrong::State,
            _ => Wrong::Nothing,
        };
        let least = if wrong == Wrong::Nothing { 1 } else { 2 };
        let steps = (least + usize::try_from(dice.below(4)).unwrap()).min(4).min((ITEMS - items).max(least));
        let next = chain(chains.len(), wrong, steps, wrong == Wrong::Nothing && dice.below(5) == 0);
        items += next.items.len();
        chains.push(next);
    }
    chains
}

/// The items of all chains in one outbox, mixed, each chain in its order.
fn outbox(chains: &[Chain], dice: &mut Dice) -> Vec<(pb::PetitionWork, Fate)> {
    let mut left: Vec<VecDeque<&Item>> = chains.iter().map(|chain| chain.items.iter().collect()).collect();
    let mut mixed = Vec::new();
    while !left.is_empty() {
        let at = usize::try_from(dice.below(left.len().min(12) as u64)).unwrap();
        match left[at].pop_front() {
            Some(item) => mixed.push((item.work.clone(), item.fate.clone())),
            None => drop(left.remove(at)),
        }
    }
    mixed
}

fn request_of(work: &pb::PetitionWork) -> &str {
    match work.change.as_ref().unwrap() {
        Change::Log(m) => &m.request_id,
        Change::Accept(m) => &m.request_id,
        Change::RequestExtension(m) => &m.request_id,
        Change::IssueOpinion(m) => &m.request_id,
        _ => panic!("no such item"),
    }
}

fn fate_of(verdict: &pb::SubmitPetitionWorkResponse) -> Fate {
    match &verdict.error {
        None => Fate::Done,
        Some(error) if error.reason == "HELD_BACK" => Fate::HeldBack(verdict.held_back_by.clone()),
        Some(error) => Fate::Refused(match error.reason.as_str() {
            "INVALID_ARGUMENT" => "INVALID_ARGUMENT",
            "STATE_FORBIDS" => "STATE_FORBIDS",
            other => panic!("{other}: {verdict:?}"),
        }),
    }
}

type Verdicts = BTreeMap<String, pb::SubmitPetitionWorkResponse>;

/// Sends what has no verdict yet over one connection, a few at a time, until all have or the line breaks.
async fn send(url: &str, outbox: &[(pb::PetitionWork, Fate)], verdicts: &mut Verdicts) {
    let mut desk = Desk::at(url);
    let unsaid = outbox.iter().map(|(work, _)| work).filter(|work| !verdicts.contains_key(request_of(work)));
    let mut waiting = unsaid.cloned().collect::<Vec<_>>().into_iter();
    let (sender, items) = mpsc::channel(WINDOW);
    for work in waiting.by_ref().take(WINDOW) {
        sender.try_send(pb::SubmitPetitionWorkRequest { work: Some(work) }).unwrap();
    }
    let Ok(answers) = desk.intake.submit_petition_work(ReceiverStream::new(items)).await else { return };
    let mut answers = answers.into_inner();
    let mut sender = Some(sender);
    while let Ok(Some(verdict)) = answers.message().await {
        if let Some(before) = verdicts.insert(verdict.request_id.clone(), verdict.clone()) {
            assert_eq!(before, verdict, "the verdict on the same item, again");
        }
        match waiting.next() {
            Some(work) => {
                let Some(sender) = &sender else { continue };
                if sender.send(pb::SubmitPetitionWorkRequest { work: Some(work) }).await.is_err() {
                    return;
                }
            }
            None => sender = None,
        }
    }
}

on_each_engine! {
    async fn an_outbox_goes_through_a_line_that_is_cut(world: &World) {
        let mut dice = Dice::new(831);
        let chains = chains(&mut dice);
        let outbox = outbox(&chains, &mut dice);
        assert!(outbox.len() >= ITEMS && outbox.len() < ITEMS + 4);
        let server = world.serve().await;
        let line = Proxy::to(server.address(), 320_831, ONE_IN).await;
        let (mut verdicts, mut connections, mut rounds) = (Verdicts::new(), 0, 0);
        while verdicts.len() < outbox.len() || line.cuts() < CUTS {
            if verdicts.len() == outbox.len() {
                // The phone lost all it heard, and begins again: nothing is done twice, every verdict is the same.
                rounds += 1;
                let before = std::mem::take(&mut verdicts);
                while verdicts.len() < outbox.len() {
                    connections += 1;
                    send(&line.url(), &outbox, &mut verdicts).await;
                }
                assert_eq!(verdicts, before);
            } else {
                connections += 1;
                send(&line.url(), &outbox, &mut verdicts).await;
            }
        }
        println!("{} items, {} cuts, {connections} connections, sent anew {rounds} times", outbox.len(), line.cuts());
        assert!(line.cuts() >= CUTS);

        // Each item has the verdict it has to have.
        for (work, fate) in &outbox {
            assert_eq!(fate_of(&verdicts[request_of(work)]), *fate, "{work:?}");
        }
        // Each was done exactly once, in the order of its chain.
        let mut desk = Desk::at(&server.url());
        let logged: BTreeSet<String> = desk.all().await.into_iter().map(|petition| petition.id).collect();
        let expected: BTreeSet<String> = chains.iter().filter(|chain| !chain.kinds.is_empty()).map(|chain| chain.petition.clone()).collect();
        assert_eq!(logged, expected);
        for chain in chains.iter().filter(|chain| !chain.kinds.is_empty()) {
            let request = pb::GetPetitionRequest { petition_id: chain.petition.clone(), ..Default::default() };
            let shown = desk.intake.get_petition(request).await.unwrap().into_inner().petition.unwrap();
            let kinds: Vec<_> = shown.history.iter().map(|step| step.kind.as_str()).collect();
            assert_eq!(kinds, chain.kinds);
        }

        // Both numbers of what was taken up at the desk: mediation has the ids and the number that the phone printed.
        let mut room = Room::at(&server.url());
        let printed: Vec<_> = verdicts.values().filter_map(|verdict| verdict.dispute.clone()).collect();
        assert!(printed.len() > 10, "{}", printed.len());
        for dispute in printed {
            let request = GetDisputeRequest { number: dispute.number.clone(), ..Default::default() };
            let found = eventually("mediation has it", SOON, async || {
                room.clone().mediation.get_dispute(request.clone()).await.map_err(|status| status.to_string())
            }).await.into_inner();
            let found = found.dispute.unwrap();
            assert_eq!(found.id, dispute.dispute_id);
            let case = room.mediation.get_case(fengqiao_proto::mediation::v1::GetCaseRequest { number: dispute.number, ..Default::default() }).await.unwrap().into_inner().case.unwrap();
            assert_eq!(case.facts.unwrap().case_id, dispute.case_id);
        }

        // The phone mends what was wrong, and what was held back goes with it, unchanged.
        let mut mended = Vec::new();
        for chain in &chains {
            for item in &chain.items {
                let mut work = item.work.clone();
                match work.change.as_mut().unwrap() {
                    Change::Log(m) => m.petition.as_mut().unwrap().channel = "visit".into(),
                    Change::Accept(m) => m.document_number = "受字1号".into(),
                    _ => {}
                }
                if item.fate != Fate::Done && item.fate != Fate::Refused("STATE_FORBIDS") {
                    mended.push((work, Fate::Done));
                }
            }
        }
        let mut last = Verdicts::new();
        while last.len() < mended.len() {
            send(&line.url(), &mended, &mut last).await;
        }
        for (work, fate) in &mended {
            assert_eq!(fate_of(&last[request_of(work)]), *fate, "{work:?}");
        }
        drop(line);
        server.stop().await;
        world.verify(world.place()).await.done();
    }
}
