//! The stream: several batches on the way, one answer for each. After a broken line the batches without an answer are sent
//! again: an import is safe to repeat.

use super::{
    Summary,
    batch::{Batch, Part},
    kind::Taker,
    progress::Progress,
};
use crate::client::unreachable;
use anyhow::{Context as _, anyhow};
use std::{collections::VecDeque, time::Duration};
use tokio::{sync::mpsc, time};
use tokio_stream::{StreamExt as _, wrappers::ReceiverStream};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// Batches on the way.
const WINDOW: usize = 4;
/// Tries without an answer in between.
const TRIES: u32 = 7;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const FAREWELL: Duration = Duration::from_secs(5);

/// An import under way.
pub struct Sending<'a> {
    summary: &'a mut Summary,
    progress: &'a Progress,
    unanswered: VecDeque<Batch>,
    damage: Option<String>,
    read_all: bool,
    position: i64,
    connected: bool,
    tries: u32,
}

impl<'a> Sending<'a> {
    /// Nothing is sent yet.
    pub fn new(summary: &'a mut Summary, progress: &'a Progress) -> Self {
        Self {
            summary,
            progress,
            unanswered: VecDeque::new(),
            damage: None,
            read_all: false,
            position: 0,
            connected: false,
            tries: 0,
        }
    }

    /// Sends everything that is read; the position of the log that includes it.
    pub async fn all(mut self, taker: &mut Taker, mut parts: mpsc::Receiver<Part>) -> anyhow::Result<i64> {
        loop {
            while self.unanswered.is_empty() && !self.read_all {
                let part = parts.recv().await;
                self.take(part);
            }
            if self.unanswered.is_empty() {
                break;
            }
            match self.converse(taker, &mut parts).await {
                Ok(()) => break,
                Err(status) => match self.pause(&status) {
                    Some(pause) => {
                        self.progress.note(&format!("the line broke ({}); trying again", status.message()));
                        time::sleep(pause).await;
                    }
                    None => return Err(self.given_up(status)),
                },
            }
        }
        match self.damage.take() {
            None => Ok(self.position),
            Some(damage) if self.summary.rows > 0 => Err(anyhow!("{damage}; the rows before it were imported")),
            Some(damage) => Err(anyhow!(damage)),
        }
    }

    fn take(&mut self, part: Option<Part>) -> Option<Batch> {
        match part {
            Some(Part::Rows { batch, refused }) => {
                self.summary.refuse(refused);
                if !batch.rows.is_empty() {
                    self.unanswered.push_back(batch.clone());
                    return Some(batch);
                }
            }
            Some(Part::Damage(damage)) => {
                self.damage = Some(damage);
                self.read_all = true;
            }
            None => self.read_all = true,
        }
        None
    }

    /// One stream, until everything has its answer or the line breaks.
    async fn converse(&mut self, taker: &mut Taker, parts: &mut mpsc::Receiver<Part>) -> Result<(), Status> {
        let (sender, receiver) = mpsc::channel(WINDOW);
        for batch in &self.unanswered {
            // There is room for a whole window.
            let _ = sender.try_send(batch.clone());
        }
        let mut answers = taker.import(ReceiverStream::new(receiver)).await?;
        self.connected = true;
        while !(self.read_all && self.unanswered.is_empty()) {
            tokio::select! {
                biased;
                answer = answers.next(), if !self.unanswered.is_empty() => {
                    let answer = answer.ok_or_else(|| Status::unavailable("the server ended the stream early"))??;
                    self.unanswered.pop_front();
                    self.position = self.position.max(answer.log_position);
                    self.summary.add(answer);
                    self.progress.rows(self.summary.rows);
                    self.tries = 0;
                }
                part = parts.recv(), if !self.read_all && self.unanswered.len() < WINDOW => {
                    if let Some(batch) = self.take(part) {
                        // A closed channel is a broken line; the answers will say so.
                        let _ = sender.try_send(batch);
                    }
                }
            }
        }
        drop(sender);
        // Everything has its answer: how the stream ends does not matter.
        let _ = time::timeout(FAREWELL, answers.next()).await;
        Ok(())
    }

    /// How long to wait before trying again; `None` when that makes no sense.
    fn pause(&mut self, status: &Status) -> Option<Duration> {
        let busy = status.code() == Code::ResourceExhausted;
        if !(busy || status.code() == Code::Aborted || unreachable(status)) {
            return None;
        }
        let nobody_there = !self.connected && std::error::Error::source(status).is_some();
        if nobody_there || self.tries == TRIES {
            return None;
        }
        let usual = FIRST_PAUSE * 2_u32.pow(self.tries);
        self.tries += 1;
        let asked = status.get_details_retry_info().and_then(|info| info.retry_delay);
        Some(asked.unwrap_or(usual).min(LONGEST_PAUSE))
    }

    fn given_up(&self, status: Status) -> anyhow::Error {
        let error: Result<(), _> = Err(status);
        let taken = self.summary.taken();
        let said = if taken == 0 {
            "nothing is certain to be imported".to_owned()
        } else {
            format!("{taken} rows are certainly in; import the file again for the rest, it is safe to repeat")
        };
        error.context(said).err().unwrap_or_else(|| anyhow!("the import stopped"))
    }
}
