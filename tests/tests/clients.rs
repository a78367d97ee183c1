//! Stock clients of other languages against a running server: Python with reflection, Node over grpc-web, and foreign
//! reckonings as the oracles of the statutory calendar and of every petition clock. `tests/run` brings what they need.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_tests::{Answer, Launch, World, on_engine, repository};
use std::{path::PathBuf, process::Command};

fn client(name: &str) -> PathBuf {
    repository().join("tests/clients").join(name)
}

/// A program with what a client needs beside it.
fn program(world: &World, program: impl Into<PathBuf>, needs: &str) -> Launch {
    let program = program.into();
    let there = Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(there && client(needs).exists(), "{} or {needs} is missing: run tests/run, which brings them", program.display());
    Launch::new(program, world.log_file())
}

fn python(world: &World) -> Launch {
    program(world, client(".venv/bin/python3"), ".venv/installed.txt")
}

/// An example of `shared/statute`, built now.
async fn example(world: &World, name: &str) -> String {
    let build = ["build", "--quiet", "-p", "fengqiao-statute", "--example", name, "--message-format", "json"];
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Launch::new(cargo, world.log_file()).args(build).arg("--manifest-path").arg(repository().join("Cargo.toml"));
    let built = built.run().await.done();
    let executable = built.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let executable = executable.filter_map(|message| message["executable"].as_str().map(str::to_owned)).next_back();
    executable.unwrap_or_else(|| panic!("cargo names no executable: {built}"))
}

#[track_caller]
fn ok(answer: Answer) {
    assert!(answer.code == Some(0) && answer.stdout.trim_end().ends_with("ok"), "{answer}");
}

on_engine! {
    Sqlite;

    async fn a_python_client_learns_the_services_by_reflection(world: &World) {
        let server = world.serve().await;
        ok(python(world).arg(client("reflect.py")).arg(server.address().to_string()).run().await);
        server.stop().await;
    }

    async fn a_node_client_calls_over_grpc_web(world: &World) {
        let server = world.serve().await;
        let contract = world.path("contract");
        world.program("fengqiao").args(["contract".as_ref(), "-o".as_ref(), contract.as_os_str()]).run().await.done();
        let node = program(world, "node", "node_modules/installed.json");
        ok(node.arg(client("web.mjs")).arg(server.url()).arg(contract.join("fengqiao.binpb")).run().await);
        server.stop().await;
    }

    async fn a_python_client_takes_a_dispute_to_its_figure(world: &World) {
        let server = world.serve().await;
        ok(python(world).arg(client("disputes.py")).arg(server.address().to_string()).run().await);
        server.stop().await;
    }

    async fn a_typescript_client_takes_a_dispute_to_its_figure(world: &World) {
        let server = world.serve().await;
        let contract = world.path("contract");
        world.program("fengqiao").args(["contract".as_ref(), "-o".as_ref(), contract.as_os_str()]).run().await.done();
        // Generated from what a client author gets, checked by the compiler, run.
        let tool = |name: &str| program(world, client("node_modules/.bin").join(name), "node_modules/installed.json");
        let template = client("buf.gen.yaml");
        let generate = tool("buf").arg("generate").arg(&contract).arg("--template").arg(&template).arg("-o").arg(client(""));
        generate.current_dir(client("")).run().await.done();
        tool("tsc").arg("-p").arg(client("tsconfig.json")).run().await.done();
        let node = program(world, "node", "node_modules/installed.json");
        ok(node.arg(client("built/disputes.js")).arg(server.url()).run().await);
        server.stop().await;
    }

    async fn a_foreign_calendar_reckons_the_same_due_days(world: &World) {
        let executable = example(world, "due").await;
        let oracle = python(world).arg(client("calendar_oracle.py")).args(["--due", &executable, "--pairs", "5000"]);
        let answer = oracle.run().await.done();
        assert!(answer.stdout.contains("pairs 5000"), "{answer}");
    }

    async fn every_petition_clock_equals_an_independent_reckoning(world: &World) {
        let executable = example(world, "clocks").await;
        let oracle = python(world).arg(client("clock_oracle.py")).args(["--clocks", &executable, "--draws", "20000"]);
        let answer = oracle.run().await.done();
        assert!(answer.stdout.contains("clocks 20000, different 0"), "{answer}");
    }
}
