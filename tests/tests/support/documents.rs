//! Documents for people, taken apart: fenced blocks, command lines, names of settings.

use fengqiao_service::{Lookup, Map};
use std::{collections::BTreeSet, sync::Mutex};

/// A fenced block of a Markdown text.
pub struct Block {
    /// The word after the opening fence.
    pub language: String,
    /// The last line before it that is not empty.
    pub before: String,
    /// Number of its first line.
    pub first: usize,
    /// Its lines, each with its number.
    pub lines: Vec<(usize, String)>,
}

/// The fenced blocks of a text.
pub fn blocks(text: &str) -> Vec<Block> {
    let (mut found, mut open, mut before) = (Vec::new(), None::<Block>, String::new());
    for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => found.push(block),
            (Some(language), None) => {
                let (language, before) = (language.trim().to_owned(), std::mem::take(&mut before));
                open = Some(Block { language, before, first: number + 1, lines: Vec::new() });
            }
            (None, Some(mut block)) => {
                block.lines.push((number, line.to_owned()));
                open = Some(block);
            }
            (None, None) if !line.trim().is_empty() => before = line.to_owned(),
            (None, None) => {}
        }
    }
    found
}

/// What stands between backticks outside of blocks, each with its line.
pub fn inline(text: &str) -> Vec<(usize, String)> {
    let (mut found, mut fenced) = (Vec::new(), false);
    for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(|part| (number, part.to_owned())));
        }
    }
    found
}

/// The words of a command line of `fengqiao`, also by way of `cargo run`; `None` for other commands. What a shell would do with
/// the rest of the line (comments, pipes, files) is cut off, and an ellipsis at the end as well.
pub fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    for letter in line.trim_start_matches("$ ").chars().chain([' ']) {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), letter) => word.push(letter),
            (None, '\'' | '"') => (quote, begun) = (Some(letter), true),
            (None, ' ') if begun => {
                words.push(std::mem::take(&mut word));
                begun = false;
            }
            (None, ' ') => {}
            (None, letter) => {
                word.push(letter);
                begun = true;
            }
        }
    }
    let end = words.iter().position(|word| word.starts_with(['#', '|', '>', '&', '…', ';'])).unwrap_or(words.len());
    words.truncate(end);
    let start = match words.first().map(String::as_str)? {
        "fengqiao" => 0,
        "cargo" if words.get(1).is_some_and(|word| word == "run") && !words.iter().any(|word| word == "--bin") => {
            words.iter().position(|word| word == "--")?
        }
        _ => return None,
    };
    words.drain(..=start);
    words.insert(0, "fengqiao".to_owned());
    Some(words)
}

/// The words in capitals that begin with the prefix.
pub fn environment(line: &str, prefix: &str) -> Vec<String> {
    let words = line.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_');
    words.filter(|word| word.len() > prefix.len() && word.starts_with(prefix)).map(str::to_owned).collect()
}

/// The texts in a line of code that are nothing but capitals, of four letters at least.
pub fn upper_words(line: &str) -> Vec<&str> {
    let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let upper = |text: &&str| text.len() >= 4 && text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(part);
    line.split('"').skip(1).step_by(2).filter(upper).collect()
}

/// The line without what differs from run to run: numbers before units of time, calls and rates, ports, and temporary paths
/// become `~`.
pub fn masked(line: &str) -> String {
    const UNITS: [&str; 12] = ["秒", "毫秒", "s", "ms", "seconds", "second", "calls", "calls/s", "次", "次/秒", "MiB", "MB"];
    let mut text = String::new();
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let number: usize = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
        let inside = text.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        if letter.is_ascii_digit() && !inside {
            let after = rest[number..].trim_start();
            let unit = |unit: &str| {
                let end = after.strip_prefix(unit);
                end.is_some_and(|end| !end.chars().next().is_some_and(|c| c.is_ascii_alphanumeric()) || !unit.is_ascii())
            };
            let port = text.ends_with("127.0.0.1:") || text.ends_with("localhost:");
            text.push_str(if port || UNITS.iter().any(|u| unit(u)) { "~" } else { &rest[..number] });
            rest = &rest[number..];
        } else if rest.starts_with("/tmp/") || rest.starts_with("/var/") {
            let end = rest.find(|c: char| c.is_whitespace() || "'\"`()（）,，;；".contains(c)).unwrap_or(rest.len());
            text.push('~');
            rest = &rest[end..];
        } else {
            text.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    text.trim_end().to_owned()
}

/// Settings from a map, and which names were asked for.
pub struct Recorder {
    values: Map,
    asked: Mutex<BTreeSet<String>>,
}

impl Recorder {
    /// Nothing was asked yet.
    pub fn new(values: Map) -> Self {
        Self { values, asked: Mutex::default() }
    }

    /// The names that were asked for.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.lock().expect("nobody panics while holding this").clone()
    }
}

impl Lookup for Recorder {
    fn get(&self, name: &str) -> Option<String> {
        self.asked.lock().expect("nobody panics while holding this").insert(name.to_owned());
        self.values.get(name)
    }

    fn names(&self) -> Vec<String> {
        self.values.names()
    }
}
