//! Makes `data/counties.csv` and `data/townships.csv.gz` from their sources; run it again with newer ones and look at the difference.
//!
//!     cargo run -p fengqiao-identifiers --example make_divisions -- STATISTICS AREACODES.csv shared/identifiers/data
//!
//! STATISTICS is a folder with provinces.csv, cities.csv, areas.csv and streets.csv of github.com/modood/Administrative-divisions-of-China
//! (WTFPL; the statistics bureau's codes of 2023); AREACODES.csv is result.csv of github.com/yescallop/areacodes (CC0; the civil
//! affairs ministry's codes, 1981 to 2024, with the years of their use and their successors).

use flate2::{Compression, GzBuilder};
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// The first year of the history: what is in use in it may be older.
const FIRST_YEAR: &str = "1981";

/// One code under one name.
#[derive(Clone, PartialEq, Eq)]
struct Era {
    name: String,
    from: String,
    until: String,
    successors: String,
    statistical: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [statistics, history, data] = arguments.as_slice() else {
        return Err("three arguments are needed: STATISTICS AREACODES.csv DATA".into());
    };
    let mut eras = eras(history)?;
    let withheld = add_statistical(&mut eras, statistics)?;
    let mut text = String::from(
        "# Provinces, prefectures and counties since 1981: code,name,from,until,successors,s for statistical areas. Years: of the first\n\
         # and of the last use. Made by examples/make_divisions.rs; sources and licences in DIVISIONS-LICENCE. Do not edit: an office's\n\
         # own file (FENGQIAO_DIVISIONS_FILE) goes before it.\n",
    );
    for (code, eras) in &eras {
        for era in eras {
            let statistical = if era.statistical { "s" } else { "" };
            let line = format!("{code},{},{},{},{},{statistical}", era.name, era.from, era.until, era.successors);
            writeln!(text, "{}", line.trim_end_matches(','))?;
        }
    }
    fs::write(data.join("counties.csv"), &text)?;
    let streets = streets(statistics)?;
    let file = fs::File::create(data.join("townships.csv.gz"))?;
    let mut packed = GzBuilder::new().mtime(0).write(file, Compression::best());
    packed.write_all(streets.as_bytes())?;
    packed.finish()?;
    println!("{} codes of counties and above, {withheld} statistical areas; {} townships", eras.len(), streets.lines().count());
    Ok(())
}

/// The form of a six-digit code here: without the zeros that fill it up.
fn short(code: &str) -> &str {
    code.strip_suffix("0000").or_else(|| code.strip_suffix("00")).unwrap_or(code)
}

/// Codes and names with the years of their use; rows that differ in the prefecture's name only are one.
fn eras(history: &Path) -> Result<BTreeMap<String, Vec<Era>>, Box<dyn Error>> {
    let text = fs::read_to_string(history)?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut eras: BTreeMap<String, Vec<Era>> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let code = short(cell(0)).to_owned();
        // A successor with a year in brackets took a part of the area before.
        let successors: Vec<&str> = cell(8).split(';').filter(|c| !c.is_empty() && !c.contains('[')).map(short).collect();
        let successors = if cell(7).is_empty() { String::new() } else { successors.join(";") };
        let from = if cell(6) == FIRST_YEAR { "" } else { cell(6) }.to_owned();
        let era = Era { name: cell(3).to_owned(), from, until: cell(7).to_owned(), successors, statistical: false };
        eras.entry(code).or_default().push(era);
    }
    for (code, eras) in &mut eras {
        eras.sort_by(|a, b| a.from.cmp(&b.from));
        eras.dedup_by(|later, earlier| {
            let same = later.name == earlier.name && later.from == earlier.until;
            if same {
                earlier.until.clone_from(&later.until);
                earlier.successors.clone_from(&later.successors);
            }
            same
        });
        for era in eras.iter_mut().filter(|era| era.successors == *code) {
            // Only its name changed.
            era.successors.clear();
        }
    }
    Ok(eras)
}

/// What statistics know besides; a code that was withdrawn and is still in statistics is set beside its history.
fn add_statistical(eras: &mut BTreeMap<String, Vec<Era>>, folder: &Path) -> Result<usize, Box<dyn Error>> {
    let mut added = 0;
    for file in ["provinces.csv", "cities.csv", "areas.csv"] {
        for record in csv::Reader::from_path(folder.join(file))?.records() {
            let record = record?;
            let (code, name) = (&record[0], &record[1]);
            let known = eras.entry(code.to_owned()).or_default();
            if !known.iter().any(|era| era.until.is_empty()) {
                let nothing = String::new();
                let (from, until, successors) = (nothing.clone(), nothing.clone(), nothing);
                known.push(Era { name: name.to_owned(), from, until, successors, statistical: true });
                added += 1;
            }
        }
    }
    Ok(added)
}

fn streets(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut lines = BTreeSet::new();
    for record in csv::Reader::from_path(folder.join("streets.csv"))?.records() {
        let record = record?;
        if record[1].contains([',', '"']) {
            return Err(format!("{}: a name with a comma or quotation mark", &record[0]).into());
        }
        lines.insert(format!("{},{}\n", &record[0], &record[1]));
    }
    Ok(lines.into_iter().collect())
}
