//! Imports over a line that breaks, to a server that is busy, of files that are damaged.

use super::{fake::Fake, fengqiao, ledger, text};
use serde_json::{Value, json};
use std::{collections::HashSet, sync::Arc};

async fn import(fake: Fake, args: &[&str]) -> (Arc<Fake>, i32, Value, String) {
    let fake = Arc::new(fake);
    let server = fake.serve().await;
    let output = fengqiao(&server, &[&["import", "petitions", "--format", "json"], args].concat()).await;
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {output:?}"));
    (fake, output.status.code().unwrap(), said, text(&output.stderr))
}

#[tokio::test]
async fn every_row_gets_its_verdict() {
    let directory = tempfile::tempdir().unwrap();
    let file = ledger(directory.path(), 1300);
    let (fake, code, said, errors) =
        import(Fake { status: "following".to_owned(), ..Default::default() }, &[&file, "--wait"]).await;
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(said, json!({"rows": 1300, "imported": 1300, "advanced": 0, "already": 0, "late": 0, "refused": []}));
    let columns = fake.columns.lock().unwrap().clone();
    assert_eq!(columns, ["external_ref", "registered_at", "division_code", "matter_class", "title"]);
    assert_eq!(fake.request_ids.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn after_a_broken_line_what_has_no_answer_is_sent_again() {
    let directory = tempfile::tempdir().unwrap();
    let file = ledger(directory.path(), 5000);
    let (fake, code, said, errors) = import(Fake { cut_at: Some(4), ..Default::default() }, &[&file]).await;
    assert_eq!(code, 0, "{said} {errors}");
    assert_eq!((&said["rows"], &said["refused"]), (&json!(5000), &json!([])));
    // The batch that was committed without an answer is known already.
    assert_eq!(said["imported"].as_i64().unwrap() + said["already"].as_i64().unwrap(), 5000);
    assert_eq!(fake.refs.lock().unwrap().len(), 5000);
    let ids = fake.request_ids.lock().unwrap().clone();
    let different: HashSet<_> = ids.iter().collect();
    assert_eq!(different.len(), 10, "a batch keeps its request id");
    assert!(ids.len() > 10 && ids[4..].contains(&ids[3]), "{ids:?}");
    assert!(errors.contains("trying again"), "{errors}");
}

#[tokio::test]
async fn a_busy_server_is_asked_again_after_its_delay() {
    let directory = tempfile::tempdir().unwrap();
    let file = ledger(directory.path(), 2000);
    let (fake, code, said, _) = import(Fake { busy_at: Some(2), ..Default::default() }, &[&file]).await;
    assert_eq!((code, &said["rows"]), (0, &json!(2000)));
    assert_eq!(fake.refs.lock().unwrap().len(), 2000);
}

#[tokio::test]
async fn refusals_of_both_sides_are_one_list() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.csv");
    let text =
        "external_ref,registered_at,division_code,matter_class\n!1,2018-01-01,320831,appeal\nT1\nT2,2018-01-01,320831,appeal\n";
    std::fs::write(&path, text).unwrap();
    let file = path.display().to_string();
    let (_, code, said, _) = import(Fake::default(), &[&file]).await;
    let refused = json!([
        {"line": 2, "column": "channel", "reason": "is unknown"},
        {"line": 3, "column": "registered_at", "reason": "has 1 cells, the header has 4"},
    ]);
    let expected = json!({"rows": 3, "imported": 1, "advanced": 0, "already": 0, "late": 0, "refused": refused});
    assert_eq!((code, &said), (0, &expected));
    assert_eq!(import(Fake::default(), &[&file, "--strict"]).await.1, 1);
}

#[tokio::test]
async fn a_damaged_file_says_what_was_done() {
    let directory = tempfile::tempdir().unwrap();
    let file = ledger(directory.path(), 700);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend_from_slice("T700,2018-01-01,320831,appeal,\"半".as_bytes());
    std::fs::write(&file, bytes).unwrap();
    let (fake, code, said, errors) = import(Fake::default(), &[&file]).await;
    assert_eq!((code, &said["rows"], &said["imported"]), (1, &json!(700), &json!(700)));
    let error = said["error"].as_str().unwrap();
    assert!(error.starts_with("the file ends early after line 701: the row that begins in line 702"), "{error}");
    assert!(error.ends_with("the rows before it were imported") && errors.contains("ends early"), "{error} {errors}");
    assert!(!fake.refs.lock().unwrap().contains("T700"));
    let (_, code, said, _) = import(Fake::default(), &[&format!("{file}.none")]).await;
    assert_eq!((code, &said["rows"]), (1, &json!(0)));
    assert!(said["error"].as_str().unwrap().contains("cannot open"));
}

#[tokio::test]
async fn waiting_ends_when_the_figures_do_not_follow() {
    let directory = tempfile::tempdir().unwrap();
    let file = ledger(directory.path(), 10);
    let (_, code, said, _) = import(Fake { status: "LOG_CHANGED".to_owned(), ..Default::default() }, &[&file, "--wait"]).await;
    assert_eq!((code, &said["imported"]), (1, &json!(10)));
    assert_eq!(said["error"], "the rows are imported, but the figures do not follow: LOG_CHANGED");
}

#[tokio::test]
async fn standard_input_and_gzip_are_files_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = ledger(directory.path(), 600);
    let fake = Arc::new(Fake::default());
    let server = fake.serve().await;
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gz, &std::fs::read(&file).unwrap()).unwrap();
    let path = directory.path().join("no-suffix");
    std::fs::write(&path, gz.finish().unwrap()).unwrap();
    let output = super::command(&server)
        .args(["import", "petitions", "-", "--ledger", "台账"])
        .stdin(std::fs::File::open(&path).unwrap())
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).contains("600"), "{output:?}");
    assert_eq!(fake.refs.lock().unwrap().len(), 600);
}

#[tokio::test]
async fn nobody_there_is_69() {
    let directory = tempfile::tempdir().unwrap();
    let file = ledger(directory.path(), 10);
    let output = fengqiao("http://127.0.0.1:1", &["import", "petitions", &file, "--format", "json"]).await;
    assert_eq!(output.status.code(), Some(69));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["rows"], 0);
    assert!(said["error"].as_str().unwrap().contains("no server answers at http://127.0.0.1:1"), "{said}");
}
