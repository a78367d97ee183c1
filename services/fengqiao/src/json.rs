//! Messages of the contract as JSON and back: the canonical mapping of protobuf with the field names of the protos, every
//! field present, and 64-bit integers as JSON integers.

use anyhow::Context as _;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use std::sync::LazyLock;

static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(fengqiao_proto::DESCRIPTOR).expect("the contract in this binary decodes"));

fn descriptor(name: &str) -> anyhow::Result<MessageDescriptor> {
    POOL.get_message_by_name(&format!("fengqiao.{name}")).with_context(|| format!("the contract has no message {name}"))
}

/// The message, named without the leading `fengqiao.`, as indented JSON.
pub fn pretty<M: Message>(name: &str, message: &M) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    dynamic(name, message)?.serialize_with_options(&mut serde_json::Serializer::pretty(&mut bytes), &options())?;
    Ok(String::from_utf8(bytes)?)
}

/// The message as JSON on one line.
pub fn line<M: Message>(name: &str, message: &M) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    dynamic(name, message)?.serialize_with_options(&mut serde_json::Serializer::new(&mut bytes), &options())?;
    Ok(String::from_utf8(bytes)?)
}

/// Reads a message from JSON; an unknown field is an error that names it.
pub fn parse<M: Message + Default>(name: &str, text: &str) -> anyhow::Result<M> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let message = DynamicMessage::deserialize(descriptor(name)?, &mut deserializer)?;
    deserializer.end()?;
    Ok(M::decode(message.encode_to_vec().as_slice())?)
}

fn dynamic<M: Message>(name: &str, message: &M) -> anyhow::Result<DynamicMessage> {
    Ok(DynamicMessage::decode(descriptor(name)?, message.encode_to_vec().as_slice())?)
}

fn options() -> SerializeOptions {
    SerializeOptions::new().stringify_64_bit_integers(false).use_proto_field_name(true).skip_default_fields(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_proto::{
        intake::v1::{LogPetitionRequest, NewPetition, Petition, PetitionState},
        reporting::v1::{GetFreshnessResponse, LogFreshness},
    };

    #[test]
    fn keys_are_those_of_the_protos_and_always_there() {
        let log = LogFreshness { log: "intake".to_owned(), position: i64::MAX, ..Default::default() };
        let text = line("reporting.v1.GetFreshnessResponse", &GetFreshnessResponse { logs: vec![log] }).unwrap();
        assert_eq!(
            text,
            r#"{"logs":[{"log":"intake","position":9223372036854775807,"head_position":0,"lag_seconds":0,"status":"","stuck":0}]}"#
        );
        let petition = Petition { state: PetitionState::Accepted.into(), ..Default::default() };
        let value: serde_json::Value = serde_json::from_str(&pretty("intake.v1.Petition", &petition).unwrap()).unwrap();
        assert_eq!((&value["state"], &value["number"]), (&"PETITION_STATE_ACCEPTED".into(), &"".into()));
        assert_eq!((&value["history"], value.get("handling")), (&serde_json::json!([]), None));
    }

    #[test]
    fn reading_is_the_way_back_and_strict() {
        let request = LogPetitionRequest {
            petition: Some(NewPetition { title: "一".to_owned(), person_count: 2, ..Default::default() }),
            ..Default::default()
        };
        let text = line("intake.v1.LogPetitionRequest", &request).unwrap();
        assert_eq!(parse::<LogPetitionRequest>("intake.v1.LogPetitionRequest", &text).unwrap(), request);
        let wrong = parse::<NewPetition>("intake.v1.NewPetition", r#"{"titel":"一"}"#).unwrap_err();
        assert!(wrong.to_string().contains("titel"), "{wrong}");
    }
}
