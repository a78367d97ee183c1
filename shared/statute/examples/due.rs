//! Reads lines such as `2024-09-13 15D` or `2024-09-13 5 W` and prints the kpi and the legal due day of each, for a foreign
//! implementation to compare (`tests/clients/calendar_oracle.py`).

use fengqiao_model::Day;
use fengqiao_statute::{Calendar, Length, due};
use std::{
    error::Error,
    io::{BufRead, BufWriter, Write, stdin, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    let calendar = Calendar::shipped();
    let mut out = BufWriter::new(stdout().lock());
    for (number, line) in stdin().lock().lines().enumerate() {
        let line = line?;
        let (day, length) =
            line.trim().split_once(' ').ok_or_else(|| format!("line {}: must be a day and a clock", number + 1))?;
        let day: Day = day.parse().map_err(|error| format!("line {}: {error}", number + 1))?;
        let length: Length = length.parse().map_err(|error| format!("line {}: {error}", number + 1))?;
        let due = due(&calendar, day, length);
        writeln!(out, "{} {}", due.kpi, due.legal)?;
    }
    out.flush()?;
    Ok(())
}
