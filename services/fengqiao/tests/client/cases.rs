//! Cases as a script handles them.

use super::{command, fake::Fake, fengqiao, text};
use serde_json::{Value, json};
use std::sync::Arc;

const OPEN: [&str; 8] = ["case", "open", "--type", "邻里纠纷", "--at", "320831101", "--consent", "both"];

#[tokio::test]
async fn a_case_is_opened_and_sent_on_in_one_command() {
    let server = Arc::new(Fake::default()).serve().await;
    let args =
        [OPEN.as_slice(), &["--narrative", "排水", "--applicant", "王小明;139", "--respondent", "李四", "--dispatch"]].concat();
    let output = fengqiao(&server, &[args.as_slice(), &["--format", "json"]].concat()).await;
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["case"]["state"], &said["case"]["routing"]["rule"]), (&json!("CASE_STATE_DISPATCHED"), &json!("R5")));
    let output = fengqiao(&server, &args).await;
    let said = text(&output.stdout);
    for part in ["已派单", "R5", "司法调解", "非本类力量", "JF-2023-9", "电话相同", "请向当地查询"] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
}

#[tokio::test]
async fn what_is_typed_reaches_the_server() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("narrative.txt");
    std::fs::write(&file, "雨天积水\n互不相让\n\n").unwrap();
    let server = Arc::new(Fake::default()).serve().await;
    let parties = ["--applicant", "王小明;139;;某街1号", "--respondent", "李四", "--party", "村委会", "--format", "json"];
    let output = command(&server).args(OPEN).args(parties).arg("--narrative-file").arg(&file).output().await.unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let case = &said["case"];
    assert_eq!((&case["narrative"], &case["dispute"]["dispute_type"]), (&json!("雨天积水\n互不相让"), &json!("T02")));
    let sides: Vec<_> = case["parties"].as_array().unwrap().iter().map(|party| (&party["name"], &party["side"])).collect();
    let expected = [("王小明", "applicant"), ("李四", "respondent"), ("村委会", "third")];
    assert_eq!(
        sides,
        expected.map(|(name, side)| (name.into(), side.into())).iter().map(|(n, s): &(Value, Value)| (n, s)).collect::<Vec<_>>()
    );
    assert_eq!(case["parties"][0]["address"], "某街1号");
}

#[tokio::test]
async fn a_change_is_of_the_present_version_or_of_the_named_one() {
    let server = Arc::new(Fake::default()).serve().await;
    let output = fengqiao(&server, &["case", "take", "TJ-2024-1", "--format", "json"]).await;
    assert_eq!(text(&output.stderr), "changing TJ-2024-1 (已派单，待受理), version e3\n");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["case"]["state"], "CASE_STATE_ACCEPTED");
    let output = fengqiao(&server, &["case", "take", "--ref", "F1", "--ledger", "台账", "--etag", "e2"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("reason: ETAG_STALE (ABORTED)"), "{}", text(&output.stderr));
    let output = fengqiao(&server, &["case", "dispatch", "TJ-2024-1", "--to", "full"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("BODY_FULL"), "{}", text(&output.stderr));
}

#[tokio::test]
async fn amounts_are_typed_and_printed_in_yuan() {
    let server = Arc::new(Fake::default()).serve().await;
    let end = ["case", "conclude", "TJ-2024-1", "--outcome", "达成协议", "--form", "oral", "--agreed", "12345.60"];
    let output = fengqiao(&server, &end).await;
    assert!(text(&output.stdout).contains("12,345.60 元"), "{output:?}");
    let output = fengqiao(&server, &[end.as_slice(), &["--hand-on", "case.speciality", "--format", "json"]].concat()).await;
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["case"]["facts"]["agreed_fen"], &said["next"]["state"]), (&json!(1_234_560), &json!("CASE_STATE_APPLIED")));
}

#[tokio::test]
async fn refusals_and_usage_are_told_apart() {
    let server = Arc::new(Fake::default()).serve().await;
    let output = fengqiao(&server, &["case", "open", "--type", "T98", "--at", "320831", "--format", "json"]).await;
    assert_eq!(output.status.code(), Some(1));
    let said: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(said["error"]["fields"][0]["field"], "dispute.dispute_type");
    for args in [
        &["case", "open", "--type", "T02"][..],
        &["case", "conclude", "TJ-1", "--outcome", "won"],
        &["case", "perform", "TJ-1", "--paid", "1.005"],
        &["dispute", "erase", "JF-1", "--reason", "依申请", "--approved-by", "li.si"],
    ] {
        assert_eq!(fengqiao(&server, args).await.status.code(), Some(2), "{args:?}");
    }
}

#[tokio::test]
async fn a_list_goes_through_all_pages() {
    let server = Arc::new(Fake::default()).serve().await;
    let output = fengqiao(&server, &["case", "list", "--stuck", "--limit", "0", "--format", "json"]).await;
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((said["cases"].as_array().unwrap().len(), &said["next_page_token"]), (1500, &json!("")));
    let output = fengqiao(&server, &["case", "list", "--limit", "7"]).await;
    assert_eq!(text(&output.stderr), "7 cases, and there are more: --limit 0 shows all, --page-token 7 goes on\n");
}

#[tokio::test]
async fn a_ledger_of_cases_is_imported_like_one_of_petitions() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cases.csv");
    let rows: String = (0..600).map(|n| format!("F{n},2021-01-04,T11,professional,320831\n")).collect();
    std::fs::write(&path, format!("编号,申请时间,纠纷类型,调解类别,区划代码\n{rows}!1,2021-01-04,T11,x,320831\n")).unwrap();
    let fake = Arc::new(Fake { status: "following".to_owned(), ..Default::default() });
    let server = fake.serve().await;
    let file = path.display().to_string();
    let output = fengqiao(&server, &["import", "cases", &file, "--wait", "--format", "json"]).await;
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let refused = json!([{"line": 602, "column": "force", "reason": "is unknown"}]);
    assert_eq!(said, json!({"rows": 601, "imported": 600, "advanced": 0, "already": 0, "late": 0, "refused": refused}));
    assert_eq!(*fake.columns.lock().unwrap(), ["external_ref", "applied_at", "dispute_type", "force", "division_code"]);
    std::fs::write(&path, "编号,登记时间\n1,2\n").unwrap();
    let output = fengqiao(&server, &["import", "cases", &file, "--format", "json"]).await;
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(said["error"].as_str().unwrap().contains("unknown column \"登记时间\""), "{said}");
}
