//! A rate in percent, with two decimals, cut and never rounded: 99.999 % is not 100 %, and no threshold is crossed by printing.

/// The rate as text; `—` when there is nothing below the line.
pub(crate) fn percent(numerator: i64, denominator: i64) -> String {
    if denominator == 0 {
        return "—".to_owned();
    }
    let hundredths = i128::from(numerator) * 10_000 / i128::from(denominator);
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn nothing_is_rounded_up() {
        for (numerator, denominator, text) in [
            (0, 0, "—"),
            (0, 7, "0.00%"),
            (7, 7, "100.00%"),
            (99_999, 100_000, "99.99%"),
            (999_999_999_999, 1_000_000_000_000, "99.99%"),
            (2, 3, "66.66%"),
            (1, 3, "33.33%"),
            (89_999, 100_000, "89.99%"),
            (1, 100_000, "0.00%"),
            (5, 4, "125.00%"),
            (-1, 3, "-33.33%"),
            (i64::MAX, i64::MAX, "100.00%"),
        ] {
            assert_eq!(percent(numerator, denominator), text, "{numerator}/{denominator}");
        }
    }
}
