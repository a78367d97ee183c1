//! WatchPetitions: a task that looks and a stream that tells. A reader that is slow holds up its own task and nobody else; what waits
//! for it is bounded.

use super::{Api, parse, reply, status::Failure};
use crate::app::{Looked, WatchError, Watching};
use fengqiao_model::{Caller, Instant};
use fengqiao_proto::{
    intake::v1::{self as pb, watch_petitions_response::What},
    mask::Mask,
};
use fengqiao_service::{Answers, errors};
use futures_util::{StreamExt, stream};
use std::time::Duration;
use tokio::{
    sync::mpsc::{self, Sender},
    time::{Instant as Moment, sleep},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

/// Watches at once in one process.
pub const WATCHES: usize = 512;
/// Answers that may wait for a reader.
const QUEUED: usize = 16;
/// How often writers of other processes are looked for.
const POLL: Duration = Duration::from_secs(1);
/// How long what nobody sees may go on without a checkpoint.
const QUIET: Duration = Duration::from_secs(1);
/// A reader hears something at least this often.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Then the stream ends, and whoever resumes it says again who calls.
const LONGEST: Duration = Duration::from_secs(3600);

type Told = Sender<Result<pb::WatchPetitionsResponse, Status>>;

/// WatchPetitions.
pub async fn watch(
    api: &Api,
    caller: &Caller,
    call: &str,
    request: &pb::WatchPetitionsRequest,
) -> Result<Answers<pb::WatchPetitionsResponse>, Failure> {
    let parse::Watched { filter, from, mask } = parse::watch(request)?;
    let permit = api.watches.clone().try_acquire_owned().map_err(|_| Failure::TooManyWatches)?;
    let watching = Watching::begin(api.db.clone(), api.clock.clone(), filter, caller.division.clone(), from).await?;
    let positions = api.db.positions();
    let (told, received) = mpsc::channel(QUEUED);
    let id = call.to_owned();
    let running = async move {
        let _permit = permit;
        tokio::select! {
            () = told.closed() => {}
            () = run(watching, positions, &mask, &told, &id) => {}
        }
    };
    tokio::spawn(tracing::Instrument::in_current_span(running));
    let draining = api.draining.clone();
    let over = async move {
        tokio::select! {
            () = draining.cancelled() => {}
            () = sleep(LONGEST) => {}
        }
    };
    // a failure among the answers ends the stream before this one
    let ending = stream::once(async { Err(errors::draining()) });
    Ok(Box::pin(ReceiverStream::new(received).take_until(over).chain(ending)))
}

/// Tells what is seen until the reader goes or the log cannot be read, which is told as the last answer.
async fn run(mut watching: Watching, mut positions: tokio::sync::watch::Receiver<i64>, mask: &Mask, told: &Told, call: &str) {
    let mut heard: Option<Moment> = None;
    let mut told_position = watching.token().position;
    loop {
        let Looked { seen, as_of, caught_up } = match watching.look().await {
            Ok(looked) => looked,
            Err(error) => {
                // the reader may be gone, and then nobody needs to know
                let _ = told.send(Err(Failure::from(error).status(call))).await;
                return;
            }
        };
        for seen in seen {
            let token = seen.token.encode();
            told_position = seen.token.position;
            let what = if seen.matches {
                What::Change(pb::PetitionChange {
                    petition: Some(mask.apply(reply::petition(&seen.id, &seen.petition))),
                    kind: seen.event.kind,
                    version: seen.event.version,
                    occurred_on: seen.event.occurred_on,
                    recorded_at: Some(reply::moment(seen.event.recorded_at)),
                    position: seen.event.position,
                })
            } else {
                What::Left(pb::PetitionLeft { petition_id: seen.id, etag: seen.petition.version.to_string() })
            };
            if told.send(Ok(pb::WatchPetitionsResponse { resume_token: token, what: Some(what) })).await.is_err() {
                return;
            }
            heard = Some(Moment::now());
        }
        let patience = if watching.token().position > told_position { QUIET } else { HEARTBEAT };
        if heard.is_none_or(|at| at.elapsed() >= patience) {
            if told.send(Ok(checkpoint(&watching, as_of))).await.is_err() {
                return;
            }
            heard = Some(Moment::now());
            told_position = watching.token().position;
        }
        if caught_up {
            let position = watching.token().position;
            tokio::select! {
                _ = positions.wait_for(|committed| *committed > position) => {}
                () = sleep(POLL) => {}
            }
        }
    }
}

fn checkpoint(watching: &Watching, as_of: Instant) -> pb::WatchPetitionsResponse {
    let checkpoint = pb::WatchCheckpoint { as_of: Some(reply::moment(as_of)) };
    pb::WatchPetitionsResponse { resume_token: watching.token().encode(), what: Some(What::Checkpoint(checkpoint)) }
}

impl From<WatchError> for Failure {
    fn from(error: WatchError) -> Self {
        match error {
            WatchError::OutOfRange => Failure::ResumeOutOfRange,
            WatchError::Store(error) => Failure::Store(error),
        }
    }
}
