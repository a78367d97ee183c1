//! Ledgers: those of `../shared`, with the figures they must give, and made ones.

use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A ledger of `../shared` and what must come of it; none where that directory is absent, which is then said.
pub fn shared(file: &str) -> Option<(PathBuf, Value)> {
    let ledgers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ledgers");
    if !ledgers.parent().is_some_and(Path::is_dir) {
        println!("ledger tests: ../shared is not here, not run");
        return None;
    }
    let stem = file.split('.').next().unwrap_or(file);
    let expected = ledgers.join(format!("{stem}.expected.json"));
    let text = fs::read_to_string(&expected).unwrap_or_else(|error| panic!("{}: {error}", expected.display()));
    Some((ledgers.join(file), serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", expected.display()))))
}

/// The columns of a made ledger.
pub const HEADER: &str = "external_ref,registered_at,division_code,channel,matter_class,category,title,narrative,petitioner,\
    person_count,responsible_unit,accepted_at,opinion_at,conclusion";

/// Random numbers that are the same in every run with the same seed.
pub struct Dice(u64);

impl Dice {
    /// Thrown the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number below the limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// A ledger of so many petitions of the years 2018 and 2019, the same for the same seed.
pub fn made(rows: usize, seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut text = format!("{HEADER}\n");
    let day = |n: u64| format!("{}-{:02}-{:02}", 2018 + n / 336, n % 336 / 28 + 1, n % 28 + 1);
    for row in 1..=rows {
        let registered = dice.below(600);
        let closed = registered + dice.below(120);
        let (opinion, conclusion) = match dice.below(4) {
            0 => (String::new(), ""),
            1 => (day(closed), "settled"),
            _ => (day(closed), "replied"),
        };
        let (township, unit) = (101 + dice.below(8), dice.below(9));
        let registered = day(registered);
        let _ = writeln!(
            text,
            "R{row},{registered},320831{township},visit,appeal,类别{unit},反映事项{row},\"第{row}件，\n雨天积水\",信访人{row},1,单位{unit},{registered},{opinion},{conclusion}",
        );
    }
    text
}
