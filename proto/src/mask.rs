//! Field masks: an answer cut down to the fields that were asked for. It works on any message of the contract, by its descriptor, so
//! that a new field needs no line here.

use crate::DESCRIPTOR;
use prost::{
    Message,
    encoding::{WireType, decode_key, decode_varint, encode_key, encode_varint},
};
use prost_types::{DescriptorProto, FieldMask, FileDescriptorSet, field_descriptor_proto::Type};
use std::{collections::BTreeMap, sync::LazyLock};

/// Paths of one mask at most.
const PATHS: usize = 200;

/// The fields of one message by name.
type Fields = BTreeMap<String, (u32, String)>;

/// The fields of every message: name, number, and the message where the field is one.
static FIELDS: LazyLock<BTreeMap<String, Fields>> = LazyLock::new(|| {
    let set = FileDescriptorSet::decode(DESCRIPTOR).expect("the contract in this binary decodes");
    let named = |package: &str, message: DescriptorProto| {
        let fields = message.field.into_iter().map(|field| {
            let inner = if field.r#type() == Type::Message {
                field.type_name().trim_start_matches('.').to_owned()
            } else {
                String::new()
            };
            (field.name().to_owned(), (u32::try_from(field.number()).unwrap_or(0), inner))
        });
        (format!("{package}.{}", message.name.unwrap_or_default()), fields.collect())
    };
    let files = set.file.into_iter();
    files
        .flat_map(|file| {
            let package = file.package.unwrap_or_default();
            file.message_type.into_iter().map(move |m| named(&package, m)).collect::<Vec<_>>()
        })
        .collect()
});

/// Which fields of a message are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    /// `None`: all of them.
    wanted: Option<BTreeMap<u32, Mask>>,
}

impl Mask {
    /// Reads a mask for a message such as `fengqiao.intake.v1.Petition`; empty or `*` is everything. Errors: what is wrong with it.
    pub fn read(message: &str, mask: Option<&FieldMask>) -> Result<Self, String> {
        let paths = mask.map(|mask| mask.paths.as_slice()).unwrap_or_default();
        if paths.is_empty() || paths.iter().any(|path| path == "*") {
            return Ok(Self::default());
        }
        if paths.len() > PATHS {
            return Err(format!("must have at most {PATHS} paths"));
        }
        let mut whole = Self { wanted: Some(BTreeMap::new()) };
        for path in paths {
            let mut numbers = Vec::new();
            let mut message = message;
            for name in path.split('.') {
                let found = FIELDS.get(message).and_then(|fields| fields.get(name));
                let (number, inner) =
                    found.ok_or("must name fields of the message, with a dot between a field and one of its own")?;
                numbers.push(*number);
                message = inner;
            }
            whole.add(&numbers);
        }
        Ok(whole)
    }

    /// Adds a path; one that ends at a field takes all of it.
    fn add(&mut self, numbers: &[u32]) {
        match (numbers, &mut self.wanted) {
            (_, None) => {}
            ([], wanted) => *wanted = None,
            ([first, rest @ ..], Some(wanted)) => {
                wanted.entry(*first).or_insert_with(|| Self { wanted: Some(BTreeMap::new()) }).add(rest);
            }
        }
    }

    /// Whether everything is wanted.
    pub fn is_whole(&self) -> bool {
        self.wanted.is_none()
    }

    /// Whether anything of this field of the message is wanted.
    pub fn wants(&self, message: &str, field: &str) -> bool {
        let number = FIELDS.get(message).and_then(|fields| fields.get(field)).map(|(number, _)| number);
        self.wanted.as_ref().is_none_or(|wanted| number.is_some_and(|number| wanted.contains_key(number)))
    }

    /// The message with what is wanted of it.
    pub fn apply<M: Message + Default>(&self, message: M) -> M {
        if self.is_whole() {
            return message;
        }
        let bytes = self.cut(&message.encode_to_vec());
        M::decode(bytes.as_slice()).expect("a part of a message is one")
    }

    fn cut(&self, mut bytes: &[u8]) -> Vec<u8> {
        let Some(wanted) = &self.wanted else { return bytes.to_vec() };
        let mut kept = Vec::new();
        while !bytes.is_empty() {
            let begin = bytes;
            let Ok((number, wire)) = decode_key(&mut bytes) else { break };
            let content = match wire {
                WireType::Varint => decode_varint(&mut bytes).map(|_| None),
                WireType::LengthDelimited => decode_varint(&mut bytes).map(|length| usize::try_from(length).ok()),
                WireType::ThirtyTwoBit => Ok(Some(4)),
                WireType::SixtyFourBit => Ok(Some(8)),
                _ => break,
            };
            let Ok(content) = content else { break };
            let (inner, rest) = bytes.split_at(content.unwrap_or(0).min(bytes.len()));
            bytes = rest;
            match wanted.get(&number) {
                None => {}
                Some(mask) if mask.is_whole() || wire != WireType::LengthDelimited => {
                    kept.extend_from_slice(&begin[..begin.len() - bytes.len()]);
                }
                Some(mask) => {
                    let part = mask.cut(inner);
                    encode_key(number, WireType::LengthDelimited, &mut kept);
                    encode_varint(part.len() as u64, &mut kept);
                    kept.extend_from_slice(&part);
                }
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        common::v1::ClockTerms,
        intake::v1::{Party, Petition},
    };

    const PETITION: &str = "fengqiao.intake.v1.Petition";

    fn mask(paths: &[&str]) -> Result<Mask, String> {
        Mask::read(PETITION, Some(&FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() }))
    }

    fn petition() -> Petition {
        let handling =
            ClockTerms { rule: "P-06".to_owned(), legal_due: "2026-05-06".to_owned(), provisional: true, ..Default::default() };
        let party = |name: &str| Party { name: name.to_owned(), phone: "1".to_owned(), ..Default::default() };
        Petition {
            number: "号-1".to_owned(),
            state: 2,
            person_count: 3,
            handling: Some(handling),
            parties: vec![party("甲"), party("乙")],
            ..Default::default()
        }
    }

    #[test]
    fn what_is_asked_for_stays() {
        let cut = mask(&["number", "handling.legal_due", "parties.name"]).unwrap().apply(petition());
        let expected = Petition {
            number: "号-1".to_owned(),
            handling: Some(ClockTerms { legal_due: "2026-05-06".to_owned(), ..Default::default() }),
            parties: ["甲", "乙"].map(|name| Party { name: name.to_owned(), ..Default::default() }).to_vec(),
            ..Default::default()
        };
        assert_eq!(cut, expected);
        assert_eq!(
            mask(&["state", "person_count"]).unwrap().apply(petition()),
            Petition { state: 2, person_count: 3, ..Default::default() }
        );
    }

    #[test]
    fn nothing_and_a_star_are_everything() {
        for whole in [mask(&[]), mask(&["number", "*"]), Mask::read(PETITION, None)] {
            assert_eq!(whole.unwrap().apply(petition()), petition());
        }
        assert_eq!(mask(&["handling.rule", "handling"]).unwrap().apply(petition()).handling, petition().handling);
        assert_eq!(mask(&["handling", "handling.rule"]).unwrap().apply(petition()).handling, petition().handling);
    }

    #[test]
    fn only_fields_can_be_named() {
        for wrong in ["", "nmuber", "number.first", "handling.", ".number", "handling.nothing", "Number"] {
            assert!(mask(&[wrong]).is_err(), "{wrong}");
        }
        assert!(mask(&vec!["number"; PATHS + 1]).is_err());
        let some = mask(&["parties.name"]).unwrap();
        assert!(some.wants(PETITION, "parties") && !some.wants(PETITION, "title") && mask(&[]).unwrap().wants(PETITION, "title"));
    }
}
