//! Standard output and standard error, where the reader may close the pipe at any time.

use anyhow::Context as _;
use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

/// Prints a text and a line end. A closed pipe is an error of kind `BrokenPipe`, which `failure::show` takes for an end.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Says something beside the answer, on standard error; nobody has to listen.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints the text, or writes it to the file: whole or not at all.
pub fn deliver(text: &str, file: Option<&Path>) -> anyhow::Result<()> {
    let Some(path) = file else { return Ok(print(text)?) };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, with_line_end(text)).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn with_line_end(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// Whether someone looks at standard error.
pub fn watched() -> bool {
    io::stderr().is_terminal()
}

/// Asks on the terminal; false where there is none.
pub fn confirmed(question: &str) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    let _ = write!(io::stderr().lock(), "{question} [yes/no] ");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "yes" | "是")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("报告.md");
        deliver("一", Some(&path)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "一\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        let error = deliver("一", Some(&directory.path().join("none/f"))).unwrap_err();
        assert!(error.to_string().starts_with("cannot write"));
    }
}
