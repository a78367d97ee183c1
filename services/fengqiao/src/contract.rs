//! `fengqiao contract`: the contract as files, so that the author of a client needs no checkout.

use crate::{
    cli::{ContractArgs, Format},
    output,
};
use anyhow::Context as _;
use serde_json::json;
use std::{fs, path::Path, process::ExitCode};

const README: &str = "# The contract of Fengqiao

`fengqiao/…`: the protos. `fengqiao.binpb`: the same as a descriptor set (for grpcurl, Postman, dynamic clients).
`service-config.json`: the gRPC service config with the retries a client should make.

Every write carries a `request_id` (UUID) that the client mints. On UNAVAILABLE and RESOURCE_EXHAUSTED send the same message
with the same `request_id` again, after the delay of `google.rpc.RetryInfo` where there is one: it is done once. Every error
carries `google.rpc.ErrorInfo` (domain `fengqiao`) with its reason; field problems are in `google.rpc.BadRequest`.

    protoc -I . --python_out=out fengqiao/intake/v1/service.proto
    grpcurl -plaintext -protoset fengqiao.binpb 127.0.0.1:7310 list
";

/// Does `fengqiao contract`.
pub fn run(args: &ContractArgs, format: Format) -> anyhow::Result<ExitCode> {
    let files = write(&args.output).with_context(|| format!("cannot write into {}", args.output.display()))?;
    output::print(&match format {
        Format::Json => json!({ "files": files }).to_string(),
        _ => files.join("\n"),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn write(directory: &Path) -> anyhow::Result<Vec<String>> {
    let config = serde_json::to_string_pretty(&service_config())? + "\n";
    let mut files: Vec<(&str, &[u8])> = fengqiao_proto::FILES.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    files.extend([
        ("fengqiao.binpb", fengqiao_proto::DESCRIPTOR),
        ("service-config.json", config.as_bytes()),
        ("README.md", README.as_bytes()),
    ]);
    let mut written = Vec::new();
    for (path, bytes) in files {
        let path = directory.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, bytes)?;
        written.push(path.display().to_string());
    }
    Ok(written)
}

/// Retries are safe because a request id makes every write happen once.
fn service_config() -> serde_json::Value {
    json!({
        "methodConfig": [{
            "name": [
                {"service": "fengqiao.intake.v1.IntakeService"},
                {"service": "fengqiao.reporting.v1.ReportingService"},
            ],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.2s",
                "maxBackoff": "10s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_the_contract() {
        let directory = tempfile::tempdir().unwrap();
        let written = write(&directory.path().join("a/b")).unwrap();
        assert_eq!(written.len(), fengqiao_proto::FILES.len() + 3);
        let config = fs::read_to_string(directory.path().join("a/b/service-config.json")).unwrap();
        let config: serde_json::Value = serde_json::from_str(&config).unwrap();
        // Every service named there exists.
        let pool = prost_reflect::DescriptorPool::decode(fengqiao_proto::DESCRIPTOR).unwrap();
        for name in config["methodConfig"][0]["name"].as_array().unwrap() {
            assert!(pool.get_service_by_name(name["service"].as_str().unwrap()).is_some(), "{name}");
        }
        write(&directory.path().join("a/b")).unwrap();
    }
}
