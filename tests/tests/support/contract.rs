//! The contract and its handlers as text: calls, the permissions they name and check, the reasons of errors.

use super::sources::{Source, without_comment};
use std::collections::BTreeSet;

/// `NotFound` → `NOT_FOUND`.
pub fn upper_snake(camel: &str) -> String {
    let mut text = String::new();
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// Each call of a proto file: its line, name and comment.
pub fn rpcs(contract: &Source) -> Vec<(usize, String, String)> {
    let (mut comment, mut found) = (String::new(), Vec::new());
    for (number, line) in contract.lines().map(|(number, line)| (number, line.trim())) {
        if let Some(text) = line.strip_prefix("//") {
            comment.push_str(text);
        } else {
            if let Some(rest) = line.strip_prefix("rpc ") {
                let name = rest.split('(').next().unwrap_or_default().trim();
                found.push((number, name.to_owned(), comment.clone()));
            }
            comment.clear();
        }
    }
    found
}

/// `Permission: look-up.` or `the permission look-up.` → `LookUp`.
pub fn permission_named(comment: &str) -> Option<String> {
    let lower = comment.to_lowercase();
    let after = lower.rsplit_once("permission")?.1.trim_start_matches([':', ' ']);
    let name = after.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().filter(|name| name.contains('-'))?;
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
    Some(name.split('-').filter(|part| !part.is_empty()).map(capital).collect())
}

/// The line of the method of a call, and every permission named in its body.
pub fn permissions_checked(handler: &Source, call: &str) -> Option<(usize, BTreeSet<String>)> {
    const PERMISSIONS: &[&str] = &[
        "WritePetitions",
        "DecidePetitions",
        "SupervisePetitions",
        "ManageUnits",
        "ReadPetitions",
        "LookUp",
        "ReadFigures",
        "ExplainFigures",
        "FollowLog",
        "WriteCases",
        "DispatchCases",
        "ReadCases",
        "ManageBodies",
        "ReadBodies",
        "ReadAudit",
    ];
    let head = format!("async fn {}(", upper_snake(call).to_lowercase());
    // The calls stand in the impl of the tonic trait, each as a method of its own.
    let mut lines = handler.code().skip_while(|(_, line)| !line.contains("#[tonic::async_trait]"));
    // Or one line of `change_calls!` or `own_calls!`, which write the method: `name(…) -> … by Permission as …;`.
    let named = format!("{}(", upper_snake(call).to_lowercase());
    let line_of_its_own = handler.code().find(|(_, line)| line.trim_start().starts_with(&named) && line.contains(" -> "));
    if let Some((number, line)) = line_of_its_own {
        let permission = line.split(" by ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        return Some((number, BTreeSet::from([permission.to_owned()])));
    }
    let (number, _) = lines.find(|(_, line)| line.contains(&head))?;
    let ends = |line: &str| line.contains("async fn ") || line.contains("_calls! {") || line == "}";
    let body = lines.take_while(|(_, line)| !ends(line));
    let words = body.flat_map(|(_, line)| without_comment(line).split(|c: char| !c.is_alphanumeric()));
    Some((number, words.filter(|word| PERMISSIONS.contains(word)).map(str::to_owned).collect()))
}
