//! The bound file: one case, one file, its index complete or the gap named (D§7.2).

use super::super::Desk;
use crate::domain::{Change, Kind, Rejection, file::Archived};
use fengqiao_model::{Day, Text};

impl Desk<'_> {
    pub(super) fn archive(
        &self,
        on: Option<Day>,
        papers: &[String],
        retention: &str,
        gap_explained: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("archived_on", on, self.case.ended_on)?;
        if let Some(archived) = &self.case.file.archived
            && archived.missing.is_empty()
        {
            return Err(Rejection::field("archived_on", format!("was {} already", archived.on)));
        }
        let list = &self.context.law.papers;
        if let Some(unknown) = papers.iter().find(|paper| list.find(paper).is_none()) {
            let codes: Vec<_> = list.papers().map(|paper| paper.code.as_str()).collect();
            return Err(Rejection::field("papers", format!("has {unknown}, which is none of {}", codes.join(", "))));
        }
        if !list.retentions().any(|class| class.code == retention) {
            let codes: Vec<_> = list.retentions().map(|class| class.code.as_str()).collect();
            return Err(Rejection::field("retention", format!("must be one of {}", codes.join(", "))));
        }
        let missing = list.missing(self.case, papers);
        if !missing.is_empty() && gap_explained.as_str().is_empty() {
            return Err(Rejection::FileIncomplete { missing: missing.join(", ") });
        }
        let archived = Archived { on, papers: papers.to_vec(), retention: retention.to_owned(), missing };
        Ok(self.filed(Kind::Archived, on, gap_explained, |file| file.archived = Some(archived)))
    }
}
