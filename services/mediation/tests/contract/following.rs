//! Following the petition log: what is routed here opens a dispute with its key; what was erased there is erased here; what cannot be
//! placed is seen. The log is a real one, served by the feed; who writes it is known by the contract only.

use crate::{
    asks,
    desk::{Desk, after, facts},
};
use fengqiao_feed::{Feed, Source, follow};
use fengqiao_model::{CaseId, DisputeId, Instant, derived_id};
use fengqiao_proto::{intake::v1 as intake, mediation::v1 as pb};
use fengqiao_store::{
    DataKey, Db, Location, MasterKey, NO_MIGRATIONS, NewEvent, Policy, StoreError, cursor, data_key, log, seal,
};
use fengqiao_testkit::{Fresh, eventually, on_each_engine};
use prost::Message;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

const PETITION: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const OFFICE: &str = "信访局";

/// A petition log with a master key of its own.
struct Petitions {
    db: Db,
    master: Arc<MasterKey>,
    clock: fengqiao_model::ManualClock,
    key: DataKey,
    fresh: Fresh,
}

impl Petitions {
    async fn new(desk: &Desk) -> Self {
        let fresh = Fresh::new(desk.db.engine());
        let db = Db::open(fresh.location(), "fengqiao-test").await.unwrap();
        db.migrate(&NO_MIGRATIONS, Policy::EmptyOnly).await.unwrap();
        let master = Arc::new(MasterKey::from_hex(&"0e".repeat(32)).unwrap());
        let this = Self { db, master, clock: desk.clock.clone(), key: DataKey::generate(), fresh };
        let mut tx = this.db.begin().await.unwrap();
        data_key::insert(&mut tx, &[PETITION.to_owned()], &[this.key.wrap(&this.master, PETITION)]).await.unwrap();
        tx.commit().await.unwrap();
        this
    }

    async fn append(&self, version: i64, kind: &'static str, open: &impl Message, sealed: Vec<u8>) -> log::Appended {
        let event = NewEvent {
            event_id: asks::id(),
            aggregate_id: PETITION.to_owned(),
            version,
            kind,
            occurred_on: "2026-03-02".parse().unwrap(),
            known_on: None,
            actor: "clerk-1".to_owned(),
            request_id: asks::id(),
            open: open.encode_to_vec(),
            sealed,
        };
        let mut tx = self.db.begin().await.unwrap();
        let appended = log::append(&mut tx, fengqiao_model::Clock::now(&self.clock), vec![event]).await.unwrap();
        tx.commit().await.unwrap();
        appended
    }

    async fn register(&self) {
        self.append(1, "petition.registered", &intake::PetitionRegistered::default(), vec![1, 2, 3]).await;
    }

    async fn route(&self, version: i64, routed: intake::PetitionRouted) -> log::Appended {
        let party = |name: &str, side: &str| intake::SealedParty { name: name.into(), side: side.into(), ..Default::default() };
        let content = intake::Sealed {
            title: "欠款".into(),
            narrative: "一直不还".into(),
            parties: vec![party("王小明", "applicant"), party("李大山", "respondent")],
            text: "双方愿意".into(),
            ..Default::default()
        };
        let sealed = seal::seal(&self.key, PETITION, version, &content.encode_to_vec());
        self.append(version, "petition.routed_to_mediation", &routed, sealed).await
    }

    async fn erase(&self, version: i64) {
        let erased = intake::PartiesErased { erased_on: "2026-03-02".into(), approved_by: "head-2".into(), ..Default::default() };
        self.append(version, "petition.parties_erased", &erased, Vec::new()).await;
        self.destroy_key().await;
    }

    async fn destroy_key(&self) {
        let mut tx = self.db.begin().await.unwrap();
        assert!(data_key::destroy(&mut tx, PETITION).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Follows to the end of the log.
    async fn followed(&self, desk: &Desk) -> Result<(), StoreError> {
        let stop = CancellationToken::new();
        let feed =
            Feed::new(Arc::new(self.clock.clone()), stop.clone()).with_sealed_log("intake", self.db.clone(), self.master.clone());
        let following = follow(
            Source::InProcess(feed),
            desk.mediation.follower(),
            Arc::new(self.clock.clone()),
            desk.mediation.status_sender(),
            stop.clone(),
        );
        let caught_up = async {
            let head = log::head(&self.db).await.unwrap().position;
            eventually("the log is followed", Duration::from_secs(20), async || {
                let at = cursor::load(&desk.db, "intake").await.unwrap().map_or(0, |cursor| cursor.position);
                if at == head { Ok(()) } else { Err(at) }
            })
            .await;
            stop.cancel();
        };
        tokio::join!(following, caught_up);
        Ok(())
    }

    async fn remove(self) {
        self.db.close().await;
        self.fresh.remove().await;
    }
}

fn routed() -> intake::PetitionRouted {
    intake::PetitionRouted {
        routed_on: "2026-03-02".into(),
        number: "信访局-2026-000001".into(),
        division_code: crate::county::VILLAGE.into(),
        dispute_type: "T02".into(),
        applicant_consents: true,
        respondent_consents: true,
        party_count: 2,
        unit: OFFICE.into(),
        recipient: "mediation".into(),
        purpose: "调解".into(),
        ..Default::default()
    }
}

/// The ids that every rebuild gives.
async fn ids(petitions: &Petitions, routed: &log::Appended) -> (String, String) {
    let log_id = log::head(&petitions.db).await.unwrap().log_id;
    let Instant(at) = routed.recorded_at;
    let derived = |label: &str| derived_id(Instant(at), &log_id, routed.last, label);
    (DisputeId::from_bytes(derived("dispute")).to_string(), CaseId::from_bytes(derived("case")).to_string())
}

async fn stuck(desk: &Desk) -> Vec<pb::StuckEvent> {
    desk.coordinator().list_stuck(pb::ListStuckRequest {}).await.unwrap().into_inner().stuck
}

on_each_engine! {
    async fn a_petition_becomes_a_dispute_with_its_key(location: Location) {
        let desk = Desk::open(&location).await;
        let petitions = Petitions::new(&desk).await;
        petitions.register().await;
        let appended = petitions.route(2, routed()).await;
        petitions.followed(&desk).await.unwrap();
        let (dispute_id, case_id) = ids(&petitions, &appended).await;
        let case = desk.get(&case_id).await;
        assert_eq!((case.dispute_id.as_str(), facts(&case).source.as_str()), (dispute_id.as_str(), "petition"));
        assert_eq!((case.title.as_str(), case.narrative.as_str(), case.parties.len()), ("欠款", "一直不还", 2));
        assert_eq!(case.parties[1].side, "respondent");
        assert_eq!(facts(&case).number, "信访局-C-2026-000001");
        let step = &case.history[0];
        assert_eq!((step.kind.as_str(), step.actor.as_str(), step.text.as_str()), ("case.opened_from_petition", "mediation", "双方愿意"));
        assert_eq!(case.dispute.as_ref().unwrap().petition_id, PETITION);
        let similar = pb::FindSimilarDisputesRequest { parties: asks::quarrel().parties, ..Default::default() };
        assert_eq!(desk.coordinator().find_similar_disputes(similar).await.unwrap().into_inner().similar.len(), 1);
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch(&case));
        after!(desk.at("village"), take_case, asks::take(&sent));
        assert!(stuck(&desk).await.is_empty());
        assert!(desk.differences().await.is_empty());

        petitions.erase(3).await;
        petitions.followed(&desk).await.unwrap();
        let gone = desk.get(&case_id).await;
        assert!(gone.dispute.as_ref().unwrap().erased && gone.title.is_empty() && gone.parties.is_empty());
        assert_eq!(gone.history.last().unwrap().kind, "dispute.parties_erased");
        assert!(data_key::load(&desk.db, &[dispute_id]).await.unwrap().is_empty());
        assert!(desk.differences().await.is_empty());
        petitions.remove().await;
    }

    async fn what_was_erased_meanwhile_opens_without_what_is_personal(location: Location) {
        let desk = Desk::open(&location).await;
        let petitions = Petitions::new(&desk).await;
        petitions.register().await;
        let appended = petitions.route(2, routed()).await;
        petitions.erase(3).await;
        petitions.followed(&desk).await.unwrap();
        let (dispute_id, case_id) = ids(&petitions, &appended).await;
        let case = desk.get(&case_id).await;
        assert!(case.dispute.as_ref().unwrap().erased && case.title.is_empty() && case.parties.is_empty());
        let kinds: Vec<_> = case.history.iter().map(|step| step.kind.as_str()).collect();
        assert_eq!(kinds, ["case.opened_from_petition"], "erased twice is erased once");
        assert!(data_key::load(&desk.db, &[dispute_id]).await.unwrap().is_empty());
        after!(desk.coordinator(), dispatch_case, asks::dispatch(&case));
        assert!(stuck(&desk).await.is_empty());
        assert!(desk.differences().await.is_empty());
        petitions.remove().await;
    }

    async fn what_cannot_be_placed_is_seen_and_the_rest_goes_on(location: Location) {
        let desk = Desk::open(&location).await;
        let petitions = Petitions::new(&desk).await;
        petitions.register().await;
        petitions.route(2, intake::PetitionRouted { dispute_type: "T98".into(), ..routed() }).await;
        petitions.route(3, intake::PetitionRouted { routed_on: "soon".into(), ..routed() }).await;
        petitions.append(4, "petition.routed_to_mediation", &routed(), vec![7; 64]).await;
        petitions.append(5, "a kind of tomorrow", &routed(), Vec::new()).await;
        let appended = petitions.route(6, routed()).await;
        petitions.followed(&desk).await.unwrap();
        let (_, case_id) = ids(&petitions, &appended).await;
        assert_eq!(desk.get(&case_id).await.title, "欠款");
        let stuck = stuck(&desk).await;
        let seen: Vec<_> = stuck.iter().map(|s| (s.log.as_str(), s.position, s.reason.as_str())).collect();
        assert_eq!(seen.iter().map(|(log, at, _)| (*log, *at)).collect::<Vec<_>>(), [("intake", 2), ("intake", 3), ("intake", 4)]);
        assert!(seen[0].2.contains("dispute_type"), "{seen:?}");
        assert!(seen[1].2.contains("routed_on"), "{seen:?}");
        assert!(seen[2].2.contains("does not open"), "{seen:?}");
        assert!(desk.differences().await.is_empty());
        petitions.remove().await;
    }

    async fn what_was_taken_up_at_the_petition_desk_keeps_its_ids_and_its_number(location: Location) {
        let desk = Desk::open(&location).await;
        let petitions = Petitions::new(&desk).await;
        petitions.register().await;
        let (dispute_id, case_id, number) = (asks::id(), asks::id(), "信访局-M-2026-000001".to_owned());
        let at_desk = intake::PetitionRouted { dispute_id: dispute_id.clone(), case_id: case_id.clone(), dispute_number: number.clone(), ..routed() };
        petitions.route(2, at_desk.clone()).await;
        petitions.route(3, routed()).await;
        // What cannot be: a number twice, an id that is none; both are seen, and the rest goes on.
        petitions.route(4, intake::PetitionRouted { dispute_id: asks::id(), case_id: asks::id(), ..at_desk.clone() }).await;
        petitions.route(5, intake::PetitionRouted { dispute_id: "42".into(), dispute_number: "M-2".into(), ..at_desk.clone() }).await;
        petitions.route(6, intake::PetitionRouted { dispute_id: asks::id(), case_id: "42".into(), dispute_number: "M-3".into(), ..at_desk.clone() }).await;
        petitions.followed(&desk).await.unwrap();
        let case = desk.get(&case_id).await;
        assert_eq!((case.dispute_id.as_str(), facts(&case).number.as_str(), case.title.as_str()), (dispute_id.as_str(), number.as_str(), "欠款"));
        let request = pb::GetDisputeRequest { number: number.clone(), ..Default::default() };
        let dispute = desk.coordinator().get_dispute(request).await.unwrap().into_inner().dispute.unwrap();
        assert_eq!((dispute.id, dispute.cases.len()), (dispute_id, 1));
        let request = pb::ListCasesRequest { source: "petition".into(), ..Default::default() };
        let listed = desk.coordinator().list_cases(request).await.unwrap().into_inner().cases;
        let mut numbers: Vec<_> = listed.iter().map(|case| facts(case).number.clone()).collect();
        numbers.sort();
        assert_eq!(numbers, ["信访局-C-2026-000001", number.as_str()], "our own series has no gap");
        let stuck = stuck(&desk).await;
        let seen: Vec<_> = stuck.iter().map(|s| (s.position, s.reason.as_str())).collect();
        assert_eq!(seen.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [4, 5, 6]);
        assert!(seen[0].1.contains("belongs to another dispute") && seen[1].1.contains("dispute_id") && seen[2].1.contains("case_id"), "{seen:?}");
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch(&case));
        after!(desk.at("village"), take_case, asks::take(&sent));
        // Again, in another batch.
        petitions.route(7, intake::PetitionRouted { dispute_id: asks::id(), case_id: asks::id(), ..at_desk }).await;
        petitions.followed(&desk).await.unwrap();
        assert!(desk.differences().await.is_empty());
        petitions.remove().await;
    }

    async fn following_and_writing_go_on_side_by_side(location: Location) {
        let desk = Desk::open(&location).await;
        let petitions = Petitions::new(&desk).await;
        petitions.register().await;
        for version in 2..32 {
            petitions.route(version, routed()).await;
        }
        let writing = async {
            for _ in 0..10 {
                desk.agreed("village").await;
            }
        };
        tokio::join!(async { petitions.followed(&desk).await.unwrap() }, writing);
        let request = pb::ListCasesRequest { source: "petition".into(), ..Default::default() };
        let listed = desk.coordinator().list_cases(request).await.unwrap().into_inner().cases;
        let mut numbers: Vec<_> = listed.iter().map(|case| facts(case).number.clone()).collect();
        numbers.sort();
        assert_eq!(numbers, (1..31).map(|n| format!("信访局-C-2026-{n:06}")).collect::<Vec<_>>());
        assert!(desk.differences().await.is_empty());
        petitions.remove().await;
    }
}
