//! What became of the rows.

use super::kind::Answer;
use crate::table::{plain, thousands};
use serde::Serialize;
use std::{fmt::Write as _, path::Path};

/// How many refusals are shown to people.
const SHOWN: usize = 20;

/// What became of the rows; its JSON is what scripts rely on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows read.
    pub rows: i64,
    /// New items.
    pub imported: i64,
    /// Known items that got a cell filled.
    pub advanced: i64,
    /// Known items, identical.
    pub already: i64,
    /// Of the imported, those known only after the last published cut-off.
    pub late: i64,
    /// Rows not taken.
    pub refused: Vec<Refusal>,
    /// Why the import did not come to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refusal {
    /// Line of the file; the header is line 1.
    pub line: i64,
    /// Column at fault; empty when the whole row is.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

impl Summary {
    /// Adds what the server said of a batch.
    pub fn add(&mut self, answer: Answer) {
        self.imported += answer.imported;
        self.advanced += answer.advanced;
        self.already += answer.already;
        self.late += answer.late;
        self.refuse(answer.refused);
    }

    /// Adds rows that were not taken.
    pub fn refuse(&mut self, refused: Vec<Refusal>) {
        self.refused.extend(refused);
        self.rows = self.taken() + i64::try_from(self.refused.len()).unwrap_or(i64::MAX);
    }

    /// Rows that are certainly in.
    pub fn taken(&self) -> i64 {
        self.imported + self.advanced + self.already
    }

    /// Sorts the refusals, and tells why the import stopped.
    pub fn finish(&mut self, error: Option<String>) {
        self.refused.sort();
        self.error = error;
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// For people.
    pub fn table(&self, file: &Path) -> String {
        let mut text = String::new();
        let refused = i64::try_from(self.refused.len()).unwrap_or(i64::MAX);
        let _ = writeln!(text, "{}: {} rows", file.display(), thousands(self.rows));
        for (name, count, note) in [
            ("新增 imported", self.imported, ""),
            ("补充 advanced", self.advanced, ""),
            ("已有 already", self.already, ""),
            ("拒绝 refused", refused, ""),
            ("其中迟报 late", self.late, " (of the imported; known only after a published cut-off)"),
        ] {
            if count > 0 || note.is_empty() {
                let pad = 16_usize.saturating_sub(unicode_width::UnicodeWidthStr::width(name));
                let _ = writeln!(text, "  {name}{}{:>12}{note}", " ".repeat(pad), thousands(count));
            }
        }
        if refused > 0 {
            text.push_str("refused rows (nothing of them was written; correct them and import the file again):\n");
        }
        for refusal in self.refused.iter().take(SHOWN) {
            let column = if refusal.column.is_empty() { "row" } else { &refusal.column };
            let _ = writeln!(text, "  line {}: {} {}", refusal.line, plain(column), plain(&refusal.reason));
        }
        if self.refused.len() > SHOWN {
            let more = refused - i64::try_from(SHOWN).unwrap_or(0);
            let _ = writeln!(text, "  … and {} more (--format json lists all)", thousands(more));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(line: i64) -> Refusal {
        Refusal { line, column: "channel".to_owned(), reason: "is unknown".to_owned() }
    }

    #[test]
    fn the_json_is_the_agreed_one() {
        let mut summary = Summary::default();
        summary.refuse(vec![refusal(9)]);
        summary.add(Answer { imported: 4, advanced: 2, already: 1, late: 3, refused: vec![refusal(3)], log_position: 7 });
        summary.finish(None);
        let value: serde_json::Value = serde_json::from_str(&summary.json().unwrap()).unwrap();
        let expected = serde_json::json!({
            "rows": 9, "imported": 4, "advanced": 2, "already": 1, "late": 3,
            "refused": [
                {"line": 3, "column": "channel", "reason": "is unknown"},
                {"line": 9, "column": "channel", "reason": "is unknown"},
            ],
        });
        assert_eq!(value, expected);
        summary.finish(Some("the file ends early".to_owned()));
        assert!(summary.json().unwrap().contains("\"error\": \"the file ends early\""));
    }

    #[test]
    fn people_see_twenty_refusals_and_how_many_more() {
        let mut summary = Summary::default();
        summary.refuse((2..40).map(refusal).collect());
        summary.finish(None);
        let text = summary.table(Path::new("a.csv"));
        assert!(text.contains("a.csv: 38 rows\n") && text.contains("line 2: channel is unknown\n"), "{text}");
        assert!(text.contains("line 21:") && !text.contains("line 22:") && text.contains("and 18 more"), "{text}");
    }
}
