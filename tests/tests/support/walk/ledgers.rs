//! Rows of old ledgers.

use super::{Walker, answered, change, id};
use fengqiao_proto::{intake::v1 as intake, mediation::v1 as pb};

impl Walker {
    /// Rows of an old book of petitions, some met before.
    pub(super) async fn import_petitions(&mut self) {
        let columns =
            ["external_ref", "registered_at", "division_code", "matter_class", "accepted_at", "opinion_at", "conclusion"];
        let rows = (0..3).map(|n| {
            let row = self.rows + self.dice.below(3) + n;
            let (registered, accepted) = (self.day(300), if row.is_multiple_of(3) { String::new() } else { self.day(30) });
            let (opinion, conclusion) = if row.is_multiple_of(4) { (self.day(3), "replied") } else { (String::new(), "") };
            let cells =
                [format!("P{row}"), registered, self.division(), "appeal".to_owned(), accepted, opinion, conclusion.to_owned()];
            intake::LedgerRow { line: i64::try_from(n).unwrap() + 2, cells: cells.to_vec() }
        });
        let rows: Vec<_> = rows.collect();
        self.rows += 2;
        let batch = intake::ImportPetitionsRequest {
            request_id: id(),
            ledger: "旧册".to_owned(),
            columns: columns.map(str::to_owned).to_vec(),
            rows,
        };
        let request = intake::ImportPetitionBatchRequest { batch: Some(batch) };
        let _ = change!(self, intake.import_petition_batch, "import petitions", request);
    }

    /// Rows of an old book of cases, some parts of one dispute.
    pub(super) async fn import_cases(&mut self) {
        let columns = [
            "external_ref",
            "root_ref",
            "applied_at",
            "dispute_type",
            "force",
            "body",
            "division_code",
            "accepted_at",
            "concluded_at",
            "outcome",
            "handed_on_to",
        ];
        let mut rows = Vec::new();
        for n in 0..4 {
            let row = self.rows + self.dice.below(3) + n;
            let (applied, accepted) = (self.day(200), self.day(30));
            let (ended, outcome, on) = match row % 4 {
                0 => (self.day(10), "failed", "册外"),
                1 => (self.day(10), "agreed", ""),
                2 => (self.day(10), "transferred", ""),
                _ => (String::new(), "", ""),
            };
            let cells = [
                format!("C{row}"),
                format!("R{}", row / 3),
                applied,
                "T02".to_owned(),
                "people".to_owned(),
                format!("册{}", row % 2),
                self.division(),
                accepted,
                ended,
                outcome.to_owned(),
                on.to_owned(),
            ];
            rows.push(pb::CaseLedgerRow { line: i64::try_from(n).unwrap() + 2, cells: cells.to_vec() });
        }
        self.rows += 3;
        let batch = pb::ImportCasesRequest {
            request_id: id(),
            ledger: "旧册".to_owned(),
            columns: columns.map(str::to_owned).to_vec(),
            rows,
        };
        let request = pb::ImportCaseBatchRequest { batch: Some(batch) };
        let _ = change!(self, mediation.import_case_batch, "import cases", request);
    }
}
