//! Comparing with a file that was looked at and accepted.

use std::{fs, path::Path};

/// The variable that accepts what the tests give.
pub const UPDATE_VARIABLE: &str = "UPDATE_GOLDEN";

/// Panics unless the file holds exactly `actual`; with `UPDATE_GOLDEN=1` writes the file instead. Give the path from
/// `env!("CARGO_MANIFEST_DIR")`, or relative to the crate.
pub fn assert_golden(path: impl AsRef<Path>, actual: &str) {
    let path = path.as_ref();
    if std::env::var_os(UPDATE_VARIABLE).is_some_and(|v| v == "1") {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).expect("the directory of a golden file can be made");
        }
        fs::write(path, actual).expect("a golden file can be written");
        return;
    }
    let expected = fs::read_to_string(path)
        .unwrap_or_else(|e| panic!("cannot read {} ({e}); run again with {UPDATE_VARIABLE}=1 to make it", path.display()));
    if expected == actual {
        return;
    }
    let place = expected.lines().zip(actual.lines()).position(|(e, a)| e != a);
    let line = place.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
    panic!(
        "{} differs from line {} on\n  expected: {:?}\n  actual:   {:?}\nlook at the change and run again with {UPDATE_VARIABLE}=1 to accept it",
        path.display(),
        line + 1,
        expected.lines().nth(line).unwrap_or("(end)"),
        actual.lines().nth(line).unwrap_or("(end)"),
    );
}

#[cfg(test)]
mod tests {
    use super::assert_golden;

    #[test]
    fn the_first_line_that_differs_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("g.txt");
        std::fs::write(&path, "a\nb\n").unwrap();
        assert_golden(&path, "a\nb\n");
        let panic = std::panic::catch_unwind(|| assert_golden(&path, "a\nc\n")).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.contains("from line 2 on") && message.contains("\"c\""), "{message}");
    }
}
