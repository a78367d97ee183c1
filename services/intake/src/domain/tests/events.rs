//! Every event goes to the published message and back unchanged; what is not such a message is an error, never a panic.

use crate::domain::{Event, EventError, ForeignNumber, Further, Law, Petition, Routed, State};
use fengqiao_model::{Day, Token};
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
            foreign_numbers: vec![ForeignNumber { system: "12345".to_owned(), number: "A-1".to_owned() }],
            version: 0, number, slip, unit, division: division.parse().unwrap(), channel, matter_class, category, person_count,
            responsible_unit, ledger, external_ref, registered_on, offline, representatives, state: State::Registered,
            accepted_on: None, concluded_on: None, conclusion: None, reason: String::new(), first_action, handling: None,
            extension: None, extended_on: None, routed_on: None, routings: 0, erased: false, further: None, last_request: None,
        }
    }
}

prop_compose! {
    fn further()(
        days in prop::array::uniform7(option::of(day())),
        (repeat_of, litigation_related) in (words(), option::of(any::<bool>())),
        ratings in prop::array::uniform2(option::of(select(&Rating::ALL[..]))),
        (review, rereview) in (option::of(clock("P-08")), option::of(clock("P-10"))),
        sealed_cells in any::<[bool; 3]>(),
    ) -> Further {
        let [first_action_on, extended_to, delivered_on, review_requested_on, reviewed_on, rereview_requested_on, rereviewed_on] = days;
        let [rating_office, rating_unit] = ratings.map(|rating| rating.map_or(String::new(), |rating| rating.code().to_owned()));
        Further {
            first_action_on, repeat_of, litigation_related, extended_to, delivered_on, review_requested_on, reviewed_on,
            rereview_requested_on, rereviewed_on, rating_office, rating_unit, review: review.flatten(), rereview: rereview.flatten(),
            sealed_cells,
        }
    }
}

prop_compose! {
    fn imported()(
        petition in registered(),
        further in further(),
        accepted_on in option::of(day()),
        concluded in option::of((day(), select(&Conclusion::ALL[..]))),
        handling in clock("P-06"),
    ) -> Petition {
        let mut petition = Petition {
            slip: String::new(), offline: false, representatives: 0, accepted_on, concluded_on: concluded.map(|c| c.0),
            conclusion: concluded.map(|c| c.1), handling, further: Some(Box::new(further)), ..petition
        };
        petition.state = crate::domain::ledger::standing(&petition);
        petition
    }
}

fn event() -> impl Strategy<Value = Event> {
    let actor = || "[a-z0-9._@:-]{1,20}".prop_map(|id| id.parse::<fengqiao_model::ActorId>().unwrap());
    prop_oneof![
        registered().prop_map(|petition| Event::Registered(Box::new(petition))),
        imported().prop_map(|petition| Event::Imported(Box::new(petition))),
        imported().prop_map(|petition| Event::Advanced(Box::new(petition))),
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
        (day(), words(), option::of(day())).prop_map(|(on, document_number, delivered_on)| Event::OpinionIssued {
            on,
            document_number,
            delivered_on
        }),
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
    ) -> Routed {
        Routed { on, number, division: division.parse().unwrap(), dispute_type, flags, already_at, party_count, unit }
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
        prop_assert!(KINDS.contains(&event.kind()));
        let open = event.encode();
        prop_assert_eq!(Event::decode(event.kind(), &open), Ok(event.clone()));
        prop_assert_eq!(event.encode(), open, "the same bytes each time");
    }

    #[test]
    fn a_state_row_survives_its_image(petition in prop_oneof![registered(), imported()]) {
        let image = serde_json::to_string(&petition).unwrap();
        prop_assert_eq!(serde_json::from_str::<Petition>(&image).unwrap(), petition);
    }

    #[test]
    fn foreign_bytes_are_an_error(kind in select(&KINDS[..]), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Event::decode(kind, &bytes);
    }

    #[test]
    fn a_broken_event_is_an_error_or_another_event(event in event(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut open = event.encode();
        let place = place.index(open.len());
        open[place] = byte;
        let _ = Event::decode(event.kind(), &open);
    }
}

#[test]
fn an_unknown_kind_is_named() {
    assert_eq!(Event::decode("petition.forgotten", &[]), Err(EventError::Kind("petition.forgotten".to_owned())));
    for kind in KINDS {
        assert!(matches!(Event::decode(kind, &[]), Err(EventError::Field(_))), "{kind}: an empty message lacks its days");
        assert_eq!(Event::decode(kind, &[0xff]), Err(EventError::Payload));
    }
}
