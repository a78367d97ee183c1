//! The table of states and calls, made by asking: every state is reached by calls alone, and every call is asked in every state. The
//! page that comes out stands in the contract.

use super::scene::{Book, WAYS, arrived, clerk, commands, day, head};
use crate::domain::{Command, Law, Rejection, State, every_rejection};
use fengqiao_statute::MatterClass;
use fengqiao_testkit::assert_golden;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// What a call does in a state: where it leads, or why it does not.
#[derive(Default)]
struct Cell {
    leads: BTreeSet<&'static str>,
    refused: BTreeSet<&'static str>,
}

impl Cell {
    fn ask(&mut self, book: &Book<'_>, command: &Command) {
        for by in [clerk(), head()] {
            let mut book = book.clone();
            match book.ask(command, &by, day("2026-03-10")) {
                Ok(_) => self.leads.extend(book.petition.map(|after| after.state.name())),
                Err(no) => {
                    if let Rejection::StateForbids { call, state } = &no {
                        assert_eq!((*call, Some(*state)), (command.name(), book.petition.map(|petition| petition.state)));
                    }
                    self.refused.insert(no.reason());
                }
            }
        }
    }

    fn text(&self) -> String {
        let words = |words: &BTreeSet<&str>| words.iter().copied().collect::<Vec<_>>().join(", ");
        if self.leads.is_empty() { words(&self.refused) } else { format!("→ {}", words(&self.leads)) }
    }
}

fn calls() -> Vec<&'static str> {
    let mut names: Vec<_> = commands(day("2026-03-10")).iter().map(Command::name).collect();
    names.dedup();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

fn cells(law: &Law, class: MatterClass) -> BTreeMap<(&'static str, &'static str), Cell> {
    let today = day("2026-03-10");
    let mut cells: BTreeMap<(&str, &str), Cell> = BTreeMap::new();
    for (state, _, way) in WAYS.iter().filter(|(_, of, _)| *of == class) {
        let book = arrived(law, class, way, today);
        let petition = book.petition.as_ref().unwrap();
        assert_eq!(petition.state, *state, "{way}");
        for command in commands(today) {
            cells.entry((command.name(), state.name())).or_default().ask(&book, &command);
        }
    }
    cells
}

#[test]
fn the_table_of_states_and_calls_is_the_one_in_the_contract() {
    let law = Law::shipped();
    let documented: BTreeSet<_> = every_rejection().iter().map(Rejection::reason).collect();
    let mut page = String::from(HEAD);
    for class in MatterClass::ALL {
        let cells = cells(&law, class);
        let reached: Vec<_> = State::ALL.into_iter().filter(|s| cells.keys().any(|(_, state)| *state == s.name())).collect();
        writeln!(page, "\n## {} {}\n", class.zh(), class.code()).unwrap();
        writeln!(page, "| state | leads to | refused |\n|---|---|---|").unwrap();
        for state in reached {
            let (mut leads, mut refused) = (Vec::new(), BTreeMap::<String, Vec<&str>>::new());
            for call in calls() {
                let cell = &cells[&(call, state.name())];
                assert!(cell.refused.iter().all(|reason| documented.contains(reason)));
                if cell.leads.is_empty() {
                    refused.entry(cell.text()).or_default().push(call);
                } else {
                    leads.push(format!("{call} {}", cell.text()));
                }
            }
            let line = |(reason, calls): (&String, &Vec<&str>)| match reason.as_str() {
                "STATE_FORBIDS" => "STATE_FORBIDS: every other call".to_owned(),
                _ => format!("{reason}: {}", calls.join(", ")),
            };
            let refused: Vec<_> = refused.iter().map(line).collect();
            writeln!(page, "| {} {} | {} | {} |", state.name(), state.zh(), leads.join("<br>"), refused.join("<br>")).unwrap();
        }
    }
    assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/../../proto/petition-states.md"), &page);
}

const HEAD: &str = "# Which call leads where

Made by asking every call, in every form that any state allows, of petitions that calls alone had brought to each state
(`services/intake/src/domain/tests/table.rs`; `UPDATE_GOLDEN=1` writes it anew). `→` names the states a call can lead to. What is not
possible is refused with the reason shown: `STATE_FORBIDS` names call and state, the others stand in `README.md` beside this page.
Besides the states, every call asks for days in order, known codes and the other person where two are needed.
";

#[test]
fn every_state_is_reached_by_calls() {
    let reached: BTreeSet<_> = WAYS.iter().map(|(state, _, _)| state.name()).collect();
    assert_eq!(reached, State::ALL.iter().map(|state| state.name()).collect());
}

#[test]
fn a_petition_that_is_not_there_is_not_found() {
    let law = Law::shipped();
    for command in commands(day("2026-03-10")) {
        let mut book = Book::open(&law);
        let answer = book.ask(&command, &head(), day("2026-03-10")).map(|change| change.event.kind()).map_err(|no| no.reason());
        match command {
            Command::Log(_) => assert_eq!(answer, Ok("petition.registered")),
            _ => assert_eq!(answer, Err("PETITION_NOT_FOUND"), "{}", command.name()),
        }
    }
}

#[test]
fn nothing_sealed_stands_in_the_open() {
    let law = Law::shipped();
    let today = day("2026-03-10");
    for (state, class, way) in WAYS {
        for command in commands(today) {
            let mut book = arrived(&law, *class, way, today);
            let _ = book.ask(&command, &head(), today);
            let leaks = book.opens.iter().find(|(_, open, _)| open.windows(6).any(|window| window == b"CANARY"));
            assert!(leaks.is_none(), "{} in {}: {:?}", command.name(), state.name(), leaks.map(|(kind, ..)| kind));
        }
    }
    assert!(!format!("{:?}", commands(today)).contains("\"CANARY\""), "nor is it ever traced");
}
