//! Which item of a stream waits for which: an item follows the one that it names (`after_request_id`), and the one that logs the petition
//! that it changes. It knows ids; it refuses to know what items do. Memory is bounded: what is done is forgotten, and of what was refused
//! only the latest is kept; a dependant that comes later still is judged by what the book says.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

/// Refused items that are remembered.
const REFUSED: usize = 10_000;

/// The items of one stream.
#[derive(Clone, Default)]
pub struct Chain(Arc<Mutex<Links>>);

#[derive(Default)]
struct Links {
    /// Items without a verdict so far, by request id and by the petition they log.
    open: HashMap<String, Open>,
    /// Refused items, the same way, with their request id.
    refused: HashMap<String, String>,
    order: VecDeque<String>,
}

#[derive(Clone)]
struct Open {
    request_id: String,
    fate: watch::Receiver<Option<bool>>,
}

/// What an item waits for.
pub struct Held {
    refused: Option<String>,
    open: Vec<Open>,
}

impl Held {
    /// The item that holds it back, when every item that it follows has its verdict: one that was refused, if any was.
    pub async fn by(mut self) -> Option<String> {
        for open in &mut self.open {
            // An item that ends without a verdict was not done.
            let done = open.fate.wait_for(Option::is_some).await.is_ok_and(|fate| *fate == Some(true));
            if !done {
                return Some(std::mem::take(&mut open.request_id));
            }
        }
        self.refused
    }
}

/// An item's place in the chain; tells its verdict on.
pub struct Link {
    chain: Chain,
    request_id: String,
    keys: Vec<String>,
    fate: watch::Sender<Option<bool>>,
}

impl Chain {
    /// Takes an item in: itself, whom it follows, which petition it changes, which one it logs; empty where there is none.
    pub fn take(&self, request_id: &str, after: &str, petition: &str, logs: &str) -> (Held, Link) {
        let mut links = self.links();
        let mut held = Held { refused: None, open: Vec::new() };
        for key in [key("", after), key("petition ", petition)].into_iter().flatten() {
            if let Some(open) = links.open.get(&key) {
                held.open.push(open.clone());
            } else if let Some(by) = links.refused.get(&key) {
                held.refused.get_or_insert_with(|| by.clone());
            }
        }
        let (fate, told) = watch::channel(None);
        let keys: Vec<String> = [key("", request_id), key("petition ", logs)].into_iter().flatten().collect();
        for key in &keys {
            links.open.insert(key.clone(), Open { request_id: request_id.to_owned(), fate: told.clone() });
        }
        (held, Link { chain: self.clone(), request_id: request_id.to_owned(), keys, fate })
    }

    fn links(&self) -> MutexGuard<'_, Links> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(kind: &str, id: &str) -> Option<String> {
    (!id.is_empty()).then(|| format!("{kind}{id}"))
}

impl Link {
    /// Tells whether the item was done.
    pub fn told(self, done: bool) {
        {
            let mut links = self.chain.links();
            for key in &self.keys {
                // Sent again meanwhile, the later one counts.
                if links.open.get(key).is_some_and(|open| open.fate.same_channel(&self.fate.subscribe())) {
                    links.open.remove(key);
                }
                if done {
                    links.refused.remove(key);
                } else if links.refused.insert(key.clone(), self.request_id.clone()).is_none() {
                    links.order.push_back(key.clone());
                }
            }
            while links.order.len() > REFUSED {
                let oldest = links.order.pop_front().unwrap_or_default();
                links.refused.remove(&oldest);
            }
        }
        self.fate.send_replace(Some(done));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_item_waits_for_those_it_follows() {
        let chain = Chain::default();
        let (held, log) = chain.take("1", "", "", "p");
        assert_eq!(held.by().await, None);
        let (after_log, accept) = chain.take("2", "1", "p", "");
        let (after_accept, _opinion) = chain.take("3", "2", "p", "");
        log.told(true);
        assert_eq!(after_log.by().await, None);
        accept.told(false);
        assert_eq!(after_accept.by().await.as_deref(), Some("2"));
        assert_eq!(chain.take("4", "2", "p", "").0.by().await.as_deref(), Some("2"), "also what comes later");
        assert_eq!(chain.take("5", "1", "p", "").0.by().await, None, "what was done is forgotten");
    }

    #[tokio::test]
    async fn what_changes_a_petition_that_was_not_logged_waits_for_a_better_one() {
        let chain = Chain::default();
        chain.take("1", "", "", "p").1.told(false);
        assert_eq!(chain.take("2", "", "p", "").0.by().await.as_deref(), Some("1"));
        chain.take("3", "", "", "p").1.told(true);
        assert_eq!(chain.take("2", "", "p", "").0.by().await, None);
    }

    #[tokio::test]
    async fn an_item_that_ends_without_a_verdict_holds_back() {
        let chain = Chain::default();
        let (_, lost) = chain.take("1", "", "", "");
        let (held, _) = chain.take("2", "1", "", "");
        drop(lost);
        chain.links().open.clear();
        assert_eq!(held.by().await.as_deref(), Some("1"));
        assert_eq!(chain.take("3", "3", "", "").0.by().await, None, "nobody waits for itself");
    }

    #[tokio::test]
    async fn refused_items_are_forgotten_in_time() {
        let chain = Chain::default();
        for n in 0..REFUSED + 10 {
            chain.take(&format!("{n}"), "", "", "").1.told(false);
        }
        assert_eq!(chain.take("a", "0", "", "").0.by().await, None);
        assert!(chain.take("b", "100", "", "").0.by().await.is_some());
        assert!(chain.links().refused.len() <= REFUSED);
    }
}
