//! Sessions: planned so that nobody and no room is in two places, told in time, held or missed, recorded only where both sides agree.

use super::super::{Desk, not_after_today};
use crate::domain::{
    Case, Change, Kind, Rejection,
    command::{Held, Planned},
    file::{Minute, Session, SessionState},
};
use fengqiao_model::ActorId;
use fengqiao_statute::{Force, SessionMode};

/// More than a case ever has.
const MOST: usize = 200;

/// Traffic mediation by the police: the parties are told three days before (RTP 88).
const TRAFFIC_NOTICE: i32 = 3;
const TRAFFIC: &str = "T16";

impl Desk<'_> {
    pub(super) fn schedule(&self, planned: &Planned) -> Result<Vec<Change>, Rejection> {
        let today = self.context.today;
        if planned.starts_at.day < today {
            return Err(Rejection::field("starts_at", format!("must not be before today ({today})")));
        }
        if planned.starts_at.day.days_since(today) > 366 {
            return Err(Rejection::field("starts_at", "must be within a year"));
        }
        self.place(planned.mode, &planned.room)?;
        let notified = planned.notified_on.unwrap_or(today);
        not_after_today("notified_on", notified, self.context)?;
        let administrative_traffic = self.dispute.dispute_type == TRAFFIC && self.case.force == Some(Force::Administrative);
        if administrative_traffic && planned.starts_at.day.days_since(notified) < TRAFFIC_NOTICE {
            return Err(Rejection::field("starts_at", "must be three days after the parties were told (RTP 88)"));
        }
        let before = self.case.file.sessions.iter().find(|session| session.id == planned.id);
        if before.is_some_and(|session| session.state != SessionState::Planned) {
            return Err(Rejection::field("session_id", "is a session that is over"));
        }
        if before.is_none() && self.case.file.sessions.len() >= MOST {
            return Err(Rejection::field("session_id", format!("must not be more than the {MOST}th")));
        }
        let mediators = if planned.mediators.is_empty() { self.case.mediators() } else { planned.mediators.clone() };
        self.free(planned, &mediators)?;
        let session = Session {
            id: planned.id.clone(),
            starts_at: planned.starts_at,
            minutes: planned.minutes,
            mode: planned.mode,
            room: planned.room.clone(),
            mediators,
            notified_on: Some(notified),
            state: SessionState::Planned,
            missed_by: None,
            invited: Vec::new(),
            recorded: false,
            inside_hours: self.inside_hours(planned.starts_at),
        };
        Ok(self.filed(Kind::SessionScheduled, today, &planned.text, |file| put(&mut file.sessions, session)))
    }

    pub(super) fn record_session(&self, held: &Held) -> Result<Vec<Change>, Rejection> {
        let before = self.case.file.sessions.iter().find(|session| session.id == held.id);
        if held.planned && before.is_none() {
            return Err(Rejection::field("session_id", "is no session of this case"));
        }
        if before.is_some_and(|session| session.state != SessionState::Planned) {
            return Err(Rejection::field("session_id", "is a session that is over"));
        }
        let starts_at = held.held_at.or(before.map(|session| session.starts_at));
        let starts_at =
            starts_at.ok_or_else(|| Rejection::field("held_at", "must be given for a session that was not planned"))?;
        let on = self.business_day("held_at", Some(starts_at.day), self.case.accepted_on)?;
        let mode = held.mode.or(before.map(|session| session.mode));
        let mode = mode.ok_or_else(|| Rejection::field("mode", "must be given for a session that was not planned"))?;
        if (held.minutes == 0) != held.missed_by.is_some() {
            return Err(Rejection::field("minutes", "must be more than 0 for a session that was held, and 0 for a missed one"));
        }
        if !held.invited.is_empty() && !held.invited_consented {
            return Err(Rejection::field(
                "invited_consented",
                "must be true: helpers come with the consent of both sides (PML 20)",
            ));
        }
        if held.recorded && !held.recording_consented {
            return Err(Rejection::field("recording_consented", "must be true: both sides agree to a recording (OL 22)"));
        }
        if before.is_none() && self.case.file.sessions.len() >= MOST {
            return Err(Rejection::field("session_id", format!("must not be more than the {MOST}th")));
        }
        let session = Session {
            id: held.id.clone(),
            starts_at,
            minutes: held.minutes,
            mode,
            room: before.map(|session| session.room.clone()).unwrap_or_default(),
            mediators: before.map_or_else(|| self.case.mediators(), |session| session.mediators.clone()),
            notified_on: before.and_then(|session| session.notified_on),
            state: if held.missed_by.is_some() { SessionState::Missed } else { SessionState::Held },
            missed_by: held.missed_by,
            invited: held.invited.clone(),
            recorded: held.recorded,
            inside_hours: self.inside_hours(starts_at),
        };
        Ok(self.changes(self.step(Kind::SessionRecorded, on, "", &held.text), |case| {
            if session.state == SessionState::Held {
                case.session_mode = Some(joined(case.session_mode, mode));
            }
            put(&mut case.file.sessions, session);
        }))
    }

    /// A remote session has no room.
    fn place(&self, mode: SessionMode, room: &str) -> Result<(), Rejection> {
        if mode == SessionMode::Remote && !room.is_empty() {
            return Err(Rejection::field("room", "must be empty for a remote session"));
        }
        Ok(())
    }

    /// Whether everybody and the room have the time.
    fn free(&self, planned: &Planned, mediators: &[ActorId]) -> Result<(), Rejection> {
        let wanted = planned.wanted(mediators);
        let taken = self.context.booked.iter().find(|booked| {
            booked.session != planned.id
                && wanted.iter().any(|(resource, slot)| *resource == booked.resource && *slot == booked.slot)
        });
        match taken {
            Some(booked) => Err(Rejection::CalendarConflict {
                resource: booked.resource.clone(),
                at: Minute::of(booked.slot * SLOT, planned.starts_at.day).to_string(),
            }),
            None => Ok(()),
        }
    }

    /// Working day from 8:30 to 17:30: what counts as inside hours until a body's own hours are known.
    fn inside_hours(&self, at: Minute) -> bool {
        const OPEN: std::ops::Range<u16> = 8 * 60 + 30..17 * 60 + 30;
        self.context.law.calendar.is_working(at.day) && OPEN.contains(&at.minute)
    }
}

/// A session in its place.
fn put(sessions: &mut Vec<Session>, session: Session) {
    match sessions.iter_mut().find(|known| known.id == session.id) {
        Some(known) => *known = session,
        None => sessions.push(session),
    }
}

/// The mode of a case whose sessions were of several.
fn joined(before: Option<SessionMode>, mode: SessionMode) -> SessionMode {
    match before {
        Some(before) if before != mode => SessionMode::Mixed,
        _ => mode,
    }
}

/// A slot of five minutes of somebody's or a room's time that a planned session takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// `mediator:ID` or `room:CODE`.
    pub resource: String,
    /// Slots of five minutes after the first day there is.
    pub slot: i64,
    /// Id of the session.
    pub session: String,
}

/// Minutes of a slot.
const SLOT: i64 = 5;

impl Planned {
    /// What the session would take of these mediators' and its room's time.
    pub fn wanted(&self, mediators: &[ActorId]) -> Vec<(String, i64)> {
        wanted(self.starts_at, self.minutes, mediators, &self.room)
    }
}

impl Session {
    /// What it takes while it is planned.
    pub fn takes(&self) -> Vec<(String, i64)> {
        if self.state == SessionState::Planned {
            wanted(self.starts_at, self.minutes, &self.mediators, &self.room)
        } else {
            Vec::new()
        }
    }
}

fn wanted(starts_at: Minute, minutes: u32, mediators: &[ActorId], room: &str) -> Vec<(String, i64)> {
    let begins = starts_at.count();
    let slots = begins.div_euclid(SLOT)..=(begins + i64::from(minutes) - 1).div_euclid(SLOT);
    let people = mediators.iter().map(|mediator| format!("mediator:{mediator}"));
    let resources = people.chain((!room.is_empty()).then(|| format!("room:{room}")));
    resources.flat_map(|resource| slots.clone().map(move |slot| (resource.clone(), slot))).collect()
}

impl Case {
    /// The mediators of the case; one named when it was taken has no entry of its own.
    pub fn mediators(&self) -> Vec<ActorId> {
        let present: Vec<ActorId> = self.file.present().map(|present| present.mediator.clone()).collect();
        if present.is_empty() { self.mediator.parse().into_iter().collect() } else { present }
    }
}
