//! The plain form of what tells that two entries are one person. What is too short tells nothing and gives nothing.

use crate::plain;

/// A name: letters only, so that spaces, middle dots of whatever kind, brackets and full-width forms do not matter. `None` when fewer
/// than two characters are left, or when it says that there is no name.
pub fn name(text: &str) -> Option<String> {
    const NOBODY: [&str; 6] = ["匿名", "无名", "不详", "未知", "某某", "无名氏"];
    let letters: String = plain(text).chars().filter(|c| c.is_alphanumeric()).collect();
    let long_enough = letters.chars().nth(1).is_some();
    (long_enough && !NOBODY.contains(&letters.as_str())).then_some(letters)
}

/// A phone number: digits, without the code of the country. `None` for what is too short to be one person's: an extension, 110, 12345.
pub fn phone(text: &str) -> Option<String> {
    let digits: String = plain(text).chars().filter(char::is_ascii_digit).collect();
    let national =
        digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() >= 10)).unwrap_or(&digits);
    let masked = plain(text).contains('*');
    (national.len() >= 7 && !masked).then(|| national.to_owned())
}

/// The number of an identity paper: letters and digits. `None` when it is masked or has fewer than six.
pub fn paper(text: &str) -> Option<String> {
    let plain = plain(text);
    let letters: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    (letters.chars().count() >= 6 && !plain.contains('*')).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_person_written_otherwise() {
        for other in ["王小明", " 王 小明 ", "王　小明", "王小明\u{200b}"] {
            assert_eq!(name(other).as_deref(), Some("王小明"), "{other:?}");
        }
        for other in ["买买提·艾力", "买买提•艾力", "买买提・艾力", "买买提 艾力"] {
            assert_eq!(name(other).as_deref(), Some("买买提艾力"), "{other:?}");
        }
        for other in ["13905230001", "+86 139-0523-0001", "０１３９０５２３０００１".trim_start_matches('０'), "0086 13905230001"]
        {
            assert_eq!(phone(other).as_deref(), Some("13905230001"), "{other:?}");
        }
        assert_eq!(paper("32083119700101123x"), paper("３２０８３１ 19700101 123Ｘ"));
    }

    #[test]
    fn what_tells_nothing_gives_nothing() {
        for nobody in ["", "王", "匿名", "·"] {
            assert_eq!(name(nobody), None, "{nobody:?}");
        }
        for nobody in ["", "110", "12345", "无", "139****0001"] {
            assert_eq!(phone(nobody), None, "{nobody:?}");
        }
        for nobody in ["", "无", "3208", "3208311970****1234"] {
            assert_eq!(paper(nobody), None, "{nobody:?}");
        }
    }
}
