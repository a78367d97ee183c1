//! Checks of citizen numbers and credit codes against PyPI python-stdnum, of organisation codes against the published formula, on
//! 100,000 numbers of each kind, right ones and ones spoilt in every way. Where stdnum knowingly differs is said, counted and checked
//! in `tests/clients/identifier_oracle.py`. `tests/run` brings what it needs.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_tests::{Launch, repository};
use std::process::Command;

/// The numbers are the same in each run; another seed can be tried by hand.
const SEED: &str = "20260302";

#[test]
fn checks_equal_those_of_a_foreign_library() {
    let python = repository().join("tests/clients/.venv/bin/python3");
    let stdnum = Command::new(&python).args(["-c", "import stdnum.cn.ric, stdnum.cn.uscc"]).output();
    assert!(stdnum.is_ok_and(|output| output.status.success()), "python-stdnum is missing: run tests/run, which brings it");
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let answer = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let build = ["build", "--quiet", "-p", "fengqiao-identifiers", "--example", "check_numbers", "--message-format", "json"];
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let built = Launch::new(cargo, &log).args(build).arg("--manifest-path").arg(repository().join("Cargo.toml"));
        let built = built.run().await.done();
        let executable = built.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let executable = executable.filter_map(|message| message["executable"].as_str().map(str::to_owned)).next_back();
        let executable = executable.unwrap_or_else(|| panic!("cargo names no executable: {built}"));
        let oracle = Launch::new(&python, &log).arg(repository().join("tests/clients/identifier_oracle.py"));
        oracle.args(["--check", &executable, "--numbers", "100000", "--seed", SEED]).run().await.done()
    });
    println!("{}", answer.stdout);
    assert!(answer.stdout.contains("\ndifferent 0\n"), "{answer}");
    for kind in ["citizen", "credit", "organisation"] {
        assert!(answer.stdout.contains(&format!("{kind}: 100000 numbers")), "{answer}");
    }
}
