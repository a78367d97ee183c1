//! Events survive the wire; foreign bytes are an error.

use crate::domain::file::{
    Archived, Assisting, CaseFile, ClockExtension, Court, Difficulty, Direction, FollowUp, Instalment, Invited, Minute, MissedBy,
    OnCase, ReferralKind, Risk, RiskKind, RiskLevel, Satisfaction, Session, SessionState, Suspension, Tendency, VisitResult,
};
use crate::domain::{
    Adjustment, Body, BodyKind, Candidate, Case, CaseState, Decision, Disposition, Dispute, DisputeEvent, Entry, Event,
    EventError, HandOver, Kind, Milestone, Rejected, What,
};
use fengqiao_model::{ActorId, CaseId, Day, DisputeId, PetitionId};
use fengqiao_statute::{AgreementForm, CaseSource, ClockTerms, Confirmation, Force, Outcome, SessionMode};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn day() -> impl Strategy<Value = Day> {
    (0..20_000_i32).prop_map(|days| Day::new(1990, 1, 1).unwrap().plus_days(days))
}

fn words() -> impl Strategy<Value = String> {
    "[a-z0-9_.村镇=]{0,12}"
}

fn bytes() -> impl Strategy<Value = [u8; 16]> {
    any::<[u8; 16]>().prop_filter("not nil", |bytes| bytes.iter().any(|byte| *byte != 0))
}

fn case_id() -> impl Strategy<Value = CaseId> {
    bytes().prop_map(CaseId::from_bytes)
}

fn small() -> impl Strategy<Value = u32> {
    0..1_000_000_u32
}

fn clock() -> impl Strategy<Value = ClockTerms> {
    (words(), words(), day(), day(), day(), any::<bool>()).prop_map(
        |(rule, version, started_on, kpi_due, legal_due, provisional)| ClockTerms {
            rule,
            rule_version: version.clone(),
            calendar_version: version,
            started_on,
            kpi_due,
            legal_due,
            provisional,
        },
    )
}

fn body() -> impl Strategy<Value = Body> {
    let adjustment = (day(), small(), small()).prop_map(|(on, staff_in, staff_out)| Adjustment { on, staff_in, staff_out });
    let texts = (words(), words(), words(), words(), vec(words(), 0..3));
    (texts, select(&Force::ALL[..]), vec(adjustment, 0..3), vec(option::of(day()), 3), any::<bool>(), small()).prop_map(
        |((name, kind, theme, parent, tags), force, adjustments, days, imported, capacity)| Body {
            version: 0,
            code: "b-1".parse().unwrap(),
            name,
            force,
            kind,
            theme,
            specialities: tags.clone(),
            tags,
            parent,
            division: if imported { None } else { Some("320831".parse().unwrap()) },
            capacity,
            founded_on: days[0],
            adjustments,
            fostered_on: days[1],
            closed_on: days[2],
            imported,
            last_request: None,
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let codes = (
        select(&CaseState::ALL[..]),
        option::of(select(&Force::ALL[..])),
        select(&CaseSource::ALL[..]),
        option::of(select(&Outcome::ALL[..])),
        option::of(select(&AgreementForm::ALL[..])),
        option::of(select(&Entry::ALL[..])),
        option::of(select(&SessionMode::ALL[..])),
        option::of(select(&Confirmation::ALL[..])),
    );
    let days = (day(), vec(option::of(day()), 7));
    let texts = vec(words(), 10);
    let lists = (vec(words(), 0..3), vec(words(), 0..3), vec(words(), 0..3), option::of(vec(words(), 0..3)));
    let numbers = (1..999_i64, small(), small(), vec(0..1_000_000_000_000_000_i64, 3));
    ((case_id(), option::of(case_id()), option::of(clock()), file()), codes, days, texts, lists, numbers, vec(any::<bool>(), 5))
        .prop_map(
            |((id, from, handling, file), codes, (applied_on, days), texts, lists, (version, party_count, returns, fen), yes)| {
                Case {
                    id,
                    version,
                    number: texts[0].clone(),
                    state: codes.0,
                    force: codes.1,
                    body: texts[1].clone(),
                    body_kind: texts[2].clone(),
                    source: codes.2,
                    applied_on,
                    dispatched_on: days[0],
                    accepted_on: days[1],
                    ended_on: days[2],
                    outcome: codes.3,
                    agreement_form: codes.4,
                    entry: codes.5,
                    handed_on: yes[0],
                    handed_on_to: texts[3].clone(),
                    from,
                    party_count,
                    hard: yes[1],
                    session_mode: codes.6,
                    mediator: texts[4].clone(),
                    claimed_fen: fen[0],
                    agreed_fen: fen[1],
                    paid_fen: fen[2],
                    performance_due: days[3],
                    performed_on: days[4],
                    confirmation_applied_on: days[5],
                    confirmation: codes.7,
                    reason: texts[5].clone(),
                    returns,
                    returned_by: lists.0,
                    handling,
                    ledger: texts[6].clone(),
                    external_ref: texts[7].clone(),
                    petition_ref: texts[8].clone(),
                    voided_on: days[6],
                    flags: lists.1,
                    already_at: lists.2,
                    applicant_consents: yes[2],
                    respondent_consents: yes[3],
                    chosen_body: texts[9].clone(),
                    not_dispatched: yes[4],
                    imported_cells: lists.3,
                    file: Box::new(file),
                    last_request: None,
                }
            },
        )
}

fn file() -> impl Strategy<Value = CaseFile> {
    let actor = || "[a-z]{1,8}".prop_map(|id| id.parse::<ActorId>().unwrap());
    let minute = || (day(), 0..1440_u16).prop_map(|(day, minute)| Minute { day, minute });
    let on_case = (actor(), day(), option::of(day()), any::<bool>(), words()).prop_map(
        |(mediator, from, until, chosen_by_parties, recused)| OnCase { mediator, from, until, chosen_by_parties, recused },
    );
    let of_session = (select(&SessionMode::ALL[..]), select(&SessionState::ALL[..]), option::of(select(&MissedBy::ALL[..])));
    let session = (
        minute(),
        small(),
        of_session,
        vec(actor(), 0..3),
        option::of(day()),
        vec(select(&Invited::ALL[..]), 0..3),
        words(),
        any::<bool>(),
    )
        .prop_map(|(starts_at, minutes, (mode, state, missed_by), mediators, notified_on, invited, id, recorded)| Session {
            room: id.clone(),
            id,
            starts_at,
            minutes,
            mode,
            mediators,
            notified_on,
            state,
            missed_by,
            invited,
            recorded,
            inside_hours: !recorded,
        });
    let suspension = (words(), day(), option::of(day()), words()).prop_map(|(cause, from, until, document_number)| Suspension {
        cause,
        from,
        until,
        document_number,
    });
    let extension = (day(), small(), words(), actor()).prop_map(|(on, amount, document_number, recorded_by)| ClockExtension {
        on,
        amount,
        document_number,
        recorded_by,
    });
    let assisting = (words(), day(), option::of(day())).prop_map(|(body, from, until)| Assisting { body, from, until });
    let risk = (select(&RiskKind::ALL[..]), small(), day(), any::<bool>(), option::of(day())).prop_map(
        |(kind, persons, raised_on, averted, resolved_on)| Risk {
            kind,
            persons,
            raised_on,
            reported_to_police: !averted,
            resolved_on,
            averted,
        },
    );
    let visit = (
        option::of(day()),
        option::of(day()),
        option::of(select(&VisitResult::ALL[..])),
        option::of(select(&Satisfaction::ALL[..])),
    )
        .prop_map(|(planned_on, visited_on, result, satisfaction)| FollowUp { planned_on, visited_on, result, satisfaction });
    let instalment =
        (day(), 1..999_999_i64, option::of(day()), words()).prop_map(|(due_on, due_fen, paid_on, default_reason)| Instalment {
            due_on,
            due_fen,
            paid_fen: due_fen / 2,
            paid_on,
            default_reason,
        });
    let court =
        (select(&Direction::ALL[..]), option::of(select(&ReferralKind::ALL[..])), vec(words(), 2), day(), option::of(day()))
            .prop_map(|(direction, kind, texts, on, reported_on)| Court {
                direction,
                kind,
                court: texts[0].clone(),
                case_number: texts[1].clone(),
                on,
                reported_on,
            });
    let archived = (day(), vec(words(), 0..3), words(), vec(words(), 0..2))
        .prop_map(|(on, papers, retention, missing)| Archived { on, papers, retention, missing });
    let lists = (
        vec(on_case, 0..3),
        vec(session, 0..3),
        vec(suspension, 0..3),
        vec(extension, 0..3),
        vec(assisting, 0..3),
        vec(risk, 0..3),
        vec(visit, 0..3),
        vec(instalment, 0..3),
    );
    let codes = (
        option::of(select(&Difficulty::ALL[..])),
        option::of(select(&RiskLevel::ALL[..])),
        vec(select(&Tendency::ALL[..]), 0..3),
    );
    let rest = (
        option::of(clock()),
        option::of(actor()),
        option::of(day()),
        words(),
        vec(day(), 0..3),
        option::of(day()),
        option::of(court),
        option::of(archived),
    );
    prop_oneof![
        Just(CaseFile::default()),
        (lists, codes, rest).prop_map(|(lists, codes, rest)| CaseFile {
            mediators: lists.0,
            sessions: lists.1,
            suspensions: lists.2,
            extensions: lists.3,
            unexcluded: rest.0,
            assisting: lists.4,
            risks: lists.5,
            follow_ups: lists.6,
            difficulty: codes.0,
            risk_level: codes.1,
            tendencies: codes.2,
            leader: rest.1,
            leader_due: rest.2,
            agreement_number: rest.3,
            amended_on: rest.4,
            annulled_on: rest.5,
            instalments: lists.7,
            court: rest.6,
            archived: rest.7,
        })
    ]
}

fn dispute() -> impl Strategy<Value = Dispute> {
    let milestone = (select(&What::ALL[..]), day(), option::of(select(&Force::ALL[..])), any::<bool>(), case_id())
        .prop_map(|(what, on, force, resolved, case)| Milestone { what, on, force, resolved, case, apart: resolved });
    let dispute_id = || bytes().prop_map(DisputeId::from_bytes);
    let ids = (option::of(dispute_id()), vec(dispute_id(), 0..3), option::of(bytes().prop_map(PetitionId::from_bytes)));
    (vec(milestone, 0..4), ids, vec(words(), 5), select(&CaseSource::ALL[..]), any::<bool>()).prop_map(
        |(milestones, (linked_into, linked, petition), texts, source, erased)| Dispute {
            version: 0,
            number: texts[0].clone(),
            division: "320831100".parse().unwrap(),
            dispute_type: texts[1].clone(),
            type_list_version: texts[2].clone(),
            source,
            milestones,
            linked_into,
            linked,
            petition,
            root_ref: texts[3].clone(),
            ledger: texts[4].clone(),
            erased,
            cases: Vec::new(),
            last_request: None,
        },
    )
}

fn decision() -> impl Strategy<Value = Decision> {
    let candidate = (words(), select(&Force::ALL[..]), small(), small(), vec(words(), 0..3))
        .prop_map(|(body, force, load, distance, grounds)| Candidate { body, force, distance, load, capacity: 9, grounds });
    let rejected = (words(), words()).prop_map(|(alternative, reason)| Rejected { alternative, reason });
    let lists = (vec(candidate, 0..3), vec(rejected, 0..3), vec(words(), 0..4), vec(words(), 0..3));
    (lists, vec(words(), 6), select(&Disposition::ALL[..]), option::of(select(&Force::ALL[..])), any::<bool>(), day()).prop_map(
        |((candidates, rejected, inputs, duties), texts, disposition, force, overridden, decided_on)| Decision {
            rules_version: texts[0].clone(),
            rule: texts[1].clone(),
            rule_zh: texts[2].clone(),
            source: texts[3].clone(),
            disposition,
            body: texts[4].clone(),
            force,
            inputs,
            candidates,
            rejected,
            duties,
            overridden,
            decided_by: texts[5].clone(),
            decided_on,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let of_bodies = (select(&BodyKind::ALL[..]), day(), body()).prop_map(|((kind, _), on, body)| Event::Body {
        kind,
        on,
        body: Box::new(body),
    });
    let hand_over = (words(), words()).prop_map(|(recipient, purpose)| HandOver { recipient, purpose });
    let beside = (option::of(decision()), words(), option::of(hand_over), option::of(bytes().prop_map(DisputeId::from_bytes)));
    let of_disputes = (select(&Kind::ALL[..]), day(), dispute(), vec(case(), 0..3), beside, any::<bool>()).prop_map(
        |((kind, _), on, dispute, cases, (routing, reason, hand_over, other), approved)| {
            Event::Dispute(Box::new(DisputeEvent {
                kind,
                on,
                dispute,
                cases,
                routing,
                list_version: reason.clone(),
                reason: reason.clone(),
                approved_by: approved.then(|| "person-2".parse::<ActorId>().unwrap()),
                other,
                hand_over,
                document_number: reason,
            }))
        },
    );
    prop_oneof![1 => of_bodies, 4 => of_disputes]
}

fn kinds() -> Vec<&'static str> {
    BodyKind::ALL.map(|(_, name)| name).into_iter().chain(Kind::ALL.map(|(_, name)| name)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_event_survives_the_wire(event in event()) {
        prop_assert!(kinds().contains(&event.kind()));
        let open = event.encode();
        prop_assert_eq!(Event::decode(event.kind(), event.occurred_on(), &open), Ok(event.clone()));
        prop_assert_eq!(event.encode(), open, "the same bytes each time");
    }

    #[test]
    fn a_state_row_survives_its_image(mut dispute in dispute(), cases in vec(case(), 0..3), body in body()) {
        dispute.cases = cases;
        let image = serde_json::to_string(&dispute).unwrap();
        prop_assert_eq!(serde_json::from_str::<Dispute>(&image).unwrap(), dispute);
        let image = serde_json::to_string(&body).unwrap();
        prop_assert_eq!(serde_json::from_str::<Body>(&image).unwrap(), body);
    }

    #[test]
    fn foreign_bytes_are_an_error(kind in select(kinds()), bytes in vec(any::<u8>(), 0..64)) {
        let _ = Event::decode(kind, Day::new(2024, 1, 1).unwrap(), &bytes);
    }

    #[test]
    fn a_broken_event_is_an_error_or_another_event(event in event(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut open = event.encode();
        let place = place.index(open.len());
        open[place] = byte;
        let _ = Event::decode(event.kind(), event.occurred_on(), &open);
    }
}

#[test]
fn an_unknown_kind_is_named() {
    let on = Day::new(2024, 1, 1).unwrap();
    assert_eq!(Event::decode("case.forgotten", on, &[]), Err(EventError::Kind("case.forgotten".to_owned())));
    for kind in kinds() {
        assert!(matches!(Event::decode(kind, on, &[]), Err(EventError::Field(_))), "{kind}: an empty message lacks its facts");
        assert_eq!(Event::decode(kind, on, &[0xff]), Err(EventError::Payload));
    }
    for (place, (kind, _)) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, place);
    }
    for (place, (kind, _)) in BodyKind::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, place);
    }
}

#[test]
fn an_event_out_of_place_does_not_apply() {
    let mut book = super::book::Book::new();
    let case = book.open_here();
    let id = book.of_case(case);
    let (dispute, opened) = (book.disputes[&id].clone(), book.log.last().unwrap().1.clone());
    let Event::Dispute(opened) = opened else { panic!("a body's event") };
    assert_eq!(Dispute::apply(Some(dispute.clone()), &opened, None), None, "opened twice");
    let with = |kind, cases| DisputeEvent { kind, cases, ..(*opened).clone() };
    assert_eq!(Dispute::apply(None, &with(Kind::Taken, vec![]), None), None, "never opened");
    let skipped = Case { version: 7, ..dispute.cases[0].clone() };
    assert_eq!(Dispute::apply(Some(dispute.clone()), &with(Kind::Taken, vec![skipped]), None), None, "a version is missing");
    let stranger = Case { id: CaseId::from_bytes([77; 16]), version: 1, ..dispute.cases[0].clone() };
    assert_eq!(Dispute::apply(Some(dispute.clone()), &with(Kind::Taken, vec![stranger]), None), None, "a case from nowhere");
    let erased = Dispute { erased: true, ..dispute };
    assert_eq!(Dispute::apply(Some(erased), &with(Kind::Taken, vec![]), None), None, "erased for ever");
}
