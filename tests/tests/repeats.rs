//! Candidates for repeats, on real messages of `../shared` where it is there: as good as was said, and the same on both engines,
//! which is what a plain comparison of all with all gives.

use fengqiao_likeness::{ALIKE, score};
use fengqiao_proto::intake::v1::{FindSimilarRequest, LogPetitionBatchRequest, LogPetitionRequest, NewPetition};
use fengqiao_tests::{
    Desk, on_each_engine, petition,
    repeats::{Message, Quality, alike, duplicates, folder, heads, labels, messages},
    request_id,
};

fn all() -> Option<Vec<Message>> {
    let folder = folder();
    if folder.is_none() {
        println!("repeats: ../shared is not here, not run");
    }
    folder.map(|folder| messages(&folder))
}

#[test]
fn the_likeness_of_texts_is_as_good_as_was_measured() {
    let Some(messages) = all() else { return };
    let (heads, labels) = (heads(&messages), labels(&messages));
    assert!(labels.len() >= 150);
    let quality = Quality::by_labels(&labels, &heads, ALIKE, true);
    assert!(quality.precision > 0.75 && quality.recall > 0.75, "{quality:?}");
    let quality = Quality::by_duplicates(&duplicates(&messages), &alike(&heads, ALIKE), ALIKE);
    assert!(quality.recall > 0.99, "{quality:?}");
}

/// Enough that some are one matter, few enough that all can be compared with all.
const SOME: usize = 400;

on_each_engine! {
    async fn candidates_are_those_of_a_plain_comparison(world: &World) {
        let Some(messages) = all() else { return };
        // The latest ones, among which are those about two well-known matters.
        let messages: Vec<Message> = messages.into_iter().filter(|message| message.key.0 == "v").take(SOME).collect();
        let heads = heads(&messages);
        let server = world.serve().await;
        let mut desk = Desk::at(&server.url());
        let mut ids = Vec::new();
        for part in messages.chunks(200) {
            let items = part.iter().map(|message| LogPetitionRequest {
                request_id: request_id().to_string(),
                petition: Some(NewPetition {
                    narrative: message.body.chars().take(5_000).collect(),
                    parties: Vec::new(),
                    ..petition(&message.title.chars().take(200).collect::<String>(), "")
                }),
                ..Default::default()
            });
            let batch = LogPetitionBatchRequest { items: items.collect() };
            let results = desk.intake.log_petition_batch(batch).await.expect("a batch is taken").into_inner().results;
            ids.extend(results.into_iter().map(|verdict| {
                let logged = verdict.logged.unwrap_or_else(|| panic!("{:?}", verdict.error));
                logged.petition.expect("the answer has the petition").id
            }));
        }
        for at in (0..messages.len()).step_by(5) {
            let request = FindSimilarRequest {
                title: messages[at].title.chars().take(200).collect(),
                narrative: messages[at].body.chars().take(5_000).collect(),
                petition_id: ids[at].clone(),
                ..Default::default()
            };
            let found = desk.intake.find_similar(request).await.expect("candidates are found").into_inner().similar;
            let found: Vec<(u32, String)> = found.into_iter().map(|one| (one.text_score.unsigned_abs(), one.petition_id)).collect();
            let mut expected: Vec<(u32, String)> = (0..messages.len())
                .filter(|other| *other != at)
                .map(|other| (score(&heads[at], &heads[other]), ids[other].clone()))
                .filter(|(score, _)| *score >= ALIKE)
                .collect();
            expected.sort_by(|a, b| b.cmp(a));
            expected.truncate(20);
            assert_eq!(found, expected, "of message {at}");
        }
        server.stop().await;
    }
}
