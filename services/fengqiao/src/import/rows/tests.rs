//! Ledgers as they come: other line ends, other encodings, damage.

use super::*;
use fengqiao_statute::LEDGER_COLUMNS;
use flate2::{Compression, write::GzEncoder};
use std::io::Write as _;

const HEAD: &str = "external_ref,registered_at,division_code,matter_class,title\n";

fn gz(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Lines of the rows, refusals, and the damage.
type Read = (Vec<(i64, String)>, Vec<(i64, String, String)>, Option<String>);

fn read(bytes: impl Into<Vec<u8>>) -> Result<Read, String> {
    let input = super::super::open::from(std::io::Cursor::new(bytes.into()), None).map_err(|e| e.to_string())?;
    let mut rows = Rows::new(input.reader, &LEDGER_COLUMNS)?;
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    loop {
        match rows.next() {
            Ok(Some(Verdict::Row(row))) => good.push((row.line, row.cells[0].clone())),
            Ok(Some(Verdict::Refused(r))) => refused.push((r.line, r.column, r.reason)),
            Ok(None) => return Ok((good, refused, None)),
            Err(damage) => return Ok((good, refused, Some(damage))),
        }
    }
}

fn lines(bytes: impl Into<Vec<u8>>) -> Vec<i64> {
    let (good, refused, damage) = read(bytes).unwrap();
    assert_eq!((refused, damage), (vec![], None));
    good.into_iter().map(|(line, _)| line).collect()
}

#[test]
fn lines_are_those_of_the_file() {
    assert_eq!(lines(format!("{HEAD}a,1,2,3,x\nb,1,2,3,y\n")), [2, 3]);
    assert_eq!(lines(format!("\u{feff}{HEAD}\n\na,1,2,3,\"x\ny\"\n\nb,1,2,3,z").replace('\n', "\r\n")), [4, 7]);
    assert_eq!(lines(HEAD), Vec::<i64>::new());
}

#[test]
fn gzip_is_told_by_its_bytes_and_may_have_many_members() {
    let text = format!("{HEAD}a,1,2,3,x\nb,1,2,3,y\n");
    let (first, second) = text.as_bytes().split_at(70);
    assert_eq!(lines([gz(first), gz(second)].concat()), [2, 3]);
}

#[test]
fn a_row_of_another_length_is_refused_and_the_rest_kept() {
    let (good, refused, damage) = read(format!("{HEAD}a,1,2\nb,1,2,3,x\nc,1,2,3,x,y\nd,1,2,3,x\n")).unwrap();
    assert_eq!(good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(damage, None);
    assert_eq!(refused[0], (2, "matter_class".to_owned(), "has 3 cells, the header has 5".to_owned()));
    assert_eq!(refused[1], (4, String::new(), "has 6 cells, the header has 5".to_owned()));
}

#[test]
fn a_cell_in_gbk_is_refused_and_the_rest_kept() {
    let bytes = [HEAD.as_bytes(), b"a,1,2,3,x\nb,1,2,3,\xb1\xe0\nc,1,2,3,y\n"].concat();
    let (good, refused, _) = read(bytes).unwrap();
    assert_eq!(good.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!((refused[0].0, refused[0].1.as_str()), (3, "title"));
    assert!(refused[0].2.starts_with("is not utf-8 at byte 1"), "{}", refused[0].2);
}

#[test]
fn a_missing_quotation_mark_in_the_middle_shows_as_lines_swallowed() {
    let (good, refused, _) = read(format!("{HEAD}a,1,2,3,\"x\nb,1,2,3,y\nc,1,2,3,\"z\"\nd,1,2,3,w\n")).unwrap();
    assert_eq!(good, [(5, "d".to_owned())]);
    assert_eq!((refused[0].0, refused.len()), (2, 1));
    assert!(refused[0].2.contains("quotation mark") && refused[0].2.contains("2 more lines"), "{refused:?}");
}

#[test]
fn an_open_quotation_mark_at_the_end_is_a_truncated_file() {
    let (good, refused, damage) = read(format!("{HEAD}a,1,2,3,x\nb,1,2,3,\"y\nc")).unwrap();
    assert_eq!((good, refused), (vec![(2, "a".to_owned())], vec![]));
    assert_eq!(
        damage.unwrap(),
        "the file ends early after line 2: the row that begins in line 3 has a cell whose quotation mark is never closed"
    );
    assert!(read("external_ref,\"regis").is_err_and(|e| e.contains("never closed")));
}

#[test]
fn truncated_gzip_keeps_the_rows_before() {
    let text: String = (0..5000).map(|n| format!("r{n},1,2,3,{}\n", n * 7919 % 1013)).collect();
    let whole = gz(format!("{HEAD}{text}").as_bytes());
    let (good, refused, damage) = read(&whole[..whole.len() / 2]).unwrap();
    assert!(good.len() > 100 && good.len() < 5000 && refused.is_empty(), "{} {refused:?}", good.len());
    let damage = damage.unwrap();
    assert!(damage.starts_with(&format!("the file ends early after line {}: ", good.last().unwrap().0)), "{damage}");
    assert!(damage.contains("stops in the middle"), "{damage}");
    let (good, _, damage) = read(&whole[..whole.len() - 8]).unwrap();
    assert!(good.len() >= 4999 && damage.is_some(), "{} {damage:?}", good.len());
    assert!(read(&whole[..6]).is_err_and(|e| e.contains("stops in the middle")));
}

#[test]
fn damaged_gzip_says_so() {
    let mut whole = gz(format!("{HEAD}a,1,2,3,x\n").as_bytes());
    let at = whole.len() - 6;
    whole[at] ^= 0xff;
    let (_, _, damage) = read(whole).unwrap();
    assert!(damage.unwrap().contains("damaged"));
}

#[test]
fn files_of_another_kind_are_named() {
    for (bytes, said) in [
        (&b""[..], "is empty"),
        (b"\n\n\r\n", "has no lines"),
        (b"\xef\xbb\xbf", "has no lines"),
        (b"PK\x03\x04....", "workbook"),
        (b"\xff\xfee\0x\0", "utf-16"),
        (b"\xb1\xe0\xba\xc5,\xb5\xc7\xbc\xc7\n", "gb18030"),
        (b"external_ref\tregistered_at\n", "with commas"),
    ] {
        let error = read(bytes).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_quotation_mark_that_swallows_everything_does_not_fill_the_memory() {
    let text = format!("{HEAD}a,1,2,3,x\nb,1,2,3,\"{}", "y\n".repeat(6 * 1024 * 1024));
    let (good, _, damage) = read(text).unwrap();
    assert_eq!(good.len(), 1);
    assert!(damage.unwrap().contains("longer than 8 MiB"));
}
