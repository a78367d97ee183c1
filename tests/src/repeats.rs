//! Real messages of `../shared`, which of them are one matter by a person's reading, and how well the likeness of texts tells it.

use fengqiao_likeness as likeness;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
};

/// The files, each with its letter in the labels.
const FILES: [(&str, &str); 3] = [("u", "messages_unlabelled.csv"), ("v", "messages_with_votes.csv"), ("r", "replies.csv")];

/// One message, as it came.
#[derive(Clone, Debug)]
pub struct Message {
    /// Letter of its file, and its number there.
    pub key: (String, String),
    /// Who wrote it, by a name that stands for one account.
    pub user: String,
    pub title: String,
    pub body: String,
}

/// Where the messages are; none where `../shared` is absent.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/taidi2020c");
    folder.is_dir().then_some(folder)
}

/// All messages, in the order of the files.
pub fn messages(folder: &Path) -> Vec<Message> {
    let mut all = Vec::new();
    for (letter, file) in FILES {
        let mut reader = csv::Reader::from_path(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for record in reader.records() {
            let record = record.unwrap_or_else(|error| panic!("{file}: {error}"));
            let field = |at: usize| record.get(at).unwrap_or_default().trim().replace("_x000D_", "");
            let body = field(4).split_whitespace().collect();
            all.push(Message { key: (letter.to_owned(), field(0)), user: field(1), title: field(2), body });
        }
    }
    all
}

/// Two messages as a person read them.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// Which messages.
    pub pair: (usize, usize),
    /// For how many pairs of about this likeness it stands.
    pub stands_for: f64,
    /// Whether they are one matter.
    pub same: bool,
}

/// The labels of `tests/repeats/labels.csv`. The pairs were drawn at random from strata of likeness (by another measure than the
/// one that is tried here, over the whole text), and read: title and the first line or two of each.
pub fn labels(messages: &[Message]) -> Vec<Label> {
    let places: HashMap<(&str, &str), usize> =
        messages.iter().enumerate().map(|(at, message)| ((message.key.0.as_str(), message.key.1.as_str()), at)).collect();
    include_str!("../repeats/labels.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let [file_a, id_a, file_b, id_b, weight, same] = cells[..] else { panic!("{line}: six cells") };
            let pair = (places[&(file_a, id_a)], places[&(file_b, id_b)]);
            Label { pair, stands_for: weight.parse().expect("a weight is a number"), same: same == "yes" }
        })
        .collect()
}

/// The tokens by which each message is compared.
pub fn heads(messages: &[Message]) -> Vec<Vec<String>> {
    messages.iter().map(|message| likeness::head(&message.title, &message.body).into_iter().collect()).collect()
}

/// Pairs whose bodies are the same to the character, white space aside.
pub fn duplicates(messages: &[Message]) -> BTreeSet<(usize, usize)> {
    let mut by_body: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, message) in messages.iter().enumerate().filter(|(_, message)| !message.body.is_empty()) {
        by_body.entry(&message.body).or_default().push(at);
    }
    let pairs = |group: Vec<usize>| (1..group.len()).flat_map(move |b| (0..b).map(|a| (group[a], group[b])).collect::<Vec<_>>());
    by_body.into_values().flat_map(pairs).collect()
}

/// Every pair whose score is at least this, with it.
pub fn alike(heads: &[Vec<String>], least: u32) -> Vec<((usize, usize), u32)> {
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    let (mut found, mut shared) = (Vec::new(), vec![0u32; heads.len()]);
    for (b, head) in heads.iter().enumerate() {
        let mut touched = Vec::new();
        for token in head {
            let holders = holders.entry(token).or_default();
            for a in holders.iter() {
                if shared[*a] == 0 {
                    touched.push(*a);
                }
                shared[*a] += 1;
            }
            holders.push(b);
        }
        for a in touched {
            let together = heads[a].len() + head.len() - shared[a] as usize;
            // Only those are compared token by token that can reach it.
            if shared[a] as usize * 1000 >= least as usize * together {
                found.push(((a, b), likeness::score(&heads[a], head)));
            }
            shared[a] = 0;
        }
    }
    found
}

/// How many of those said to be alike are, and how many of those that are were said to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quality {
    pub precision: f64,
    pub recall: f64,
}

impl Quality {
    fn of(said: impl IntoIterator<Item = (bool, bool, f64)>) -> Self {
        let (mut right, mut said_alike, mut are) = (0.0, 0.0, 0.0);
        for (said, is, weight) in said {
            right += if said && is { weight } else { 0.0 };
            said_alike += if said { weight } else { 0.0 };
            are += if is { weight } else { 0.0 };
        }
        Self { precision: right / f64::max(said_alike, 1e-9), recall: right / f64::max(are, 1e-9) }
    }

    /// Against the labels, as drawn or weighted to all pairs that the sample stands for.
    pub fn by_labels(labels: &[Label], heads: &[Vec<String>], least: u32, weighted: bool) -> Self {
        Self::of(labels.iter().map(|label| {
            let score = likeness::score(&heads[label.pair.0], &heads[label.pair.1]);
            (score >= least, label.same, if weighted { label.stands_for } else { 1.0 })
        }))
    }

    /// Against the pairs that are the same to the character, of all pairs.
    pub fn by_duplicates(duplicates: &BTreeSet<(usize, usize)>, alike: &[((usize, usize), u32)], least: u32) -> Self {
        let said: Vec<_> = alike.iter().filter(|(_, score)| *score >= least).collect();
        let right = said.iter().filter(|(pair, _)| duplicates.contains(pair)).count();
        let ratio = |of: usize| right as f64 / f64::max(of as f64, 1e-9);
        Self { precision: ratio(said.len()), recall: ratio(duplicates.len()) }
    }
}
