//! Deciding on one row of a ledger.

use super::Desk;
use crate::{
    app::request::{Asking, ImportOutcome},
    domain::{self, CaseField, CaseRow, Change, Group, RowRefusal, Verdict},
};
use fengqiao_model::{DisputeId, Token};
use fengqiao_store::StoreError;

impl Desk<'_> {
    /// Takes a row, or notes why not. A row that is refused leaves nothing.
    pub(in crate::app) fn row(
        &mut self,
        asking: &Asking,
        ledger: &Token,
        columns: &[CaseField],
        row: &CaseRow,
        outcome: &mut ImportOutcome,
    ) -> Result<(), StoreError> {
        match self.judge(asking, ledger, columns, row)? {
            Err(refusal) => outcome.refused.push(refusal),
            Ok(Judged::Already) => outcome.already += 1,
            Ok(Judged::Advanced(changes)) => {
                self.take(asking, changes)?;
                outcome.advanced += 1;
            }
            Ok(Judged::New(changes)) => {
                self.take(asking, changes)?;
                outcome.imported += 1;
            }
        }
        Ok(())
    }

    fn judge(
        &self,
        asking: &Asking,
        ledger: &Token,
        columns: &[CaseField],
        row: &CaseRow,
    ) -> Result<Result<Judged, RowRefusal>, StoreError> {
        let labelled =
            match self.by_root.get(&(ledger.to_string(), row.root_ref().to_owned())).filter(|_| !row.root_ref().is_empty()) {
                Some(id) => Some((*id, self.whole_group(*id)?)),
                None => None,
            };
        let labelled = labelled.as_ref().map(|(id, group)| (*id, group));
        match self.by_reference.get(&(ledger.to_string(), row.external_ref.to_string())) {
            Some((dispute, case)) => {
                let group = self.whole_group(*dispute)?;
                let erased = group.dispute(*dispute).is_some_and(|dispute| dispute.erased);
                let sealed = (!erased).then(|| self.contents.get(case).cloned().unwrap_or_default());
                let recorded = (&group, *dispute, *case);
                let verdict =
                    domain::compare_row(row, columns, recorded, sealed.as_ref(), labelled, &self.context(&asking.caller));
                Ok(verdict.and_then(|verdict| match verdict {
                    Verdict::Already => Ok(Judged::Already),
                    Verdict::Advanced(changes) => Ok(Judged::Advanced(self.with_body(asking, row, changes)?)),
                }))
            }
            None => {
                let ids = (DisputeId::from_bytes(self.book.ids.mint(&self.book.clock)), self.mint());
                let changes = domain::import_row(row, ledger, labelled, ids, &self.context(&asking.caller));
                Ok(changes.and_then(|changes| Ok(Judged::New(self.with_body(asking, row, changes)?))))
            }
        }
    }

    /// A body that nobody knows is registered before the case that names it.
    fn with_body(&self, asking: &Asking, row: &CaseRow, changes: Vec<Change>) -> Result<Vec<Change>, RowRefusal> {
        let known = self.places.get(row.body()).map(|place| &self.house.bodies[place.at].body);
        let body = domain::imported_body(row, known, &self.context(&asking.caller))?;
        // What was erased does not come back with a later row of the same dispute: the row counts, without what is personal.
        let kept = |change: Change| {
            let sealed = change.sealed.clone().filter(|_| !self.is_erased(&change.target));
            Change { sealed, ..change }
        };
        Ok(body.into_iter().chain(changes.into_iter().map(kept)).collect())
    }

    fn whole_group(&self, id: DisputeId) -> Result<Group, StoreError> {
        self.group(id).ok_or(StoreError::Misuse("a linked dispute is missing"))
    }
}

/// What becomes of a row.
enum Judged {
    Already,
    Advanced(Vec<Change>),
    New(Vec<Change>),
}
