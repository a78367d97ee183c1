//! Building the binaries, once per test process. Cargo holds no lock while tests run, so it can be asked from one.
//! `TEST_BINARIES=DIR` tests those in that directory instead, such as the ones of an image.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The root of the checkout.
pub fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The path of a binary of this checkout, built from its present sources in the profile of this test.
pub fn built(name: &str) -> PathBuf {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(build).join(name)
}

fn build() -> PathBuf {
    if let Some(given) = env::var_os("TEST_BINARIES") {
        return given.into();
    }
    // target/PROFILE/deps/TEST-HASH
    let test = env::current_exe().expect("a test knows its own path");
    let profile = test.parent().and_then(Path::parent).expect("tests lie in target/PROFILE/deps").to_owned();
    let target = profile.parent().expect("tests lie in target/PROFILE/deps");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The whole workspace, not single packages: then dependencies have the features they have in the tests, and are not built
    // twice.
    cargo.args(["build", "--quiet", "--workspace", "--bins"]);
    cargo.arg("--target-dir").arg(target).current_dir(repository());
    if profile.file_name().is_some_and(|name| name == "release") {
        cargo.arg("--release");
    }
    let output = cargo.output().expect("cargo runs, it runs this test");
    assert!(output.status.success(), "the binaries cannot be built:\n{}", String::from_utf8_lossy(&output.stderr));
    profile
}
