//! People in messages: names, phones and addresses as given, numbers of papers checked for their kind. Nobody needs a number.

use super::Reader;
use crate::domain::{Party, PartyRole, Side};
use fengqiao_identifiers::{PaperKind, check_paper};
use fengqiao_model::Day;
use fengqiao_proto::intake::v1 as pb;

/// A list of people, at most so many; nobody in it is born after `today`.
pub fn parties(reader: &mut Reader, field: &str, parties: &[pb::Party], most: usize, today: Day) -> Vec<Party> {
    if parties.len() > most {
        reader.wrong(field, format!("must be at most {most}"));
    }
    parties.iter().take(most).enumerate().map(|(index, party)| read(reader, field, index, party, today)).collect()
}

fn read(reader: &mut Reader, list: &str, index: usize, party: &pb::Party, today: Day) -> Party {
    let name = |field: &str| format!("{list}[{index}].{field}");
    let identity_kind = PaperKind::coded(&party.identity_kind);
    if identity_kind.is_none() {
        let known = PaperKind::ALL.map(PaperKind::code)[1..].join(", ");
        reader.wrong(&name("identity_kind"), format!("must be empty or one of {known}"));
    }
    let identity_number = reader.text(&name("identity_number"), &party.identity_number, 40);
    if let Some(Err(problem)) = identity_kind.map(|kind| check_paper(kind, identity_number.as_str(), today)) {
        reader.wrong(&name("identity_number"), problem);
    }
    Party {
        name: reader.required_text(&name("name"), &party.name, 100),
        phone: reader.text(&name("phone"), &party.phone, 40),
        identity_kind: identity_kind.unwrap_or_default(),
        identity_number,
        address: reader.text(&name("address"), &party.address, 300),
        side: Side::Unsaid,
        role: if party.role.is_empty() {
            PartyRole::default()
        } else {
            reader.code(&name("role"), &party.role, PartyRole::ALL, PartyRole::code).unwrap_or_default()
        },
    }
}
