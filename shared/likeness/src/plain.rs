//! How a text is written does not matter: full-width forms, composed letters, capitals.

use unicode_normalization::UnicodeNormalization;

/// The text in NFKC and small letters, without what cannot be seen (zero-width characters, byte order marks).
pub fn plain(text: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}');
    text.nfkc().filter(|c| !unseen(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_and_capitals_are_one() {
        assert_eq!(plain("Ａ３区\u{200b}１２３４５热线"), "a3区12345热线");
        assert_eq!(plain(&plain("ﬁ㈱Ⅳ")), plain("ﬁ㈱Ⅳ"));
    }
}
