//! The binary that a bench measures: this checkout's, built for release whatever profile the bench has.

use fengqiao_tests::repository;
use std::{path::PathBuf, process::Command};

/// Builds it, and gives its path.
pub fn build() -> Result<PathBuf, String> {
    let target = std::env::current_exe().ok().and_then(|path| Some(path.ancestors().nth(2)?.to_owned()));
    let target = target.ok_or("this program does not lie in target/PROFILE")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--release", "-p", "fengqiao", "--target-dir"]).arg(&target).current_dir(repository());
    match build.status() {
        Ok(status) if status.success() => Ok(target.join("release/fengqiao")),
        _ => Err("cargo build --release -p fengqiao failed".to_owned()),
    }
}
