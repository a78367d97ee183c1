//! The command line as a script sees it: the binary against a server that is made up here.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod cases;
mod fake;
mod help;
mod import;
mod refusals;

use std::{
    path::Path,
    process::{Output, Stdio},
};
use tokio::process::Command;

/// Runs the binary without any settings of this machine.
async fn fengqiao(server: &str, args: &[&str]) -> Output {
    command(server).args(args).stdin(Stdio::null()).output().await.unwrap()
}

fn command(server: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fengqiao"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FENGQIAO_") {
            command.env_remove(name);
        }
    }
    command.env("FENGQIAO_SERVER", server).kill_on_drop(true);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A ledger of so many rows.
fn ledger(directory: &Path, rows: usize) -> String {
    let path = directory.join("ledger.csv");
    let rows: String = (0..rows).map(|n| format!("T{n},2018-01-01,320831,appeal,第 {n} 件\n")).collect();
    std::fs::write(&path, format!("编号,登记时间,区划代码,事项类别,标题\n{rows}")).unwrap();
    path.display().to_string()
}
