//! The work on a case: each call names the version it was decided on.

use super::change::{name, text};
use crate::{
    cli::{Format, WorkCommand},
    client::Mediation,
    json, output,
    request::{Named, day, repeatable},
};
use fengqiao_proto::mediation::v1 as pb;

/// Names the case, makes the call, prints the case as it is then.
macro_rules! work {
    ($mediation:ident, $format:ident, $change:expr, $call:ident, $request:ident -> $response:literal { $($field:ident: $value:expr),* $(,)? }) => {{
        let Named { request_id, id: case_id, etag, after_request_id } = name($mediation, $change).await?;
        let again = request_id.clone();
        let request = pb::$request { request_id, case_id, etag, after_request_id, device: None, $($field: $value,)* };
        let response = repeatable($mediation.$call(request).await, &again)?.into_inner();
        output::print(&match $format {
            Format::Json => json::pretty(concat!("mediation.v1.", $response), &response)?,
            _ => text(response.case.as_ref(), None),
        })?;
    }};
}

/// Does one step.
pub(super) async fn run(mediation: &mut Mediation, command: WorkCommand, format: Format) -> anyhow::Result<()> {
    match command {
        WorkCommand::Consent(args) => {
            work!(mediation, format, args.change, record_consent, RecordConsentRequest -> "RecordConsentResponse" {
                side: args.side,
                consents: !args.withdrawn,
                consented_on: day(args.consented_on),
                text: args.text,
            })
        }
        WorkCommand::AssignMediator(args) => {
            work!(mediation, format, args.change, assign_mediator, AssignMediatorRequest -> "AssignMediatorResponse" {
                mediator: args.mediator,
                instead_of: args.instead_of,
                chosen_by_parties: args.chosen_by_parties,
                from_on: day(args.from_on),
            })
        }
        WorkCommand::RecuseMediator(args) => {
            work!(mediation, format, args.change, recuse_mediator, RecuseMediatorRequest -> "RecuseMediatorResponse" {
                mediator: args.mediator,
                reason: args.reason,
                on: day(args.on),
                text: args.text,
            })
        }
        WorkCommand::ScheduleSession(args) => {
            work!(mediation, format, args.change, schedule_session, ScheduleSessionRequest -> "ScheduleSessionResponse" {
                session_id: args.session_id,
                starts_at: args.starts_at,
                minutes: args.minutes,
                mode: args.mode,
                room: args.room,
                mediators: args.mediators,
                notified_on: day(args.notified_on),
                text: args.text,
            })
        }
        WorkCommand::RecordSession(args) => {
            work!(mediation, format, args.change, record_session, RecordSessionRequest -> "RecordSessionResponse" {
                session_id: args.session_id,
                held_at: args.held_at,
                minutes: args.minutes,
                mode: args.mode,
                missed_by: args.missed_by,
                invited: args.invited,
                invited_consented: args.invited_consented,
                recorded: args.recorded,
                recording_consented: args.recording_consented,
                minutes_text: args.minutes_text,
            })
        }
        WorkCommand::SuspendClock(args) => {
            work!(mediation, format, args.change, suspend_clock, SuspendClockRequest -> "SuspendClockResponse" {
                cause: args.cause,
                document_number: args.document_number,
                from_on: day(args.from_on),
                text: args.text,
            })
        }
        WorkCommand::ResumeClock(args) => {
            work!(mediation, format, args.change, resume_clock, ResumeClockRequest -> "ResumeClockResponse" {
                cause: args.cause,
                until_on: day(args.until_on),
            })
        }
        WorkCommand::ExtendClock(args) => {
            work!(mediation, format, args.change, extend_clock, ExtendClockRequest -> "ExtendClockResponse" {
                amount: args.amount,
                applicant_agrees: args.applicant_agrees,
                respondent_agrees: args.respondent_agrees,
                document_number: args.document_number,
                text: args.text,
            })
        }
        WorkCommand::Join(args) => work!(mediation, format, args.change, join_body, JoinBodyRequest -> "JoinBodyResponse" {
            body: args.body,
            from_on: day(args.from_on),
        }),
        WorkCommand::Leave(args) => work!(mediation, format, args.change, leave_body, LeaveBodyRequest -> "LeaveBodyResponse" {
            body: args.body,
            until_on: day(args.until_on),
        }),
        WorkCommand::RaiseRisk(args) => {
            work!(mediation, format, args.change, raise_risk, RaiseRiskRequest -> "RaiseRiskResponse" {
                kind: args.kind,
                persons: args.persons,
                reported_to_police: args.reported_to_police,
                raised_on: day(args.raised_on),
                text: args.text,
            })
        }
        WorkCommand::ResolveRisk(args) => {
            work!(mediation, format, args.change, resolve_risk, ResolveRiskRequest -> "ResolveRiskResponse" {
                risk: args.risk,
                averted: args.averted,
                resolved_on: day(args.resolved_on),
                text: args.text,
            })
        }
        WorkCommand::FollowUp(args) => {
            work!(mediation, format, args.change, record_follow_up, RecordFollowUpRequest -> "RecordFollowUpResponse" {
                planned_on: day(args.planned_on),
                visited_on: day(args.visited_on),
                result: args.result,
                satisfaction: args.satisfaction,
                text: args.text,
            })
        }
        WorkCommand::Grade(args) => work!(mediation, format, args.change, set_grade, SetGradeRequest -> "SetGradeResponse" {
            difficulty: args.difficulty,
            risk_level: args.risk_level,
            may_turn_criminal: args.may_turn_criminal,
            may_become_group: args.may_become_group,
            may_disturb_order: args.may_disturb_order,
        }),
        WorkCommand::AssignLeader(args) => {
            work!(mediation, format, args.change, assign_leader, AssignLeaderRequest -> "AssignLeaderResponse" {
                leader: args.leader,
                due_on: day(args.due_on),
            })
        }
        WorkCommand::AmendAgreement(args) => {
            work!(mediation, format, args.change, amend_agreement, AmendAgreementRequest -> "AmendAgreementResponse" {
                agreed_fen: args.agreed.fen,
                performance_due: day(args.performance_due),
                amended_on: day(args.amended_on),
                document_number: args.document_number,
                text: args.text,
            })
        }
        WorkCommand::AnnulAgreement(args) => {
            work!(mediation, format, args.change, annul_agreement, AnnulAgreementRequest -> "AnnulAgreementResponse" {
                reason: args.reason,
                approved_by: args.approved_by,
                annulled_on: day(args.annulled_on),
                text: args.text,
            })
        }
        WorkCommand::PlanPerformance(args) => {
            work!(mediation, format, args.change, plan_performance, PlanPerformanceRequest -> "PlanPerformanceResponse" {
                instalments: args.instalments.iter().map(|part| pb::Instalment { due_on: part.due.to_string(), due_fen: part.amount.fen, ..pb::Instalment::default() }).collect(),
            })
        }
        WorkCommand::PayInstalment(args) => {
            work!(mediation, format, args.change, record_instalment, RecordInstalmentRequest -> "RecordInstalmentResponse" {
                instalment: args.instalment,
                paid_fen: args.paid.fen,
                default_reason: args.default_reason,
                paid_on: day(args.paid_on),
                text: args.text,
            })
        }
        WorkCommand::ReferToCourt(args) => {
            work!(mediation, format, args.change, refer_to_court, ReferToCourtRequest -> "ReferToCourtResponse" {
                direction: args.direction,
                kind: args.kind,
                court: args.court,
                case_number: args.case_number,
                on: day(args.on),
            })
        }
        WorkCommand::ReportToCourt(args) => {
            work!(mediation, format, args.change, report_to_court, ReportToCourtRequest -> "ReportToCourtResponse" {
                document_number: args.document_number,
                reported_on: day(args.reported_on),
            })
        }
        WorkCommand::Archive(args) => {
            work!(mediation, format, args.change, archive_case, ArchiveCaseRequest -> "ArchiveCaseResponse" {
                papers: args.papers,
                retention: args.retention,
                gap_explained: args.gap_explained,
                archived_on: day(args.archived_on),
            })
        }
    }
    Ok(())
}
