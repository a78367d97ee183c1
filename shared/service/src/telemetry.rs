//! Log lines on stderr: for people on a terminal, JSON for machines otherwise. It knows formats and filters; it refuses to
//! know what is logged, and to log the text of a panic, which may quote what a client sent.

use crate::{Problem, Settings};
use std::{backtrace::Backtrace, io::IsTerminal, sync::Once};
use tracing_subscriber::EnvFilter;

const DEFAULT_FILTER: &str = "info,sqlx=warn,h2=warn,hyper=warn";

/// What a log line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Human,
    Json,
    Auto,
}

/// The settings of the log: `LOG_FORMAT` (human, json, auto) and `LOG` (a filter such as `info,fengqiao_store=debug`).
#[derive(Clone, Debug)]
pub struct Telemetry {
    format: Format,
    filter: String,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { format: Format::Auto, filter: DEFAULT_FILTER.to_owned() }
    }
}

impl Telemetry {
    /// Reads the settings.
    pub fn read(settings: &mut Settings<'_>) -> Self {
        let formats = [("auto", Format::Auto), ("human", Format::Human), ("json", Format::Json)];
        let format = settings.choice("LOG_FORMAT", &formats, Format::Auto);
        let mut telemetry = Self { format, ..Self::default() };
        if let Some(filter) = settings.text("LOG") {
            match EnvFilter::try_new(&filter) {
                Ok(_) => telemetry.filter = filter,
                Err(error) => settings.report(Problem::new("LOG", format!("must be a log filter such as info,h2=warn: {error}"))),
            }
        }
        telemetry
    }

    /// Starts logging, once per process; later calls change nothing.
    pub fn start(&self) {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let json = match self.format {
                Format::Json => true,
                Format::Human => false,
                Format::Auto => !std::io::stderr().is_terminal(),
            };
            let filter = EnvFilter::try_new(&self.filter).unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
            let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
            // an error means that somebody else (a test harness) listens already
            let _ = if json {
                builder.json().flatten_event(true).with_span_list(false).try_init()
            } else {
                builder.with_ansi(std::io::stderr().is_terminal()).try_init()
            };
        });
    }
}

/// From now on a panic is a log line with its place, and its backtrace where `RUST_BACKTRACE` asks for one. Only a literal
/// message is shown: a formatted one may hold what a client sent. For `main`; a test wants the text of its assertions.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(formatted text withheld)");
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == std::backtrace::BacktraceStatus::Captured).then(|| backtrace.to_string());
        tracing::error!(place, panic = message, backtrace, "panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    #[test]
    fn settings_are_checked() {
        let map = Map::from([("F_LOG_FORMAT", "xml"), ("F_LOG", "=[bad")]);
        let mut settings = Settings::new(&map, "F_");
        assert_eq!(Telemetry::read(&mut settings).filter, DEFAULT_FILTER);
        assert_eq!(settings.finish().unwrap_err().0.len(), 2);
    }

    #[test]
    fn starting_twice_is_harmless() {
        Telemetry::default().start();
        Telemetry::default().start();
    }
}
