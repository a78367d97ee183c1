//! Which slips of the pen a check character notices. Of a citizen number and of a credit code every change of one character and every
//! exchange of neighbours is noticed; of an organisation code every change of one character, but for those between characters whose
//! values differ by 11, 22 or 33 (0 and B, 0 and M, 1 and C), because its letters count from 10 and its sum modulo 11.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use fengqiao_identifiers::{CitizenNumber, CreditCode, OrganisationCode};
use fengqiao_model::Day;
use proptest::{prelude::*, sample::select};

const ALL: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const CREDIT: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn today() -> Day {
    Day::new(2026, 3, 2).unwrap()
}

/// The text with its last character made right, found by trying.
fn mended(body: &str, right: impl Fn(&str) -> bool) -> String {
    let found: Vec<String> = ALL.chars().map(|check| format!("{body}{check}")).filter(|whole| right(whole)).collect();
    assert_eq!(found.len(), 1, "exactly one check character fits: {found:?}");
    found[0].clone()
}

/// Every text that differs in one character, with the place and the character put there.
fn changed(text: &str) -> impl Iterator<Item = (usize, char, String)> {
    let chars: Vec<char> = text.chars().collect();
    let places = (0..chars.len()).flat_map(|at| ALL.chars().map(move |new| (at, new)));
    places.filter_map(move |(at, new)| {
        let mut other = chars.clone();
        other[at] = new;
        (chars[at] != new).then(|| (at, new, other.iter().collect()))
    })
}

/// Every text in which two different characters so far apart are exchanged.
fn exchanged(text: &str, apart: usize) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len() - apart).filter_map(move |at| {
        let mut other = chars.clone();
        other.swap(at, at + apart);
        (other != chars).then(|| other.iter().collect())
    })
}

fn citizens() -> impl Strategy<Value = String> {
    let places = select(vec!["110105", "320831", "320829", "710000", "932840"]);
    (places, 0_i32..45_000, 0_u32..1_000).prop_map(|(place, days, sequence)| {
        let birth = Day::new(1900, 1, 1).unwrap().plus_days(days).to_string().replace('-', "");
        mended(&format!("{place}{birth}{sequence:03}"), |text| CitizenNumber::parse(text, today()).is_ok())
    })
}

fn credits() -> impl Strategy<Value = String> {
    let symbols = |count| proptest::collection::vec(select(CREDIT.chars().collect::<Vec<_>>()), count);
    (symbols(2), "[0-9]{6}", symbols(9)).prop_map(|(kind, place, organisation)| {
        let body: String = kind.iter().collect::<String>() + &place + &organisation.iter().collect::<String>();
        mended(&body, |text| CreditCode::parse(text).is_ok())
    })
}

fn organisations() -> impl Strategy<Value = String> {
    "[0-9A-Z]{8}".prop_map(|eight| mended(&eight, |text| OrganisationCode::parse(text).is_ok()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_changed_character_of_a_citizen_number_is_noticed(number in citizens()) {
        for (_, _, other) in changed(&number) {
            prop_assert!(CitizenNumber::parse(&other, today()).is_err(), "{number} {other}");
        }
        for other in exchanged(&number, 1) {
            prop_assert!(CitizenNumber::parse(&other, today()).is_err(), "{number} {other}");
        }
    }

    #[test]
    fn one_changed_character_of_a_credit_code_is_noticed(code in credits()) {
        for (_, _, other) in changed(&code) {
            prop_assert!(CreditCode::parse(&other).is_err(), "{code} {other}");
        }
        for other in exchanged(&code, 1) {
            prop_assert!(CreditCode::parse(&other).is_err(), "{code} {other}");
        }
    }

    #[test]
    fn one_changed_character_of_an_organisation_code_is_noticed_unless_both_count_alike(code in organisations()) {
        let value = |c: char| ALL.find(c).unwrap();
        for (at, new, other) in changed(&code) {
            let alike = at < 8 && value(new) % 11 == value(code.chars().nth(at).unwrap()) % 11;
            prop_assert_eq!(OrganisationCode::parse(&other).is_ok(), alike, "{} {}", code, other);
        }
    }

    #[test]
    fn no_text_breaks_a_check(text in "\\PC{0,40}|[0-9X]{15,19}") {
        let _ = CitizenNumber::parse(&text, today());
        let _ = (CreditCode::parse(&text), OrganisationCode::parse(&text));
        let _ = (fengqiao_identifiers::phone_doubt(&text), fengqiao_identifiers::DocumentNumber::parse(&text));
        let once = fengqiao_identifiers::search_form(&text);
        prop_assert_eq!(fengqiao_identifiers::search_form(&once), once.clone(), "a search form is its own");
    }

    #[test]
    fn what_is_right_is_right_however_it_is_written(number in citizens()) {
        let read = CitizenNumber::parse(&number, today()).unwrap();
        let wide: String = number.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        for written in [number.to_lowercase(), wide, format!(" {} {} ", &number[..6], &number[6..])] {
            prop_assert_eq!(CitizenNumber::parse(&written, today()), Ok(read.clone()), "{}", written);
        }
        let shown = format!("{read:?}");
        prop_assert!(!shown.contains(&number[..6]));
    }
}
