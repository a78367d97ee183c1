//! D§5.7: one quarrel over three bodies. The table it has to give, live and from a ledger.

use super::book::{Book, conclusion, day};
use crate::domain::{Case, CaseField, CaseRow, CaseState, Command, Entry, Group, import_row};
use fengqiao_model::{CaseId, DisputeId, Text};
use fengqiao_statute::Outcome;

fn conclude(book: &mut Book, case: CaseId, outcome: Outcome, hand_on_to: Option<&str>, hand_on: bool) -> CaseId {
    let mut end = conclusion(outcome);
    end.hand_on = hand_on;
    end.hand_on_to = hand_on_to.map(|code| code.parse().unwrap());
    if hand_on {
        end.hand_on_reason = "case.higher_level".to_owned();
    } else {
        end.performance_due = Some(day("2024-07-31"));
    }
    book.act(case, &Command::Conclude(Box::new(end))).unwrap()
}

/// The figures of the table, from the cases of one body, or of all.
fn figures(cases: &[&Case]) -> [usize; 6] {
    let count = |wanted: &dyn Fn(&&&Case) -> bool| cases.iter().filter(wanted).count();
    [
        count(&|case| case.accepted_on.is_some()),
        count(&|case| case.entry == Some(Entry::Received)),
        count(&|case| case.outcome.is_some_and(Outcome::concludes)),
        count(&|case| case.outcome == Some(Outcome::Agreed)),
        count(&|case| case.outcome == Some(Outcome::Failed)),
        count(&|case| case.handed_on),
    ]
}

fn check_table(dispute: &crate::domain::Dispute, milestones: &[String]) {
    let at = |code: &str| -> Vec<&Case> { dispute.cases.iter().filter(|case| case.body == code).collect() };
    // accepted, received, concluded, agreed, failed, handed on
    assert_eq!(figures(&at("village")), [1, 0, 1, 0, 1, 1]);
    assert_eq!(figures(&at("township")), [1, 1, 1, 0, 1, 1]);
    assert_eq!(figures(&at("property")), [1, 1, 1, 1, 0, 0]);
    assert_eq!(figures(&dispute.cases.iter().collect::<Vec<_>>()), [3, 2, 3, 1, 2, 2]);
    // The county: accepted once, by people's; concluded once, by industry, resolved.
    assert_eq!(milestones, ["accepted 2024-03-03 people", "concluded 2024-05-30 industry resolved"]);
    let last = at("property")[0];
    assert_eq!((last.agreed_fen, last.paid_fen), (2_000_000, 2_000_000));
    assert_eq!((last.performance_due, last.performed_on), (Some(day("2024-07-31")), Some(day("2024-08-05"))));
    assert_eq!(last.confirmation_applied_on, None);
}

#[test]
fn worked_example_of_the_domain_gives_its_table() {
    let mut book = Book::new();
    let village = book.at("2024-03-03", "village").open_here();
    let township = conclude(book.at("2024-03-28", "village"), village, Outcome::Failed, Some("township"), true);
    book.at("2024-03-29", "township").take(township);
    // The centre is no body of a force: it only finds the next one.
    let found = conclude(book.at("2024-04-20", "township"), township, Outcome::Failed, None, true);
    let dispute: DisputeId = book.of_case(village);
    assert_eq!(book.milestones(dispute), ["accepted 2024-03-03 people"], "it waits for the one that goes on");
    book.at("2024-05-06", "property").dispatch(found, "property");
    book.take(found);
    conclude(book.at("2024-05-30", "property"), found, Outcome::Agreed, None, false);
    let paid = Command::Perform { on: None, paid_fen: 2_000_000, in_full: true, text: Text::default() };
    book.at("2024-08-05", "property").act(found, &paid).unwrap();
    check_table(&book.disputes[&dispute], &book.milestones(dispute));
}

#[test]
fn worked_example_gives_the_same_table_from_a_ledger_in_any_order_of_its_rows() {
    const COLUMNS: &str = "external_ref root_ref applied_at source dispute_type force body division_code accepted_at concluded_at \
                           outcome agreement_form amount_yuan performance_due performed_at paid_yuan handed_on_to";
    let columns: Vec<CaseField> = COLUMNS.split_whitespace().map(|name| CaseField::named(name).unwrap()).collect();
    let rows = [
        "1,Q,2024-03-03,申请,邻里纠纷,人民调解,village,320831100001,2024-03-03,2024-03-28,调解不成,,,,,,township",
        "2,Q,2024-03-28,其他移送,T02,people,township,320831100,2024-03-29,2024-04-20,failed,,,,,,centre",
        "3,Q,2024-04-20,other_body,T02,industry,property,320831,2024-05-06,2024-05-30,达成协议,书面,20000,2024-07-31,2024-08-05,20000.00,",
    ];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut book = Book::new();
        book.today = day("2025-01-15");
        for place in order {
            let texts: Vec<String> = rows[place].split(',').map(str::to_owned).collect();
            let row = CaseRow::parse(2, &columns, &texts, book.today, &book.law).unwrap();
            let id = DisputeId::from_bytes([1; 16]);
            let group: Option<Group> = book.disputes.contains_key(&id).then(|| book.group(id));
            let labelled = group.as_ref().map(|group| (id, group));
            let case = CaseId::from_bytes([u8::try_from(place).unwrap() + 10; 16]);
            let changes = import_row(&row, &"ledger".parse().unwrap(), labelled, (id, case), &book.context()).unwrap();
            assert_eq!(changes[0].event.vouched_on(), row.cells.day(CaseField::AppliedAt));
            book.apply(&changes);
        }
        let dispute = &book.disputes[&DisputeId::from_bytes([1; 16])];
        check_table(dispute, &book.milestones(DisputeId::from_bytes([1; 16])));
        assert!(dispute.cases.iter().all(|case| !case.state.is_open() && case.state != CaseState::Void));
    }
}
