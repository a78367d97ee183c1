//! The schemas of the services are the same on both engines, and were looked at when they changed.

use fengqiao_store::Db;
use fengqiao_testkit::{assert_golden, on_each_engine, schema_summary};
use fengqiao_tests::repository;
use std::fs;

/// One golden file for both engines: that is what makes them agree.
async fn assert_schema(db: &Db, golden: &str) {
    assert_golden(repository().join("tests/golden").join(golden), &(schema_summary(db).await.join("\n") + "\n"));
}

on_each_engine! { fengqiao_intake::MIGRATIONS;
    async fn intake_is_the_same(db: Db) {
        assert_schema(&db, "schema-intake.txt").await;
    }
}

on_each_engine! { fengqiao_mediation::MIGRATIONS;
    async fn mediation_is_the_same(db: Db) {
        assert_schema(&db, "schema-mediation.txt").await;
    }
}

on_each_engine! { fengqiao_reporting::MIGRATIONS;
    async fn reporting_is_the_same(db: Db) {
        assert_schema(&db, "schema-reporting.txt").await;
    }
}

#[test]
fn migrations_come_in_pairs() {
    let mut problems = Vec::new();
    let owners = ["services/intake", "services/mediation", "services/reporting"].map(|service| (service, 100..=999));
    for (owner, numbers) in [("shared/store", 1..=99)].into_iter().chain(owners) {
        let of = |engine: &str| -> Vec<String> {
            let folder = repository().join(owner).join("migrations").join(engine);
            let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("cannot read {}: {e}", folder.display()));
            let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
            names.sort();
            names
        };
        let (left, right) = (of("sqlite"), of("postgres"));
        assert!(!left.is_empty(), "{owner}/migrations/sqlite: no migrations");
        for (folder, mine, other) in [("sqlite", &left, &right), ("postgres", &right, &left)] {
            let lonely = mine.iter().filter(|name| !other.contains(name));
            problems
                .extend(lonely.map(|name| format!("{owner}/migrations/{folder}/{name}: the other engine has none of this name")));
            let number = |name: &str| name.split_once('_').filter(|(n, _)| n.len() == 4).and_then(|(n, _)| n.parse::<u32>().ok());
            let outside = mine.iter().filter(|name| !number(name).is_some_and(|n| numbers.contains(&n)));
            problems.extend(outside.map(|name| format!("{owner}/migrations/{folder}/{name}: the number must be in {numbers:?}")));
            let twice = mine.windows(2).filter(|pair| number(&pair[0]) == number(&pair[1]));
            problems.extend(twice.map(|pair| format!("{owner}/migrations/{folder}/{}: {} has this number", pair[1], pair[0])));
        }
    }
    assert!(problems.is_empty(), "a migration is two files of one name:\n{}", problems.join("\n"));
}
