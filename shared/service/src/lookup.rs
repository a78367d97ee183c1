//! Where settings come from: the environment, a file, flags, a map in tests. It knows names and texts; it refuses to know
//! what a value means (see `settings`).

use crate::settings::{Problem, SettingsError};
use std::{collections::BTreeMap, path::Path};

/// A source of settings by their full name (`FENGQIAO_LISTEN`).
pub trait Lookup: Send + Sync {
    /// The value, if it is set. An empty value counts as not set: `NAME=` in an environment file means "the default".
    fn get(&self, name: &str) -> Option<String>;

    /// Every name that is set, so that unknown ones can be reported.
    fn names(&self) -> Vec<String>;
}

/// The process environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Environment;

impl Lookup for Environment {
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    /// Without the variables that Kubernetes sets for every Service of the namespace: a Service called `fengqiao` makes
    /// `FENGQIAO_PORT=tcp://…` and `FENGQIAO_SERVICE_HOST`, which nobody wrote and nobody can correct.
    fn names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
            .filter(|(name, value)| !is_service_link(name, value))
            .map(|(name, _)| name)
            .collect()
    }
}

fn is_service_link(name: &str, value: &str) -> bool {
    name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && value.contains("://"))
        || name.split_once("_PORT_").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains("P"))
}

/// A map: flags of a command line, or the settings of a test.
#[derive(Clone, Debug, Default)]
pub struct Map(BTreeMap<String, String>);

impl Map {
    /// Sets a value; an empty one counts as not set.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl<N: Into<String>, V: Into<String>, const COUNT: usize> From<[(N, V); COUNT]> for Map {
    fn from(pairs: [(N, V); COUNT]) -> Self {
        pairs.into_iter().collect()
    }
}

impl Lookup for Map {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// Several sources; the first that has a value wins. Flags, then environment, then file.
#[derive(Default)]
pub struct Layered(Vec<Box<dyn Lookup>>);

impl Layered {
    /// No source yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source below those there are.
    pub fn then(mut self, source: impl Lookup + 'static) -> Self {
        self.0.push(Box::new(source));
        self
    }
}

impl Lookup for Layered {
    fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find_map(|source| source.get(name))
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().flat_map(|source| source.names()).collect()
    }
}

/// A TOML file with the same names in lower case and without the prefix: `listen = "127.0.0.1:50051"`. A table's name is
/// part of the names in it (`[log] format = "json"` is `LOG_FORMAT`); a list is its items with commas.
#[derive(Clone, Debug, Default)]
pub struct File(Map);

impl File {
    /// Reads the file; `prefix` is what the variables begin with (`FENGQIAO_`).
    pub fn read(path: &Path, prefix: &str) -> Result<Self, SettingsError> {
        let problem = |problem: String| SettingsError(vec![Problem { name: path.display().to_string(), problem }]);
        let text = std::fs::read_to_string(path).map_err(|error| problem(format!("cannot be read: {error}")))?;
        Self::parse(&text, prefix).map_err(problem)
    }

    /// The settings in a TOML text.
    pub fn parse(text: &str, prefix: &str) -> Result<Self, String> {
        // the parser's own message quotes the line, which may hold a secret
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
            format!("line {line} is not valid TOML: {}", error.message())
        })?;
        let mut map = Map::default();
        flatten(&mut map, prefix, &table)?;
        Ok(Self(map))
    }
}

fn flatten(map: &mut Map, prefix: &str, table: &toml::Table) -> Result<(), String> {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.to_uppercase().replace('-', "_"));
        match value {
            toml::Value::Table(inner) => flatten(map, &format!("{name}_"), inner)?,
            toml::Value::Array(items) => {
                let items: Option<Vec<String>> = items.iter().map(scalar).collect();
                map.set(name, items.ok_or_else(|| format!("{key} must be a list of plain values"))?.join(","));
            }
            plain => map.set(name, scalar(plain).ok_or_else(|| format!("{key} must be a plain value"))?),
        }
    }
    Ok(())
}

fn scalar(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Datetime(moment) => Some(moment.to_string()),
        toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

impl Lookup for File {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name)
    }

    fn names(&self) -> Vec<String> {
        self.0.names()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_environment_over_file() {
        let file = File::parse("listen = \"file\"\ngrace = 5\n[log]\nformat = \"json\"\norigins = [\"a\", \"b\"]", "F_").unwrap();
        let environment = Map::from([("F_LISTEN", "environment"), ("F_GRACE", ""), ("F_DATA", "here")]);
        let layered = Layered::new().then(Map::from([("F_DATA", "flag")])).then(environment).then(file);
        assert_eq!(layered.get("F_LISTEN").as_deref(), Some("environment"));
        assert_eq!(layered.get("F_DATA").as_deref(), Some("flag"));
        assert_eq!(layered.get("F_GRACE").as_deref(), Some("5"), "an empty value is not a value");
        assert_eq!(layered.get("F_LOG_FORMAT").as_deref(), Some("json"));
        assert_eq!(layered.get("F_LOG_ORIGINS").as_deref(), Some("a,b"));
        assert_eq!(layered.get("F_NOTHING"), None);
    }

    #[test]
    fn a_broken_file_is_named_but_not_quoted() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("settings.toml");
        std::fs::write(&path, "listen = \"x\"\npassword = hunter2 oops\n").unwrap();
        let error = File::read(&path, "F_").unwrap_err().to_string();
        assert!(error.contains("settings.toml") && error.contains("line 2"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        assert!(File::read(&directory.path().join("absent"), "F_").is_err());
    }

    #[test]
    fn what_kubernetes_sets_is_not_a_setting() {
        assert!(is_service_link("FENGQIAO_SERVICE_HOST", "10.0.0.1"));
        assert!(is_service_link("FENGQIAO_PORT", "tcp://10.0.0.1:50051"));
        assert!(is_service_link("FENGQIAO_PORT_50051_TCP_ADDR", "10.0.0.1"));
        assert!(is_service_link("FENGQIAO_SERVICE_PORT_GRPC", "50051"));
        assert!(!is_service_link("FENGQIAO_LISTEN", "127.0.0.1:1"));
        assert!(!is_service_link("FENGQIAO_PORT", "50051"));
    }
}
