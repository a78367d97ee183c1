//! The link with a court (诉调对接): referrals with their own clocks, and the report back (TY 11, 21, 26, 27).

use super::super::Desk;
use crate::domain::{
    CaseState, Change, Kind, Rejection,
    file::{Court, Direction, ReferralKind},
};
use fengqiao_model::{Day, Text};
use fengqiao_statute::start_clock;

impl ReferralKind {
    /// The clock of a referral of this kind (TY 27; OL 24).
    pub fn rule(self) -> &'static str {
        match self {
            ReferralKind::BeforeFiling => "J-01",
            ReferralKind::AfterFilingOrdinary => "J-02",
            ReferralKind::AfterFilingSummary => "J-03",
        }
    }
}

impl Desk<'_> {
    pub(super) fn refer_to_court(
        &self,
        direction: Direction,
        kind: Option<ReferralKind>,
        court: &Text,
        case_number: &Text,
        on: Option<Day>,
    ) -> Result<Vec<Change>, Rejection> {
        if self.case.file.court.as_ref().is_some_and(|known| known.reported_on.is_none() && known.direction == Direction::In) {
            return Err(Rejection::field("direction", "is settled: the case came from a court that waits for its report"));
        }
        match (direction, kind) {
            (Direction::In, None) => return Err(Rejection::field("kind", "must be given for a referral from the court")),
            (Direction::Out, Some(_)) => return Err(Rejection::field("kind", "must be empty for a case that goes to the court")),
            _ => {}
        }
        let on = self.business_day("on", on, None)?;
        // The clock runs from the day on which the mediator signed for the materials, whatever ran before.
        let law = self.context.law;
        let clock = match kind.filter(|_| self.case.state == CaseState::Accepted) {
            Some(kind) => start_clock(&law.rules, &law.calendar, kind.rule(), on).ok(),
            None => None,
        };
        let referral = Court {
            direction,
            kind,
            court: court.as_str().to_owned(),
            case_number: case_number.as_str().to_owned(),
            on,
            reported_on: None,
        };
        let step = self.step(Kind::ReferredToCourt, on, "", &Text::default());
        let step = if direction == Direction::Out { step.handing_over(court.as_str(), "court proceedings") } else { step };
        Ok(self.changes(step, |case| {
            if clock.is_some() {
                case.handling = clock;
                case.file.unexcluded = None;
                case.file.suspensions.clear();
                case.file.extensions.clear();
            }
            case.file.court = Some(referral);
        }))
    }

    pub(super) fn report_to_court(&self, on: Option<Day>, document_number: &Text) -> Result<Vec<Change>, Rejection> {
        let referral = self.case.file.court.as_ref().filter(|court| court.direction == Direction::In);
        let referral = referral.ok_or(Rejection::NotReferred)?;
        if let Some(day) = referral.reported_on {
            return Err(Rejection::field("reported_on", format!("was {day} already")));
        }
        let on = self.business_day("reported_on", on, self.case.ended_on)?;
        let mut step = self.step(Kind::ReportedToCourt, on, "", &Text::default()).handing_over(&referral.court, "report");
        step.document_number = document_number.as_str().to_owned();
        Ok(self.filed_with(step, |file| {
            if let Some(court) = &mut file.court {
                court.reported_on = Some(on);
            }
        }))
    }
}
