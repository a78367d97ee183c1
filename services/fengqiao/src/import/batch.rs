//! As many rows as one message takes, read in the thread that reads the file.

use super::{
    Refusal,
    rows::{Row, Rows, Verdict},
};
use fengqiao_model::{IdSource, RequestId, SystemClock};
use fengqiao_statute::LedgerColumn;
use std::io::Read;

const MOST_ROWS: usize = 500;
/// With what one more row may add, a message stays well below the limit of the server.
const MOST_BYTES: usize = 1024 * 1024;

/// As many rows as one message takes.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Id of the request; the batch keeps it when it is sent again.
    pub request_id: String,
    /// Name of the ledger.
    pub ledger: String,
    /// English names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// What was read of the file.
#[derive(Debug)]
pub enum Part {
    /// Rows to be sent, and those refused before.
    Rows {
        /// Those to be sent; may be without rows.
        batch: Batch,
        /// Rows that are not sent.
        refused: Vec<Refusal>,
    },
    /// The file cannot be read on from here; why.
    Damage(String),
}

/// Reads the ledger to its end or its damage; stops when a part is not wanted any more.
pub fn read(raw: impl Read, known: &'static [LedgerColumn], ledger: &str, give: &mut dyn FnMut(Part) -> bool) {
    let ids = IdSource::default();
    let mut rows = match Rows::new(raw, known) {
        Ok(rows) => rows,
        Err(damage) => {
            give(Part::Damage(damage));
            return;
        }
    };
    let columns = rows.columns().to_vec();
    let (mut taken, mut bytes, mut refused): (Vec<Row>, usize, Vec<Refusal>) = (Vec::new(), 0, Vec::new());
    loop {
        let next = rows.next();
        let size = if let Ok(Some(Verdict::Row(row))) = &next { size(row) } else { 0 };
        let full = taken.len() == MOST_ROWS || bytes + size > MOST_BYTES || refused.len() == MOST_ROWS;
        let ends = !matches!(next, Ok(Some(_)));
        if (full || ends) && !(taken.is_empty() && refused.is_empty()) {
            let batch = Batch {
                request_id: RequestId::from_bytes(ids.mint(&SystemClock)).to_string(),
                ledger: ledger.to_owned(),
                columns: columns.clone(),
                rows: std::mem::take(&mut taken),
            };
            bytes = 0;
            if !give(Part::Rows { batch, refused: std::mem::take(&mut refused) }) {
                return;
            }
        }
        match next {
            Ok(Some(Verdict::Row(row))) => {
                bytes += size;
                taken.push(row);
            }
            Ok(Some(Verdict::Refused(row))) => refused.push(row),
            Ok(None) => return,
            Err(damage) => {
                give(Part::Damage(damage));
                return;
            }
        }
    }
}

/// About the bytes of a row in a message.
fn size(row: &Row) -> usize {
    16 + row.cells.iter().map(|cell| cell.len() + 4).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_statute::LEDGER_COLUMNS;
    use std::collections::HashSet;

    fn parts(text: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        read(text.as_bytes(), &LEDGER_COLUMNS, "台账", &mut |part| {
            parts.push(part);
            true
        });
        parts
    }

    #[test]
    fn messages_are_of_bounded_size() {
        let head = "external_ref,registered_at,division_code,matter_class,narrative\n";
        let short: String = (0..1201).map(|n| format!("{n},1,2,3,\n")).collect();
        let sizes = |parts: &[Part]| -> Vec<usize> {
            parts.iter().map(|part| if let Part::Rows { batch, .. } = part { batch.rows.len() } else { 0 }).collect()
        };
        assert_eq!(sizes(&parts(&format!("{head}{short}"))), [500, 500, 201]);
        let long: String = (0..7).map(|n| format!("{n},1,2,3,{}\n", "字".repeat(100_000))).collect();
        let parts = parts(&format!("{head}{long}"));
        assert_eq!(sizes(&parts), [3, 3, 1]);
        let ids: HashSet<_> = parts
            .iter()
            .map(|part| if let Part::Rows { batch, .. } = part { batch.request_id.clone() } else { String::new() })
            .collect();
        assert_eq!(ids.len(), 3);
    }

    #[test]
    fn refusals_travel_without_rows_too() {
        let bad = "external_ref,registered_at,division_code,matter_class\n".to_owned() + &"x\n".repeat(1100);
        let refused: Vec<_> = parts(&bad)
            .into_iter()
            .map(|part| if let Part::Rows { refused, batch } = part { (refused.len(), batch.rows.len()) } else { (0, 0) })
            .collect();
        assert_eq!(refused, [(500, 0), (500, 0), (100, 0)]);
    }

    #[test]
    fn damage_comes_last() {
        let parts = parts("external_ref,registered_at,division_code,matter_class\na,b,c,d\ne,\"f");
        assert!(matches!(parts.as_slice(), [Part::Rows { .. }, Part::Damage(_)]), "{parts:?}");
    }
}
