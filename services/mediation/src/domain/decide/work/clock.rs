//! The clock of a case: times it does not count, and more time. Exclusions hold only where its rule names the cause, overlapping ones
//! are never subtracted twice (D§6.5); an extension runs from the day without exclusions.

use super::super::{Desk, not_after_today};
use crate::domain::{
    Case, Change, Dispute, Kind, Rejection,
    file::{CaseFile, ClockExtension, Suspension},
};
use fengqiao_model::{Day, Text};
use fengqiao_statute::{ClockTerms, Exclusion, Length, Unit, extend_clock, with_exclusions};

/// More than a clock ever has.
const MOST: usize = 50;

impl Desk<'_> {
    fn running(&self) -> Result<&ClockTerms, Rejection> {
        self.case.handling.as_ref().ok_or(Rejection::NoClock)
    }

    pub(super) fn suspend(
        &self,
        cause: &str,
        from: Option<Day>,
        document_number: &Text,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let clock = self.running()?;
        let from = self.business_day("from_on", from, self.case.accepted_on)?;
        let rule = self.context.law.rules.rule(&clock.rule, &clock.rule_version);
        let known = rule.map(|rule| rule.excluded.as_slice()).unwrap_or_default();
        if !known.iter().any(|code| code == cause) {
            let problem = match known {
                [] => format!("must be empty: {} leaves out no time", clock.rule),
                causes => format!("must be one of {}, the causes of {}", causes.join(", "), clock.rule),
            };
            return Err(Rejection::field("cause", problem));
        }
        if self.case.file.suspensions.iter().any(|known| known.cause == cause && known.until.is_none()) {
            return Err(Rejection::field("cause", "is suspending the clock already"));
        }
        if self.case.file.suspensions.len() >= MOST {
            return Err(Rejection::field("cause", format!("must not suspend more than {MOST} times")));
        }
        let suspension =
            Suspension { cause: cause.to_owned(), from, until: None, document_number: document_number.as_str().to_owned() };
        Ok(self.filed(Kind::ClockSuspended, from, text, |file| file.suspensions.push(suspension)))
    }

    pub(super) fn resume(&self, cause: &str, until: Option<Day>) -> Result<Vec<Change>, Rejection> {
        let clock = self.running()?;
        let open = self.case.file.suspensions.iter().find(|known| known.cause == cause && known.until.is_none());
        let from = open.map(|known| known.from).ok_or_else(|| Rejection::field("cause", "suspends nothing"))?;
        let until = until.unwrap_or(self.context.today);
        not_after_today("until_on", until, self.context)?;
        super::super::not_before("until_on", until, from, "the suspension")?;
        let mut file = (*self.case.file).clone();
        for known in &mut file.suspensions {
            if known.cause == cause && known.until.is_none() {
                known.until = Some(until);
            }
        }
        let unexcluded = file.unexcluded.clone().unwrap_or_else(|| clock.clone());
        let handling = self.reckoned(&unexcluded, &file)?;
        file.unexcluded = Some(unexcluded);
        Ok(self.changes(self.step(Kind::ClockResumed, until, "", &Text::default()), |case| {
            *case.file = file;
            case.handling = Some(handling);
        }))
    }

    pub(super) fn extend(
        &self,
        amount: u32,
        applicant_agrees: bool,
        respondent_agrees: bool,
        document_number: &Text,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let clock = self.running()?;
        for (field, agrees) in [("applicant_agrees", applicant_agrees), ("respondent_agrees", respondent_agrees)] {
            if !agrees {
                return Err(Rejection::field(
                    field,
                    "must be true: a mediation's time is extended by both sides (TY 27, MED 38)",
                ));
            }
        }
        let today = self.context.today;
        let suspended = self.case.file.suspensions.iter().any(|known| known.until.is_none());
        if today > clock.kpi_due && !suspended {
            return Err(Rejection::ClockLapsed { rule: clock.rule.clone(), due: clock.kpi_due });
        }
        if self.case.file.extensions.len() >= MOST {
            return Err(Rejection::field("amount", format!("must not extend more than {MOST} times")));
        }
        let unexcluded = self.case.file.unexcluded.clone().unwrap_or_else(|| clock.clone());
        let extended = self.extended(&unexcluded, amount)?;
        let mut file = (*self.case.file).clone();
        file.extensions.push(ClockExtension {
            on: today,
            amount,
            document_number: document_number.as_str().to_owned(),
            recorded_by: self.context.caller.id.clone(),
        });
        let handling = self.reckoned(&extended, &file)?;
        file.unexcluded = Some(extended);
        Ok(self.changes(self.step(Kind::ClockExtended, today, "", text), |case| {
            *case.file = file;
            case.handling = Some(handling);
        }))
    }

    /// The clock as the corrected days and type start it; what was granted and what is not counted stays. Nothing of that is touched
    /// while none of them changes, nor is a clock that something else than the acceptance started, such as a court's referral.
    pub(in super::super) fn correct_clock(&self, case: &mut Case, facts: &Dispute) -> Result<(), Rejection> {
        let start = |case: &Case, facts: &Dispute| {
            let (force, accepted) = case.force.zip(case.accepted_on)?;
            self.context.law.clocks.start(force, &facts.dispute_type, case.applied_on, accepted, self.context)
        };
        let (own, next) = (start(self.case, self.dispute), start(case, facts));
        let begins = |clock: &Option<ClockTerms>| clock.as_ref().map(|clock| (clock.rule.clone(), clock.started_on));
        if begins(&own) == begins(&next) || begins(&own) != begins(&self.case.handling) {
            return Ok(());
        }
        let Some(mut clock) = next else {
            case.file.unexcluded = None;
            case.handling = None;
            return Ok(());
        };
        let same_rule = own.is_some_and(|own| own.rule == clock.rule);
        // What was granted under another rule says nothing of this one.
        case.file.unexcluded = None;
        if same_rule && !(case.file.extensions.is_empty() && case.file.suspensions.is_empty()) {
            for granted in &case.file.extensions {
                clock = self.extended(&clock, granted.amount)?;
            }
            let reckoned = self.reckoned(&clock, &case.file)?;
            case.file.unexcluded = Some(std::mem::replace(&mut clock, reckoned));
        }
        case.handling = Some(clock);
        Ok(())
    }

    /// The clock with so much more of its own unit.
    fn extended(&self, clock: &ClockTerms, amount: u32) -> Result<ClockTerms, Rejection> {
        let law = self.context.law;
        let unit = law.rules.rule(&clock.rule, &clock.rule_version).and_then(|rule| rule.length).map(|length| length.unit);
        let length = Length { amount, unit: unit.unwrap_or(Unit::CalendarDay) };
        extend_clock(clock, &law.rules, &law.calendar, length).map_err(|error| Rejection::field("amount", error.to_string()))
    }

    /// The clock with everything left out that has ended.
    fn reckoned(&self, unexcluded: &ClockTerms, file: &CaseFile) -> Result<ClockTerms, Rejection> {
        let ended = file.suspensions.iter().filter_map(|known| known.until.map(|until| known.exclusion(until)));
        let exclusions: Vec<Exclusion> = ended.collect();
        let law = self.context.law;
        with_exclusions(unexcluded, &law.rules, &law.calendar, &exclusions)
            .map_err(|error| Rejection::field("cause", error.to_string()))
    }
}
