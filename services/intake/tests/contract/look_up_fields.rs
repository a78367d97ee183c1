//! Nothing but what D§2.6 allows can leave through the look-up: every field of its answer, and of whatever an answer could hold, stands in
//! a list with the row that allows it. A field more, or of another type, and this test asks for its row.

use fengqiao_proto::DESCRIPTOR;
use prost::Message;
use prost_types::{
    DescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};
use std::collections::BTreeMap;

/// The rows of D§2.6 that a petitioner with a query code may see.
const REGISTERED: &str = "registration date";
const TRANSFERS: &str = "dates of each transfer";
const NOTICES: &str = "acceptance, refusal, no-longer notice and date";
const EXTENSION: &str = "extension notice and date";
const OPINIONS: &str = "handling, review, re-review opinion and date";
const MEDIATION: &str = "handed to mediation and mediation ended, with dates, nothing more";
/// What the petitioner brought along.
const BROUGHT: &str = "the number, which who asks has";
/// The same facts in one word.
const SUMMARY: &str = "which of these was the last";

/// Path, shape, and the row it belongs to.
const ALLOWED: [(&str, &str, &str); 15] = [
    ("number", "string", BROUGHT),
    ("state", "enum PetitionState", SUMMARY),
    ("state_text", "string", SUMMARY),
    ("registered_on", "string", REGISTERED),
    ("accepted_on", "string", NOTICES),
    ("extended_on", "string", EXTENSION),
    ("concluded_on", "string", OPINIONS),
    ("mediation_from", "string", MEDIATION),
    ("mediation_until", "string", MEDIATION),
    ("transferred_on", "repeated string", TRANSFERS),
    ("refused_on", "string", NOTICES),
    ("no_longer_accepted_on", "string", NOTICES),
    ("opinion_on", "string", OPINIONS),
    ("reviewed_on", "string", OPINIONS),
    ("rereviewed_on", "string", OPINIONS),
];

/// Every message of the contract, by full name.
fn messages() -> BTreeMap<String, DescriptorProto> {
    fn add(all: &mut BTreeMap<String, DescriptorProto>, package: &str, message: &DescriptorProto) {
        let name = format!("{package}.{}", message.name());
        for nested in &message.nested_type {
            add(all, &name, nested);
        }
        all.insert(name, message.clone());
    }
    let mut all = BTreeMap::new();
    for file in FileDescriptorSet::decode(DESCRIPTOR).unwrap().file {
        for message in &file.message_type {
            add(&mut all, &format!(".{}", file.package()), message);
        }
    }
    all
}

/// Every field that a message can hold, with its path and its shape.
fn walk(
    all: &BTreeMap<String, DescriptorProto>,
    message: &str,
    path: &str,
    seen: &mut Vec<String>,
    fields: &mut Vec<(String, String)>,
) {
    assert!(!seen.iter().any(|known| known == message), "{message} holds itself: it could hold anything");
    let descriptor = all.get(message).unwrap_or_else(|| panic!("{path}: {message} is not a message of the contract"));
    seen.push(message.to_owned());
    for field in &descriptor.field {
        let path = format!("{path}{}", field.name());
        let repeated = if field.label() == Label::Repeated { "repeated " } else { "" };
        let shape = match field.r#type() {
            Type::Message | Type::Group => {
                fields.push((path.clone(), format!("{repeated}message")));
                walk(all, field.type_name(), &format!("{path}."), seen, fields);
                continue;
            }
            Type::Enum => format!("enum {}", field.type_name().rsplit('.').next().unwrap()),
            other => format!("{other:?}").to_lowercase(),
        };
        fields.push((path, format!("{repeated}{shape}")));
    }
    seen.pop();
}

#[test]
fn nothing_but_the_fields_of_the_law_can_leave() {
    let all = messages();
    let mut fields = Vec::new();
    walk(&all, ".fengqiao.intake.v1.LookUpStatusResponse", "", &mut Vec::new(), &mut fields);
    let mut unknown: Vec<_> =
        fields.iter().filter(|(path, shape)| !ALLOWED.iter().any(|(p, s, _)| p == path && s == shape)).collect();
    assert!(unknown.is_empty(), "without a row of D§2.6: {:?}", std::mem::take(&mut unknown));
    for (path, shape, row) in ALLOWED {
        assert!(fields.iter().any(|(p, s)| p == path && s == shape), "{path} ({row}) is in the list but not in the contract");
    }
    // And nothing can leave beside it: the call answers once, with this message.
    let services = FileDescriptorSet::decode(DESCRIPTOR).unwrap().file.into_iter().flat_map(|file| file.service);
    let calls: Vec<_> = services.flat_map(|service| service.method).filter(|m| m.name().starts_with("LookUp")).collect();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].output_type(), calls[0].server_streaming()), (".fengqiao.intake.v1.LookUpStatusResponse", false));
}
