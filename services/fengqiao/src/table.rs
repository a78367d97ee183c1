//! Aligned columns for a terminal, where a Chinese character is two columns wide.

use unicode_width::UnicodeWidthStr;

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// The rows below the heads, in columns. Every row has as many cells as there are heads.
pub fn table(heads: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    let widths: Vec<usize> = heads
        .iter()
        .enumerate()
        .map(|(at, (head, _))| {
            rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max().unwrap_or(0).max(head.width())
        })
        .collect();
    let heads_row: Vec<String> = heads.iter().map(|(head, _)| (*head).to_owned()).collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = String::new();
    for row in [&heads_row, &rule].into_iter().chain(&rows) {
        let cells = row.iter().zip(&widths).zip(heads).map(|((cell, width), (_, align))| {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            if *align == Align::Left { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Labels and values, one pair a line; empty values are left out.
pub fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(label, _)| label.width()).max().unwrap_or(0);
    let mut text = String::new();
    for (label, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let pad = " ".repeat(width - label.width());
        let value = value.lines().map(plain).collect::<Vec<_>>().join(&format!("\n{}", " ".repeat(width + 2)));
        text.push_str(&format!("{label}{pad}  {value}\n"));
    }
    text
}

/// The text on one line, and without anything that moves a terminal's cursor.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A number with its thousands apart.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_two_columns_wide() {
        let rows = [vec!["信访局".to_owned(), "1".to_owned()], vec!["a\u{1b}\nb".to_owned(), "12".to_owned()]];
        let text = table(&[("单位", Align::Left), ("n", Align::Right)], &rows);
        assert_eq!(text, "单位     n\n------  --\n信访局   1\na  b    12\n");
        assert_eq!(
            pairs(&[("编号", "1".to_owned()), ("无", String::new()), ("内容", "一\n二".to_owned())]),
            "编号  1\n内容  一\n      二\n"
        );
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!([0, 999, 1000, -1234567].map(thousands), ["0", "999", "1,000", "-1,234,567"]);
    }
}
