//! Group commit: one reply each, the poisoned command alone, the transient error tried again.

use crate::{NOW, event};
use fengqiao_store::{Apply, Db, StoreError, SubmitError, Tx, Writer, WriterSettings, log, on, verify_chain};
use fengqiao_testkit::on_each_engine;
use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};
use tokio::sync::Semaphore;

/// Appends one event per command; some commands misbehave.
#[derive(Default)]
struct Appending {
    batches: AtomicUsize,
    /// Batches begin only with a permit, when there is a gate.
    gate: Option<Arc<Semaphore>>,
    /// So many calls fail with a stale version first.
    conflicts: AtomicUsize,
}

#[derive(Clone, Debug)]
enum Command {
    Append(i64),
    /// Writes, then the database refuses.
    Poison,
    /// The rules refuse: a reply.
    Refused,
}

impl Apply for Appending {
    type Command = Command;
    type Reply = Option<i64>;

    async fn apply(&self, tx: &mut Tx, batch: &[Command]) -> Result<Vec<Option<i64>>, StoreError> {
        if let Some(gate) = &self.gate {
            gate.acquire().await.unwrap().forget();
        }
        self.batches.fetch_add(1, Ordering::SeqCst);
        if self.conflicts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() {
            return Err(StoreError::Conflict);
        }
        let mut replies = Vec::new();
        let mut events = Vec::new();
        for command in batch {
            match command {
                Command::Append(version) => {
                    events.push(event("a", *version));
                    replies.push(Some(*version));
                }
                Command::Poison => {
                    const TWICE: &str = "INSERT INTO log_head (one, log_id, position, hash, recorded_us) SELECT * FROM log_head";
                    on!(tx tx, c => sqlx::query(TWICE).execute(c).await.map(drop))?;
                }
                Command::Refused => replies.push(None),
            }
        }
        log::append(tx, NOW, events).await?;
        Ok(replies)
    }
}

const SETTINGS: WriterSettings = WriterSettings { max_batch: 64, queue: 64 };

on_each_engine! {
    async fn every_command_gets_its_own_reply(db: Db) {
        let apply = Arc::new(Appending::default());
        let (writer, task) = Writer::spawn(db.clone(), apply.clone(), SETTINGS);
        let waiting: Vec<_> = (1..=200)
            .map(|version| {
                let writer = writer.clone();
                tokio::spawn(async move {
                    let command = if version % 10 == 0 { Command::Refused } else { Command::Append(version) };
                    (version, writer.submit(command).await.unwrap())
                })
            })
            .collect();
        for waiting in waiting {
            let (version, reply) = waiting.await.unwrap();
            assert_eq!(reply, (version % 10 != 0).then_some(version));
        }
        drop(writer);
        task.await.unwrap();
        assert_eq!(verify_chain(&mut db.snapshot().await.unwrap()).await.unwrap().position, 180);
        assert!(apply.batches.load(Ordering::SeqCst) < 200);
    }

    async fn a_poisoned_command_fails_alone(db: Db) {
        let gate = Arc::new(Semaphore::new(0));
        let apply = Arc::new(Appending { gate: Some(gate.clone()), ..Appending::default() });
        let (writer, _task) = Writer::spawn(db.clone(), apply, SETTINGS);
        let commands = [Command::Append(1), Command::Append(2), Command::Poison, Command::Append(3)];
        let submit = |command| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.submit(command).await })
        };
        // The first goes ahead and stands at the gate; the others queue behind it and form one batch.
        let waiting: Vec<_> = commands.into_iter().map(submit).collect();
        gate.add_permits(100);
        let mut outcomes = Vec::new();
        for waiting in waiting {
            outcomes.push(waiting.await.unwrap());
        }
        assert!(matches!(&outcomes[2], Err(SubmitError::Store(e)) if matches!(**e, StoreError::Refused(_))), "{outcomes:?}");
        for good in [0, 1, 3] {
            assert!(outcomes[good].is_ok(), "{outcomes:?}");
        }
        assert_eq!(verify_chain(&mut db.snapshot().await.unwrap()).await.unwrap().position, 3);
    }

    async fn a_transient_error_is_tried_again_and_not_for_ever(db: Db) {
        let apply = Arc::new(Appending { conflicts: 3.into(), ..Appending::default() });
        let (writer, _task) = Writer::spawn(db.clone(), apply.clone(), SETTINGS);
        assert_eq!(writer.try_submit(Command::Append(1)).await.unwrap(), Some(1));
        assert_eq!(apply.batches.load(Ordering::SeqCst), 4);
        apply.conflicts.store(1000, Ordering::SeqCst);
        let error = writer.submit(Command::Append(2)).await.unwrap_err();
        assert!(matches!(&error, SubmitError::Store(e) if e.is_transient()), "{error:?}");
    }

    async fn a_full_queue_says_so_and_a_stopped_writer_too(db: Db) {
        let gate = Arc::new(Semaphore::new(0));
        let apply = Arc::new(Appending { gate: Some(gate.clone()), ..Appending::default() });
        let (writer, task) = Writer::spawn(db.clone(), apply, WriterSettings { max_batch: 1, queue: 1 });
        // Polled once each: a command waits in the queue, or is told that there is no room. One or two find room, as the task
        // may have taken the first and now stands at the gate.
        let mut waiting = Vec::new();
        let full = loop {
            let mut submit = Box::pin(writer.try_submit(Command::Append(waiting.len() as i64 + 1)));
            match poll_once(&mut submit).await {
                Some(outcome) => break outcome.unwrap_err(),
                None => waiting.push(submit),
            }
        };
        assert!(matches!(full, SubmitError::Full));
        assert!((1..=2).contains(&waiting.len()));
        gate.add_permits(100);
        for waiting in waiting {
            assert!(waiting.await.is_ok());
        }
        task.abort();
        let _ = task.await;
        assert!(matches!(writer.try_submit(Command::Refused).await, Err(SubmitError::Stopped)));
    }

    async fn what_was_handed_over_is_written_though_its_caller_went_away(db: Db) {
        let (writer, task) = Writer::spawn(db.clone(), Arc::new(Appending::default()), SETTINGS);
        {
            // Polled once, the command is in the queue; then its caller is gone.
            assert!(poll_once(&mut Box::pin(writer.submit(Command::Append(1)))).await.is_none());
        }
        drop(writer);
        task.await.unwrap();
        assert_eq!(log::head(&db).await.unwrap().position, 1);
    }
}

async fn poll_once<F: Future>(future: &mut Pin<Box<F>>) -> Option<F::Output> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
