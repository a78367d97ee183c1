//! How well the likeness of texts tells that two petitions are one matter: precision and recall over the real messages of `../shared`,
//! against the pairs whose bodies are the same to the character, and against pairs that a person read (tests/repeats/labels.csv).

use clap::Parser;
use fengqiao_likeness::{ALIKE, ALIKE_SAME_PERSON, HEAD};
use fengqiao_tests::repeats::{Quality, alike, duplicates, folder, heads, labels, messages};
use std::process::ExitCode;

/// Prints precision and recall of the likeness of texts, by threshold, over the messages of ../shared.
///
/// A score is the share of words that two texts have in common, in thousandths: pairs of Chinese characters, whole words and numbers
/// of the title and the first 60 characters of the narrative, without words that stand in every petition. A text alone makes a
/// candidate from 120 on, a text of the same person from 80 on: these are the thresholds of FindSimilar, chosen from what this prints.
#[derive(Parser)]
struct Args {}

const THRESHOLDS: [u32; 10] = [60, ALIKE_SAME_PERSON, 100, ALIKE, 140, 160, 200, 300, 500, 700];

fn main() -> ExitCode {
    Args::parse();
    let Some(folder) = folder() else {
        eprintln!("../shared is not here: nothing to evaluate");
        return ExitCode::FAILURE;
    };
    let messages = messages(&folder);
    let (heads, labels, duplicates) = (heads(&messages), labels(&messages), duplicates(&messages));
    let tokens: usize = heads.iter().map(Vec::len).sum();
    let same = labels.iter().filter(|label| label.same).count();
    println!(
        "{} messages; {:.1} words each in title and the first {HEAD} characters",
        messages.len(),
        tokens as f64 / heads.len() as f64
    );
    println!("{} pairs of the same body; {} pairs read, {same} of them one matter", duplicates.len(), labels.len());
    let alike = alike(&heads, THRESHOLDS[0]);
    println!("\n{:>9} {:>10} | {:^19} | {:^19} | {:^19}", "", "", "same body", "read, as drawn", "read, weighted");
    let head = "precision    recall";
    println!("{:>9} {:>10} | {head} | {head} | {head}", "score >=", "pairs");
    for least in THRESHOLDS {
        let pairs = alike.iter().filter(|(_, score)| *score >= least).count();
        let columns = [
            Quality::by_duplicates(&duplicates, &alike, least),
            Quality::by_labels(&labels, &heads, least, false),
            Quality::by_labels(&labels, &heads, least, true),
        ];
        let columns = columns.map(|q| format!("{:>9.3} {:>9.3}", q.precision, q.recall)).join(" | ");
        let mark = match least {
            ALIKE => "  <- a text alone",
            ALIKE_SAME_PERSON => "  <- of the same person",
            _ => "",
        };
        println!("{least:>9} {pairs:>10} | {columns}{mark}");
    }
    println!(
        "\nprecision against the same body counts every pair of one matter in other words as wrong; weighted: to all pairs that the"
    );
    println!("sample stands for, which are those that share at least three rare words and a little of the rest");
    ExitCode::SUCCESS
}
