//! How typed numbers are read, and how texts are brought into one form for searching. What was typed is kept as given: these forms
//! are for checking and comparing only.

use unicode_normalization::UnicodeNormalization;

/// A number as its check reads it: full-width letters and digits as ASCII, without blanks, in upper case. Nothing else is made
/// equal: a circled or a superscript digit is no digit of a number.
pub fn compact(typed: &str) -> String {
    typed.chars().map(ascii).filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// The ASCII character of a full-width one; hyphens and dashes as people type them are one hyphen.
fn ascii(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

/// Opening brackets of numbers of papers; round ones stand for them all.
const OPENING: [char; 6] = ['[', '〔', '【', '〖', '{', '『'];
/// The closing ones.
const CLOSING: [char; 6] = [']', '〕', '】', '〗', '}', '』'];

/// The form in which two writings of the same number are equal: normal form KC, one kind of brackets, no blanks, upper case.
/// For searching and comparing only (D§7.1).
pub fn search_form(text: &str) -> String {
    let one = |c: char| match c {
        c if OPENING.contains(&c) => '(',
        c if CLOSING.contains(&c) => ')',
        c => c,
    };
    // Once more at the end: what stands together now may have a form of its own.
    text.nfkc().flat_map(char::to_uppercase).map(one).filter(|c| !c.is_whitespace()).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_number_have_one_form() {
        let forms = ["金信〔2024〕12号", "金信（2024）12号", "金信[2024]12号", "金信［２０２４］１２号", "金信 【2024】 12 号"];
        for form in forms {
            assert_eq!(search_form(form), "金信(2024)12号", "{form}");
        }
        assert_eq!(compact(" ３２０８３１　1970－01x"), "3208311970-01X");
        assert_eq!(compact("①²"), "①²", "no digits of a number");
    }
}
