//! Ledger rows: read, refused, met again, advanced, put together by their label.

use super::book::{Book, conclusion, day};
use crate::domain::{
    CaseField, CaseRow, CaseState, Command, Event, Law, SealedContent, Verdict, compare_row, import_row, imported_body,
};
use fengqiao_model::{CaseId, DisputeId, Text, Token};
use fengqiao_statute::{Force, Outcome};
use std::collections::BTreeMap;

/// A ledger that is imported row by row, as the service does it.
pub(super) struct Ledger {
    pub book: Book,
    columns: Vec<CaseField>,
    pub cases: BTreeMap<String, (DisputeId, CaseId)>,
    sealed: BTreeMap<CaseId, SealedContent>,
    ids: u16,
}

impl Ledger {
    pub fn new(columns: &str) -> Self {
        let mut book = Book::new();
        book.today = day("2025-01-15");
        book.log.clear();
        let columns = columns.split(',').map(|name| CaseField::named(name).unwrap()).collect();
        Self { book, columns, cases: BTreeMap::new(), sealed: BTreeMap::new(), ids: 0 }
    }

    fn row(&self, cells: &str) -> Result<CaseRow, String> {
        let texts: Vec<String> = cells.split(',').map(str::to_owned).collect();
        CaseRow::parse(2, &self.columns, &texts, self.book.today, &self.book.law)
            .map_err(|no| format!("{}: {}", no.column, no.reason))
    }

    /// imported, advanced, already, or what is wrong.
    pub fn take(&mut self, cells: &str) -> String {
        self.try_row(cells).unwrap_or_else(|refused| refused)
    }

    fn try_row(&mut self, cells: &str) -> Result<String, String> {
        let row = self.row(cells)?;
        let said = |no: crate::domain::RowRefusal| format!("{}: {}", no.column, no.reason);
        let labelled =
            self.book.disputes.iter().find(|(_, dispute)| !row.root_ref().is_empty() && dispute.root_ref == row.root_ref());
        let labelled = labelled.map(|(id, _)| (*id, self.book.group(*id)));
        let labelled = labelled.as_ref().map(|(id, group)| (*id, group));
        if let Some((dispute, case)) = self.cases.get(row.external_ref.as_str()).copied() {
            let group = self.book.group(dispute);
            let sealed = (!self.book.disputes[&dispute].erased).then(|| self.sealed.get(&case).cloned().unwrap_or_default());
            let verdict =
                compare_row(&row, &self.columns, (&group, dispute, case), sealed.as_ref(), labelled, &self.book.context())
                    .map_err(said)?;
            let Verdict::Advanced(changes) = verdict else { return Ok("already".to_owned()) };
            self.note(&changes, case);
            return Ok("advanced".to_owned());
        }
        let known = self.book.bodies.get(row.body());
        let body = imported_body(&row, known, &self.book.context()).map_err(said)?;
        self.ids += 1;
        let mut bytes = [9; 16];
        bytes[..2].copy_from_slice(&self.ids.to_be_bytes());
        let new = (DisputeId::from_bytes(bytes), CaseId::from_bytes(bytes));
        let ledger: Token = "ledger".parse().unwrap();
        let changes = import_row(&row, &ledger, labelled, new, &self.book.context()).map_err(said)?;
        let dispute = labelled.map_or(new.0, |(id, _)| id);
        self.cases.insert(row.external_ref.to_string(), (dispute, new.1));
        if let Some(body) = body {
            self.book.apply(&[body]);
        }
        self.note(&changes, new.1);
        Ok("imported".to_owned())
    }

    fn note(&mut self, changes: &[crate::domain::Change], case: CaseId) {
        let Event::Dispute(event) = &changes[0].event else { panic!("a body's event") };
        assert_eq!(event.cases[0].id, case, "the case that the step is about comes first");
        if let Some(sealed) = &changes[0].sealed {
            self.sealed.entry(case).or_default().merge_row(sealed.clone());
        }
        self.book.apply(changes);
    }

    fn case(&self, external_ref: &str) -> &crate::domain::Case {
        let (dispute, case) = self.cases[external_ref];
        self.book.disputes[&dispute].case(case).unwrap()
    }

    pub fn milestones(&self, external_ref: &str) -> Vec<String> {
        self.book.milestones(self.cases[external_ref].0)
    }
}

const ALL: &str = "external_ref,root_ref,applied_at,source,dispute_type,force,body,division_code,party_count,narrative,accepted_at,\
                   concluded_at,outcome,agreement_form,amount_yuan,body_kind,mediator,hard,session_mode,claimed_yuan,performance_due,\
                   performed_at,paid_yuan,confirmation_applied_at,confirmation,reason,handed_on_to,petition_ref";
const FULL: &str = "1,Q1,2024-03-01T10:00:00,依申请,邻里纠纷,人民调解,village,320831100001,3,围墙漏水,2024-03-02,2024-03-20,达成协议,书面,\
                    20000.5,committee,王某某,是,现场,30000,2025-07-31,2024-08-05,100,2024-04-01,确认,双方和好,,XF-7";

fn full() -> String {
    FULL.replace("依申请", "申请")
}

#[test]
fn a_row_is_read_in_chinese_and_kept_in_one_form() {
    let mut ledger = Ledger::new(ALL);
    assert_eq!(ledger.take(&full()), "imported");
    let case = ledger.case("1").clone();
    assert_eq!((case.state, case.force, case.body.as_str()), (CaseState::Agreed, Some(Force::People), "village"));
    assert_eq!((case.agreed_fen, case.claimed_fen, case.paid_fen), (2_000_050, 3_000_000, 10_000));
    assert_eq!((case.performance_due, case.performed_on), (Some(day("2025-07-31")), Some(day("2024-08-05"))));
    assert!(case.hard && case.mediator.is_empty() && case.reason.is_empty(), "a name and words are sealed");
    assert_eq!(case.handling.unwrap().rule, "M-01");
    let open = ledger.book.log.iter().flat_map(|(_, event)| event.encode()).collect::<Vec<u8>>();
    for personal in ["围墙", "王某某", "双方和好"] {
        assert!(!open.windows(personal.len()).any(|window| window == personal.as_bytes()), "{personal}");
    }
    let dispute = &ledger.book.disputes[&ledger.cases["1"].0];
    assert_eq!((dispute.root_ref.as_str(), dispute.ledger.as_str(), dispute.dispute_type.as_str()), ("Q1", "ledger", "T02"));
    // In English, and with more zeros, it is the same row.
    let english = "1,Q1,2024-03-01,applied,T02,people,village,320831100001,3,围墙漏水,2024-03-02,2024-03-20,agreed,written,\
                   20000.50,committee,王某某,true,on_site,30000.0,2025-07-31,2024-08-05,100,2024-04-01,confirmed,双方和好,,XF-7";
    assert_eq!(ledger.take(english), "already");
}

#[test]
fn a_cell_that_is_wrong_is_refused_with_its_column() {
    let good: Vec<String> = full().split(',').map(str::to_owned).collect();
    for (column, cell, problem) in [
        ("external_ref", "", "must not be empty"),
        (
            "external_ref",
            "a\u{7}b",
            "must be 1 to 64 characters without spaces at the ends, control characters or quotation marks",
        ),
        ("applied_at", "", "must not be empty"),
        ("applied_at", "2025-01-16", "must not be after today (2025-01-15), is 2025-01-16"),
        ("applied_at", "1850-01-01", "must not be before 1900, is 1850-01-01"),
        ("source", "风闻", "must be one of applied, initiative, court, police, procuratorate, petition, other_body, is \"风闻\""),
        ("dispute_type", "T98", "must be a dispute type of the list, such as T02 or 邻里纠纷, is \"T98\""),
        ("dispute_type", "", "must not be empty"),
        ("force", "", "must not be empty"),
        ("force", "联合调解", "must be one of people, administrative, judicial, industry, professional, is \"联合调解\""),
        ("division_code", "32083", "must be a division code of 2, 4, 6, 9 or 12 digits, is \"32083\""),
        ("party_count", "0", "must be a whole number from 1 to 999999, is \"0\""),
        (
            "outcome",
            "好",
            "must be one of agreed, partial, settled_privately, failed, withdrawn, terminated, transferred, refused, declined, is \"好\"",
        ),
        ("outcome", "", "must not be empty when concluded_at has a day"),
        ("concluded_at", "", "has a day, but concluded_at is empty"),
        ("concluded_at", "2024-03-01", "is 2024-03-01, before accepted_at 2024-03-02"),
        ("accepted_at", "2024-02-29", "is 2024-02-29, before applied_at 2024-03-01"),
        ("accepted_at", "", "must not be empty when the outcome is agreed"),
        ("amount_yuan", "1.234", "must be an amount in yuan with at most two decimals, is \"1.234\""),
        ("amount_yuan", "-1", "must be an amount in yuan with at most two decimals, is \"-1\""),
        ("amount_yuan", "1.", "must be an amount in yuan with at most two decimals, is \"1.\""),
        ("claimed_yuan", "99999999999999", "must be an amount in yuan with at most two decimals, is \"99999999999999\""),
        ("paid_yuan", "两万", "must be an amount in yuan with at most two decimals, is \"两万\""),
        ("hard", "很", "must be 是, 否, true or false, is \"很\""),
        ("session_mode", "梦中", "must be one of on_site, remote, mixed, is \"梦中\""),
        ("performance_due", "2024-03-19", "is 2024-03-19, before concluded_at 2024-03-20"),
        ("performed_at", "2024-03-19", "is 2024-03-19, before concluded_at 2024-03-20"),
        ("performed_at", "2025-02-01", "must not be after today (2025-01-15), is 2025-02-01"),
        ("confirmation_applied_at", "2024-03-19", "is 2024-03-19, before concluded_at 2024-03-20"),
        ("confirmation_applied_at", "", "must not be empty when there is a confirmation"),
        ("confirmation", "也许", "must be one of confirmed, rejected, not_accepted, is \"也许\""),
        ("narrative", "a\u{0}", "must not contain control characters (found U+0000 at character 2)"),
        ("mediator", "甲\n乙", "must be one line"),
    ] {
        let place = CaseField::named(column).unwrap() as usize;
        let mut cells = good.clone();
        cells[place] = cell.to_owned();
        let said = Ledger::new(ALL).take(&cells.join(","));
        let at = if problem.ends_with("but concluded_at is empty") { "performance_due" } else { column };
        assert_eq!(said, format!("{at}: {problem}"));
    }
    let short = Ledger::new(ALL).take("1,Q1");
    assert_eq!(short, "applied_at: the row has 2 cells, the header has 28");
}

#[test]
fn what_goes_with_which_outcome() {
    let columns = "external_ref,applied_at,dispute_type,force,division_code,accepted_at,concluded_at,outcome,agreement_form,amount_yuan,paid_yuan,performed_at,confirmation_applied_at,handed_on_to";
    let take = |cells: &str| Ledger::new(columns).take(&format!("1,2024-03-01,T02,people,320831,{cells}"));
    for good in [
        ",,,,,,,,",
        "2024-03-02,,,,,,,,",
        ",2024-03-05,refused,,,,,,",
        ",2024-03-05,declined,,0,,,,",
        "2024-03-02,2024-03-05,failed,,300,0,,,",
        "2024-03-02,2024-03-05,agreed,,,,,,",
        "2024-03-02,2024-03-05,agreed,oral,0,0,2024-03-05,2024-03-05,",
        "2024-03-02,2024-03-05,settled_privately,,300,300,2024-03-05,,",
        "2024-03-02,2024-03-05,transferred,,,,,,court-7",
        "2024-03-02,2024-03-05,failed,,,,,,court-7",
    ] {
        assert_eq!(take(good), "imported", "{good}");
    }
    for (bad, said) in [
        (",2024-03-05,,,,,,,", "outcome: must not be empty when concluded_at has a day"),
        (",,failed,,,,,,", "concluded_at: must not be empty when there is an outcome"),
        (",2024-03-05,failed,,,,,,", "accepted_at: must not be empty when the outcome is failed"),
        (",2024-03-05,transferred,,,,,,", "accepted_at: must not be empty when the outcome is transferred"),
        (
            "2024-03-02,2024-03-05,refused,,,,,,",
            "accepted_at: must be empty when the outcome is refused: such a case was not accepted",
        ),
        ("2024-03-02,2024-03-05,failed,written,,,,,", "agreement_form: must be empty without an agreement"),
        ("2024-03-02,,,oral,,,,,", "agreement_form: must be empty without an agreement"),
        ("2024-03-02,2024-03-05,failed,,,1,,,", "paid_yuan: must be empty without an agreement"),
        ("2024-03-02,2024-03-05,failed,,,,2024-03-06,,", "performed_at: must be empty without an agreement"),
        ("2024-03-02,2024-03-05,failed,,,,,2024-03-06,", "confirmation_applied_at: must be empty without an agreement"),
        (",2024-03-05,declined,,5,,,,", "amount_yuan: must be empty without an accepted case"),
        ("2024-03-02,,,,,,,,court-7", "handed_on_to: must be empty while there is no outcome"),
    ] {
        assert_eq!(take(bad), said, "{bad}");
    }
}

#[test]
fn a_row_met_again_is_identical_further_on_or_refused() {
    let columns =
        "external_ref,applied_at,dispute_type,force,division_code,accepted_at,concluded_at,outcome,reason,narrative,amount_yuan";
    let mut ledger = Ledger::new(columns);
    assert_eq!(ledger.take("1,2024-03-01,T02,people,320831,,,,,,"), "imported");
    assert_eq!(ledger.case("1").state, CaseState::Applied);
    assert_eq!(ledger.take("1,2024-03-01,邻里纠纷,人民调解,320831,,,,,,"), "already");
    assert_eq!(ledger.take("1,2024-03-01,T02,people,320831,2024-03-03,,,,墙,"), "advanced");
    assert_eq!(ledger.book.log.last().unwrap().1.vouched_on(), Some(day("2024-03-03")));
    assert_eq!(
        ledger.take("1,2024-03-01,T02,people,320831,2024-03-04,,,,墙,"),
        "accepted_at: recorded \"2024-03-03\", the row says \"2024-03-04\""
    );
    assert_eq!(
        ledger.take("1,2024-03-01,T02,people,320831,2024-03-03,,,,河,"),
        "narrative: recorded \"墙\", the row says \"河\""
    );
    assert_eq!(ledger.take("1,2024-03-01,T02,people,320831,2024-03-03,2024-04-02,failed,不想谈,墙,0"), "advanced");
    assert_eq!(ledger.take("1,2024-03-01,T02,people,320831,2024-03-03,2024-04-02,failed,不想谈,墙,0.00"), "already");
    assert_eq!(
        ledger.take("1,2024-03-01,T02,people,320831,2024-03-03,2024-04-02,failed,不想谈,墙,"),
        "amount_yuan: recorded \"0\", the row says \"\""
    );
    assert_eq!(
        ledger.take("1,2024-03-01,T06,people,320831,2024-03-03,2024-04-02,failed,不想谈,墙,0"),
        "dispute_type: recorded \"T02\", the row says \"T06\""
    );
    assert_eq!(ledger.case("1").version, 3);
    assert_eq!(ledger.milestones("1"), ["accepted 2024-03-03 people", "concluded 2024-04-02 people"]);
}

#[test]
fn what_was_changed_here_since_is_not_overwritten() {
    let columns = "external_ref,applied_at,dispute_type,force,body,division_code,accepted_at,mediator";
    let mut ledger = Ledger::new(columns);
    let row = |accepted: &str, mediator: &str| format!("1,2024-12-20,T02,people,village,320831,{accepted},{mediator}");
    assert_eq!(ledger.take(&row("", "")), "imported");
    assert_eq!(ledger.case("1").state, CaseState::Dispatched);
    let case = ledger.cases["1"].1;
    ledger.book.take(case);
    let mut end = conclusion(Outcome::Failed);
    end.hand_on = true;
    end.hand_on_reason = "case.wish".to_owned();
    ledger.book.act(case, &Command::Conclude(Box::new(end))).unwrap();
    assert_eq!(ledger.take(&row("", "")), "accepted_at: recorded \"2025-01-15\", the row says \"\"");
    assert_eq!(ledger.take(&row("2025-01-15", "m-1")), "external_ref: was changed here since it was imported; change it there");
    let void = Command::Void { reason: "case.void_error".to_owned(), text: Text::default(), approved_by: "b".parse().unwrap() };
    let mut other = Ledger::new(columns);
    other.take(&row("", ""));
    other.book.act(other.cases["1"].1, &void).unwrap();
    assert_eq!(other.take(&row("", "")), "already");
    assert_eq!(other.take(&row("", "m-1")), "external_ref: was changed here since it was imported; change it there");
}

#[test]
fn a_row_whose_parties_were_erased_is_there_by_its_key() {
    let mut ledger = Ledger::new(ALL);
    ledger.take(&full());
    let id = ledger.cases["1"].0;
    ledger.book.dispute(id, &crate::domain::DisputeCommand::EraseParties { approved_by: "b".parse().unwrap() }).unwrap();
    assert_eq!(ledger.take(&full().replace("2024-03-20", "2024-03-21")), "already");
    // Another row of the same dispute comes in without anything personal.
    assert_eq!(ledger.take(&full().replacen('1', "2", 1)), "imported");
    assert_eq!(ledger.sealed.len(), 1);
}

#[test]
fn a_case_logged_here_is_not_the_ledgers() {
    let mut ledger = Ledger::new("external_ref,applied_at,dispute_type,force,division_code");
    let case = ledger.book.open_here();
    ledger.cases.insert("1".to_owned(), (ledger.book.of_case(case), case));
    assert_eq!(ledger.take("1,2024-03-01,T02,people,320831"), "external_ref: was logged here as a case of its own, not imported");
}

#[test]
fn divisions_of_others_are_refused() {
    let mut ledger = Ledger::new("external_ref,applied_at,dispute_type,force,division_code,narrative");
    ledger.take("1,2024-03-01,T02,people,320830,");
    ledger.book.caller.division = Some("320831".parse().unwrap());
    for row in ["1,2024-03-01,T02,people,320830,墙", "2,2024-03-01,T02,people,320830,"] {
        assert_eq!(ledger.take(row), "division_code: lies outside the caller's divisions");
    }
}

#[test]
fn columns_are_those_of_the_statute() {
    assert_eq!(CaseField::ALL.map(CaseField::name).join(","), ALL.split_whitespace().collect::<String>());
    assert_eq!(CaseField::ALL.into_iter().filter(|field| field.is_mandatory()).count(), 5);
    assert_eq!(Law::shipped().types.version(), "2026.1");
}
