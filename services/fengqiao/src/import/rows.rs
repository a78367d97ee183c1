//! Cells, and what is wrong with a row before any server sees it. A row is given out only when the next one was seen or the
//! text ended well: the last row of a damaged file is not one that anybody wrote.

use super::{
    Refusal, header,
    lines::{Begin, Lines, Watched},
};
use csv::ByteRecord;
use fengqiao_statute::LedgerColumn;
use std::{cell::RefCell, io::Read, rc::Rc};

/// Longest row that is sent; narratives end at 50,000 characters.
const LONGEST_ROW: usize = 1024 * 1024;

/// One row of a ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line of the file; the header is line 1.
    pub line: i64,
    /// Cells in the order of the columns.
    pub cells: Vec<String>,
}

/// One row, or why it is not taken.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// To be sent.
    Row(Row),
    /// Not even sent.
    Refused(Refusal),
}

/// The rows of a ledger.
pub struct Rows<R> {
    reader: csv::Reader<Watched<R>>,
    lines: Rc<RefCell<Lines>>,
    columns: Vec<String>,
    held: Option<(Begin, ByteRecord)>,
    damage: Option<String>,
    given: u64,
}

impl<R: Read> Rows<R> {
    /// Reads the header, whose columns must be among the known ones.
    pub fn new(raw: R, known: &'static [LedgerColumn]) -> Result<Self, String> {
        let (watched, lines) = Watched::new(raw);
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(64 * 1024).from_reader(watched);
        let mut rows = Self { reader, lines, columns: Vec::new(), held: None, damage: None, given: 0 };
        let Some((Begin { line, .. }, record)) = rows.whole()? else {
            return Err("the file has no lines: it must begin with a header line such as external_ref,division_code,…".to_owned());
        };
        rows.columns = header::columns(known, line, &record)?;
        rows.given = line;
        Ok(rows)
    }

    /// The English names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The next row; `None` at the end of a sound file; an error where the file is damaged.
    pub fn next(&mut self) -> Result<Option<Verdict>, String> {
        let Some((begin, record)) = self.whole()? else { return Ok(None) };
        self.given = begin.line;
        Ok(Some(self.judge(begin, &record)))
    }

    /// The next record that is certainly whole.
    fn whole(&mut self) -> Result<Option<(Begin, ByteRecord)>, String> {
        loop {
            if let Some(damage) = &self.damage {
                return Err(damage.clone());
            }
            let mut record = ByteRecord::new();
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {
                    let begin = self.lines.borrow_mut().next();
                    if let Some(before) = self.held.replace((begin, record)) {
                        return Ok(Some(before));
                    }
                }
                Ok(false) if self.lines.borrow().open() => {
                    let line = self.held.take().map_or(0, |(begin, _)| begin.line);
                    self.damage =
                        Some(self.early(&format!(
                            "the row that begins in line {line} has a cell whose quotation mark is never closed"
                        )));
                }
                Ok(false) => return Ok(self.held.take()),
                Err(error) => {
                    if let Some((begin, _)) = &self.held {
                        self.given = begin.line;
                    }
                    self.damage = Some(self.early(&cause(&error)));
                    if let Some(before) = self.held.take() {
                        return Ok(Some(before));
                    }
                }
            }
        }
    }

    fn early(&self, what: &str) -> String {
        format!("the file ends early after line {}: {what}", self.given)
    }

    fn judge(&self, begin: Begin, record: &ByteRecord) -> Verdict {
        let line = i64::try_from(begin.line).unwrap_or(i64::MAX);
        let refused = |column: &str, reason: String| Verdict::Refused(Refusal { line, column: column.to_owned(), reason });
        let (found, expected) = (record.len(), self.columns.len());
        let breaks = record.iter().flatten().filter(|byte| **byte == b'\n').count();
        if begin.flawed {
            let over = if breaks > 0 { format!(" (the row goes on over {breaks} more lines)") } else { String::new() };
            return refused("", format!("has text after a closing quotation mark; a mark is missing or is not doubled{over}"));
        }
        if found != expected {
            let column = self.columns.get(found).map_or("", String::as_str);
            let over = match breaks {
                0 => String::new(),
                _ => format!("; the row goes on over {breaks} more lines, is a quotation mark missing?"),
            };
            return refused(column, format!("has {found} cells, the header has {expected}{over}"));
        }
        if record.as_slice().len() > LONGEST_ROW {
            return refused("", "is longer than 1 MiB; is a quotation mark missing?".to_owned());
        }
        let mut cells = Vec::with_capacity(expected);
        for (cell, column) in record.iter().zip(&self.columns) {
            match std::str::from_utf8(cell) {
                Ok(text) => cells.push(text.to_owned()),
                Err(error) => {
                    let at = error.valid_up_to() + 1;
                    return refused(column, format!("is not utf-8 at byte {at} (gbk or gb18030?); save the file as csv (utf-8)"));
                }
            }
        }
        Verdict::Row(Row { line, cells })
    }
}

fn cause(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => match error.kind() {
            std::io::ErrorKind::UnexpectedEof => "the compressed data stops in the middle; copy the file again".to_owned(),
            std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData => {
                format!("the compressed data is damaged ({error}); copy the file again")
            }
            _ => error.to_string(),
        },
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
