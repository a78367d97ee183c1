//! The tables are the same on both engines, and were looked at when they changed.

use fengqiao_store::Db;
use fengqiao_testkit::{assert_golden, on_each_engine, schema_summary};

on_each_engine! { fengqiao_mediation::MIGRATIONS;
    async fn both_engines_have_the_same_tables(db: Db) {
        // One golden file for both: that is what makes them agree.
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/schema.txt");
        assert_golden(golden, &(schema_summary(&db).await.join("\n") + "\n"));
    }
}
