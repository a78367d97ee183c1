//! Requests that look for petitions by persons and words.

use super::{Asked, Invalid, PARTIES, Reader, change::change};
use crate::{
    app::{Search, Sought},
    domain::{Command, Party},
};
use fengqiao_likeness as likeness;
use fengqiao_model::{DivisionCode, PageToken, PetitionId, RequestId, Text};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::MatterClass;

change! {
    /// LinkRepeat.
    link_repeat(request: pb::LinkRepeatRequest, reader) -> {
        let first: Option<PetitionId> = reader.required("first_petition_id", &request.first_petition_id);
        for (field, yes) in [("same_person", request.same_person), ("same_matter", request.same_matter)] {
            if !yes {
                reader.wrong(field, "must be true: a repeat is the same person on the same matter, and a person says so");
            }
        }
        let text = reader.text("text", &request.text, TEXT);
        first.map(|first| Command::LinkRepeat { first, text })
    };
    /// UnlinkRepeat.
    unlink_repeat(request: pb::UnlinkRepeatRequest, reader) -> Some(Command::UnlinkRepeat {
        text: reader.text("text", &request.text, TEXT),
    });
}

/// The longest explanation.
const TEXT: usize = 2_000;

/// FindSimilar; `None` for an allegation, of which nothing is looked for.
pub fn similar(request: &pb::FindSimilarRequest) -> Result<Option<Sought>, Invalid> {
    let mut reader = Reader::default();
    if request.persons.len() > PARTIES {
        reader.wrong("persons", format!("must be at most {PARTIES}"));
    }
    let persons = request.persons.iter().take(PARTIES).enumerate();
    let persons: Vec<Party> = persons.map(|(index, person)| read_person(&mut reader, index, person)).collect();
    let title = reader.text("title", &request.title, 200);
    let narrative = reader.text("narrative", &request.narrative, 50_000);
    let division: Option<DivisionCode> = reader.optional("division_code", &request.division_code);
    let class = if request.matter_class.is_empty() {
        None
    } else {
        reader.code("matter_class", &request.matter_class, MatterClass::ALL, MatterClass::code)
    };
    let but: Option<PetitionId> = reader.optional("petition_id", &request.petition_id);
    if persons.is_empty() && title.is_empty() && narrative.is_empty() {
        reader.wrong("persons", "a person, a title or a narrative must be given");
    }
    let sought = Sought { persons, title, narrative, division, but };
    reader.finish(Some((class != Some(MatterClass::Allegation)).then_some(sought)))
}

fn read_person(reader: &mut Reader, index: usize, person: &pb::PersonSought) -> Party {
    let name = |field: &str| format!("persons[{index}].{field}");
    Party {
        name: reader.text(&name("name"), &person.name, 100),
        phone: reader.text(&name("phone"), &person.phone, 40),
        identity_number: reader.text(&name("identity_number"), &person.identity_number, 40),
        ..Party::default()
    }
}

/// A parsed search, and what its page tokens are bound to.
pub struct Searching {
    pub search: Search,
    pub bound: String,
}

/// SearchPetitions. `allowed` is the caller's division.
pub fn search(request: &pb::SearchPetitionsRequest, allowed: Option<&DivisionCode>) -> Result<Searching, Invalid> {
    let mut reader = Reader::default();
    let text = reader.text("text", &request.text, 100);
    let words: Vec<String> = likeness::plain(text.as_str()).split_whitespace().map(str::to_owned).collect();
    if let Some(word) = words.iter().find(|word| likeness::query(word, 1).is_empty()) {
        let short = word.chars().nth(1).is_none();
        reader.wrong(
            "text",
            if short { "has a word of one character" } else { "has a word that stands everywhere and tells nothing" },
        );
    }
    let person = Party {
        phone: reader.text("phone", &request.phone, 40),
        identity_number: reader.text("identity_number", &request.identity_number, 40),
        ..Party::default()
    };
    let phone = reader_plain(&mut reader, "phone", &person.phone, likeness::phone);
    let paper = reader_plain(&mut reader, "identity_number", &person.identity_number, likeness::paper);
    if words.is_empty() && phone.is_none() && paper.is_none() && reader.problems.is_empty() {
        reader.wrong("text", "must not be empty where neither phone nor identity_number is given");
    }
    let division: Option<DivisionCode> = reader.optional("division_code", &request.division_code);
    let page_size = match request.page_size {
        0 => 20,
        size @ 1..=100 => usize::try_from(size).unwrap_or(1),
        _ => {
            reader.wrong("page_size", "must be from 1 to 100, or 0 for 20");
            1
        }
    };
    let within: Vec<DivisionCode> = division.into_iter().chain(allowed.cloned()).collect();
    let bound = format!("{words:?} {phone:?} {paper:?} {within:?}");
    let after = match PageToken::decode(&request.page_token, &bound) {
        Ok(None) => Some(None),
        Ok(Some(token)) => token.after.parse::<PetitionId>().ok().map(Some),
        Err(error) => {
            reader.wrong("page_token", error);
            None
        }
    };
    if after.is_none() && reader.problems.is_empty() {
        reader.wrong("page_token", "must be a page token given by an earlier answer");
    }
    let searching = after.map(|after| Searching { search: Search { words, person, within, after, page_size }, bound });
    reader.finish(searching)
}

/// The plain form of a number, where one is given.
fn reader_plain(reader: &mut Reader, field: &str, text: &Text, plain: fn(&str) -> Option<String>) -> Option<String> {
    let found = plain(text.as_str());
    if found.is_none() && !text.is_empty() {
        reader.wrong(field, "is too short to tell one person from another, or masked");
    }
    found
}
