//! Group commit: one task owns the write side and commits whatever has queued up while the last commit was under way.

use crate::{Db, StoreError, Tx};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tracing::Instrument;

/// Turns a batch of commands into writes.
pub trait Apply: Send + Sync + 'static {
    /// What may be asked.
    type Command: Send + Sync + 'static;
    /// What is answered; a refusal by the rules is an answer, not an error.
    type Reply: Send + 'static;

    /// Loads, decides and writes for all commands, and gives one reply per command, in their order. It may be called
    /// again after a rollback, with the same commands or one of them alone, and must decide anew from what it reads then.
    fn apply(&self, tx: &mut Tx, batch: &[Self::Command]) -> impl Future<Output = Result<Vec<Self::Reply>, StoreError>> + Send;
}

impl<A: Apply> Apply for Arc<A> {
    type Command = A::Command;
    type Reply = A::Reply;

    async fn apply(&self, tx: &mut Tx, batch: &[A::Command]) -> Result<Vec<A::Reply>, StoreError> {
        A::apply(self, tx, batch).await
    }
}

/// How much a writer takes.
#[derive(Clone, Copy, Debug)]
pub struct WriterSettings {
    /// The most commands in one transaction.
    pub max_batch: usize,
    /// The most commands that wait.
    pub queue: usize,
}

impl Default for WriterSettings {
    fn default() -> Self {
        Self { max_batch: 512, queue: 4096 }
    }
}

/// Why a command has no reply. Shared, because a whole batch may fail for one reason.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The queue is full: wait, then try again.
    #[error("the write queue is full")]
    Full,
    /// The writer stopped; nothing is known about a command it had taken.
    #[error("the writer stopped")]
    Stopped,
    /// The command's transaction failed.
    #[error("the write failed")]
    Store(#[source] Arc<StoreError>),
}

type Waiting<A> = (<A as Apply>::Command, oneshot::Sender<Outcome<A>>);
type Outcome<A> = Result<<A as Apply>::Reply, SubmitError>;

/// The way to a writer's queue. When all clones are gone, the task commits what is queued and ends.
pub struct Writer<A: Apply> {
    queue: mpsc::Sender<Waiting<A>>,
}

impl<A: Apply> Clone for Writer<A> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<A: Apply> Writer<A> {
    /// Starts the task that writes. Its handle ending before the writers are gone means that `apply` panicked.
    pub fn spawn(db: Db, apply: A, settings: WriterSettings) -> (Self, JoinHandle<()>) {
        let (queue, inbox) = mpsc::channel(settings.queue.max(1));
        let task = tokio::spawn(run(db, apply, inbox, settings.max_batch.max(1)));
        (Self { queue }, task)
    }

    /// Hands a command over, unless the queue is full, and waits for its batch to commit. A caller that goes away
    /// meanwhile does not stop the command.
    pub async fn try_submit(&self, command: A::Command) -> Result<A::Reply, SubmitError> {
        let (to, reply) = oneshot::channel();
        self.queue.try_send((command, to)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SubmitError::Full,
            mpsc::error::TrySendError::Closed(_) => SubmitError::Stopped,
        })?;
        reply.await.map_err(|_| SubmitError::Stopped)?
    }

    /// Waits for room in the queue, hands a command over, and waits for its batch to commit.
    pub async fn submit(&self, command: A::Command) -> Result<A::Reply, SubmitError> {
        let (to, reply) = oneshot::channel();
        self.queue.send((command, to)).await.map_err(|_| SubmitError::Stopped)?;
        reply.await.map_err(|_| SubmitError::Stopped)?
    }
}

/// Tries for a batch, and for a command that is tried alone after its batch failed.
const BATCH_TRIES: u32 = 8;
const SINGLE_TRIES: u32 = 4;

async fn run<A: Apply>(db: Db, apply: A, mut inbox: mpsc::Receiver<Waiting<A>>, max_batch: usize) {
    let mut waiting = Vec::with_capacity(max_batch);
    // No timer: a batch forms while the one before it commits.
    while inbox.recv_many(&mut waiting, max_batch).await > 0 {
        let (commands, replies): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
        match commit(&db, &apply, &commands, BATCH_TRIES).await {
            Ok(outcomes) => {
                for (to, reply) in replies.into_iter().zip(outcomes) {
                    answer::<A>(to, Ok(reply));
                }
            }
            // Nothing was written and the database works: one command may spoil the batch, so each gets its own.
            Err(error) if commands.len() > 1 && worth_parting(&error) => {
                tracing::debug!(batch = commands.len(), %error, "batch refused, each command alone");
                for (command, to) in commands.iter().zip(replies) {
                    let outcome = commit(&db, &apply, std::slice::from_ref(command), SINGLE_TRIES).await;
                    let reply = outcome.and_then(|mut r| r.pop().ok_or(MISCOUNTED));
                    answer::<A>(to, reply.map_err(|e| SubmitError::Store(Arc::new(e))));
                }
            }
            Err(error) => {
                tracing::warn!(batch = commands.len(), %error, cause = cause(&error), "batch failed");
                let error = SubmitError::Store(Arc::new(error));
                for to in replies {
                    answer::<A>(to, Err(error.clone()));
                }
            }
        }
    }
}

const MISCOUNTED: StoreError = StoreError::Misuse("apply must give one reply per command");

fn answer<A: Apply>(to: oneshot::Sender<Outcome<A>>, outcome: Outcome<A>) {
    // A caller that went away is not waiting; its command was carried out all the same.
    let _ = to.send(outcome);
}

fn worth_parting(error: &StoreError) -> bool {
    error.is_certainly_aborted() && !matches!(error, StoreError::Unavailable(_))
}

fn cause(error: &StoreError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

/// One transaction for the batch, tried again while the database asks for it.
async fn commit<A: Apply>(db: &Db, apply: &A, batch: &[A::Command], tries: u32) -> Result<Vec<A::Reply>, StoreError> {
    let span = tracing::debug_span!("store.commit", batch = batch.len(), attempts = tracing::field::Empty);
    let work = async {
        let mut attempt = 1;
        loop {
            let outcome = once(db, apply, batch).await;
            match outcome {
                Err(error) if error.is_transient() && attempt < tries => {
                    tracing::debug!(attempt, %error, "transaction tried again");
                    tokio::time::sleep(Duration::from_millis(1 << attempt.min(6))).await;
                    attempt += 1;
                }
                outcome => {
                    tracing::Span::current().record("attempts", attempt);
                    return outcome;
                }
            }
        }
    };
    work.instrument(span).await
}

async fn once<A: Apply>(db: &Db, apply: &A, batch: &[A::Command]) -> Result<Vec<A::Reply>, StoreError> {
    let mut tx = db.begin().await?;
    let replies = apply.apply(&mut tx, batch).await?;
    if replies.len() != batch.len() {
        return Err(MISCOUNTED);
    }
    tx.commit().await?;
    Ok(replies)
}
