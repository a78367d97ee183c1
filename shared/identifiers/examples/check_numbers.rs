//! Reads lines of a kind, a tab and a number and prints `ok` or the rule it breaks, for a foreign implementation to compare
//! (`tests/clients/identifier_oracle.py`). The argument is the day after which nobody is born.

use fengqiao_identifiers::{CitizenNumber, CreditCode, OrganisationCode};
use fengqiao_model::Day;
use std::{
    error::Error,
    io::{BufRead, BufWriter, Write, stdin, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    let today: Day = std::env::args().nth(1).ok_or("a day is needed")?.parse()?;
    let mut out = BufWriter::new(stdout().lock());
    for (at, line) in stdin().lock().lines().enumerate() {
        let line = line?;
        let (kind, number) = line.split_once('\t').ok_or_else(|| format!("line {}: must be a kind, a tab, a number", at + 1))?;
        let broken = match kind {
            "citizen" => CitizenNumber::parse(number, today).err().map(|rule| rule.to_string()),
            "credit" => CreditCode::parse(number).err().map(|rule| rule.to_string()),
            "organisation" => OrganisationCode::parse(number).err().map(|rule| rule.to_string()),
            _ => return Err(format!("line {}: no such kind: {kind}", at + 1).into()),
        };
        writeln!(out, "{}", broken.as_deref().unwrap_or("ok"))?;
    }
    out.flush()?;
    Ok(())
}
