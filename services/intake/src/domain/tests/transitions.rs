//! The table of states and commands: what is allowed leads where it should, everything else is refused for its own reason.

use crate::domain::{
    ClockRun, Command, Context, Event, Extension, Issue, Law, LedgerOrigin, Link, NewPetition, Party, Petition, Rejection, Route,
    Routing, SealedContent, Side, State, decide,
};
use fengqiao_model::{ActorId, Caller, Day, Role, Text};
use fengqiao_statute::{Channel, Conclusion, MatterClass, start_clock};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn text(text: &str) -> Text {
    Text::new(text, 1_000).unwrap()
}

fn actor(id: &str) -> ActorId {
    id.parse().unwrap()
}

fn caller() -> Caller {
    Caller { id: actor("head-1"), unit: "office".parse().unwrap(), division: None, roles: vec![Role::Head] }
}

/// An appeal in a state, registered and accepted on 2 March 2026, as far as the state goes.
fn standing(state: State, law: &Law) -> Petition {
    let on = day("2026-03-02");
    let clock = |rule| start_clock(&law.rules, &law.calendar, rule, on).ok();
    let conclusion = Conclusion::ALL.into_iter().find(|conclusion| State::of(*conclusion) == state);
    let appealed = matches!(state, State::ReviewRequested | State::Reviewed | State::RereviewRequested | State::Final);
    let accepted = appealed || matches!(state, State::Accepted | State::Extended | State::OpinionIssued | State::Settled);
    let routed = matches!(state, State::Transferred | State::Assigned | State::Objected);
    let way = Routing {
        assigned: state == State::Assigned,
        from_unit: "office".to_owned(),
        to_unit: "bureau".to_owned(),
        on,
        received_on: on,
        feedback_due: (state == State::Assigned).then_some(day("2026-04-01")),
        objected_on: (state == State::Objected).then_some(on),
        objected_by: (state == State::Objected).then(|| actor("clerk-9")),
        upheld: None,
        reported_on: None,
    };
    let first = clock("P-01").map(|terms| ClockRun::ended(terms, (state != State::Registered).then_some(on)));
    let handling = clock("P-06").filter(|_| accepted).map(|terms| ClockRun::ended(terms, (!state.is_open()).then_some(on)));
    Petition {
        foreign_numbers: Vec::new(),
        version: 3,
        number: "office-2026-000001".to_owned(),
        channel: Some(Channel::Visit),
        person_count: 1,
        representatives: 1,
        state,
        responsible_unit: if routed { "bureau".to_owned() } else { String::new() },
        routings: if routed { vec![way] } else { Vec::new() },
        accepted_on: accepted.then_some(on),
        concluded_on: (!state.is_open()).then_some(on),
        conclusion: if appealed { Some(Conclusion::Replied) } else { conclusion },
        clocks: first.into_iter().chain(handling).collect(),
        extended_on: (state == State::Extended).then_some(on),
        ..Petition::registered("office".parse().unwrap(), "320831".parse().unwrap(), MatterClass::Appeal, on)
    }
}

fn new() -> NewPetition {
    NewPetition {
        foreign_numbers: Vec::new(),
        slip: String::new(),
        occurred_on: None,
        channel: Channel::Visit,
        matter_class: MatterClass::Appeal,
        category: Text::default(),
        division: "320831".parse().unwrap(),
        responsible_unit: None,
        person_count: 1,
        ledger: None,
        external_ref: None,
        mediate_here: None,
        offline: false,
        urgent: false,
        sealed: SealedContent { title: text("t"), ..SealedContent::default() },
    }
}

/// One of each command.
fn commands() -> Vec<Command> {
    let reason = |code: &str| code.to_owned();
    let approved_by = actor("head-2");
    vec![
        Command::Log(Box::new(new())),
        Command::Accept { on: None, responsible_unit: None, document_number: Text::default() },
        Command::Refuse { on: None, reason: reason("petition.R01"), text: text("w"), document_number: Text::default() },
        Command::RequestExtension { days: 30, text: text("w") },
        Command::DecideExtension { granted: true },
        Command::IssueOpinion(Issue { on: None, document_number: text("1"), text: text("w"), receipt: None }),
        Command::Withdraw { on: None, reason: reason("petition.withdrawn_moved"), text: text("w") },
        Command::Void { reason: reason("petition.void_error"), text: text("w"), approved_by: approved_by.clone() },
        Command::EraseParties { approved_by },
        Command::RouteToMediation(Box::new(routing())),
    ]
}

fn routing() -> Route {
    Route {
        on: None,
        dispute_type: text("邻里纠纷"),
        flags: vec!["wages".to_owned()],
        already_at: Vec::new(),
        respondents: vec![Party { name: text("r"), ..Party::default() }],
        text: text("w"),
    }
}

#[test]
fn a_pending_extension_is_decided_by_another_and_ends_with_the_item() {
    let (law, caller) = (Law::shipped(), caller());
    let context = Context::new(&caller, day("2026-03-10"), &law, 30);
    let waiting = |by: &str| Petition {
        extension: Some(Extension { days: 30, requested_by: actor(by) }),
        ..standing(State::Accepted, &law)
    };
    let granted = Command::DecideExtension { granted: true };
    let change = decide(Some(&waiting("clerk-1")), &granted, &context).unwrap();
    let after = Petition::apply(Some(waiting("clerk-1")), &change.event, &caller.id, None).unwrap();
    assert_eq!((after.state, after.extension.is_none()), (State::Extended, true));
    assert_eq!((after.extended_on, after.terms("P-06").unwrap().kpi_due), (Some(day("2026-03-10")), day("2026-05-31")));
    assert_eq!(decide(Some(&waiting("head-1")), &granted, &context), Err(Rejection::SamePerson));
    assert_eq!(decide(Some(&waiting("clerk-1")), &commands()[3], &context), Err(Rejection::ExtensionPending));
    for command in &commands()[5..8] {
        let change = decide(Some(&waiting("clerk-1")), command, &context).unwrap();
        let after = Petition::apply(Some(waiting("clerk-1")), &change.event, &caller.id, None).unwrap();
        assert_eq!(after.extension, None, "{}", command.name());
    }
}

#[test]
fn an_extension_is_in_time_through_the_kpi_due_day() {
    let (law, caller) = (Law::shipped(), caller());
    let petition = standing(State::Accepted, &law);
    let due = petition.terms("P-06").unwrap().kpi_due;
    let on = |today| Context::new(&caller, today, &law, 30);
    assert!(decide(Some(&petition), &commands()[3], &on(due)).is_ok());
    let late = decide(Some(&petition), &commands()[3], &on(due.plus_days(1)));
    assert_eq!(late, Err(Rejection::ExtensionTooLate { kpi_due: due }));
}

#[test]
fn business_days_have_four_bounds() {
    let (law, caller) = (Law::shipped(), caller());
    let petition = standing(State::Registered, &law);
    let accept = |on: &str, today: &str| {
        let command = Command::Accept { on: Some(day(on)), responsible_unit: None, document_number: Text::default() };
        decide(Some(&petition), &command, &Context::new(&caller, day(today), &law, 30)).map(drop)
    };
    assert_eq!(accept("2026-03-02", "2026-03-02"), Ok(()));
    assert_eq!(accept("2026-03-02", "2026-04-01"), Ok(()));
    for (on, today, problem) in [
        ("2026-03-02", "2026-04-02", "must be at most 30 days back"),
        ("2026-03-03", "2026-03-02", "must not be after today (2026-03-02)"),
        ("2026-03-01", "2026-03-02", "must not be before the day of the step it follows (2026-03-02)"),
    ] {
        assert_eq!(accept(on, today), Err(Rejection::field("accepted_on", problem)));
    }
}

#[test]
fn what_is_personal_goes_into_the_sealed_part_only() {
    let (law, caller) = (Law::shipped(), caller());
    let context = Context::new(&caller, day("2026-03-10"), &law, 30);
    let sealed = SealedContent {
        title: text("CANARY"),
        narrative: text("CANARY"),
        parties: vec![Party { name: text("CANARY"), ..Party::default() }],
        text: Text::default(),
        organ: text("CANARY"),
    };
    let log = Command::Log(Box::new(NewPetition { sealed: sealed.clone(), ..new() }));
    let change = decide(None, &log, &context).unwrap();
    assert_eq!(change.sealed, Some(sealed));
    let mut opens = vec![change.event.encode("office")];
    for (state, command) in [
        (State::Registered, 2),
        (State::Accepted, 3),
        (State::Accepted, 5),
        (State::Accepted, 6),
        (State::Accepted, 7),
        (State::Accepted, 9),
    ] {
        let mut command = commands().swap_remove(command);
        match &mut command {
            Command::Refuse { text: words, .. }
            | Command::RequestExtension { text: words, .. }
            | Command::IssueOpinion(Issue { text: words, .. })
            | Command::Withdraw { text: words, .. }
            | Command::Void { text: words, .. } => *words = text("CANARY"),
            Command::RouteToMediation(route) => {
                route.text = text("CANARY");
                route.respondents[0].name = text("CANARY");
            }
            _ => panic!("{} has no text", command.name()),
        }
        let change = decide(Some(&standing(state, &law)), &command, &context).unwrap();
        assert_eq!(change.sealed.unwrap().text.as_str(), "CANARY");
        opens.push(change.event.encode("office"));
    }
    assert!(opens.iter().all(|open| !open.windows(6).any(|window| window == b"CANARY")));
    assert!(!format!("{log:?}").contains("CANARY"), "nor is it ever traced");
}

#[test]
fn an_event_out_of_place_does_not_apply() {
    let (law, somebody) = (Law::shipped(), actor("x"));
    let petition = standing(State::Registered, &law);
    let erased = Event::PartiesErased { on: day("2026-03-10"), approved_by: actor("y") };
    assert_eq!(Petition::apply(None, &erased, &somebody, None), None);
    assert_eq!(Petition::apply(None, &Event::Advanced(Box::new(petition.clone())), &somebody, None), None);
    for first in [Event::Registered(Box::new(petition.clone())), Event::Imported(Box::new(petition.clone()))] {
        assert_eq!(Petition::apply(Some(petition.clone()), &first, &somebody, None), None);
    }
    let advanced = Petition { origin: Some(LedgerOrigin::default()), ..petition.clone() };
    let before = Petition { erased: true, ..petition };
    let after = Petition::apply(Some(before), &Event::Advanced(Box::new(advanced)), &somebody, None).unwrap();
    assert_eq!((after.version, after.erased), (4, true));
}

fn link(ended_on: Option<Day>) -> Link {
    Link {
        version: 1,
        petition: "p".to_owned(),
        dispute: "d".to_owned(),
        number: "n".to_owned(),
        state: "agreed".to_owned(),
        body: String::new(),
        opened_on: day("2026-03-02"),
        ended_on,
        since: 1,
    }
}

#[test]
fn routing_hands_over_what_is_sealed_and_changes_nothing_else() {
    let (law, caller) = (Law::shipped(), caller());
    let petitioner = Party { name: text("p"), ..Party::default() };
    let content = SealedContent {
        title: text("t"),
        narrative: text("n"),
        parties: vec![petitioner],
        text: text("of another step"),
        ..SealedContent::default()
    };
    let context = Context::new(&caller, day("2026-03-10"), &law, 30).with(Some(&content), &[]);
    let before = Petition { person_count: 3, ..standing(State::Extended, &law) };
    let change = decide(Some(&before), &Command::RouteToMediation(Box::new(routing())), &context).unwrap();
    let Event::RoutedToMediation(routed) = &change.event else { panic!("{change:?}") };
    assert_eq!((routed.dispute_type.as_str(), routed.party_count, routed.on), ("T02", 4, day("2026-03-10")));
    let after = Petition::apply(Some(before.clone()), &change.event, &caller.id, None).unwrap();
    let unchanged = Petition { version: 4, routed_on: Some(routed.on), mediation_routings: 1, ..before };
    assert_eq!(after, unchanged, "neither state nor clock");
    let sealed = change.sealed.unwrap();
    let sides: Vec<_> = sealed.parties.iter().map(|party| (party.name.as_str(), party.side)).collect();
    assert_eq!(sides, [("p", Side::Applicant), ("r", Side::Respondent)]);
    assert_eq!((sealed.title.as_str(), sealed.narrative.as_str(), sealed.text.as_str()), ("t", "n", "w"));
    let mut folded = content.clone();
    folded.merge(sealed);
    assert_eq!(folded, content, "the petition's parties are its petitioners");
}

#[test]
fn what_may_not_go_to_mediation() {
    let (law, caller) = (Law::shipped(), caller());
    let today = day("2026-03-10");
    let asked = |petition: &Petition, links: &[Link], route: Route| {
        let context = Context::new(&caller, today, &law, 30).with(None, links);
        decide(Some(petition), &Command::RouteToMediation(Box::new(route)), &context).map(drop).map_err(|no| no.reason())
    };
    let open = standing(State::Accepted, &law);
    for matter_class in [MatterClass::Allegation, MatterClass::Suggestion] {
        for state in State::ALL {
            let petition = Petition { matter_class, ..standing(state, &law) };
            assert_eq!(asked(&petition, &[], routing()), Err("MEDIATION_NOT_ALLOWED"), "{matter_class:?} {state:?}");
        }
    }
    for (known, answer) in [(Some(true), Err("MEDIATION_NOT_ALLOWED")), (Some(false), Ok(())), (None, Ok(()))] {
        let petition = Petition { litigation_related: known, ..open.clone() };
        assert_eq!(asked(&petition, &[], routing()), answer);
    }
    let administrative = Route { dispute_type: text("T22"), ..routing() };
    assert_eq!(asked(&open, &[], administrative), Err("MEDIATION_NOT_ALLOWED"));
    let unknown = Route { dispute_type: text("T98"), ..routing() };
    assert_eq!(asked(&open, &[], unknown), Err("INVALID_ARGUMENT"));
    let routed = |mediation_routings| Petition { mediation_routings, routed_on: Some(today), ..open.clone() };
    let (ended, goes_on) = (link(Some(today)), link(None));
    for (petition, links, answer) in [
        (routed(1), vec![], Err("ALREADY_IN_MEDIATION")),
        (routed(1), vec![goes_on.clone()], Err("ALREADY_IN_MEDIATION")),
        (routed(1), vec![ended.clone()], Ok(())),
        (routed(2), vec![ended.clone()], Err("ALREADY_IN_MEDIATION")),
        (routed(2), vec![goes_on, ended.clone()], Err("ALREADY_IN_MEDIATION")),
        (routed(2), vec![ended.clone(), ended], Ok(())),
    ] {
        assert_eq!(asked(&petition, &links, routing()), answer, "{} routings, {links:?}", petition.mediation_routings);
    }
}
