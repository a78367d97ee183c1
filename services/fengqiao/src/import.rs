//! `fengqiao import`: a ledger file, read row by row in a thread of its own, sent in batches, and a verdict on every row.
//!
//! | File | Knows |
//! |---|---|
//! | `open.rs` | files and what they really are: gzip, other encodings, workbooks |
//! | `lines.rs` | on which line a record begins, and whether a quotation mark is open |
//! | `kind.rs` | what differs between petitions and cases: columns, log, call |
//! | `header.rs` | the names of the columns |
//! | `rows.rs` | cells, and what is wrong with a row before any server sees it |
//! | `batch.rs` | as many rows as one message takes |
//! | `send.rs` | the stream: several batches on the way, repeated after a broken line |
//! | `wait.rs` | until the figures include the rows |
//! | `summary.rs`, `progress.rs` | what is printed at the end, and in between |

mod batch;
mod header;
mod kind;
mod lines;
mod open;
mod progress;
mod rows;
mod send;
mod summary;
mod wait;

pub use summary::{Refusal, Summary};

use crate::{
    cli::{Format, ImportArgs, Ledger},
    client::Client,
    failure, output,
};
use kind::Taker;
use progress::Progress;
use send::Sending;
use std::process::ExitCode;
use tokio::sync::mpsc;

/// Parts of the file that were read and wait to be sent.
const READ_AHEAD: usize = 2;

/// Does `fengqiao import`.
pub async fn run(client: &Client, args: ImportArgs, format: Format) -> anyhow::Result<ExitCode> {
    let (mut taker, reporting) = (Taker::new(client, args.what)?, args.wait.then(|| client.reporting()).transpose()?);
    let mut summary = Summary::default();
    let outcome = match open::open(&args.file) {
        Ok(input) => {
            let progress = Progress::new(input.size, input.read.clone());
            let parts = read(input, args.what, &args.ledger);
            let sent = Sending::new(&mut summary, &progress).all(&mut taker, parts).await;
            let outcome = match (sent, reporting) {
                (Ok(position), Some(mut reporting)) => {
                    wait::until_included(&mut reporting, args.what.log(), position, &progress).await
                }
                (sent, _) => sent.map(|_| ()),
            };
            progress.done();
            outcome
        }
        Err(error) => Err(error),
    };
    let servers = client.servers();
    summary.finish(outcome.as_ref().err().map(|error| failure::sentence(error, servers)));
    // Who closed the pipe still gets the exit code.
    let _ = output::print(&match format {
        Format::Json => summary.json()?,
        _ => summary.table(&args.file),
    });
    match outcome {
        Err(error) => Ok(failure::show(&error, format, servers)),
        Ok(()) if args.strict && !summary.refused.is_empty() => Ok(ExitCode::FAILURE),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

/// Reads the input in a thread of its own; the parts come through the channel.
fn read(input: open::Input, what: Ledger, ledger: &str) -> mpsc::Receiver<batch::Part> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    let ledger = ledger.to_owned();
    tokio::task::spawn_blocking(move || {
        batch::read(input.reader, what.columns(), &ledger, &mut |part| sender.blocking_send(part).is_ok());
    });
    receiver
}
