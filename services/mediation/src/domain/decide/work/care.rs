//! What is feared and averted, how hard a case is and who took it on, and the visits after its end.

use super::super::{Desk, not_before};
use crate::domain::{
    Change, Kind, Rejection,
    file::{Difficulty, FollowUp, Risk, RiskKind, RiskLevel, Satisfaction, Tendency, VisitResult},
};
use fengqiao_model::{ActorId, Day, Text};

/// More than a case ever has.
const MOST: usize = 100;
const PERSONS: u32 = 9_999;

impl Desk<'_> {
    pub(super) fn raise_risk(
        &self,
        kind: RiskKind,
        persons: u32,
        on: Option<Day>,
        reported_to_police: bool,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("raised_on", on, None)?;
        if !(1..=PERSONS).contains(&persons) {
            return Err(Rejection::field("persons", format!("must be from 1 to {PERSONS}")));
        }
        if kind == RiskKind::Crime && !reported_to_police {
            return Err(Rejection::field("reported_to_police", "must be true for what may become a crime (PML 25)"));
        }
        if self.case.file.risks.len() >= MOST {
            return Err(Rejection::field("kind", format!("must not be more than the {MOST}th risk")));
        }
        let risk = Risk { kind, persons, raised_on: on, reported_to_police, resolved_on: None, averted: false };
        Ok(self.filed(Kind::RiskRaised, on, text, |file| file.risks.push(risk)))
    }

    pub(super) fn resolve_risk(
        &self,
        risk: usize,
        averted: bool,
        on: Option<Day>,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let known = risk.checked_sub(1).and_then(|place| self.case.file.risks.get(place));
        let known = known.ok_or_else(|| Rejection::field("risk", "is no risk of this case"))?;
        if let Some(day) = known.resolved_on {
            return Err(Rejection::field("risk", format!("was handled on {day}")));
        }
        let on = self.business_day("resolved_on", on, Some(known.raised_on))?;
        Ok(self.filed(Kind::RiskResolved, on, text, |file| {
            if let Some(known) = file.risks.get_mut(risk - 1) {
                known.resolved_on = Some(on);
                known.averted = averted;
            }
        }))
    }

    pub(super) fn plan_follow_up(&self, planned_on: Day, text: &Text) -> Result<Vec<Change>, Rejection> {
        let today = self.context.today;
        not_before("planned_on", planned_on, today, "the planning")?;
        if planned_on.days_since(today) > 3660 {
            return Err(Rejection::field("planned_on", "must be within ten years"));
        }
        self.room_for_a_visit()?;
        let visit = FollowUp { planned_on: Some(planned_on), visited_on: None, result: None, satisfaction: None };
        Ok(self.filed(Kind::FollowedUp, today, text, |file| file.follow_ups.push(visit)))
    }

    /// A visit that was made; it fulfils the oldest plan that waits.
    pub(super) fn follow_up(
        &self,
        visited_on: Day,
        result: VisitResult,
        satisfaction: Option<Satisfaction>,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("visited_on", Some(visited_on), self.case.ended_on)?;
        let planned = self.case.file.follow_ups.iter().position(|visit| visit.visited_on.is_none());
        if planned.is_none() {
            self.room_for_a_visit()?;
        }
        Ok(self.filed(Kind::FollowedUp, on, text, |file| {
            let place = planned.unwrap_or_else(|| {
                file.follow_ups.push(FollowUp { planned_on: None, visited_on: None, result: None, satisfaction: None });
                file.follow_ups.len() - 1
            });
            let visit = &mut file.follow_ups[place];
            visit.visited_on = Some(on);
            visit.result = Some(result);
            visit.satisfaction = satisfaction;
        }))
    }

    fn room_for_a_visit(&self) -> Result<(), Rejection> {
        if self.case.file.follow_ups.len() >= MOST {
            return Err(Rejection::field("planned_on", format!("must not be more than the {MOST}th visit")));
        }
        Ok(())
    }

    pub(super) fn grade(
        &self,
        difficulty: Option<Difficulty>,
        risk_level: Option<RiskLevel>,
        tendencies: &[Tendency],
    ) -> Vec<Change> {
        self.changes(self.step(Kind::Graded, self.context.today, "", &Text::default()), |case| {
            if let Some(difficulty) = difficulty {
                case.file.difficulty = Some(difficulty);
                // The statistics sheet has one column for what is hard.
                case.hard = matches!(difficulty, Difficulty::Hard | Difficulty::Major);
            }
            if risk_level.is_some() {
                case.file.risk_level = risk_level;
            }
            case.file.tendencies = tendencies.to_vec();
        })
    }

    pub(super) fn assign_leader(&self, leader: Option<&ActorId>, due_on: Option<Day>) -> Result<Vec<Change>, Rejection> {
        let today = self.context.today;
        match (leader, due_on) {
            (Some(_), Some(due)) => not_before("due_on", due, today, "naming the leader")?,
            (Some(_), None) => return Err(Rejection::field("due_on", "must be given with a leader")),
            (None, Some(_)) => return Err(Rejection::field("due_on", "must be empty without a leader")),
            (None, None) if self.case.file.leader.is_none() => {
                return Err(Rejection::field("leader", "must not be empty: nobody has taken the case on"));
            }
            (None, None) => {}
        }
        let leader = leader.cloned();
        Ok(self.filed(Kind::LeaderAssigned, today, &Text::default(), |file| {
            file.leader = leader;
            file.leader_due = due_on;
        }))
    }
}
