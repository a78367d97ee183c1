//! Two replicas write one book at once: where several processes may open it, nothing is lost and nothing stands twice.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, TODAY, after},
};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::{Engine, Location};
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn two_replicas_of_one_book(location: Location) {
        let one = Desk::open(&location).await;
        if one.db.engine() == Engine::Sqlite {
            return; // one process owns the file
        }
        let two = Desk::empty(&location, TODAY).await;
        let mut request = asks::update(&one.body("court").await);
        request.body.as_mut().unwrap().capacity = 3;
        one.coordinator().update_body(request).await.unwrap();

        let lives = (0..40).map(|n| {
            let desk = if n % 2 == 0 { &one } else { &two };
            async move {
                let taken = desk.taken("village").await;
                if n % 4 < 2 {
                    after!(desk.at("village"), conclude_case, asks::agree(&taken));
                }
            }
        });
        futures_util::future::join_all(lives).await;
        assert_eq!(one.body("village").await.open_cases, 20);

        // A capacity holds, whoever asks: three of ten get in.
        let moved = (0..10).map(|n| {
            let desk = if n % 2 == 0 { &one } else { &two };
            async move {
                let taken = desk.taken("township").await;
                let to_court = pb::TransferCaseRequest { to_body: "court".into(), ..asks::transfer(&taken) };
                desk.at("township").transfer_case(to_court).await.is_ok()
            }
        });
        let moved = futures_util::future::join_all(moved).await;
        assert_eq!(moved.iter().filter(|ok| **ok).count(), 3);
        assert_eq!(two.body("court").await.open_cases, 3);

        // One case, two replicas: one wins.
        let case = one.opened(quarrel()).await;
        let attempts = [(&one, "village"), (&two, "township")].map(|(desk, body)| {
            let (mut client, request) = (desk.coordinator(), asks::dispatch_to(&case, body));
            async move { client.dispatch_case(request).await.is_ok() }
        });
        assert_eq!(futures_util::future::join_all(attempts).await.iter().filter(|ok| **ok).count(), 1);
        let listed = one.coordinator().list_cases(pb::ListCasesRequest { page_size: 1000, ..Default::default() }).await.unwrap();
        assert_eq!(listed.into_inner().cases.len(), 54);
        assert!(one.differences().await.is_empty());
        two.close().await;
    }
}
