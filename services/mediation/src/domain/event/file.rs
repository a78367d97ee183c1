//! The work on a case, to and from the messages of the contract.

use super::{EventError, decode, encode::clock_message};
use crate::domain::file::{
    Archived, Assisting, CaseFile, ClockExtension, Court, Difficulty, Direction, FollowUp, Instalment, Invited, MissedBy, OnCase,
    ReferralKind, Risk, RiskKind, RiskLevel, Satisfaction, Session, SessionState, Suspension, Tendency, VisitResult,
};
use fengqiao_model::Day;
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::SessionMode;
use std::fmt::Display;

fn text(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn small(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// As the contract has it; nothing where nothing was recorded.
pub fn file_message(file: &CaseFile) -> Option<pb::CaseFile> {
    if file.is_empty() {
        return None;
    }
    Some(pb::CaseFile {
        mediators: file.mediators.iter().map(mediator).collect(),
        sessions: file.sessions.iter().map(session).collect(),
        suspensions: file.suspensions.iter().map(suspension).collect(),
        extensions: file
            .extensions
            .iter()
            .map(|extension| pb::ClockExtension {
                on: extension.on.to_string(),
                amount: small(extension.amount),
                document_number: extension.document_number.clone(),
                recorded_by: extension.recorded_by.to_string(),
            })
            .collect(),
        unexcluded: file.unexcluded.as_ref().map(clock_message),
        assisting: file
            .assisting
            .iter()
            .map(|body| pb::AssistingBody { body: body.body.clone(), from: body.from.to_string(), until: text(body.until) })
            .collect(),
        risks: file.risks.iter().map(risk).collect(),
        follow_ups: file.follow_ups.iter().map(follow_up).collect(),
        difficulty: file.difficulty.map_or("", Difficulty::code).to_owned(),
        risk_level: file.risk_level.map_or("", RiskLevel::code).to_owned(),
        tendencies: file.tendencies.iter().map(|tendency| tendency.code().to_owned()).collect(),
        leader: text(file.leader.as_ref()),
        leader_due: text(file.leader_due),
        agreement_number: file.agreement_number.clone(),
        amended_on: file.amended_on.iter().map(Day::to_string).collect(),
        annulled_on: text(file.annulled_on),
        instalments: file.instalments.iter().map(instalment).collect(),
        court: file.court.as_ref().map(court),
        archived: file.archived.as_ref().map(|archived| pb::Archived {
            on: archived.on.to_string(),
            papers: archived.papers.clone(),
            retention: archived.retention.clone(),
            missing: archived.missing.clone(),
        }),
    })
}

fn mediator(m: &OnCase) -> pb::MediatorOnCase {
    pb::MediatorOnCase {
        mediator: m.mediator.to_string(),
        from: m.from.to_string(),
        until: text(m.until),
        chosen_by_parties: m.chosen_by_parties,
        recused: m.recused.clone(),
    }
}

fn session(s: &Session) -> pb::Session {
    pb::Session {
        session_id: s.id.clone(),
        starts_at: s.starts_at.to_string(),
        minutes: small(s.minutes),
        mode: s.mode.code().to_owned(),
        room: s.room.clone(),
        mediators: s.mediators.iter().map(ToString::to_string).collect(),
        notified_on: text(s.notified_on),
        state: s.state.code().to_owned(),
        missed_by: s.missed_by.map_or("", MissedBy::code).to_owned(),
        invited: s.invited.iter().map(|invited| invited.code().to_owned()).collect(),
        recorded: s.recorded,
        inside_hours: s.inside_hours,
    }
}

fn suspension(s: &Suspension) -> pb::Suspension {
    pb::Suspension {
        cause: s.cause.clone(),
        from: s.from.to_string(),
        until: text(s.until),
        document_number: s.document_number.clone(),
    }
}

fn risk(r: &Risk) -> pb::Risk {
    pb::Risk {
        kind: r.kind.code().to_owned(),
        persons: small(r.persons),
        raised_on: r.raised_on.to_string(),
        reported_to_police: r.reported_to_police,
        resolved_on: text(r.resolved_on),
        averted: r.averted,
    }
}

fn follow_up(visit: &FollowUp) -> pb::FollowUp {
    pb::FollowUp {
        planned_on: text(visit.planned_on),
        visited_on: text(visit.visited_on),
        result: visit.result.map_or("", VisitResult::code).to_owned(),
        satisfaction: visit.satisfaction.map_or("", Satisfaction::code).to_owned(),
    }
}

fn instalment(i: &Instalment) -> pb::Instalment {
    pb::Instalment {
        due_on: i.due_on.to_string(),
        due_fen: i.due_fen,
        paid_fen: i.paid_fen,
        paid_on: text(i.paid_on),
        default_reason: i.default_reason.clone(),
    }
}

fn court(c: &Court) -> pb::CourtReferral {
    pb::CourtReferral {
        direction: c.direction.code().to_owned(),
        kind: c.kind.map_or("", ReferralKind::code).to_owned(),
        court: c.court.clone(),
        case_number: c.case_number.clone(),
        on: c.on.to_string(),
        reported_on: text(c.reported_on),
    }
}

type Read<T> = Result<T, EventError>;

fn one_of<C: Copy, const N: usize>(field: &'static str, text: &str, all: [C; N], code: fn(C) -> &'static str) -> Read<C> {
    all.into_iter().find(|value| code(*value) == text).ok_or(EventError::Field(field))
}

fn one_or_none<C: Copy, const N: usize>(
    field: &'static str,
    text: &str,
    all: [C; N],
    code: fn(C) -> &'static str,
) -> Read<Option<C>> {
    if text.is_empty() { Ok(None) } else { one_of(field, text, all, code).map(Some) }
}

fn count(field: &'static str, count: i32) -> Read<u32> {
    u32::try_from(count).map_err(|_| EventError::Field(field))
}

/// What was published of it.
pub fn read_file(m: pb::CaseFile) -> Read<CaseFile> {
    Ok(CaseFile {
        mediators: m.mediators.into_iter().map(read_mediator).collect::<Read<_>>()?,
        sessions: m.sessions.into_iter().map(read_session).collect::<Read<_>>()?,
        suspensions: m
            .suspensions
            .into_iter()
            .map(|s| {
                Ok(Suspension {
                    cause: s.cause,
                    from: decode::parsed("from", &s.from)?,
                    until: decode::optional("until", &s.until)?,
                    document_number: s.document_number,
                })
            })
            .collect::<Read<_>>()?,
        extensions: m
            .extensions
            .into_iter()
            .map(|extension| {
                Ok(ClockExtension {
                    on: decode::parsed("on", &extension.on)?,
                    amount: count("amount", extension.amount)?,
                    document_number: extension.document_number,
                    recorded_by: decode::parsed("recorded_by", &extension.recorded_by)?,
                })
            })
            .collect::<Read<_>>()?,
        unexcluded: m.unexcluded.map(decode::read_clock).transpose()?,
        assisting: m
            .assisting
            .into_iter()
            .map(|body| {
                let (from, until) = (decode::parsed("from", &body.from)?, decode::optional("until", &body.until)?);
                Ok(Assisting { body: body.body, from, until })
            })
            .collect::<Read<_>>()?,
        risks: m.risks.into_iter().map(|risk| read_risk(&risk)).collect::<Read<_>>()?,
        follow_ups: m.follow_ups.into_iter().map(|visit| read_follow_up(&visit)).collect::<Read<_>>()?,
        difficulty: one_or_none("difficulty", &m.difficulty, Difficulty::ALL, Difficulty::code)?,
        risk_level: one_or_none("risk_level", &m.risk_level, RiskLevel::ALL, RiskLevel::code)?,
        tendencies: m
            .tendencies
            .iter()
            .map(|tendency| one_of("tendencies", tendency, Tendency::ALL, Tendency::code))
            .collect::<Read<_>>()?,
        leader: decode::optional("leader", &m.leader)?,
        leader_due: decode::optional("leader_due", &m.leader_due)?,
        agreement_number: m.agreement_number,
        amended_on: m.amended_on.iter().map(|day| decode::parsed("amended_on", day)).collect::<Read<_>>()?,
        annulled_on: decode::optional("annulled_on", &m.annulled_on)?,
        instalments: m.instalments.into_iter().map(read_instalment).collect::<Read<_>>()?,
        court: m.court.map(read_court).transpose()?,
        archived: m
            .archived
            .map(|archived| {
                Ok(Archived {
                    on: decode::parsed("on", &archived.on)?,
                    papers: archived.papers,
                    retention: archived.retention,
                    missing: archived.missing,
                })
            })
            .transpose()?,
    })
}

fn read_mediator(m: pb::MediatorOnCase) -> Read<OnCase> {
    Ok(OnCase {
        mediator: decode::parsed("mediator", &m.mediator)?,
        from: decode::parsed("from", &m.from)?,
        until: decode::optional("until", &m.until)?,
        chosen_by_parties: m.chosen_by_parties,
        recused: m.recused,
    })
}

fn read_session(s: pb::Session) -> Read<Session> {
    Ok(Session {
        id: s.session_id,
        starts_at: decode::parsed("starts_at", &s.starts_at)?,
        minutes: count("minutes", s.minutes)?,
        mode: one_of("mode", &s.mode, SessionMode::ALL, SessionMode::code)?,
        room: s.room,
        mediators: s.mediators.iter().map(|id| decode::parsed("mediators", id)).collect::<Read<_>>()?,
        notified_on: decode::optional("notified_on", &s.notified_on)?,
        state: one_of("state", &s.state, SessionState::ALL, SessionState::code)?,
        missed_by: one_or_none("missed_by", &s.missed_by, MissedBy::ALL, MissedBy::code)?,
        invited: s.invited.iter().map(|kind| one_of("invited", kind, Invited::ALL, Invited::code)).collect::<Read<_>>()?,
        recorded: s.recorded,
        inside_hours: s.inside_hours,
    })
}

fn read_risk(r: &pb::Risk) -> Read<Risk> {
    Ok(Risk {
        kind: one_of("kind", &r.kind, RiskKind::ALL, RiskKind::code)?,
        persons: count("persons", r.persons)?,
        raised_on: decode::parsed("raised_on", &r.raised_on)?,
        reported_to_police: r.reported_to_police,
        resolved_on: decode::optional("resolved_on", &r.resolved_on)?,
        averted: r.averted,
    })
}

fn read_follow_up(visit: &pb::FollowUp) -> Read<FollowUp> {
    Ok(FollowUp {
        planned_on: decode::optional("planned_on", &visit.planned_on)?,
        visited_on: decode::optional("visited_on", &visit.visited_on)?,
        result: one_or_none("result", &visit.result, VisitResult::ALL, VisitResult::code)?,
        satisfaction: one_or_none("satisfaction", &visit.satisfaction, Satisfaction::ALL, Satisfaction::code)?,
    })
}

fn read_instalment(i: pb::Instalment) -> Read<Instalment> {
    Ok(Instalment {
        due_on: decode::parsed("due_on", &i.due_on)?,
        due_fen: i.due_fen,
        paid_fen: i.paid_fen,
        paid_on: decode::optional("paid_on", &i.paid_on)?,
        default_reason: i.default_reason,
    })
}

fn read_court(c: pb::CourtReferral) -> Read<Court> {
    Ok(Court {
        direction: one_of("direction", &c.direction, Direction::ALL, Direction::code)?,
        kind: one_or_none("kind", &c.kind, ReferralKind::ALL, ReferralKind::code)?,
        court: c.court,
        case_number: c.case_number,
        on: decode::parsed("on", &c.on)?,
        reported_on: decode::optional("reported_on", &c.reported_on)?,
    })
}
