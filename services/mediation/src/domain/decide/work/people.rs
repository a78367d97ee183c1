//! Who takes part: consent of the sides, mediators and their recusal, bodies that assist.

use super::super::{Desk, able_body};
use crate::domain::{
    Change, Kind, Rejection, Side,
    file::{Assisting, OnCase},
};
use fengqiao_model::{ActorId, Day, Text, Token};

/// More than a case ever has; what goes on like this is a mistake.
const MEDIATORS: usize = 20;
const ASSISTING: usize = 20;

impl Desk<'_> {
    pub(super) fn consent(&self, side: Side, consents: bool, on: Option<Day>, text: &Text) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("consented_on", on, None)?;
        let standing = match side {
            Side::Applicant => self.case.applicant_consents,
            Side::Respondent => self.case.respondent_consents,
            Side::Third => return Err(Rejection::field("side", "must be applicant or respondent")),
        };
        if standing == consents {
            return Err(Rejection::field("consents", format!("is {consents} already")));
        }
        Ok(self.changes(self.step(Kind::Consented, on, "", text), |case| match side {
            Side::Applicant => case.applicant_consents = consents,
            Side::Respondent | Side::Third => case.respondent_consents = consents,
        }))
    }

    pub(super) fn assign_mediator(
        &self,
        mediator: &ActorId,
        from: Option<Day>,
        chosen_by_parties: bool,
        instead_of: Option<&ActorId>,
    ) -> Result<Vec<Change>, Rejection> {
        let from = self.business_day("from_on", from, self.case.accepted_on)?;
        let file = &self.case.file;
        if file.present().any(|present| present.mediator == *mediator) {
            return Err(Rejection::field("mediator", "is on the case already"));
        }
        if file.mediators.iter().any(|before| before.mediator == *mediator && !before.recused.is_empty()) {
            return Err(Rejection::field("mediator", "was recused from this case"));
        }
        if let Some(leaves) = instead_of {
            let since = file.present().find(|present| present.mediator == *leaves).map(|present| present.from);
            let since = since.ok_or_else(|| Rejection::field("instead_of", "is not on the case"))?;
            super::super::not_before("from_on", from, since, "the one who leaves")?;
        }
        if file.mediators.len() >= MEDIATORS {
            return Err(Rejection::field(
                "mediator",
                format!("would be the {}th of the case; {MEDIATORS} are the most", MEDIATORS + 1),
            ));
        }
        Ok(self.changes(self.step(Kind::MediatorAssigned, from, "", &Text::default()), |case| {
            for leaving in &mut case.file.mediators {
                if leaving.until.is_none() && Some(&leaving.mediator) == instead_of {
                    leaving.until = Some(from);
                }
            }
            case.file.mediators.push(OnCase {
                mediator: mediator.clone(),
                from,
                until: None,
                chosen_by_parties,
                recused: String::new(),
            });
            lead(case);
        }))
    }

    pub(super) fn recuse_mediator(
        &self,
        mediator: &ActorId,
        on: Option<Day>,
        reason: &str,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("on", on, self.case.accepted_on)?;
        self.reason("reason", reason, "recuse", on)?;
        let present = self.case.file.present().find(|present| present.mediator == *mediator);
        // One named when the case was taken or imported has no entry yet.
        let named = self.case.mediator == mediator.as_str();
        let since = present.map(|present| present.from).or(self.case.accepted_on.filter(|_| named));
        let since = since.ok_or_else(|| Rejection::field("mediator", "is not on the case"))?;
        super::super::not_before("on", on, since, "the assignment")?;
        let entry = present.is_none().then(|| OnCase {
            mediator: mediator.clone(),
            from: since,
            until: None,
            chosen_by_parties: false,
            recused: String::new(),
        });
        Ok(self.changes(self.step(Kind::MediatorRecused, on, reason, text), |case| {
            case.file.mediators.extend(entry);
            for leaving in &mut case.file.mediators {
                if leaving.until.is_none() && leaving.mediator == *mediator {
                    leaving.until = Some(on);
                    reason.clone_into(&mut leaving.recused);
                }
            }
            case.mediator.clear();
            lead(case);
        }))
    }

    pub(super) fn join(&self, body: &Token, from: Option<Day>) -> Result<Vec<Change>, Rejection> {
        let from = self.business_day("from_on", from, self.case.accepted_on)?;
        if body.as_str() == self.case.body {
            return Err(Rejection::field("body", "leads the case"));
        }
        if self.case.file.assisting.iter().any(|known| known.body == body.as_str() && known.until.is_none()) {
            return Err(Rejection::field("body", "assists already"));
        }
        if self.case.file.assisting.len() >= ASSISTING {
            return Err(Rejection::field("body", format!("must not be more than the {ASSISTING}th to assist")));
        }
        able_body(self.house, body.as_str(), "", self.context).map(drop).or_else(|rejection| match rejection {
            // Whoever assists need not take the type by itself.
            Rejection::BodyNotCompetent { .. } => Ok(()),
            other => Err(other),
        })?;
        let step = self.step(Kind::BodyJoined, from, "", &Text::default()).handing_over(body.as_str(), "joint mediation");
        Ok(self.filed_with(step, |file| file.assisting.push(Assisting { body: body.to_string(), from, until: None })))
    }

    pub(super) fn leave(&self, body: &Token, until: Option<Day>) -> Result<Vec<Change>, Rejection> {
        let assists = self.case.file.assisting.iter().find(|known| known.body == body.as_str() && known.until.is_none());
        let since = assists.map(|known| known.from).ok_or_else(|| Rejection::field("body", "does not assist"))?;
        let until = self.business_day("until_on", until, Some(since))?;
        Ok(self.filed(Kind::BodyLeft, until, &Text::default(), |file| {
            for known in &mut file.assisting {
                if known.body == body.as_str() && known.until.is_none() {
                    known.until = Some(until);
                }
            }
        }))
    }
}

/// The mediator whose name stands on the case is the first who is on it.
fn lead(case: &mut crate::domain::Case) {
    if let Some(first) = case.file.present().next() {
        case.mediator = first.mediator.to_string();
    }
}
