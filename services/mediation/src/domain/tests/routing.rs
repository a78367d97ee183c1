//! Where disputes go: a table of situations, and what holds in every situation.

use super::book::{day, new_body};
use crate::domain::{Body, Decision, Disposition, House, Inputs, Law, Loaded, RoutingRules, route};
use fengqiao_statute::Force;
use proptest::{collection::vec, prelude::*, sample::select};
use std::sync::LazyLock;

static LAW: LazyLock<Law> = LazyLock::new(Law::shipped);

/// code force kind division specialities capacity open
const COUNTY: &str = "\
village people committee 320831100001 - 5 0
hamlet people committee 320831100002 - 5 0
township people committee 320831100 - 20 2
farside people committee 320831101 - 20 0
family people room:family 320831 T01 10 0
brand people room:brand 320831 - 0 0
studio people personal_studio 320831100 T02 3 0
government administrative station 320831100 T03,T07,T08,T21,T22 0 0
police administrative station 320831100 T02,T06 0 0
environment administrative bureau 320831 T09 0 0
inspection administrative bureau 320831 T10 0 0
market administrative bureau 320831 T13,T14,T19 0 0
health administrative bureau 320831 T15 0 0
road_police administrative bureau 320831 T16 0 0
court judicial court_outpost 320831 - 0 0
chamber industry association 320831 T04,T05 0 0
consumers industry association 320831 T12,T13,T14 0 0
homes industry room:property 320831 T17 4 4
bank industry centre 320831 T18 0 0
labour professional committee 320831 T10,T11 30 3
doctors professional committee 320831 T15 0 0
roads professional committee 320831 T16 2 2
school professional committee 320831 T20 0 0
patent professional committee 320831 T19 0 0
stranger people committee 320830100 - 0 0
gone people committee 320831100 - 0 0
nowhere people committee - - 0 0";

fn county() -> House {
    let dash = |text: &str| if text == "-" { Vec::new() } else { text.split(',').map(str::to_owned).collect() };
    let bodies = COUNTY.lines().map(|line| {
        let f: Vec<&str> = line.split(' ').collect();
        let force: Force = f[1].parse().unwrap();
        let (kind, theme) = f[2].split_once(':').unwrap_or((f[2], ""));
        let new = new_body(f[0], force);
        let body = Body {
            version: 1,
            code: new.code,
            name: new.name,
            force,
            kind: kind.to_owned(),
            theme: theme.to_owned(),
            tags: Vec::new(),
            parent: String::new(),
            division: f[3].parse().ok(),
            specialities: dash(f[4]),
            capacity: f[5].parse().unwrap(),
            founded_on: None,
            adjustments: Vec::new(),
            fostered_on: None,
            closed_on: (f[0] == "gone").then(|| day("2024-01-01")),
            imported: f[0] == "nowhere",
            last_request: None,
        };
        Loaded { body, open: f[6].parse().unwrap() }
    });
    House { bodies: bodies.collect() }
}

fn inputs(dispute_type: &str) -> Inputs {
    Inputs {
        dispute_type: dispute_type.to_owned(),
        division: "320831100001".parse().unwrap(),
        flags: Vec::new(),
        already_at: Vec::new(),
        applicant_consents: true,
        respondent_consents: true,
        chosen_body: String::new(),
        tried: Vec::new(),
        excluded_bodies: Vec::new(),
        day: day("2024-03-03"),
    }
}

/// "T02 flags=violence already=court consent=no chosen=court tried=people without=village at=320831", in any order.
fn situation(text: &str) -> Inputs {
    let mut words = text.split(' ');
    let mut inputs = inputs(words.next().unwrap());
    let list = |value: &str| value.split(',').map(str::to_owned).collect::<Vec<_>>();
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        match name {
            "flags" => inputs.flags = list(value),
            "already" => inputs.already_at = list(value),
            "consent" => inputs.respondent_consents = false,
            "chosen" => inputs.chosen_body = value.to_owned(),
            "tried" => inputs.tried = value.split(',').map(|force| force.parse().unwrap()).collect(),
            "without" => inputs.excluded_bodies = list(value),
            "at" => inputs.division = value.parse().unwrap(),
            _ => panic!("{name}"),
        }
    }
    inputs
}

fn decide(inputs: &Inputs) -> Decision {
    route(inputs, &county(), &LAW.routing, &LAW.types)
}

/// "rule body duties".
fn shown(decision: &Decision) -> String {
    let to = match decision.disposition {
        Disposition::Dispatch => decision.body.as_str(),
        Disposition::NotDispatched => "nobody",
    };
    let duties = if decision.duties.is_empty() { String::new() } else { format!(" {}", decision.duties.join(",")) };
    format!("{} {to}{duties}", decision.rule)
}

/// Duties after the body.
const TABLE: &[(&str, &str)] = &[
    ("T01", "R5 family"),
    ("T02", "R5 village"),
    ("T03", "R5 village"),
    ("T04", "R5 village"),
    ("T05", "R5 village"),
    ("T06", "R5 village"),
    ("T07", "R5 village"),
    ("T08", "R2.expropriation government tell_reconsideration"),
    ("T08 flags=civil_side", "R5 government"),
    ("T09", "R5 environment"),
    ("T10", "R4 inspection labour_inspection_now,legal_aid"),
    ("T11", "R5 labour"),
    ("T12", "R5 consumers"),
    ("T13", "R5 consumers"),
    ("T14", "R5 consumers"),
    ("T15", "R5 doctors"),
    ("T16", "R5 road_police"),
    ("T17", "R5 village"),
    ("T18", "R5 bank"),
    ("T19", "R5 patent"),
    ("T20", "R5 school"),
    ("T21", "R5 village"),
    ("T22", "R2.administrative government tell_reconsideration"),
    ("T99", "R5 village"),
    ("T02 at=320831100002", "R5 hamlet"),
    ("T02 at=320831100", "R5 studio"),
    ("T02 at=320831101", "R5 farside"),
    ("T06 at=320831101003", "R5 farside"),
    ("T06 at=320831", "R5 farside"),
    ("T06 at=320830100", "R5 stranger"),
    ("T02 flags=violence", "R1 nobody report_to_police,calm_first"),
    ("T10 flags=emergency", "R1 nobody report_to_police,calm_first,labour_inspection_now,legal_aid"),
    ("T02 flags=reserved", "R2.reserved nobody tell_competent_organ"),
    ("T02 flags=already_elsewhere", "R3.elsewhere nobody tell_applicant,ask_which_organ"),
    ("T02 flags=already_elsewhere already=police", "R3.police nobody tell_applicant"),
    ("T02 flags=already_elsewhere already=arbitration", "R5 village"),
    ("T02 already=police", "R3.police nobody tell_applicant"),
    ("T02 already=procuratorate", "R3.procuratorate nobody tell_applicant"),
    ("T02 already=court", "R3.court nobody tell_applicant"),
    ("T02 already=reconsideration", "R3.reconsideration nobody tell_applicant"),
    ("T02 already=health_bureau", "R3.organ nobody tell_applicant"),
    ("T02 already=market_bureau", "R3.organ nobody tell_applicant"),
    ("T02 already=other", "R3.organ nobody tell_applicant"),
    ("T02 already=petition_office", "R5 village"),
    ("T02 already=court,police", "R3.court nobody tell_applicant"),
    ("T11 already=arbitration", "R5 labour"),
    ("T11 already=court", "R3.court nobody tell_applicant"),
    ("T10 already=arbitration", "R4 inspection labour_inspection_now,legal_aid"),
    ("T14 already=arbitration", "R3.consumer nobody tell_applicant"),
    ("T14 already=market_bureau", "R3.consumer nobody tell_applicant"),
    ("T14 already=court", "R3.consumer_court nobody tell_applicant"),
    ("T13 already=petition_office", "R5 consumers"),
    ("T15 already=court", "R3.medical nobody tell_applicant"),
    ("T15 already=health_bureau", "R3.medical nobody tell_applicant"),
    ("T15 already=market_bureau", "R3.organ nobody tell_applicant"),
    ("T16 already=court", "R3.traffic nobody tell_applicant"),
    ("T16 already=police", "R3.police nobody tell_applicant"),
    ("T16 already=health_bureau", "R3.organ nobody tell_applicant"),
    ("T02 consent=no", "R3.consent nobody ask_consent"),
    ("T10 consent=no", "R3.consent nobody ask_consent,labour_inspection_now,legal_aid"),
    ("T02 consent=no flags=violence", "R1 nobody report_to_police,calm_first"),
    ("T04 flags=wages", "R4.flag village labour_inspection_now,legal_aid"),
    ("T02 chosen=court", "R5 court"),
    ("T02 chosen=township", "R5 township"),
    ("T02 chosen=farside", "R5 farside"),
    ("T02 chosen=stranger", "R5 stranger"),
    ("T02 chosen=family", "R5 village"),
    ("T02 chosen=labour", "R5 village"),
    ("T02 chosen=gone", "R5 village"),
    ("T17 chosen=homes", "R5 village"),
    ("T02 flags=personal_studio_wanted", "R5 studio"),
    ("T06 flags=personal_studio_wanted", "R5 village"),
    ("T06 without=village", "R5 township"),
    ("T06 without=village,township,hamlet,farside", "R5 police"),
    ("T02 tried=people", "R6 police"),
    ("T02 tried=people,administrative", "R6 court"),
    ("T02 tried=people,administrative,judicial", "R6.exhausted nobody tell_court"),
    ("T02 tried=people chosen=township", "R6 township"),
    ("T11 tried=professional,judicial", "R6.exhausted nobody tell_court,tell_arbitration"),
    (
        "T10 tried=administrative,professional",
        "R6.exhausted nobody tell_court,labour_inspection_now,legal_aid,tell_arbitration,tell_payment_order",
    ),
    ("T22 tried=administrative", "R6 court tell_reconsideration"),
    ("T22 tried=administrative,judicial", "R6.exhausted nobody tell_court,tell_reconsideration"),
    ("T08 tried=administrative,judicial", "R6.exhausted nobody tell_court,tell_reconsideration"),
    ("T21 tried=people", "R6 government"),
    ("T99 tried=people", "R6.exhausted nobody tell_court"),
    ("T22 chosen=village", "R2.administrative government tell_reconsideration"),
];

#[test]
fn situations() {
    for (text, expected) in TABLE {
        assert_eq!(shown(&decide(&situation(text))), *expected, "{text}");
    }
}

fn candidates(decision: &Decision) -> Vec<&str> {
    decision.candidates.iter().map(|candidate| candidate.body.as_str()).collect()
}

#[test]
fn a_decision_tells_what_was_looked_at_and_what_was_not_taken() {
    let decision = decide(&situation("T17 at=320831100001"));
    assert_eq!(candidates(&decision)[..4], ["village", "township", "hamlet", "farside"]);
    let first = &decision.candidates[0];
    assert_eq!((first.distance, first.load, first.capacity), (0, 0, 5));
    assert_eq!(first.grounds, ["fallback_1", "generalist", "same_place"]);
    let rejected: Vec<_> = decision.rejected.iter().map(|no| (no.alternative.as_str(), no.reason.as_str())).collect();
    assert_eq!(rejected[..2], [("judicial", "other_force"), ("professional", "other_force")]);
    for expected in [
        ("homes", "full"),
        ("family", "not_competent"),
        ("brand", "not_competent"),
        ("stranger", "outside"),
        ("gone", "closed"),
        ("nowhere", "outside"),
        ("police", "not_competent"),
    ] {
        assert!(rejected.contains(&expected), "{expected:?} in {rejected:?}");
    }
    assert_eq!(decision.inputs[0], "dispute_type=T17");
    assert_eq!(decision.inputs.len(), 11);
    assert_eq!((decision.rules_version.as_str(), decision.force), ("2026.1", Some(Force::People)));
    let returned = decide(&situation("T17 without=village"));
    assert!(returned.rejected.iter().any(|no| (no.alternative.as_str(), no.reason.as_str()) == ("village", "returned_before")));
    let stopped = decide(&situation("T17 already=court"));
    assert!(stopped.candidates.is_empty() && stopped.body.is_empty());
    assert!(stopped.rejected.iter().any(|no| (no.alternative.as_str(), no.reason.as_str()) == ("industry", "excluded")));
}

#[test]
fn nobody_with_room_is_the_coordinators() {
    let mut house = county();
    house.bodies.retain(|loaded| loaded.body.code.as_str() == "roads");
    let decision = route(&inputs("T16"), &house, &LAW.routing, &LAW.types);
    assert_eq!(shown(&decision), "R5.none nobody ask_coordinator");
    assert_eq!(decision.rejected.last().map(|no| no.reason.as_str()), Some("full"));
    assert_eq!(decision.force, Some(Force::Professional));
}

#[test]
fn mistakes_in_the_rules_are_told_line_by_line() {
    let text = "version = \"x\"\n[[flag]]\ncode = \"a\"\nzh = \"甲\"\nen = \"a\"\n\
                [[rule]]\nid = \"R\"\nflags = [\"b\"]\nthen = \"dance\"\nzh = \"x\"\nen = \"x\"\nsource = \"x\"\nmark = \"sure\"\n\
                [[rule]]\nid = \"S\"\nthen = \"narrow\"\nbinding = true\nzh = \"x\"\nen = \"x\"\nsource = \"x\"\nmark = \"confirmed\"\n";
    let problems = RoutingRules::from_toml(text).unwrap_err();
    let told: Vec<_> = problems.iter().map(|problem| (problem.line, problem.field.as_str())).collect();
    for expected in [(8, "flags"), (9, "then"), (13, "mark"), (14, "when"), (14, "forces"), (17, "binding")] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert!(!RoutingRules::from_toml("version = \"x\"").unwrap_err().is_empty(), "the last rule must always hold");
}

#[test]
fn every_type_and_organ_of_the_rules_is_known() {
    for rule in LAW.routing.rules() {
        assert!(!rule.zh.is_empty() && !rule.en.is_empty() && !rule.source.is_empty(), "{}", rule.id);
    }
    let organs: Vec<_> = LAW.routing.organs().collect();
    assert_eq!(
        organs,
        [
            "police",
            "procuratorate",
            "court",
            "arbitration",
            "reconsideration",
            "health_bureau",
            "market_bureau",
            "petition_office",
            "other"
        ]
    );
    for flag in ["violence", "emergency", "reserved", "already_elsewhere", "wages", "personal_studio_wanted"] {
        assert!(LAW.routing.flags().any(|known| known == flag), "{flag}");
    }
}

prop_compose! {
    fn any_situation()(
        kind in select(vec!["T01", "T02", "T04", "T08", "T10", "T14", "T15", "T16", "T17", "T22", "T99"]),
        place in select(vec!["320831100001", "320831100", "320831101002", "320831", "320830100"]),
        flags in vec(select(LAW.routing.flags().map(str::to_owned).collect::<Vec<_>>()), 0..2),
        already_at in vec(select(LAW.routing.organs().map(str::to_owned).collect::<Vec<_>>()), 0..2),
        consents in any::<(bool, bool)>(),
        chosen in select(vec!["", "village", "court", "labour", "nobody"]),
        tried in vec(select(&Force::ALL[..]), 0..3),
        excluded in vec(select(vec!["village", "township", "consumers", "doctors"]), 0..3),
    ) -> Inputs {
        Inputs {
            division: place.parse().unwrap(),
            flags,
            already_at,
            applicant_consents: consents.0 || consents.1,
            respondent_consents: consents.1,
            chosen_body: chosen.to_owned(),
            tried,
            excluded_bodies: excluded.into_iter().map(str::to_owned).collect(),
            ..inputs(kind)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_every_situation(inputs in any_situation(), loads in vec(0..6_u32, 26)) {
        let mut house = county();
        for (loaded, open) in house.bodies.iter_mut().zip(loads) {
            loaded.open = open;
        }
        let decision = route(&inputs, &house, &LAW.routing, &LAW.types);
        let mut turned = house.clone();
        turned.bodies.reverse();
        prop_assert_eq!(&route(&inputs, &turned, &LAW.routing, &LAW.types), &decision, "the order of the house does not matter");
        prop_assert!(!decision.rule.is_empty() && !decision.source.is_empty());
        let consents = inputs.applicant_consents && inputs.respondent_consents;
        for candidate in &decision.candidates {
            let loaded = house.find(&candidate.body).unwrap();
            prop_assert!(!inputs.excluded_bodies.contains(&candidate.body), "never an excluded body");
            prop_assert!(loaded.body.capacity == 0 || loaded.open < loaded.body.capacity, "never one without room");
            prop_assert!(loaded.body.is_active(inputs.day) && loaded.body.is_competent(&inputs.dispute_type));
            prop_assert!(inputs.dispute_type != "T22" || loaded.body.force != Force::People);
            prop_assert!(LAW.routing.forbidding(&inputs, loaded.body.force).is_none(), "never against the law");
        }
        match decision.disposition {
            Disposition::Dispatch => {
                prop_assert!(consents, "never without consent");
                prop_assert_eq!(&decision.body, &decision.candidates[0].body);
            }
            Disposition::NotDispatched => prop_assert!(decision.body.is_empty() && decision.candidates.is_empty()),
        }
        let violent = inputs.flags.iter().any(|flag| flag == "violence" || flag == "emergency");
        prop_assert_eq!(violent, decision.rule == "R1");
    }
}
