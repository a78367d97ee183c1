//! `fengqiao import` as people and scripts meet it: what becomes of every kind of row and file, and the exit codes.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_tests::{Answer, Server, World, ledger::HEADER, on_each_engine, on_engine};
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use std::io::Write as _;

const SHORT: &str =
    "external_ref,registered_at,division_code,matter_class,title,responsible_unit,accepted_at,opinion_at,conclusion\n";

/// Imports a text and gives the summary; the exit code must be 0.
async fn imported(world: &World, server: &Server, text: impl AsRef<[u8]>) -> Value {
    attempt(world, server, text, &[]).await.done().json()
}

async fn attempt(world: &World, server: &Server, text: impl AsRef<[u8]>, flags: &[&str]) -> Answer {
    let file = world.file("ledger.csv", text);
    let args = [&["import", "petitions", file.to_str().unwrap(), "--ledger", "台账"], flags].concat();
    world.run(&server.url(), args).await
}

/// rows, imported, advanced, already, refused.
#[track_caller]
fn counts(summary: &Value, expected: [usize; 5]) {
    let refused = summary["refused"].as_array().map(Vec::len);
    let found = ["rows", "imported", "advanced", "already"].map(|key| summary[key].as_u64());
    let found: Vec<_> = found.into_iter().map(|n| n.map(|n| n as usize)).chain([refused]).collect();
    assert_eq!(found, expected.map(Some), "{summary}");
}

fn gz(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

on_each_engine! {
    async fn a_row_met_again_is_known_or_goes_on_or_contradicts(world: &World) {
        let server = world.serve().await;
        let first = format!("{SHORT}A1,2020-03-02,320831101,appeal,路灯不亮,镇政府,2020-03-03,,\nA2,2020-03-02,320831101,appeal,噪音,,,,\n");
        counts(&imported(world, &server, &first).await, [2, 2, 0, 0, 0]);
        counts(&imported(world, &server, &first).await, [2, 0, 0, 2, 0]);
        // Within one file the first row wins, and a later one is met again like any other.
        let same_file = format!("{SHORT}B1,2020-03-02,320831101,appeal,一,,,,\nB1,2020-03-02,320831101,appeal,一,,,,\nB1,2020-03-02,320831101,appeal,二,,,,\n");
        let summary = imported(world, &server, &same_file).await;
        counts(&summary, [3, 1, 0, 1, 1]);
        assert_eq!((&summary["refused"][0]["line"], &summary["refused"][0]["column"]), (&4.into(), &"title".into()));

        let further = first.replace("2020-03-03,,", "2020-03-03,2020-03-20,replied");
        counts(&imported(world, &server, &further).await, [2, 0, 1, 1, 0]);
        counts(&imported(world, &server, &further).await, [2, 0, 0, 2, 0]);
        // A cell that is empty now takes nothing back.
        let summary = imported(world, &server, &first).await;
        counts(&summary, [2, 0, 0, 1, 1]);

        let other = further.replace("镇政府", "县政府");
        let summary = imported(world, &server, &other).await;
        counts(&summary, [2, 0, 0, 1, 1]);
        let refusal = &summary["refused"][0];
        assert_eq!((&refusal["line"], &refusal["column"]), (&2.into(), &"responsible_unit".into()), "{summary}");
        let reason = refusal["reason"].as_str().unwrap();
        assert!(reason.contains("镇政府") && reason.contains("县政府"), "both values stand in {reason:?}");

        // Columns that a file has not say nothing.
        let fewer = "external_ref,registered_at,division_code,matter_class\nA1,2020-03-02,320831101,appeal\n";
        counts(&imported(world, &server, fewer).await, [1, 0, 0, 1, 0]);
        // The key is the reference in its ledger: under another ledger it is another petition.
        let file = world.file("same.csv", fewer);
        let args = ["import", "petitions", file.to_str().unwrap(), "--ledger", "另册"];
        counts(&world.run(&server.url(), args).await.done().json(), [1, 1, 0, 0, 0]);

        let shown = world.run(&server.url(), ["petition", "show", "--ref", "A1", "--ledger", "台账"]).await.done().json();
        let text = shown.to_string();
        assert!(text.contains("路灯不亮") && text.contains("2020-03-20"), "{text}");
        server.stop().await;
        world.verify(world.place()).await.done();
    }
}

on_engine! {
    Sqlite;

    async fn wrong_rows_are_named_and_the_rest_is_kept(world: &World) {
        let server = world.serve().await;
        let rows: [(&str, &str, &[&str]); 15] = [
            ("good1,2020-03-02,320831101,appeal,一,,,,", "", &[]),
            (",2020-03-02,320831101,appeal,二,,,,", "external_ref", &["empty"]),
            ("b2,,320831101,appeal,二,,,,", "registered_at", &["empty"]),
            ("b3,2020-02-30,320831101,appeal,二,,,,", "registered_at", &["2020-02-30"]),
            ("b4,2999-01-01,320831101,appeal,二,,,,", "registered_at", &["2999-01-01"]),
            ("b5,2020-03-02,3208,petition,二,,,,", "matter_class", &["petition"]),
            ("b6,2020-03-02,32083,appeal,二,,,,", "division_code", &["32083"]),
            ("b7,2020-03-02,320831101,appeal,二,,2020-03-01,,", "accepted_at", &["2020-03-01", "2020-03-02"]),
            ("b8,2020-03-02,320831101,appeal,二,,,2020-03-05,", "conclusion", &["empty"]),
            ("b9,2020-03-02,320831101,appeal,二,,,,replied", "opinion_at", &["empty"]),
            ("b10,2020-03-02,320831101,appeal,二,,,2020-03-05,done", "conclusion", &["done"]),
            ("b11,2020-03-02,320831101,appeal,二\u{7},,,,", "title", &[]),
            ("b12,2020-03-02,320831101,appeal,二,,,", "conclusion", &["8", "9"]),
            ("b13,2020-03-02,320831101,appeal,二,,,,,", "", &["10", "9"]),
            ("good2,2020-03-02T23:30:00Z,320831101,appeal,三,,,2020-03-03,replied", "", &[]),
        ];
        let text = format!("{SHORT}{}\n", rows.map(|(row, _, _)| row).join("\n"));
        let answer = attempt(world, &server, &text, &[]).await.done();
        let summary = answer.json();
        counts(&summary, [15, 2, 0, 0, 13]);
        let bad: Vec<(usize, &str, &[&str])> = rows.iter().enumerate().skip(1).take(13).map(|(at, (_, column, said))| (at + 2, *column, *said)).collect();
        for (refusal, (line, column, said)) in summary["refused"].as_array().unwrap().iter().zip(bad) {
            assert_eq!((&refusal["line"], &refusal["column"]), (&line.into(), &column.into()), "{refusal}");
            let reason = refusal["reason"].as_str().unwrap();
            assert!(!reason.is_empty() && said.iter().all(|said| reason.contains(said)), "{said:?} in {refusal}");
        }
        attempt(world, &server, &text, &["--strict"]).await.exits(1);
        // What is wanted of a moment is its day at UTC+08:00: 23:30 UTC is the morning after, not after the end.
        let shown = world.run(&server.url(), ["petition", "show", "--ref", "good2", "--ledger", "台账"]).await.done().json();
        assert!(shown.to_string().contains("\"registered_on\":\"2020-03-03\""), "{shown}");
        // For people the same, in words.
        let file = world.file("ledger.csv", &text);
        let words = world.program("fengqiao").args(["import", "petitions", file.to_str().unwrap(), "--ledger", "台账"]);
        let words = words.args(["--server", &server.url()]).run().await.done();
        assert!(words.stdout.contains("line 4: registered_at") && words.stdout.contains("15 rows"), "{words}");
    }

    async fn a_damaged_file_keeps_the_rows_before_the_damage(world: &World) {
        let server = world.serve().await;
        let row = |n: usize| format!("D{n},2020-03-02,320831101,appeal,第{n}件,,,,\n");
        let rows: String = (0..3000).map(row).collect();

        // In the middle of a quoted cell: the row that is not whole is no row.
        let cut = format!("{SHORT}{}X,2020-03-02,320831101,appeal,\"半行", row(9000));
        let answer = attempt(world, &server, &cut, &[]).await.exits(1);
        counts(&answer.json(), [1, 1, 0, 0, 0]);
        assert!(answer.json()["error"].as_str().unwrap().contains("line 3") && answer.error()["error"].is_object(), "{answer}");

        let whole = gz(&format!("{SHORT}{rows}"));
        let answer = attempt(world, &server, &whole[..whole.len() / 2], &[]).await.exits(1);
        let summary = answer.json();
        let before = summary["imported"].as_u64().unwrap() as usize;
        assert!(before > 100 && before < 3000 && summary["error"].as_str().unwrap().contains("ends early"), "{answer}");
        counts(&summary, [before, before, 0, 0, 0]);
        // The good copy of the file brings the rest, whatever its name.
        counts(&imported(world, &server, &whole).await, [3000, 3000 - before, 0, before, 0]);
        // One wrong bit in the middle makes wrong rows that look right: none is taken.
        let mut damaged = gz(&format!("{SHORT}{}", rows.replace("\nD", "\nE")));
        let at = damaged.len() / 2;
        damaged[at] ^= 0x10;
        let answer = attempt(world, &server, &damaged, &[]).await.exits(1);
        assert!(answer.json()["error"].as_str().unwrap().contains("damaged"), "{answer}");
        counts(&answer.json(), [0, 0, 0, 0, 0]);
    }

    async fn encodings_are_told_apart(world: &World) {
        let server = world.serve().await;
        // 编号 and so on in GBK: the header cannot be read, nothing is imported.
        let gbk = b"\xb1\xe0\xba\xc5,\xb5\xc7\xbc\xc7\xca\xb1\xbc\xe4\nA,2020-03-02\n";
        let answer = attempt(world, &server, gbk, &[]).await.exits(1);
        assert!(answer.said().contains("gbk") && answer.said().contains("utf-8"), "{answer}");
        counts(&answer.json(), [0, 0, 0, 0, 0]);
        // One cell in GBK: this row is refused, the others are kept.
        let cell = [SHORT.as_bytes(), b"E1,2020-03-02,320831101,appeal,\xc2\xb7\xb5\xc6,,,,\nE2,2020-03-02,320831101,appeal,ok,,,,\n"].concat();
        let summary = imported(world, &server, cell).await;
        counts(&summary, [2, 1, 0, 0, 1]);
        assert_eq!((&summary["refused"][0]["line"], &summary["refused"][0]["column"]), (&2.into(), &"title".into()), "{summary}");
        let utf16: Vec<u8> = format!("\u{feff}{SHORT}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(attempt(world, &server, utf16, &[]).await.exits(1).said().contains("utf-16"));

        // A byte order mark, Chinese names and values, CR LF, spaces around cells.
        let chinese = "\u{feff}编号,登记时间,区划代码,信访形式,事项类别,标题,信访人,人数,责任单位,受理时间,办结时间,办理结果\r\n\
            枫一号, 2020-03-02 ,320831101,来访,申诉求决,路灯不亮,王小明,3,镇政府,2020-03-03,2020-03-10,处理意见\r\n\
            枫二号,2020-03-04T08:30:00+08:00,320831101,12345热线,建议意见,修路,,,,,,\r\n";
        counts(&imported(world, &server, chinese).await, [2, 2, 0, 0, 0]);
        let english = format!("{HEADER}\n枫一号,2020-03-02,320831101,visit,appeal,,路灯不亮,,王小明,3,镇政府,2020-03-03,2020-03-10,replied\n");
        counts(&imported(world, &server, english).await, [1, 0, 0, 1, 0]);
    }

    async fn files_that_are_no_ledgers_are_refused_with_the_reason(world: &World) {
        let server = world.serve().await;
        for (text, said) in [
            ("", "empty"),
            ("\u{feff}", "no lines"),
            ("name,age\na,1\n", "unknown column"),
            ("external_ref,registered_at,matter_class\na,2020-01-01,appeal\n", "division_code (区划代码)"),
            ("external_ref;registered_at;division_code;matter_class\n", "commas"),
            ("external_ref,external_ref,registered_at,division_code,matter_class\n", "twice"),
        ] {
            let answer = attempt(world, &server, text, &[]).await.exits(1);
            assert!(answer.error()["error"]["message"].as_str().unwrap().contains(said), "{said:?} in {answer}");
            counts(&answer.json(), [0, 0, 0, 0, 0]);
        }
        // A header alone is a ledger in which nothing stands.
        counts(&imported(world, &server, SHORT).await, [0, 0, 0, 0, 0]);
        let missing = world.run(&server.url(), ["import", "petitions", "/nowhere/ledger.csv"]).await.exits(1);
        assert!(missing.said().contains("/nowhere/ledger.csv"), "{missing}");
    }

    async fn exit_codes_tell_the_cases_apart(world: &World) {
        let server = world.serve().await;
        let good = format!("{SHORT}Z1,2020-03-02,320831101,appeal,一,,,,\n");
        attempt(world, &server, &good, &["--strict", "--wait"]).await.exits(0);
        let bad = format!("{good}Z2,soon,320831101,appeal,一,,,,\n");
        attempt(world, &server, &bad, &[]).await.exits(0);
        let strict = attempt(world, &server, &bad, &["--strict"]).await.exits(1);
        counts(&strict.json(), [2, 0, 0, 1, 1]);

        let usage = world.run(&server.url(), ["import", "petitions"]).await.exits(2);
        assert!(usage.stderr.contains("<FILE>"), "{usage}");
        world.run(&server.url(), ["import", "houses", "x.csv"]).await.exits(2);
        let url = server.url();
        server.stop().await;
        let file = world.file("ledger.csv", &good);
        let gone = world.run(&url, ["import", "petitions", file.to_str().unwrap()]).await.exits(69);
        assert!(gone.stderr.contains(&url) && gone.error()["error"]["code"] == "UNAVAILABLE", "{gone}");
    }
}
