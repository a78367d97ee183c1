//! Compiles the protos with protox into OUT_DIR: no protoc, nothing generated is committed.

use std::{error::Error, fs, path::PathBuf};

const FILES: &[&str] = &[
    "fengqiao/common/v1/common.proto",
    "fengqiao/feed/v1/feed.proto",
    "fengqiao/intake/v1/clocks.proto",
    "fengqiao/intake/v1/conduct.proto",
    "fengqiao/intake/v1/events.proto",
    "fengqiao/intake/v1/look_up.proto",
    "fengqiao/intake/v1/petition_changes.proto",
    "fengqiao/intake/v1/service.proto",
    "fengqiao/intake/v1/unit.proto",
    "fengqiao/mediation/v1/case.proto",
    "fengqiao/mediation/v1/case_work.proto",
    "fengqiao/mediation/v1/events.proto",
    "fengqiao/mediation/v1/service.proto",
    "fengqiao/reporting/v1/service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=fengqiao");
    println!("cargo:rerun-if-changed=build.rs");
    let mut compiler = protox::Compiler::new(["."])?;
    compiler.include_imports(true).include_source_info(true).open_files(FILES)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("fengqiao.binpb"), compiler.encode_file_descriptor_set())?;
    // Request and response twins differ in size by nature; boxing a field of theirs would only move the cost.
    tonic_prost_build::configure()
        .server_mod_attribute(".", "#[allow(clippy::large_enum_variant)]")
        .skip_debug(["fengqiao.feed.v1.HandedKey"])
        .compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}
