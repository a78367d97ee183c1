//! Who may know what, read from the sources and manifests themselves. Each problem names its file and line. Where a rule has
//! an exception it stands in a table here, with its reason; an exception that nobody needs any more is a problem too.

#[path = "support/sources.rs"]
mod sources;

use sources::{Source, files, none, root};
use std::{cell::RefCell, collections::BTreeSet};

/// Which of our crates each crate may depend on; tests aside, where testkit comes in.
const MAY_USE: &[(&str, &[&str])] = &[
    ("proto", &[]),
    ("shared/model", &[]),
    ("shared/statute", &["model"]),
    ("shared/identifiers", &["model"]),
    ("shared/likeness", &[]),
    ("shared/store", &["model"]),
    ("shared/service", &["model"]),
    ("shared/feed", &["model", "proto", "service", "store"]),
    ("shared/testkit", &["store"]),
    ("services/intake", &["feed", "identifiers", "likeness", "model", "proto", "service", "statute", "store"]),
    ("services/intake", &["feed", "likeness", "model", "proto", "service", "statute", "store"]),
    ("services/mediation", &["feed", "model", "proto", "service", "statute", "store"]),
    ("services/reporting", &["feed", "model", "proto", "service", "statute", "store"]),
    ("services/fengqiao", &["feed", "intake", "mediation", "model", "proto", "reporting", "service", "statute", "store"]),
    (
        "tests",
        &[
            "feed",
            "fengqiao",
            "intake",
            "likeness",
            "mediation",
            "model",
            "proto",
            "reporting",
            "service",
            "statute",
            "store",
            "testkit",
        ],
    ),
];

/// What a crate must not depend on, whatever it is for.
const MUST_NOT_USE: &[(&str, &[&str])] = &[
    ("proto", &["sqlx", "tokio"]),
    ("shared/model", &["sqlx", "tonic", "tokio"]),
    ("shared/statute", &["sqlx", "tonic", "tokio", "ring", "uuid"]),
    ("shared/identifiers", &["sqlx", "tonic", "tokio", "ring", "uuid"]),
    ("shared/likeness", &["sqlx", "tonic", "tokio", "ring", "uuid"]),
    ("shared/store", &["tonic", "prost"]),
    ("shared/service", &["sqlx", "prost"]),
    ("shared/feed", &["sqlx"]),
];

/// Dependencies whose version stands in the crate, because it is the only one that uses them.
const OWN_VERSION: [(&str, &str, &str); 2] = [
    ("shared/service", "http-body", "the types of hyper's bodies, for one middleware"),
    ("services/fengqiao", "unicode-width", "columns of Chinese text in a terminal"),
];

/// Files above 400 lines, each with its reason. None may pass 530; the aim is 450.
const LONG: &[(&str, &str)] = &[
    ("services/fengqiao/src/cli/case/work.rs", "flags of one call each; to be split before and after the end of a case"),
    ("services/fengqiao/src/cli/petition.rs", "one line per call"),
    ("services/mediation/src/domain/tests/events.rs", "one of each field"),
    ("services/mediation/src/domain/tests/work.rs", "every step of the work on a case"),
    ("services/mediation/tests/contract/bad_work.rs", "a table"),
];

/// Where an engine has a name outside `shared/store`: file, what the line holds, why.
const ENGINE_NAMED: [(&str, &str, &str); 13] = [
    ("services/intake/src/store.rs", "sqlx::migrate!(", "migrations are a folder per engine"),
    ("services/mediation/src/store.rs", "sqlx::migrate!(", "migrations are a folder per engine"),
    ("services/reporting/src/store.rs", "sqlx::migrate!(", "migrations are a folder per engine"),
    ("services/intake/src/settings.rs", "a PostgreSQL URL; SQLite in the data directory", "help of the setting"),
    ("services/mediation/src/settings.rs", "a PostgreSQL URL; SQLite in the data directory", "help of the setting"),
    ("services/reporting/src/settings.rs", "a PostgreSQL URL; SQLite in the data directory", "help of the setting"),
    ("services/intake/src/settings.rs", "Location::Sqlite(", "where to go on after a wrong address"),
    ("services/mediation/src/settings.rs", "Location::Sqlite(", "where to go on after a wrong address"),
    ("services/reporting/src/settings.rs", "Location::Sqlite(", "where to go on after a wrong address"),
    ("services/intake/src/follow/decode.rs", "PostgreSQL takes no NUL", "why a text is cleaned for every engine"),
    ("services/fengqiao/src/cli/local.rs", "/// A PostgreSQL database, ", "help of --database"),
    ("services/reporting/src/follow/decode.rs", "PostgreSQL takes no NUL", "why a text is cleaned for every engine"),
    ("services/fengqiao/src/cli.rs", "--database postgres://", "a line of the design, parsed by a test"),
];

/// The files that every service has.
const OF_EVERY_SERVICE: [&str; 10] = [
    "src/api.rs",
    "src/api/parse.rs",
    "src/api/reply.rs",
    "src/api/status.rs",
    "src/app.rs",
    "src/domain.rs",
    "src/lib.rs",
    "src/main.rs",
    "src/settings.rs",
    "src/store.rs",
];

/// The services that can run as processes of their own.
const SERVICES: [&str; 3] = ["services/intake", "services/mediation", "services/reporting"];

/// One crate's manifest.
struct Manifest {
    folder: String,
    source: Source,
}

/// A line `name… = …` of a section.
struct Dependency<'a> {
    line: usize,
    section: &'a str,
    name: &'a str,
    text: &'a str,
}

impl Manifest {
    fn dependencies(&self) -> Vec<Dependency<'_>> {
        let (mut section, mut found) = ("", Vec::new());
        for (line, text) in self.source.lines() {
            if let Some(name) = text.strip_prefix('[') {
                section = name.trim_end_matches(']');
            } else if section.ends_with("dependencies")
                && let Some((name, _)) = text.split_once(['=', '.']).filter(|_| !text.starts_with('#'))
            {
                found.push(Dependency { line, section, name: name.trim(), text });
            }
        }
        found
    }
}

fn manifests() -> Vec<Manifest> {
    let named = |path: &str| path.strip_suffix("/Cargo.toml").map(str::to_owned);
    files(".", "Cargo.toml")
        .into_iter()
        .map(|source| Source { path: source.path.trim_start_matches("./").to_owned(), ..source })
        .filter_map(|source| named(&source.path).map(|folder| Manifest { folder, source }))
        .collect()
}

/// Lines of these files that hold one of the words and that no exception covers. Also exceptions that cover nothing.
fn lines_with<'a>(
    sources: impl IntoIterator<Item = &'a Source>,
    hold: impl Fn(&str) -> bool,
    exceptions: &[(&str, &str, &str)],
) -> Vec<String> {
    let used = RefCell::new(BTreeSet::new());
    let excepted = |path: &str, line: &str| {
        let at = exceptions.iter().position(|(file, part, _)| *file == path && line.contains(part));
        used.borrow_mut().extend(at);
        at.is_some()
    };
    let mut problems = Vec::new();
    for source in sources {
        for (number, line) in source.lines() {
            if hold(line) && !excepted(&source.path, line) {
                problems.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    let unused = exceptions.iter().enumerate().filter(|(at, _)| !used.borrow().contains(at));
    problems.extend(unused.map(|(_, (file, part, _))| format!("{file}: the exception for {part:?} covers nothing any more")));
    problems
}

/// Whether the word stands in the line, not as a part of another.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let parted = |(at, _): (usize, &str)| {
        !line[..at].chars().next_back().is_some_and(part) && !line[at + word.len()..].chars().next().is_some_and(part)
    };
    line.match_indices(word).any(parted)
}

fn rust() -> Vec<Source> {
    ["proto", "services", "shared", "tests"].iter().flat_map(|folder| files(folder, ".rs")).collect()
}

fn of_services() -> Vec<Source> {
    files("services", ".rs").into_iter().filter(|source| source.path.contains("/src/")).collect()
}

#[test]
fn crates_depend_downwards_only() {
    let manifests = manifests();
    let folders: Vec<&str> = manifests.iter().map(|m| m.folder.as_str()).collect();
    let listed: Vec<&str> = MAY_USE.iter().map(|(folder, _)| *folder).collect();
    let mut problems: Vec<String> =
        listed.iter().filter(|f| !folders.contains(f)).map(|f| format!("{f}/Cargo.toml: listed here, but not there")).collect();
    for manifest in &manifests {
        let Some((_, allowed)) = MAY_USE.iter().find(|(folder, _)| *folder == manifest.folder) else {
            problems.push(format!("{}: say in MAY_USE what this crate may use", manifest.source.path));
            continue;
        };
        let forbidden = MUST_NOT_USE.iter().find(|(folder, _)| *folder == manifest.folder).map_or(&[][..], |(_, f)| f);
        for Dependency { line, section, name, .. } in manifest.dependencies() {
            let ours = name.strip_prefix("fengqiao-").or((name == "fengqiao").then_some(name));
            let fits = match ours {
                Some("testkit") => manifest.folder == "tests" || section == "dev-dependencies",
                Some(ours) => {
                    allowed.contains(&ours) || section == "dev-dependencies" && !SERVICES.iter().any(|s| s.ends_with(ours))
                }
                None => section != "dependencies" || !forbidden.iter().any(|f| name == *f || name.starts_with(&format!("{f}-"))),
            };
            if !fits {
                problems.push(format!("{}:{line}: {} must not depend on {name}", manifest.source.path, manifest.folder));
            }
        }
    }
    none(&problems, "arrows point down only");
}

#[test]
fn services_never_import_each_other() {
    for service in SERVICES {
        for other in SERVICES.iter().filter(|other| **other != service).map(|other| other.replace("services/", "fengqiao_")) {
            none(
                &lines_with(&files(service, ".rs"), |line| has_word(line, &other), &[]),
                "services know each other by the contract only",
            );
        }
    }
}

#[test]
fn versions_stand_in_the_workspace() {
    let (mut problems, mut used) = (Vec::new(), 0);
    for manifest in manifests() {
        for Dependency { line, name, text, .. } in manifest.dependencies() {
            let own = OWN_VERSION.iter().any(|(folder, dependency, _)| *folder == manifest.folder && *dependency == name);
            let inherited = text.contains("workspace = true");
            used += usize::from(own && !inherited);
            if !own && !inherited {
                problems.push(format!("{}:{line}: say `{name}.workspace = true`", manifest.source.path));
            }
        }
    }
    if used != OWN_VERSION.len() {
        problems.push("OWN_VERSION lists a dependency that inherits its version by now".to_owned());
    }
    none(&problems, "one version of each dependency, decided in Cargo.toml");
}

#[test]
fn every_crate_inherits_the_lints() {
    let without = |m: &Manifest| !m.source.text.contains("\n[lints]\nworkspace = true\n");
    let problems: Vec<String> =
        manifests().iter().filter(|m| without(m)).map(|m| format!("{}: no [lints]", m.source.path)).collect();
    none(&problems, "every crate says [lints] workspace = true");
}

#[test]
fn sql_stands_in_store_only() {
    let mut sources = of_services();
    sources.retain(|source| !source.path.ends_with("/src/store.rs") && !source.path.contains("/src/store/"));
    none(&lines_with(&sources, |line| line.contains("sqlx::"), &[]), "sqlx:: stands in store.rs and store/ only");
}

#[test]
fn grpc_stands_at_the_edge_only() {
    let mut sources = of_services();
    sources
        .retain(|s| !s.path.starts_with("services/fengqiao/") && !s.path.contains("/src/api") && !s.path.contains("/src/follow"));
    let grpc = |line: &str| has_word(line, "tonic") && !line.trim_start().starts_with("//");
    none(&lines_with(&sources, grpc, &[]), "tonic stands in api* and follow* only");
}

#[test]
fn no_service_names_an_engine() {
    let engine = |line: &str| {
        let line = line.to_lowercase();
        line.contains("sqlite") || line.contains("postgres")
    };
    none(&lines_with(&of_services(), engine, &ENGINE_NAMED), "only shared/store knows which engine runs");
}

#[test]
fn domains_are_pure() {
    const EFFECTS: [&str; 12] = [
        "async fn",
        "async move",
        "await",
        "sqlx",
        "tonic",
        "tokio",
        "SystemTime",
        "SystemClock",
        "SystemRandom",
        "std::fs",
        "std::env",
        "rand",
    ];
    let mut sources = of_services();
    sources.retain(|source| source.path.contains("/src/domain"));
    assert!(sources.len() > 10, "the domains were not found");
    let mut problems = Vec::new();
    for source in &sources {
        for (number, line) in source.code() {
            if let Some(effect) = EFFECTS.iter().find(|effect| has_word(line, effect)) {
                problems.push(format!("{}:{number}: {effect}: {}", source.path, line.trim()));
            }
        }
    }
    none(&problems, "a domain decides; it waits for nothing, reads nothing, draws nothing");
}

#[test]
fn files_are_short() {
    let mut problems = Vec::new();
    for source in rust() {
        let (lines, excepted) = (source.lines().count(), LONG.iter().any(|(path, _)| *path == source.path));
        match lines {
            531.. => problems.push(format!("{}:530: goes on to line {lines}; 530 is the limit without exception", source.path)),
            401.. if !excepted => {
                problems.push(format!("{}:400: goes on to line {lines}; split it by reasons to change", source.path))
            }
            ..=400 if excepted => problems.push(format!("{}: is short again, take it off LONG", source.path)),
            _ => {}
        }
    }
    none(&problems, "a file has one reason to change and under 400 lines");
}

#[test]
fn services_have_the_same_files() {
    let missing = SERVICES.iter().flat_map(|service| OF_EVERY_SERVICE.map(|file| format!("{service}/{file}")));
    let problems: Vec<String> =
        missing.filter(|path| !root().join(path).is_file()).map(|path| format!("{path}: missing")).collect();
    none(&problems, "who has read one service knows where to look in the next");
}

#[test]
fn nothing_is_left_undone_or_unchecked() {
    // In two halves, so that this file may hold them.
    let marks =
        [("Assert", "SqlSafe"), ("un", "safe"), ("todo", "!"), ("unimplemented", "!"), ("#[ig", "nore"), ("allow(dead", "_code")]
            .map(|(left, right)| format!("{left}{right}"));
    let exceptions = [
        ("shared/feed/tests/support/mod.rs", "each test program uses a part", "a module shared by two test programs"),
        ("services/intake/tests/contract/secrets.rs", "SqlSafe", "looks into every table by the names in the catalogue"),
        ("services/intake/tests/contract/tamper.rs", "SqlSafe", "statements of the test itself"),
        ("services/intake/tests/contract/follow.rs", "SqlSafe", "statements of the test itself"),
        ("services/mediation/tests/contract/secrets.rs", "SqlSafe", "looks into every table by the names in the catalogue"),
        ("services/mediation/tests/contract/tamper.rs", "SqlSafe", "statements of the test itself"),
    ];
    let open = |line: &str| {
        let line = sources::without_comment(line);
        let word = |mark: &str| mark.chars().all(char::is_alphabetic);
        marks.iter().any(|mark| if word(mark) { has_word(line, mark) } else { line.contains(mark.as_str()) })
    };
    none(&lines_with(&rust(), open, &exceptions), "nothing is left undone, switched off or unchecked");
}

#[test]
fn modules_have_their_map_beside_their_folder() {
    let (mut problems, exceptions) = (Vec::new(), ["shared/feed/tests/support/mod.rs"]);
    problems.extend(
        rust().iter().filter(|s| s.path.ends_with("/mod.rs") && !exceptions.contains(&s.path.as_str())).map(|s| s.path.clone()),
    );
    none(&problems, "foo.rs and foo/, not foo/mod.rs");
}
