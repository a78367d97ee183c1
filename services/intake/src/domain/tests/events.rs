//! Every event goes to the published message and back unchanged; what is not such a message is an error, never a panic.

use crate::domain::{
    ClockRun, Correction, Delivery, DeskDispute, Event, EventError, Extension, ForeignNumber, Hearing, Law, LedgerOrigin,
    Petition, Routed, Routing, State, Step, StepKind, Supervision,
};
use fengqiao_model::{ActorId, CaseId, Day, DisputeId, Token};
use fengqiao_statute::{Channel, ClockTerms, Conclusion, MatterClass, Rating, start_clock};
use proptest::{option, prelude::*, sample::select};

fn day() -> impl Strategy<Value = Day> {
    (0..40_000_i32).prop_map(|days| Day::new(1950, 1, 1).unwrap().plus_days(days))
}

fn clock(rule: &'static str) -> impl Strategy<Value = Option<ClockTerms>> {
    let law = Law::shipped();
    day().prop_map(move |on| start_clock(&law.rules, &law.calendar, rule, on).ok())
}

fn token() -> impl Strategy<Value = Token> {
    "[a-zA-Z0-9枫桥]{1,12}".prop_map(|text| text.parse().unwrap())
}

fn words() -> impl Strategy<Value = String> {
    "\\PC{0,12}"
}

prop_compose! {
    fn registered()(
        (number, slip, unit, category) in (words(), words(), token(), words()),
        (division, channel, matter_class) in (select(&["32", "3208", "320831", "320831100", "320831100201"][..]),
            option::of(select(&Channel::ALL[..])), select(&MatterClass::ALL[..])),
        (person_count, representatives, offline) in (0..1_000_000_u32, 0..6_u32, any::<bool>()),
        (responsible_unit, ledger, external_ref) in (words(), words(), words()),
        (registered_on, first_action) in (day(), clock("P-01")),
    ) -> Petition {
        Petition {
            number, slip, channel, category, person_count, responsible_unit, ledger, external_ref, offline, representatives,
            clocks: first_action.into_iter().map(ClockRun::started).collect(),
            ..Petition::registered(unit, division.parse().unwrap(), matter_class, registered_on)
        }
    }
}

prop_compose! {
    fn imported()(
        petition in registered(),
        days in prop::array::uniform7(option::of(day())),
        (repeat_of, litigation_related) in (words(), option::of(any::<bool>())),
        ratings in prop::array::uniform2(option::of(select(&Rating::ALL[..]))),
        sealed_cells in any::<[bool; 3]>(),
        accepted_on in option::of(day()),
        concluded in option::of((day(), select(&Conclusion::ALL[..]))),
        terms in (clock("P-01"), clock("P-06"), option::of(clock("P-08")), option::of(clock("P-10"))),
    ) -> Petition {
        let [first_action_on, extended_to, delivered_on, review_requested_on, reviewed_on, rereview_requested_on, rereviewed_on] = days;
        let [rating_office, rating_unit] = ratings.map(|rating| rating.map_or(String::new(), |rating| rating.code().to_owned()));
        let mut petition = Petition {
            slip: String::new(), offline: false, representatives: 0, accepted_on, concluded_on: concluded.map(|c| c.0),
            conclusion: concluded.map(|c| c.1), first_action_on, repeat_of, litigation_related, delivered_on, review_requested_on,
            reviewed_on, rereview_requested_on, rereviewed_on, rating_office, rating_unit,
            origin: Some(LedgerOrigin { sealed_cells, extended_to, overtaken: false }), ..petition
        };
        let (first, handling, review, rereview) = terms;
        let terms = [first, handling, review.flatten(), rereview.flatten()];
        crate::domain::ledger::settle(&mut petition, terms.into_iter().flatten().collect());
        petition
    }
}

fn actor() -> impl Strategy<Value = ActorId> {
    "[a-z0-9._@:-]{1,20}".prop_map(|id| id.parse::<ActorId>().unwrap())
}

prop_compose! {
    fn routing()(
        (assigned, upheld) in (any::<bool>(), option::of(any::<bool>())),
        (from_unit, to_unit) in (words(), words()),
        (on, received_on) in (day(), day()),
        [feedback_due, objected_on, reported_on] in prop::array::uniform3(option::of(day())),
        objected_by in option::of(actor()),
    ) -> Routing {
        Routing { assigned, from_unit, to_unit, on, received_on, feedback_due, objected_on, objected_by, upheld, reported_on }
    }
}

prop_compose! {
    fn lists()(
        code_generations in prop::collection::vec(0..9_u32, 0..5),
        clocks in prop::collection::vec((clock("P-03"), option::of(day()), option::of(day())), 0..4),
        routings in prop::collection::vec(routing(), 0..3),
        supervisions in prop::collection::vec((words(), day(), words(), option::of(day()), option::of(day())), 0..3),
        hearings in prop::collection::vec((words(), day(), day()), 0..3),
        deliveries in prop::collection::vec((words(), day(), words()), 0..3),
        numbers in prop::collection::vec((words(), words()), 0..3),
        petition in prop_oneof![registered(), imported()],
    ) -> Petition {
        Petition {
            code_generations, routings,
            clocks: clocks.into_iter().flat_map(|(terms, done_on, lapsed_on)| {
                terms.map(|terms| ClockRun { terms, done_on, lapsed_on, former: Vec::new() })
            }).collect(),
            supervisions: supervisions.into_iter().map(|(measure, on, unit, explanation_due, explained_on)| {
                Supervision { measure, on, unit, rule: String::new(), explanation_due, explained_on }
            }).collect(),
            hearings: hearings.into_iter().map(|(stage, from, until)| Hearing { stage, from, until }).collect(),
            deliveries: deliveries.into_iter().map(|(paper, on, means)| Delivery { paper, on, means }).collect(),
            foreign_numbers: numbers.into_iter().map(|(system, number)| ForeignNumber { system, number }).collect(),
            ..petition
        }
    }
}

prop_compose! {
    fn any_petition()(
        petition in lists(),
        state in select(&State::ALL[..]),
        days in prop::collection::vec(option::of(day()), 10),
        (reason, review_unit, rereview_unit) in (words(), words(), words()),
        (extension, reopened, mediation_routings, erased) in (option::of((0..99_u32, actor())), 0..9_u32, 0..9_u32, any::<bool>()),
        overtaken in any::<bool>(),
    ) -> Petition {
        let mut petition = Petition {
            state, reason, review_unit, rereview_unit, reopened, mediation_routings, erased, concluded_on: days[0],
            extended_on: days[1], reopened_on: days[2], routed_on: days[3], rated_on: days[4], final_on: days[5],
            review_delivered_on: days[6], first_action_on: days[7], accepted_on: days[8], reviewed_on: days[9],
            extension: extension.map(|(days, requested_by)| Extension { days, requested_by }),
            ..petition
        };
        if let Some(origin) = &mut petition.origin {
            origin.overtaken = overtaken;
        }
        petition
    }
}

prop_compose! {
    fn step()(
        kind in select(&StepKind::ALL[..]),
        (on, delivered_on, until) in (day(), option::of(day()), option::of(day())),
        unit in token(),
        (document_number, delivered_by, reason, list_version) in (words(), words(), words(), words()),
        approved_by in option::of(actor()),
        (to_unit, subject) in (words(), words()),
        corrections in prop::collection::vec((words(), words(), words()), 0..3),
        petition in any_petition(),
    ) -> Step {
        let corrections = corrections.into_iter().map(|(field, before, after)| Correction { field, before, after }).collect();
        Step {
            kind, on, unit, document_number, delivered_on, delivered_by, reason, list_version, approved_by, to_unit, subject, until,
            corrections, petition,
        }
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        registered().prop_map(|petition| Event::Registered(Box::new(petition))),
        imported().prop_map(|petition| Event::Imported(Box::new(petition))),
        imported().prop_map(|petition| Event::Advanced(Box::new(petition))),
        step().prop_map(|step| Event::Stepped(Box::new(step))),
        (day(), words(), words(), clock("P-06")).prop_map(|(on, responsible_unit, document_number, handling)| Event::Accepted {
            on,
            responsible_unit,
            document_number,
            handling
        }),
        (day(), words(), words(), select(&Conclusion::ALL[..]), words()).prop_map(
            |(on, reason, list_version, conclusion, document_number)| Event::Refused {
                on,
                reason,
                list_version,
                conclusion,
                document_number
            }
        ),
        (day(), 0..9_999_u32).prop_map(|(on, days)| Event::ExtensionRequested { on, days }),
        (day(), clock("P-06")).prop_map(|(on, handling)| Event::ExtensionDecided { on, handling }),
        (day(), words(), option::of(day()), option::of(clock("P-07")), words()).prop_map(
            |(on, document_number, delivered_on, window, delivered_by)| {
                Event::OpinionIssued {
                    on,
                    document_number,
                    delivered_on,
                    delivered_by,
                    windows: window.flatten().into_iter().collect(),
                }
            }
        ),
        (day(), words(), words()).prop_map(|(on, reason, list_version)| Event::Withdrawn { on, reason, list_version }),
        routed().prop_map(|routed| Event::RoutedToMediation(Box::new(routed))),
        (day(), words(), words(), actor()).prop_map(|(on, reason, list_version, approved_by)| Event::Voided {
            on,
            reason,
            list_version,
            approved_by
        }),
        (day(), actor()).prop_map(|(on, approved_by)| Event::PartiesErased { on, approved_by }),
    ]
}

prop_compose! {
    fn routed()(
        (on, number, dispute_type, unit) in (day(), words(), words(), token()),
        division in select(&["32", "3208", "320831", "320831100", "320831100201"][..]),
        (flags, already_at) in (prop::collection::vec("[a-z_]{1,9}", 0..4), prop::collection::vec("[a-z_]{1,9}", 0..4)),
        party_count in 0..10_000_u32,
        dispute in option::of((any::<[u8; 16]>(), any::<[u8; 16]>(), words())),
    ) -> Routed {
        let dispute = dispute.map(|(dispute, case, number)| DeskDispute {
            dispute: DisputeId::from_bytes(dispute),
            case: CaseId::from_bytes(case),
            number,
        });
        Routed { on, number, division: division.parse().unwrap(), dispute_type, flags, already_at, party_count, unit, dispute }
    }
}

const KINDS: [&str; 12] = [
    "petition.registered",
    "petition.imported",
    "petition.advanced",
    "petition.accepted",
    "petition.refused",
    "petition.extension_requested",
    "petition.extension_decided",
    "petition.opinion_issued",
    "petition.withdrawn",
    "petition.routed_to_mediation",
    "petition.voided",
    "petition.parties_erased",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_event_survives_the_wire(event in event()) {
        prop_assert!(KINDS.contains(&event.kind()) || StepKind::named(event.kind()).is_some());
        let open = event.encode("office");
        prop_assert_eq!(Event::decode(event.kind(), &open), Ok(event.clone()));
        prop_assert_eq!(event.encode("office"), open, "the same bytes each time");
    }

    #[test]
    fn a_state_row_survives_its_image(petition in any_petition()) {
        let image = serde_json::to_string(&petition).unwrap();
        prop_assert_eq!(serde_json::from_str::<Petition>(&image).unwrap(), petition);
    }

    #[test]
    fn foreign_bytes_are_an_error(kind in select(&KINDS[..]), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Event::decode(kind, &bytes);
    }

    #[test]
    fn a_broken_event_is_an_error_or_another_event(event in event(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut open = event.encode("office");
        let place = place.index(open.len());
        open[place] = byte;
        let _ = Event::decode(event.kind(), &open);
    }
}

#[test]
fn an_unknown_kind_is_named() {
    assert_eq!(Event::decode("petition.forgotten", &[]), Err(EventError::Kind("petition.forgotten".to_owned())));
    for kind in KINDS.into_iter().chain(StepKind::ALL.map(StepKind::name)) {
        assert!(matches!(Event::decode(kind, &[]), Err(EventError::Field(_))), "{kind}: an empty message lacks its days");
        assert_eq!(Event::decode(kind, &[0xff]), Err(EventError::Payload));
    }
}
