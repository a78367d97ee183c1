//! A network that loses, delays and cuts: a TCP proxy in front of a server, drawn from a seed. It knows bytes; it refuses to know what
//! they say.

use crate::ledger::Dice;
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A bad line to a server; ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    cuts: Arc<AtomicU64>,
    /// Dropped with the proxy: ends its tasks.
    _end: watch::Sender<()>,
}

impl Proxy {
    /// A line to a server on which one of `one_in` pieces of traffic is the last: the connection is cut before it is handed on (a request or
    /// a message is lost) or right after (its answer is lost). Others are handed on, some of them late.
    pub async fn to(server: SocketAddr, seed: u64, one_in: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (end, ended) = watch::channel(());
        let (dice, cuts) = (Arc::new(Mutex::new(Dice::new(seed))), Arc::new(AtomicU64::new(0)));
        let counted = cuts.clone();
        tokio::spawn(async move {
            let mut stop = ended.clone();
            loop {
                let accepted = tokio::select! {
                    _ = stop.changed() => break,
                    accepted = listener.accept() => accepted,
                };
                let Ok((client, _)) = accepted else { break };
                let line = Line { dice: dice.clone(), cuts: counted.clone(), one_in };
                let mut stop = ended.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        _ = stop.changed() => {}
                        () = line.carry(client, server) => {}
                    }
                });
            }
        });
        Self { address, cuts, _end: end }
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often it cut a connection so far.
    pub fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::Relaxed)
    }
}

struct Line {
    dice: Arc<Mutex<Dice>>,
    cuts: Arc<AtomicU64>,
    one_in: u64,
}

impl Line {
    async fn carry(self, client: TcpStream, server: SocketAddr) {
        let Ok(upstream) = TcpStream::connect(server).await else { return };
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = upstream.into_split();
        // Whichever way is cut first takes the other with it.
        tokio::select! {
            () = self.one_way(&mut from_client, &mut to_server) => {}
            () = self.one_way(&mut from_server, &mut to_client) => {}
        }
    }

    async fn one_way(&self, from: &mut (impl AsyncReadExt + Unpin), to: &mut (impl AsyncWriteExt + Unpin)) {
        let mut piece = vec![0; 16 * 1024];
        loop {
            let Ok(length @ 1..) = from.read(&mut piece).await else { return };
            let fate = self.dice.lock().expect("nobody panics while holding this").below(2 * self.one_in);
            if fate == 0 {
                self.cuts.fetch_add(1, Ordering::Relaxed);
                return;
            }
            if fate % 7 == 3 {
                tokio::time::sleep(Duration::from_millis(fate % 5)).await;
            }
            if to.write_all(&piece[..length]).await.is_err() {
                return;
            }
            if fate == 1 {
                self.cuts.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
    }
}
