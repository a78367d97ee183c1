//! How calls end: what is printed where, and the exit code.

use super::{command, fake::Fake, fengqiao, text};
use serde_json::{Value, json};
use std::{process::Stdio, sync::Arc};

const LOG: [&str; 10] =
    ["petition", "log", "--channel", "visit", "--matter-class", "appeal", "--at", "320831", "--party", "王小明;139"];

#[tokio::test]
async fn a_petition_is_logged_by_who_says_so() {
    let fake = Arc::new(Fake::default());
    let server = fake.serve().await;
    let who = ["--actor", "li.si", "--actor-unit", "信访局", "--title", "路灯不亮"];
    let output = fengqiao(&server, &[LOG.as_slice(), &who].concat()).await;
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
    let said = text(&output.stdout);
    assert!(said.contains("XF-2024-1") && said.contains("路灯不亮") && said.contains("查询码: ABCD-EFGH-JKMN"), "{said}");
    let metadata = fake.metadata.lock().unwrap().clone();
    assert!(metadata.contains(&("x-fengqiao-unit".to_owned(), "%E4%BF%A1%E8%AE%BF%E5%B1%80".to_owned())), "{metadata:?}");
    assert!(metadata.contains(&("x-fengqiao-actor".to_owned(), "li.si".to_owned())));
    assert!(!metadata.iter().any(|(key, _)| key == "x-fengqiao-roles"));
}

#[tokio::test]
async fn a_refusal_is_1_and_names_the_field() {
    let server = Arc::new(Fake::default()).serve().await;
    let output = fengqiao(&server, &[LOG.as_slice(), &["--title", "?"]].concat()).await;
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
    assert!(text(&output.stderr).starts_with("error: petition.title must not be empty\n"), "{}", text(&output.stderr));
    let output = fengqiao(&server, &[LOG.as_slice(), &["--title", "?", "--format", "json"]].concat()).await;
    let said: Value = serde_json::from_slice(&output.stderr).unwrap();
    let fields = json!([{"field": "petition.title", "problem": "must not be empty"}]);
    assert_eq!((&said["error"]["code"], &said["error"]["fields"]), (&json!("INVALID_ARGUMENT"), &fields));
}

#[tokio::test]
async fn a_change_without_etag_is_of_the_present_version() {
    let server = Arc::new(Fake::default()).serve().await;
    let output = fengqiao(&server, &["petition", "accept", "XF-2024-1", "--format", "json"]).await;
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(text(&output.stderr), "changing XF-2024-1 (已登记), version e7\n");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["petition"]["state"], "PETITION_STATE_ACCEPTED");
    let output = fengqiao(&server, &["petition", "accept", "XF-2024-1", "--etag", "e6"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("reason: VERSION_MOVED (ABORTED)"), "{}", text(&output.stderr));
}

#[tokio::test]
async fn nobody_there_is_69_and_usage_is_2() {
    let output = fengqiao("http://127.0.0.1:1", &["freshness"]).await;
    assert_eq!(output.status.code(), Some(69));
    let output =
        fengqiao("http://127.0.0.1:1", &["petition", "accept", "01890a5d-ac96-774b-bcce-b302099a8057", "--etag", "e"]).await;
    assert_eq!(output.status.code(), Some(69));
    assert!(text(&output.stderr).contains("repeat the command with --request-id "), "{}", text(&output.stderr));
    for args in [&["freshness", "--server", "nowhere"][..], &["freshness", "--server", "intake=http://a:1"], &["frshness"], &[]] {
        assert_eq!(fengqiao("http://127.0.0.1:1", args).await.status.code(), Some(2), "{args:?}");
    }
    let erase = ["petition", "erase", "XF-1", "--reason", "依申请", "--approved-by", "li.si"];
    assert_eq!(fengqiao("http://127.0.0.1:1", &erase).await.status.code(), Some(2), "an erasure is confirmed first");
}

#[tokio::test]
async fn explaining_goes_through_all_pages() {
    let server = Arc::new(Fake::default()).serve().await;
    let args = ["report", "explain", "petition.registered", "--year", "2018", "--format", "json"];
    let output = fengqiao(&server, &args).await;
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["items"].as_array().unwrap().len(), 2500);
    let output = fengqiao(&server, &[args.as_slice(), &["--limit", "1200"]].concat()).await;
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((said["items"].as_array().unwrap().len(), &said["next_page_token"]), (1200, &json!("1200")));
}

#[tokio::test]
async fn a_closed_pipe_is_no_accident() {
    let server = Arc::new(Fake::default()).serve().await;
    let args = ["report", "explain", "petition.registered", "--year", "2018"];
    let mut child = command(&server).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!text(&output.stderr).contains("panic"), "{output:?}");
}
