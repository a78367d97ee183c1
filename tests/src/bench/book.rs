//! A ledger as a large county's book of seven years would be: twenty townships with twenty villages each, two hundred units of very
//! unequal size, most items closed, those of the last weeks open, a few under review.

use fengqiao_tests::ledger::Dice;
use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

/// Days of the book, from the first of 2018.
const DAYS: u64 = 2_520;

/// The unit of this number; the lower, the larger.
pub fn unit(number: usize) -> String {
    format!("单位{number:03}")
}

/// Writes a ledger of so many petitions, the same each time.
pub fn write(file: &Path, rows: usize) {
    let mut dice = Dice::new(7);
    let mut out = BufWriter::new(File::create(file).expect("the temporary directory can be written"));
    let header = "external_ref,registered_at,division_code,channel,matter_class,category,title,narrative,petitioner,person_count,\
        responsible_unit,accepted_at,opinion_at,conclusion,repeat_of,delivered_at,review_requested_at";
    writeln!(out, "{header}").expect("the disk has room");
    // twelve months of 28 days, so that a day is a few divisions
    let day = |n: u64| format!("{}-{:02}-{:02}", 2018 + n / 336, n % 336 / 28 + 1, n % 28 + 1);
    for row in 1..=rows {
        let registered = dice.below(DAYS);
        let accepted = registered + dice.below(15);
        let concluded = accepted + 1 + dice.below(60);
        let place = 101 + dice.below(20);
        let village = 200 + dice.below(20);
        // the smaller of two throws is small more often
        let unit = unit(usize::try_from(dice.below(200).min(dice.below(200))).unwrap_or(0));
        let channel = ["visit", "letter", "online", "hotline", "phone"][usize::try_from(dice.below(5)).unwrap_or(0)];
        let class = if dice.below(12) == 0 { "suggestion" } else { "appeal" };
        let category = dice.below(40);
        let open = concluded >= DAYS;
        let (opinion, conclusion) = match dice.below(10) {
            _ if open => (String::new(), ""),
            0 if class == "appeal" => (day(concluded), "settled"),
            _ if class == "appeal" => (day(concluded), "replied"),
            _ => (day(concluded), "answered"),
        };
        let repeat = if row > 1_000 && dice.below(10) == 0 { format!("B{}", dice.below(1_000) + 1) } else { String::new() };
        let (delivered, review) = if conclusion == "replied" && dice.below(200) == 0 {
            (day(concluded + 2), day(concluded + 20))
        } else {
            (String::new(), String::new())
        };
        writeln!(
            out,
            "B{row},{},320831{place}{village},{channel},{class},类别{category},反映事项{row},第{row}件：雨天积水，多次反映未解决,信访人{row},1,{unit},{},{opinion},{conclusion},{repeat},{delivered},{review}",
            day(registered),
            if class == "appeal" { day(accepted) } else { String::new() },
        )
        .expect("the disk has room");
    }
    out.flush().expect("the disk has room");
}
