//! What is written for people holds: paths, command lines, settings, reasons of errors, permissions, the demo's output.

#[path = "support/contract.rs"]
mod contract;
#[path = "support/documents.rs"]
mod documents;
#[path = "support/sources.rs"]
mod sources;

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
use contract::{permission_named, permissions_checked, rpcs, upper_snake};
use documents::{Recorder, blocks, environment, inline, masked, upper_words, words};
use fengqiao::cli::Cli;
use fengqiao_feed::feed_source;
use fengqiao_intake::BookSettings;
use fengqiao_reporting::ReportingSettings;
use fengqiao_service::{Map, PREFIX, Process, Settings, SettingsError};
use fengqiao_tests::built;
use sources::{Source, files, none, root};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

const README: &str = "README.md";
const SAMPLE: &str = "deploy/sample.env";

/// Texts in capitals that are no reasons of errors.
const NO_REASON: [&str; 2] = ["SIGTERM", "SIGINT"];

/// Reasons that no client ever gets: they are made on the following side.
const UNSENT: [(&str, &str); 2] =
    [("UNREACHABLE", "made by a follower for its own log"), ("SILENT", "made by a follower for its own log")];

/// Where the sources of errors are.
const ERRORS: [&str; 5] =
    ["services/intake/src", "services/mediation/src", "services/reporting/src", "shared/service/src", "shared/feed/src"];

// ---- README.md ----

#[test]
fn readme_names_paths_that_exist() {
    let (readme, mut problems) = (Source::read(README), Vec::new());
    let tops: BTreeSet<String> = fs::read_dir(root())
        .expect("the root can be read")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with("target") && !name.starts_with(".git"))
        .collect();
    for (number, line) in readme.lines() {
        for word in line.split(|c: char| c.is_whitespace() || "`()[]<>,;\"'*=".contains(c) || !c.is_ascii()) {
            let word = word.trim_end_matches(['.', ':', '/']);
            let top = word.split('/').next().unwrap_or_default();
            let file = tops.contains(word) && word.contains('.');
            if (file || word.contains('/') && tops.contains(top)) && !root().join(word).exists() {
                problems.push(format!("{README}:{number}: there is no {word}"));
            }
        }
        for link in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let local = link.split('#').next().unwrap_or_default();
            if !local.is_empty() && !local.contains("://") && !root().join(local).exists() {
                problems.push(format!("{README}:{number}: there is no {local}"));
            }
        }
    }
    none(&problems, "every path named in the README exists");
}

#[test]
fn readme_shows_commands_that_parse() {
    let (readme, mut problems, mut seen) = (Source::read(README), Vec::new(), 0);
    let whole = blocks(&readme.text).into_iter().filter(|block| block.language == "sh").flat_map(|block| block.lines);
    let named = inline(&readme.text);
    let kinds = whole.map(|(number, line)| (number, line, true)).chain(named.into_iter().map(|(n, text)| (n, text, false)));
    for (number, line, complete) in kinds {
        let Some(arguments) = words(&line) else { continue };
        seen += 1;
        let result = Cli::try_parse_from(&arguments).and_then(|cli| cli.check());
        let Err(error) = result else { continue };
        let shown = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        // In running text a command is a name, and need not have its arguments.
        let name = matches!(
            error.kind(),
            ErrorKind::MissingRequiredArgument
                | ErrorKind::MissingSubcommand
                | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        );
        if !(shown || name && !complete) {
            problems.push(format!("{README}:{number}: {line}\n{error}"));
        }
    }
    none(&problems, "every command line in the README can be typed");
    assert!(seen > 5, "only {seen} command lines were found in {README}");
}

#[test]
fn readme_shows_what_the_demo_prints() {
    let readme = Source::read(README);
    let block = blocks(&readme.text).into_iter().find(|block| block.before.contains("<!-- demo -->"));
    let block = block.unwrap_or_else(|| panic!("{README}: no fenced block after a line with <!-- demo -->"));
    let printed: Vec<String> = demo().lines().map(masked).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|v| v == "1") {
        let lines: Vec<&str> = readme.text.lines().collect();
        let (head, tail) = (&lines[..block.first - 1], &lines[block.first - 1 + block.lines.len()..]);
        let printed: Vec<&str> = printed.iter().map(String::as_str).collect();
        let text = [head, &printed, tail].concat().join("\n") + "\n";
        fs::write(root().join(README), text).expect("the README can be written");
        return;
    }
    let shown: Vec<String> = block.lines.iter().map(|(_, line)| masked(line)).collect();
    let differs = (0..shown.len().max(printed.len())).find(|at| shown.get(*at) != printed.get(*at));
    if let Some(at) = differs {
        panic!(
            "{README}:{}: the demo prints something else\n  shown:   {:?}\n  printed: {:?}\nlook at it and run again with UPDATE_GOLDEN=1 to accept it",
            block.first + at,
            shown.get(at),
            printed.get(at),
        );
    }
}

/// What `fengqiao demo` prints.
fn demo() -> String {
    let mut command = Command::new(built("fengqiao"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(PREFIX)) {
        command.env_remove(name);
    }
    let output = command.arg("demo").output().unwrap_or_else(|e| panic!("cannot run fengqiao demo: {e}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "fengqiao demo failed ({}):\n{complaint}", output.status);
    String::from_utf8(output.stdout).expect("the demo prints UTF-8")
}

// ---- settings ----

/// Reads every setting that any process of the product reads; what they are, for comparison, and their names.
fn read_all(values: Map) -> (Result<(), SettingsError>, String, BTreeSet<String>) {
    let recorder = Recorder::new(values);
    let mut settings = Settings::new(&recorder, PREFIX);
    let listen = "127.0.0.1:7310".parse().expect("an address");
    let process = Process::read(&mut settings, listen);
    let (book, figures) = (BookSettings::read(&mut settings), ReportingSettings::read(&mut settings));
    let cases = fengqiao_mediation::BookSettings::read(&mut settings);
    let feed = ["INTAKE_FEED", "MEDIATION_FEED"].map(|name| feed_source(&mut settings, name).is_some());
    let problems = settings.finish();
    (problems, format!("{process:#?}\n{book:#?}\n{cases:#?}\n{figures:#?}\nfeeds: {feed:?}\n"), recorder.asked())
}

/// Variables of the command line.
fn of_commands() -> BTreeSet<String> {
    let (mut found, mut commands) = (BTreeSet::new(), vec![Cli::command()]);
    while let Some(command) = commands.pop() {
        found.extend(command.get_arguments().filter_map(|a| a.get_env()).map(|name| name.to_string_lossy().into_owned()));
        commands.extend(command.get_subcommands().cloned());
    }
    // The token itself must not stand in a flag, so no flag names its variable.
    found.insert(format!("{PREFIX}TOKEN"));
    found
}

/// A line of an environment file: whether it counts or is commented out, its name and its value.
fn entries(text: &str) -> Vec<(usize, bool, String, String)> {
    let entry = |(at, line): (usize, &str)| {
        let (set, line) = line.strip_prefix("# ").map_or((true, line), |rest| (false, rest));
        let (name, value) = line.split_once('=').filter(|(name, _)| name.starts_with(PREFIX) && !name.contains(' '))?;
        Some((at + 1, set, name.to_owned(), value.to_owned()))
    };
    text.lines().enumerate().filter_map(entry).collect()
}

#[test]
fn the_sample_settings_are_the_defaults() {
    let sample = Source::read(SAMPLE);
    let set: Map = entries(&sample.text).into_iter().filter(|(_, set, ..)| *set).map(|(_, _, n, v)| (n, v)).collect();
    let (problems, sampled, _) = read_all(set);
    problems.unwrap_or_else(|e| panic!("{SAMPLE}: {e}"));
    let (_, usual, _) = read_all(Map::default());
    assert_eq!(sampled, usual, "{SAMPLE}: a value that is not commented out must be the default");
}

#[test]
fn the_sample_settings_are_complete() {
    let sample = Source::read(SAMPLE);
    let (_, _, known) = read_all(Map::default());
    let (mut problems, mut seen) = (Vec::new(), BTreeMap::new());
    let lines: Vec<&str> = sample.text.lines().collect();
    for (number, _, name, _) in entries(&sample.text) {
        if let Some(before) = seen.insert(name.clone(), number) {
            problems.push(format!("{SAMPLE}:{number}: {name} stands in line {before} already"));
        }
        if !known.contains(&name) && !of_commands().contains(&name) {
            problems.push(format!("{SAMPLE}:{number}: nobody reads {name}"));
        }
        let explained = number >= 2 && lines[number - 2].starts_with("# ");
        if !explained {
            problems.push(format!("{SAMPLE}:{number}: {name} is not explained in the line before"));
        }
    }
    let missing = known.iter().chain(&of_commands()).filter(|name| !seen.contains_key(*name)).cloned().collect::<BTreeSet<_>>();
    problems.extend(missing.iter().map(|name| format!("{SAMPLE}: lacks {name}")));
    none(&problems, "the sample names every setting once, with an explanation");
}

#[test]
fn the_sample_values_that_are_commented_out_are_accepted() {
    let sample = Source::read(SAMPLE);
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut problems = Vec::new();
    for (number, _, name, value) in entries(&sample.text).into_iter().filter(|(_, set, ..)| !set) {
        // Examples of files name files of the production machine.
        let file = directory.path().join("file");
        let tokens = "[[caller]]\ntoken_sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n\
            id = \"li.si\"\nunit = \"office\"\ndivision = \"*\"\nroles = [\"clerk\"]\n";
        let law = |file: &str| fs::read_to_string(root().join("shared/statute/data").join(file)).expect("the law that ships");
        let content = match name.trim_start_matches(PREFIX) {
            "RULES_FILE" => law("rules.toml"),
            "HOLIDAYS_FILE" => law("calendar.toml"),
            "LAMPS_FILE" => law("lamps.toml"),
            "CONDUCT_FILE" => law("conduct.toml"),
            "IDENTITY_TOKENS" => tokens.to_owned(),
            "DIVISIONS_FILE" => "代码,名称\n320831101201,示例村\n".to_owned(),
            _ => "postgres://x/y".to_owned(),
        };
        fs::write(&file, content).expect("a file of our own");
        let value = if value.starts_with("/etc/") || value.starts_with("/run/") { file.display().to_string() } else { value };
        let pair = match name.as_str() {
            "FENGQIAO_TLS_CERTIFICATE" => Some(("FENGQIAO_TLS_KEY", value.clone())),
            "FENGQIAO_TLS_KEY" => Some(("FENGQIAO_TLS_CERTIFICATE", value.clone())),
            "FENGQIAO_INTAKE_FEED_TOKEN" | "FENGQIAO_INTAKE_FEED_TOKEN_FILE" => {
                Some(("FENGQIAO_INTAKE_FEED", "http://127.0.0.1:1".to_owned()))
            }
            "FENGQIAO_MEDIATION_FEED_TOKEN" | "FENGQIAO_MEDIATION_FEED_TOKEN_FILE" => {
                Some(("FENGQIAO_MEDIATION_FEED", "http://127.0.0.1:1".to_owned()))
            }
            _ => None,
        };
        let values = [(name.clone(), value)].into_iter().chain(pair.map(|(name, value)| (name.to_owned(), value))).collect();
        if let Err(error) = read_all(values).0 {
            problems.push(format!("{SAMPLE}:{number}: {error}"));
        }
    }
    none(&problems, "an example is a value that is accepted");
}

#[test]
fn settings_named_in_deploy_exist() {
    let (_, _, mut known) = read_all(Map::default());
    known.extend(of_commands());
    none(&unknown_settings(&files("deploy", ""), &known), "every setting named in deploy/ exists");
}

#[test]
fn readme_names_settings_that_exist() {
    let (_, _, mut known) = read_all(Map::default());
    known.extend(of_commands());
    none(&unknown_settings(&[Source::read(README)], &known), "every setting named in the README exists");
}

fn unknown_settings(sources: &[Source], known: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for source in sources {
        for (number, line) in source.lines() {
            let unknown = environment(line, PREFIX).into_iter().filter(|name| !known.contains(name));
            problems.extend(unknown.map(|name| format!("{}:{number}: nobody reads {name}", source.path)));
        }
    }
    problems
}

// ---- the contract ----

#[test]
fn the_error_table_lists_every_reason() {
    const PAGE: &str = "proto/README.md";
    let page = Source::read(PAGE);
    let mut documented: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut problems = Vec::new();
    for (number, line) in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, code, reasons, _, _] = cells[..] else { continue };
        if code.is_empty() || !code.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
            continue;
        }
        for reason in reasons.split(',').map(str::trim) {
            if documented.insert(reason.to_owned(), (number, code.to_owned())).is_some() {
                problems.push(format!("{PAGE}:{number}: {reason} stands in two rows"));
            }
        }
    }
    assert!(documented.len() > 20, "{PAGE}: the table of errors was not found");

    // Texts in capitals are reasons, unless they are settings, signals, or never sent.
    let (_, _, mut settings) = read_all(Map::default());
    settings.extend(of_commands());
    let mut existing: BTreeMap<String, String> = BTreeMap::new();
    for source in sources_of_errors() {
        for (number, line) in source.code() {
            for word in upper_words(line) {
                let setting = settings.contains(&format!("{PREFIX}{word}")) || word == PREFIX || NO_REASON.contains(&word);
                if !setting && !UNSENT.iter().any(|(unsent, _)| *unsent == word) {
                    existing.entry(word.to_owned()).or_insert_with(|| format!("{}:{number}", source.path));
                }
            }
        }
    }
    let lacking = existing.iter().filter(|(reason, _)| !documented.contains_key(*reason));
    problems.extend(lacking.map(|(reason, place)| format!("{place}: {PAGE} lacks the reason {reason}")));
    let invented = documented.iter().filter(|(reason, _)| !existing.contains_key(*reason));
    problems.extend(invented.map(|(reason, (number, _))| format!("{PAGE}:{number}: no source gives the reason {reason}")));

    // Codes: what the rejections look like on the wire, and what stands beside a reason in the sources.
    let table = fengqiao_intake::error_table() + &fengqiao_mediation::error_table();
    let mut codes: Vec<(String, String, String)> = table
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(code, rest)| Some((upper_snake(code), rest.split(' ').next()?.to_owned(), "a rejection".to_owned())))
        .collect();
    for source in sources_of_errors() {
        for (number, line) in source.code() {
            for call in line.split("Code::").skip(1) {
                let Some((code, reason)) = call.split_once(", \"").filter(|(c, _)| c.chars().all(char::is_alphabetic)) else {
                    continue;
                };
                let reason = reason.split('"').next().unwrap_or_default();
                codes.push((upper_snake(code), reason.to_owned(), format!("{}:{number}", source.path)));
            }
        }
    }
    for (code, reason, place) in codes {
        if let Some((number, said)) = documented.get(&reason).filter(|(_, said)| *said != code) {
            problems.push(format!("{PAGE}:{number}: {reason} goes out as {code} ({place}), not as {said}"));
        }
    }
    none(&problems, "the table of errors lists what clients can get, and nothing else");
}

/// Without the modules that are tests.
fn sources_of_errors() -> Vec<Source> {
    let mut sources: Vec<Source> = ERRORS.iter().flat_map(|folder| files(folder, ".rs")).collect();
    sources.retain(|source| !["/tests/", "/tests.rs", "/simulation.rs"].iter().any(|part| source.path.contains(part)));
    sources
}

#[test]
fn every_call_checks_the_permission_it_names() {
    let handlers = [
        ("proto/fengqiao/intake/v1/service.proto", "services/intake/src/api.rs"),
        ("proto/fengqiao/mediation/v1/service.proto", "services/mediation/src/api.rs"),
        ("proto/fengqiao/reporting/v1/service.proto", "services/reporting/src/api.rs"),
        ("proto/fengqiao/feed/v1/feed.proto", "shared/feed/src/serve.rs"),
    ];
    let (mut problems, mut calls) = (Vec::new(), 0);
    for (contract, handler) in handlers {
        let (contract, handler) = (Source::read(contract), Source::read(handler));
        for (number, call, comment) in rpcs(&contract) {
            calls += 1;
            let place = format!("{}:{number}: {call}", contract.path);
            let Some(named) = permission_named(&comment) else {
                problems.push(format!("{place}: its comment does not end with `Permission: ….`"));
                continue;
            };
            match permissions_checked(&handler, &call) {
                None => problems.push(format!("{place}: {} has no method for it", handler.path)),
                Some((line, checked)) if checked != BTreeSet::from([named.clone()]) => {
                    problems.push(format!("{place}: names {named}, but {}:{line} checks {checked:?}", handler.path));
                }
                Some(_) => {}
            }
        }
    }
    none(&problems, "a call checks the permission that its comment names");
    assert!(calls > 20, "only {calls} calls were found in proto/");
}
