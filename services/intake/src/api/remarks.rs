//! What looks odd in a petition that may be logged all the same: the desk reads it and looks again. Says nothing of what a number is.

use crate::domain::{Command, NewPetition, Places};
use fengqiao_identifiers::phone_doubt;
use fengqiao_model::Day;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Channel, MatterClass};

/// The remarks on a petition as logged; none on other commands.
pub fn on(command: &Command, places: &Places, today: Day) -> Vec<pb::FieldProblem> {
    let Command::Log(new) = command else { return Vec::new() };
    let remark = |field: String, problem: String| pb::FieldProblem { field, problem };
    let place = places.remark(&new.division, new.occurred_on.unwrap_or(today));
    let mut remarks: Vec<_> = place.into_iter().map(|problem| remark("petition.division_code".to_owned(), problem)).collect();
    if nameless(new) {
        let problem = "nobody is named; who comes or calls gives name and address (XF 19), unless it is an allegation";
        remarks.push(remark("petition.parties".to_owned(), problem.to_owned()));
    }
    let phones = new.sealed.parties.iter().enumerate();
    let doubts = phones.filter_map(|(at, party)| Some((at, phone_doubt(party.phone.as_str())?)));
    remarks.extend(doubts.map(|(at, doubt)| remark(format!("petition.parties[{at}].phone"), doubt.to_owned())));
    remarks
}

/// Somebody stood at the desk or was on the phone, and no name was written. Letters and online items may be anonymous, and so may
/// allegations; all are recorded (XF 21).
fn nameless(new: &NewPetition) -> bool {
    let spoken = matches!(new.channel, Channel::Visit | Channel::Phone);
    new.sealed.parties.is_empty() && spoken && new.matter_class != MatterClass::Allegation
}
