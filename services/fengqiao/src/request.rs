//! What every write says of itself: its request id, and the version it was decided on. Who names no version decides on the
//! present one, which is read first and printed.

use crate::{
    cli::{Person, SeenArgs},
    client::unreachable,
    output,
};
use anyhow::Context as _;
use fengqiao_model::{Day, IdSource, RequestId, SystemClock};
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};
use tonic::Status;

/// What every change says.
pub struct Named {
    /// Id of the request.
    pub request_id: String,
    /// Id of what is changed.
    pub id: String,
    /// The version seen; empty when a request is named.
    pub etag: String,
    /// The request that made it; empty when a version is named.
    pub after_request_id: String,
}

/// What is changed, as it stands.
pub struct Present {
    /// Its id.
    pub id: String,
    /// Its version.
    pub etag: String,
    /// Its number and state, for people.
    pub title: String,
}

/// A new request id.
pub fn mint() -> String {
    RequestId::from_bytes(IdSource::default().mint(&SystemClock)).to_string()
}

/// The request id that was typed, or a new one.
pub fn id_or_new(typed: Option<RequestId>) -> String {
    typed.map_or_else(mint, |id| id.to_string())
}

/// Names what is changed, its version and the request. `id` is what is known without reading.
pub async fn name(
    seen: SeenArgs,
    id: Option<String>,
    read: impl AsyncFnOnce() -> anyhow::Result<Present>,
) -> anyhow::Result<Named> {
    let request_id = id_or_new(seen.request_id);
    let after_request_id = seen.after_request.map(|id| id.to_string()).unwrap_or_default();
    let said = seen.etag.is_some() || !after_request_id.is_empty();
    let etag = seen.etag.unwrap_or_default();
    match id {
        Some(id) if said => Ok(Named { request_id, id, etag, after_request_id }),
        _ => {
            let present = read().await?;
            if said {
                return Ok(Named { request_id, id: present.id, etag, after_request_id });
            }
            output::note(&format!("changing {}, version {}", present.title, present.etag));
            Ok(Named { request_id, id: present.id, etag: present.etag, after_request_id })
        }
    }
}

/// Says how a request whose answer was lost can be repeated without doing it twice.
pub fn repeatable<T>(answer: Result<T, Status>, request_id: &str) -> anyhow::Result<T> {
    match answer {
        Err(status) if unreachable(&status) => Err(status)
            .with_context(|| format!("it is not known whether it was done; repeat the command with --request-id {request_id}")),
        answer => Ok(answer?),
    }
}

/// A day as the contract writes it; empty when none was typed.
pub fn day(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A text, from the file when one is named.
pub fn text(typed: String, file: Option<&Path>) -> anyhow::Result<String> {
    let Some(path) = file else { return Ok(typed) };
    let mut text = String::new();
    open(path)?.read_to_string(&mut text).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.trim_end().to_owned())
}

/// Opens a file; `-` is standard input.
pub fn open(path: &Path) -> anyhow::Result<BufReader<Box<dyn Read + Send>>> {
    let raw: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).with_context(|| format!("cannot open {}", path.display()))?)
    };
    Ok(BufReader::new(raw))
}

/// The parties of a dispute, each on its side.
pub fn parties(
    applicants: Vec<Person>,
    respondents: Vec<Person>,
    others: Vec<Person>,
) -> Vec<fengqiao_proto::mediation::v1::Party> {
    let on = |side: &'static str| {
        move |person: Person| {
            let Person { name, phone, identity_kind, identity_number, address } = person;
            // Mediation keeps no kind of its own.
            let parts = [identity_kind, identity_number];
            let identity_number = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(":");
            fengqiao_proto::mediation::v1::Party { name, phone, identity_number, address, side: side.to_owned() }
        }
    };
    let sides = applicants.into_iter().map(on("applicant")).chain(respondents.into_iter().map(on("respondent")));
    sides.chain(others.into_iter().map(on("third"))).collect()
}
