//! The checkout as text: files with their lines, and where something stands.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_owned()
}

/// A file of the checkout.
pub struct Source {
    /// Path from the root of the workspace.
    pub path: String,
    /// Everything in it.
    pub text: String,
}

impl Source {
    /// Reads one file. Panics when it is not there.
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("cannot read {path}: {e}"));
        Self { path: path.to_owned(), text }
    }

    /// Its lines, each with its number.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    /// Its lines up to the unit tests at its end, without comments.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let product = self.lines().take_while(|(_, line)| *line != "#[cfg(test)]");
        product.map(|(number, line)| (number, without_comment(line)))
    }
}

/// The line up to a `//` that does not stand in a text.
pub fn without_comment(line: &str) -> &str {
    let outside = |at: usize| line[..at].replace("\\\"", "").matches('"').count().is_multiple_of(2);
    line.match_indices("//").map(|(at, _)| at).find(|at| outside(*at)).map_or(line, |at| &line[..at])
}

/// The files under a folder whose names end so, in order.
pub fn files(folder: &str, ending: &str) -> Vec<Source> {
    let (root, mut found, mut folders) = (root(), Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder)).unwrap_or_else(|e| panic!("cannot read {}: {e}", folder.display()));
        for entry in entries.map(|entry| entry.expect("a folder of the checkout can be read")) {
            let (name, path) = (entry.file_name(), folder.join(entry.file_name()));
            if entry.path().is_dir() {
                let foreign = name == "target" || name == "node_modules" || name.to_string_lossy().starts_with('.');
                folders.extend((!foreign).then_some(path));
            } else if name.to_string_lossy().ends_with(ending) {
                found.push(path.to_str().expect("our names are UTF-8").to_owned());
            }
        }
    }
    found.sort();
    found.iter().map(|path| Source::read(path)).collect()
}

/// Panics with all problems, one a line.
pub fn none(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}:\n{}", problems.join("\n"));
}
