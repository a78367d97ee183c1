//! On which line a record begins, and whether a quotation mark is still open: what the csv reader does not tell. It looks at
//! the bytes on their way to the reader and follows the same grammar (`"` opens a cell only at its beginning; `""` inside is
//! one mark; CR, LF and CR LF end a record; empty lines are no records).

use std::{
    cell::RefCell,
    collections::VecDeque,
    io::{self, Read},
    rc::Rc,
};

/// A record longer than this is a missing quotation mark, not a petition: reading stops instead of filling the memory.
const LONGEST_RECORD: usize = 8 * 1024 * 1024;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    RecordStart,
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

/// Where a record begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Begin {
    /// Its line.
    pub line: u64,
    /// Something follows a closing quotation mark in it: a mark is missing somewhere, and what looks like one cell may be
    /// many rows.
    pub flawed: bool,
}

/// Where the records begin, and how the text ends.
#[derive(Debug)]
pub struct Lines {
    at: At,
    line: u64,
    after_cr: bool,
    length: usize,
    begins: VecDeque<Begin>,
}

impl Default for Lines {
    fn default() -> Self {
        Self { at: At::RecordStart, line: 1, after_cr: false, length: 0, begins: VecDeque::new() }
    }
}

impl Lines {
    /// Where the next record begins; to be asked once for each record that was read.
    pub fn next(&mut self) -> Begin {
        self.begins.pop_front().unwrap_or_default()
    }

    /// Whether a quotation mark is open at the end of what was read.
    pub fn open(&self) -> bool {
        self.at == At::Quoted
    }

    fn take(&mut self, byte: u8) {
        if self.at == At::RecordStart {
            self.length = 0;
            if !matches!(byte, b'\r' | b'\n') {
                self.begins.push_back(Begin { line: self.line, flawed: false });
                self.at = At::CellStart;
            }
        }
        self.length += 1;
        if self.at == At::QuoteInQuoted
            && !matches!(byte, b'"' | b',' | b'\r' | b'\n')
            && let Some(begin) = self.begins.back_mut()
        {
            begin.flawed = true;
        }
        self.at = match (self.at, byte) {
            (At::RecordStart, _) => At::RecordStart,
            (At::CellStart, b'"') | (At::QuoteInQuoted, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::QuoteInQuoted,
            (At::Quoted, _) => At::Quoted,
            (_, b',') => At::CellStart,
            (_, b'\r' | b'\n') => At::RecordStart,
            _ => At::Plain,
        };
        self.line += u64::from(byte == b'\r' || (byte == b'\n' && !self.after_cr));
        self.after_cr = byte == b'\r';
    }
}

/// Hands bytes on to the csv reader and tells [`Lines`] about them; drops byte order marks.
pub struct Watched<R> {
    raw: R,
    lines: Rc<RefCell<Lines>>,
    mark: Mark,
}

/// What of the byte order mark was seen at the beginning.
enum Mark {
    Expected,
    Past(io::Cursor<Vec<u8>>),
    Gone,
}

impl<R: Read> Watched<R> {
    /// A reader and what it tells.
    pub fn new(raw: R) -> (Self, Rc<RefCell<Lines>>) {
        let lines = Rc::new(RefCell::new(Lines::default()));
        (Self { raw, lines: lines.clone(), mark: Mark::Expected }, lines)
    }

    fn bytes(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if matches!(self.mark, Mark::Expected) {
            let mut head = Vec::with_capacity(3);
            loop {
                head.clear();
                self.raw.by_ref().take(3).read_to_end(&mut head)?;
                if head != [0xef, 0xbb, 0xbf] {
                    break;
                }
            }
            self.mark = Mark::Past(io::Cursor::new(head));
        }
        if let Mark::Past(head) = &mut self.mark {
            let count = head.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            self.mark = Mark::Gone;
        }
        self.raw.read(buffer)
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.lines.borrow().length > LONGEST_RECORD {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a row is longer than 8 MiB: a quotation mark is missing"));
        }
        let count = self.bytes(buffer)?;
        let mut lines = self.lines.borrow_mut();
        for byte in &buffer[..count] {
            lines.take(*byte);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn begins(text: &str) -> (Vec<u64>, bool, usize) {
        let (watched, lines) = Watched::new(text.as_bytes());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(watched);
        let (mut begins, mut record) = (Vec::new(), csv::ByteRecord::new());
        while reader.read_byte_record(&mut record).unwrap() {
            begins.push(lines.borrow_mut().next().line);
        }
        let lines = lines.borrow();
        (begins, lines.open(), lines.begins.len())
    }

    #[test]
    fn records_begin_where_an_editor_says() {
        for (text, expected) in [
            ("a,b\n1,2\n3,4\n", vec![1, 2, 3]),
            ("a,b\r\n1,2\r\n3,4", vec![1, 2, 3]),
            ("a,b\r1,2\r3,4\r", vec![1, 2, 3]),
            ("a\n\n\nb\n\r\n\nc", vec![1, 4, 7]),
            ("\u{feff}\"a\nb\",c\nd", vec![1, 3]),
            ("\u{feff}\u{feff}a\nb", vec![1, 2]),
            ("a,\"x\r\ny\r\nz\"\r\nb\r\n", vec![1, 4]),
            ("a\"b,c\nd\"\n", vec![1, 2]),
            ("\"\"\n\"a\"\"\nb\"\nc", vec![1, 2, 4]),
            ("", vec![]),
            ("\n\n", vec![]),
        ] {
            assert_eq!(begins(text), (expected, false, 0), "{text:?}");
        }
    }

    #[test]
    fn an_open_quotation_mark_is_noticed() {
        for (text, open) in
            [("a,\"b", true), ("a,\"b\"", false), ("a,\"b\"\"", true), ("\"a\nb\n", true), ("a\"b", false), ("\"a\"b", false)]
        {
            assert_eq!(begins(text).1, open, "{text:?}");
        }
    }

    #[test]
    fn text_after_a_closing_quotation_mark_is_a_flaw() {
        for (text, flawed) in [("\"a\",b\n", false), ("\"a\"b\n", true), ("a\"b\"c\n", false), ("\"a\"\"b\"\n", false)] {
            let mut lines = Lines::default();
            text.bytes().for_each(|byte| lines.take(byte));
            assert_eq!(lines.next(), Begin { line: 1, flawed }, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn the_csv_reader_sees_the_same_records(text in "[ab,\"\r\n]{0,60}") {
            let (_, open, left) = begins(&text);
            prop_assert_eq!(left, 0);
            // A text with an open quotation mark is one that still takes a comma into its last cell.
            let count = |text: &str| {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
                reader.byte_records().map(Result::unwrap).fold((0, 0), |(n, _), record| (n + 1, record.len()))
            };
            if open {
                prop_assert_eq!(count(&text), count(&format!("{text},x")));
            }
            prop_assert_eq!(begins(&text).0.len(), count(&text).0);
        }
    }
}
