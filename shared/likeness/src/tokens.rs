//! From a text to tokens: each pair of neighbouring Chinese characters, each word and each number as a whole.
//!
//! Chosen by measurement (`tests/src/bin/eval_repeats.rs` prints it anew): pairs beat single characters and triples on short
//! petitions; leaving out function characters and words that stand in every petition, and looking at the title and the opening of the
//! narrative only, tells one matter from another better than the whole text, in which everybody thanks everybody.

use crate::plain;
use std::{collections::BTreeSet, collections::HashSet, sync::LazyLock};

/// How many characters of a narrative, white space aside, are its opening.
pub const HEAD: usize = 60;

/// Characters that only join others; a pair never reaches across one.
const FUNCTION: &str = "的了是在我们你他她它也就都和与及吗呢吧啊呀哦这那个之其而并且但又还把被给等";

/// Words that tell nothing.
static STOP: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../data/stop_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Gives each token of a plain text to `take`: words, numbers, and pairs; a Chinese character that has no neighbour gives none.
fn each(plain: &str, mut take: impl FnMut(&str)) {
    let mut word = String::new();
    let mut last: Option<char> = None;
    let mut pair = String::with_capacity(8);
    for c in plain.chars() {
        let han = is_han(c);
        if !han && c.is_alphanumeric() {
            last = None;
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            take(&word);
            word.clear();
        }
        if !han || FUNCTION.contains(c) {
            last = None;
            continue;
        }
        if let Some(before) = last.replace(c) {
            pair.clear();
            pair.push(before);
            pair.push(c);
            take(&pair);
        }
    }
    if !word.is_empty() {
        take(&word);
    }
}

/// Whether a token tells something: not one that stands everywhere, nor a short number such as a date is made of.
fn tells(token: &str) -> bool {
    let short_number = token.len() < 4 && token.bytes().all(|b| b.is_ascii_digit());
    token.chars().nth(1).is_some() && !short_number && !STOP.contains(token)
}

/// The tokens of a title and of the opening of a narrative, each once: by these matters are compared.
pub fn head(title: &str, narrative: &str) -> BTreeSet<String> {
    let opening: String = plain(narrative).chars().filter(|c| !c.is_whitespace()).take(HEAD).collect();
    let mut found = BTreeSet::new();
    for text in [plain(title), opening] {
        each(&text, |token| {
            if tells(token) {
                found.insert(token.to_owned());
            }
        });
    }
    found
}

/// The tokens of a text that is to be found by them, in their order, each once, at most so many.
pub fn tokens(text: &str, most: usize) -> Vec<String> {
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    each(&plain(text), |token| {
        if found.len() < most && tells(token) && seen.insert(token.to_owned()) {
            found.push(token.to_owned());
        }
    });
    found
}

/// The tokens that a text has to have if it holds these words one by one; empty when they tell nothing.
pub fn query(words: &str, most: usize) -> Vec<String> {
    tokens(words, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<String> {
        tokens(text, 1_000)
    }

    #[test]
    fn pairs_of_characters_and_whole_words() {
        assert_eq!(all("丽发新城"), ["丽发", "发新", "新城"]);
        assert_eq!(all("Ａ２区１２３４５热线"), ["a2", "12345", "热线"]);
        assert_eq!(all("小区，停车"), ["小区", "停车"]);
    }

    #[test]
    fn function_characters_part_and_common_words_and_dates_go() {
        assert_eq!(all("搅拌站的噪音"), ["搅拌", "拌站", "噪音"]);
        assert_eq!(all("尊敬的领导：您好！"), Vec::<String>::new());
        assert_eq!(all("2019年5月3日"), ["2019"]);
    }

    #[test]
    fn a_text_has_the_tokens_of_each_of_its_parts_that_ends_where_words_end() {
        let text = "A市暮云街道丽发新城小区附近修建搅拌站，粉尘大";
        for part in ["丽发新城", "搅拌站", "修建搅拌站", "暮云街道丽发"] {
            let of_text = all(text);
            assert!(query(part, 16).iter().all(|token| of_text.contains(token)), "{part}");
        }
    }

    #[test]
    fn the_head_is_title_and_opening() {
        let long = format!("搅拌站{}渣土车", "扰民".repeat(40));
        let head = head("丽发新城", &long);
        assert!(head.contains("丽发") && head.contains("搅拌") && !head.contains("渣土"));
    }

    proptest! {
        #[test]
        fn any_text_is_cut_without_surprise(text in "\\PC{0,80}", most in 0usize..40) {
            let found = tokens(&text, most);
            prop_assert!(found.len() <= most);
            prop_assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len());
            // Written in full-width forms or not: NFKC is the same, so are the tokens.
            prop_assert_eq!(tokens(&plain(&text), most), found);
        }
    }
}
