//! Ledgers: those of `../shared`, with the figures they must give, and made ones.

use fengqiao_model::Day;
use serde_json::Value;
use std::{
    collections::BTreeMap,
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

/// The columns of a made ledger of petitions.
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

/// The columns of a made ledger of petitions with all that can befall one.
const VARIED_HEADER: &str = "external_ref,registered_at,division_code,channel,matter_class,category,title,narrative,petitioner,\
    person_count,responsible_unit,accepted_at,opinion_at,conclusion,extended_to,delivered_at,review_requested_at,review_at,\
    rereview_requested_at,rereview_at,rating_office,rating_unit";

/// A ledger of petitions of the years 2022 to 2024, invented, of every class and with every conclusion but void, extended, rated,
/// reviewed and re-reviewed; the same for the same seed.
pub fn varied(rows: usize, seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut text = format!("{VARIED_HEADER}\n");
    let first: Day = "2022-06-01".parse().unwrap_or_else(|_| unreachable!("a day of the calendar"));
    for row in 1..=rows {
        let mut draw = |below: u64| i32::try_from(dice.below(below)).unwrap_or(0);
        let (registered, channel, unit) = (first.plus_days(draw(700)), draw(8), draw(5));
        let (township, persons) = (101 + draw(3), 1 + draw(12));
        let accepted = registered.plus_days(draw(24));
        let mut cells: BTreeMap<&str, String> = BTreeMap::new();
        let mut put = |column, day: Day| cells.insert(column, day.to_string());
        let (mut class, mut conclusion) = ("appeal", "");
        let kind = draw(14);
        if !matches!(kind, 4..=7 | 9 | 12) {
            put("accepted_at", accepted);
        }
        let mut end = accepted.plus_days(1 + draw(80));
        match kind {
            // More time is granted; the opinion comes before or after it.
            1 => {
                let to = accepted.plus_days(61 + draw(30));
                put("extended_to", to);
                end = to.plus_days(draw(12) - 6);
                conclusion = "replied";
            }
            0 | 2 | 3 | 13 => conclusion = "replied",
            4 => (conclusion, end) = ("refused", registered.plus_days(draw(25))),
            5 => (conclusion, end) = ("no_longer_accepted", registered.plus_days(draw(25))),
            6 => (conclusion, end) = ("diverted", registered.plus_days(draw(25))),
            7 => (conclusion, end) = ("consult_only", registered.plus_days(draw(9))),
            8 => (class, conclusion) = ("suggestion", "answered"),
            9 => (class, conclusion, end) = ("allegation", "forwarded", registered.plus_days(draw(25))),
            10 => conclusion = "settled",
            11 => conclusion = "withdrawn",
            _ => {}
        }
        if matches!(kind, 2 | 3 | 13) {
            let delivered = end.plus_days(draw(5));
            put("delivered_at", delivered);
            let asked = delivered.plus_days(draw(28));
            put("review_requested_at", asked);
            if kind != 13 {
                let reviewed = asked.plus_days(draw(45));
                put("review_at", reviewed);
                if kind == 2 {
                    let again = reviewed.plus_days(draw(28));
                    put("rereview_requested_at", again);
                    if draw(4) > 0 {
                        put("rereview_at", again.plus_days(draw(45)));
                    }
                }
            }
        }
        if !conclusion.is_empty() {
            put("opinion_at", end);
        }
        if matches!(kind, 0 | 2 | 8 | 10) {
            for column in ["rating_office", "rating_unit"] {
                cells.insert(column, ["satisfied", "basically", "dissatisfied", ""][draw(4).unsigned_abs() as usize].to_owned());
            }
        }
        let channel =
            ["online", "letter", "visit", "phone", "hotline", "transfer", "station", "other"][channel.unsigned_abs() as usize];
        for (column, cell) in [
            ("external_ref", format!("V{row}")),
            ("registered_at", registered.to_string()),
            ("division_code", format!("320831{township}")),
            ("channel", channel.to_owned()),
            ("matter_class", class.to_owned()),
            ("title", format!("反映事项{row}")),
            ("petitioner", format!("化名{row}")),
            ("person_count", persons.to_string()),
            ("responsible_unit", format!("单位{unit}")),
            ("conclusion", conclusion.to_owned()),
        ] {
            cells.insert(column, cell);
        }
        let line: Vec<&str> = VARIED_HEADER.split(',').map(|column| cells.get(column).map_or("", String::as_str)).collect();
        let _ = writeln!(text, "{}", line.join(","));
    }
    text
}

/// The columns of a made ledger of cases.
pub const CASE_HEADER: &str = "external_ref,root_ref,applied_at,source,dispute_type,force,body,division_code,party_count,narrative,\
    accepted_at,concluded_at,outcome,agreement_form,amount_yuan,handed_on_to";

/// A ledger of so many cases of the years 2018 and 2019, the same for the same seed. Every tenth fails in its village and is taken
/// up by the township, under one root_ref.
pub fn made_cases(rows: usize, seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut text = format!("{CASE_HEADER}\n");
    let day = |n: u64| format!("{}-{:02}-{:02}", 2018 + n / 336, n % 336 / 28 + 1, n % 28 + 1);
    let mut row = 0;
    while row < rows {
        row += 1;
        let (applied, township) = (dice.below(600), 101 + dice.below(8));
        let (accepted, concluded) = (applied + dice.below(5), applied + 5 + dice.below(40));
        let kind = ["T01", "T02", "T03", "T06"][usize::try_from(dice.below(4)).unwrap_or(0)];
        let handed_on = row % 10 == 0 && row < rows;
        let (outcome, form, amount) = match dice.below(6) {
            _ if handed_on => ("failed", "", String::new()),
            0 => ("", "", String::new()),
            1 => ("failed", "", String::new()),
            2 => ("agreed", "oral", String::new()),
            _ => ("agreed", "written", format!("{}.50", dice.below(90_000))),
        };
        let end = if outcome.is_empty() { String::new() } else { day(concluded) };
        let root = if handed_on { format!("G{row}") } else { String::new() };
        let mut line = |row: usize, applied: &str, body: &str, accepted: &str, end: &str, rest: &str| {
            let _ = writeln!(
                text,
                "C{row},{root},{applied},applied,{kind},people,{body},320831{township},2,\"第{row}件，\n雨天积水\",{accepted},{end},{rest}"
            );
        };
        let (village, above) = (format!("村调委会{}", dice.below(20)), format!("镇调委会{township}"));
        let to = if handed_on { above.as_str() } else { "" };
        line(row, &day(applied), &village, &day(accepted), &end, &format!("{outcome},{form},{amount},{to}"));
        if handed_on {
            row += 1;
            line(row, &end, &above, &end, &day(concluded + 10), "agreed,written,100,");
        }
    }
    text
}
