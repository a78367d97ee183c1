//! Checking the log: every digest and hash again, from the first event to the head.

use crate::{Head, StoreError, Tx, envelope, log};
use std::error::Error;

/// Events read at a time.
const PAGE: i64 = 2000;

/// Where the log stops being what was written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log is broken at position {position}: {what}")]
pub struct Broken {
    /// The first broken position; 0 when the head itself cannot be read.
    pub position: i64,
    /// What is wrong there.
    pub what: String,
}

/// Recomputes the chain over the whole log as this transaction (a snapshot) sees it, and gives the head it ends in.
/// Whatever cannot be read counts as broken.
pub async fn verify_chain(tx: &mut Tx) -> Result<Head, Broken> {
    let head = log::head(&mut *tx).await.map_err(|e| unreadable(0, &e))?;
    let mut hash = envelope::genesis(&head.log_id).to_vec();
    let mut position = 0;
    let mut recorded_us = i64::MIN;
    loop {
        let rows = log::rows_after(&mut *tx, position, PAGE).await.map_err(|e| unreadable(position + 1, &e))?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let expected = position + 1;
            if row.position != expected {
                return Err(broken(expected, "the event is missing"));
            }
            if position >= head.position {
                return Err(broken(expected, "the event lies beyond the head"));
            }
            if envelope::digest(&row.open, &row.sealed)[..] != row.digest[..] {
                return Err(broken(expected, "a payload does not match the digest"));
            }
            hash = envelope::chain(&hash, &row.header(), &row.digest).to_vec();
            if hash != row.hash {
                return Err(broken(expected, "the event does not match its hash, or an earlier event was replaced"));
            }
            if row.recorded_us < recorded_us {
                return Err(broken(expected, "the event was recorded before the one before it"));
            }
            recorded_us = row.recorded_us;
            position = expected;
        }
    }
    if position != head.position {
        return Err(broken(position + 1, "the event is missing, the head lies beyond it"));
    }
    if hash != head.hash {
        return Err(broken(position, "the head has another hash"));
    }
    if position > 0 && recorded_us != head.recorded_at.0 {
        return Err(broken(position, "the head has another time"));
    }
    Ok(head)
}

fn broken(position: i64, what: &str) -> Broken {
    Broken { position, what: what.to_owned() }
}

fn unreadable(position: i64, error: &StoreError) -> Broken {
    let mut what = format!("cannot be read: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        what.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    Broken { position, what }
}
