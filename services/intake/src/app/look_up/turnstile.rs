//! Who may try number and code now, and who has to wait. It knows addresses, numbers as they are typed, and moments; it refuses to know
//! whether a number exists or a code is right until it is told: nothing here can tell a stranger.
//!
//! A code has 65 bits, so nobody guesses one: what is bounded here is work and nuisance. Three things are counted, each by a keyed hash in
//! a table of fixed size:
//!
//! | Counted | Free failures | then the next try waits |
//! |---|---|---|
//! | an address (of IPv6 its /64) | 10 | 1 s, doubled by each failure, up to 15 min |
//! | an address on one number | 5 (alarmed: 1) | 1 s, doubled, up to 1 h |
//! | a number, from anywhere | 50 | nothing by itself: the number is *alarmed*, which leaves each address one failure on it |
//!
//! So ten thousand guesses from one address are stopped at eleven or so, and many addresses together get one guess each in a while, while
//! no failure of anybody else ever keeps an address that did not fail itself from an answer: the rightful petitioner cannot be locked
//! out from afar. Who shares the address of somebody who guesses (a window of the hall, a carrier's gateway) is known by an earlier
//! answer: an address that was answered about a number goes on being answered about it, unless it fails on that very number.
//!
//! A try is charged before it is looked at and paid back when it was right, so a thousand tries at once are not a thousand free ones. A try
//! that is told to wait is not charged: nobody makes a wait longer for others by calling. Failures are forgiven one by one, every ten
//! minutes. A full table gives up the entry that failed least, so flooding it with fresh addresses frees nobody who guesses. Each replica
//! counts for itself.

use fengqiao_model::Instant;
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hash},
    net::IpAddr,
    sync::Mutex,
    time::Duration,
};

/// Failures of an address without a wait.
const FREE_OF_ADDRESS: u32 = 10;
/// Failures of an address on one number without a wait.
const FREE_OF_PAIR: u32 = 5;
/// The same while the number is alarmed.
const FREE_WHEN_ALARMED: u32 = 1;
/// Failures on a number from anywhere that alarm it.
const ALARM: u32 = 50;
/// The longest wait of an address.
const LONGEST_OF_ADDRESS: i64 = 15 * 60 * SECOND;
/// The longest wait of an address for one number.
const LONGEST_OF_PAIR: i64 = 60 * 60 * SECOND;
/// One failure is forgiven in this time.
const FORGIVEN: i64 = 10 * 60 * SECOND;
/// More failures than this, beyond the free ones, are not counted: what came from far away is forgiven within hours.
const MOST: u32 = 16;
/// How long an answer makes an address known for its number.
const KNOWN: i64 = 30 * 24 * 3600 * SECOND;

const SECOND: i64 = 1_000_000;
/// Entries that share a place of a table.
const WAYS: usize = 8;
/// Places of a table: with eight entries each, 32,768 addresses, pairs or numbers in some two megabytes.
const PLACES: usize = 4_096;

/// One counted thing.
#[derive(Clone, Copy, Default)]
struct Entry {
    /// Keyed hash; 0: nobody.
    key: u64,
    failures: u32,
    /// When failures were last counted or forgiven.
    since: i64,
    /// Before this moment no further try.
    until: i64,
    /// Answered, and known for it until this moment.
    known: i64,
}

impl Entry {
    /// The same, with what time has forgiven.
    fn now(mut self, now: i64) -> Self {
        let forgiven = u32::try_from((now - self.since).max(0) / FORGIVEN).unwrap_or(u32::MAX);
        if forgiven > 0 {
            self.failures = self.failures.saturating_sub(forgiven);
            self.since += i64::from(forgiven) * FORGIVEN;
        }
        self
    }

    fn is_known(&self, now: i64) -> bool {
        self.known > now
    }

    /// How much would be lost by forgetting it.
    fn worth(&self, now: i64) -> (bool, u32, i64) {
        let now_is = self.now(now);
        (now_is.is_known(now), now_is.failures, now_is.since)
    }

    fn charge(&mut self, now: i64, free: u32, longest: i64) {
        self.failures = (self.failures + 1).min(free + MOST);
        self.since = now;
        if self.failures > free {
            let doubled = SECOND.saturating_mul(1 << (self.failures - free - 1).min(30));
            self.until = now + doubled.min(longest);
        }
    }

    fn pay_back(&mut self, free: u32) {
        self.failures = self.failures.saturating_sub(1);
        if self.failures <= free {
            self.until = 0;
        }
    }
}

/// A table of fixed size: a key stands in one of the ways of its place.
struct Table(Vec<[Entry; WAYS]>);

impl Table {
    fn new() -> Self {
        Self(vec![[Entry::default(); WAYS]; PLACES])
    }

    fn read(&self, key: u64, now: i64) -> Entry {
        let place = &self.0[Self::place(key)];
        let found = place.iter().find(|entry| entry.key == key).copied();
        found.unwrap_or(Entry { key, since: now, ..Entry::default() }).now(now)
    }

    fn write(&mut self, entry: Entry, now: i64) {
        let place = &mut self.0[Self::place(entry.key)];
        let at = place.iter().position(|known| known.key == entry.key);
        let least = || (0..WAYS).min_by_key(|at| if place[*at].key == 0 { (false, 0, i64::MIN) } else { place[*at].worth(now) });
        if let Some(at) = at.or_else(least) {
            place[at] = entry;
        }
    }

    fn place(key: u64) -> usize {
        usize::try_from(key % PLACES as u64).unwrap_or(0)
    }
}

struct Tables {
    addresses: Table,
    pairs: Table,
    numbers: Table,
    /// The latest moment that was seen: a clock that is set back opens nothing.
    latest: i64,
}

/// The turnstile before the look-up.
pub struct Turnstile {
    hash: RandomState,
    tables: Mutex<Tables>,
}

/// A try that was let in, to be told when it was right; otherwise it has failed.
pub struct Entered {
    address: u64,
    pair: u64,
    number: u64,
    free: u32,
}

impl Default for Turnstile {
    fn default() -> Self {
        let tables = Tables { addresses: Table::new(), pairs: Table::new(), numbers: Table::new(), latest: 0 };
        Self { hash: RandomState::new(), tables: Mutex::new(tables) }
    }
}

impl Turnstile {
    /// Lets a try in, or says how long to wait. Tries over no network all come from one place.
    pub fn enter(&self, address: Option<IpAddr>, number: &str, now: Instant) -> Result<Entered, Duration> {
        let house = house(address);
        let (address, pair) = (self.key(("address", house)), self.key(("pair", house, number)));
        let number = self.key(("number", number));
        let mut tables = self.lock();
        let now = now.0.max(tables.latest);
        tables.latest = now;
        let mut of_address = tables.addresses.read(address, now);
        let mut of_pair = tables.pairs.read(pair, now);
        let mut of_number = tables.numbers.read(number, now);
        let free = if of_number.failures >= ALARM { FREE_WHEN_ALARMED } else { FREE_OF_PAIR };
        // In an alarm that began after its failures, an address waits as if it had failed in it.
        let until_of_pair = if of_pair.failures > free { of_pair.until.max(of_pair.since + SECOND) } else { of_pair.until };
        let until_of_address = if of_pair.is_known(now) { 0 } else { of_address.until };
        let wait = until_of_pair.max(until_of_address) - now;
        if wait > 0 {
            // In whole seconds.
            return Err(Duration::from_secs(u64::try_from((wait + SECOND - 1) / SECOND).unwrap_or(1)));
        }
        of_address.charge(now, FREE_OF_ADDRESS, LONGEST_OF_ADDRESS);
        of_pair.charge(now, free, LONGEST_OF_PAIR);
        of_number.charge(now, ALARM, 0);
        tables.addresses.write(of_address, now);
        tables.pairs.write(of_pair, now);
        tables.numbers.write(of_number, now);
        Ok(Entered { address, pair, number, free })
    }

    /// The try was right: it is paid back, and its address known for its number.
    pub fn right(&self, entered: &Entered) {
        let mut tables = self.lock();
        let now = tables.latest;
        let mut entry = tables.addresses.read(entered.address, now);
        entry.pay_back(FREE_OF_ADDRESS);
        tables.addresses.write(entry, now);
        let mut entry = tables.pairs.read(entered.pair, now);
        entry.pay_back(entered.free);
        entry.known = now + KNOWN;
        tables.pairs.write(entry, now);
        let mut entry = tables.numbers.read(entered.number, now);
        entry.pay_back(ALARM);
        tables.numbers.write(entry, now);
    }

    fn key(&self, what: impl Hash) -> u64 {
        self.hash.hash_one(what).max(1)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tables> {
        // Counts are whole after every step, also when another thread ended in the middle.
        self.tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What counts as one address: of IPv6 the network of one subscriber.
fn house(address: Option<IpAddr>) -> u128 {
    match address.map(|address| address.to_canonical()) {
        None => 0,
        Some(IpAddr::V4(v4)) => v4.to_ipv6_mapped().to_bits(),
        Some(IpAddr::V6(v6)) => v6.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant(1_772_400_000_000_000 + seconds * SECOND)
    }

    fn v4(n: u32) -> Option<IpAddr> {
        Some(IpAddr::V4(n.into()))
    }

    /// How many of so many tries at one moment get in.
    fn let_in(turnstile: &Turnstile, tries: u32, of: impl Fn(u32) -> (Option<IpAddr>, String), now: Instant) -> u32 {
        let entered = (0..tries).filter(|n| {
            let (address, number) = of(*n);
            turnstile.enter(address, &number, now).is_ok()
        });
        u32::try_from(entered.count()).unwrap()
    }

    #[test]
    fn an_address_is_stopped_whatever_it_guesses_at() {
        let turnstile = Turnstile::default();
        assert_eq!(let_in(&turnstile, 10_000, |_| (v4(1), "A".into()), at(0)), FREE_OF_PAIR + 1, "at one number");
        assert_eq!(let_in(&turnstile, 10_000, |n| (v4(2), n.to_string()), at(0)), FREE_OF_ADDRESS + 1, "at many");
        let house = |n: u32| Some(IpAddr::V6((0x2001_0db8_u128 << 96 | u128::from(n)).into()));
        assert_eq!(let_in(&turnstile, 10_000, |n| (house(n), n.to_string()), at(0)), FREE_OF_ADDRESS + 1, "one subscriber");
        // Whoever guesses for a day without a pause gets in a hundred times or so.
        let day = (0..86_400).filter(|second| turnstile.enter(v4(3), &second.to_string(), at(*second)).is_ok()).count();
        assert!((100..250).contains(&day), "{day}");
    }

    #[test]
    fn a_wait_doubles_and_is_forgiven() {
        let turnstile = Turnstile::default();
        let wait = |now| turnstile.enter(v4(1), "A", at(now)).err().map_or(0, |wait| wait.as_secs());
        assert_eq!((0..7).map(|_| wait(0)).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(
            [wait(0), wait(1), wait(1), wait(3), wait(3), wait(7), wait(7)],
            [1, 0, 2, 0, 4, 0, 8],
            "told to wait, not charged"
        );
        assert_eq!(wait(7 + 10 * 3600), 0);
        assert_eq!((0..6).map(|_| wait(7 + 10 * 3600)).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 1], "as new");
    }

    #[test]
    fn nobody_is_locked_out_from_afar() {
        let turnstile = Turnstile::default();
        for n in 0..20_000 {
            let _ = turnstile.enter(v4(1_000 + n), "A", at(i64::from(n) / 100));
        }
        let mine = turnstile.enter(v4(7), "A", at(200)).unwrap_or_else(|_| panic!("the petitioner is let in"));
        turnstile.right(&mine);
        for _ in 0..100 {
            let mine = turnstile.enter(v4(7), "A", at(200)).unwrap_or_else(|_| panic!("and again"));
            turnstile.right(&mine);
        }
    }

    #[test]
    fn an_alarmed_number_leaves_each_address_one_guess() {
        let turnstile = Turnstile::default();
        assert_eq!(let_in(&turnstile, 200, |n| (v4(1_000 + n), "A".into()), at(0)), 200);
        assert_eq!(let_in(&turnstile, 1_000, |n| (v4(2_000 + n % 100), "A".into()), at(0)), 200, "the second starts the wait");
        assert_eq!(let_in(&turnstile, 1_000, |n| (v4(1_000 + n % 100), "A".into()), at(0)), 100, "also those who failed before");
        assert_eq!(let_in(&turnstile, 1_000, |n| (v4(3_000 + n % 8), "B".into()), at(0)), 48, "another number is not alarmed");
    }

    #[test]
    fn who_was_answered_is_known_even_where_a_neighbour_guesses() {
        let turnstile = Turnstile::default();
        let mine = turnstile.enter(v4(1), "A", at(0)).unwrap_or_else(|_| panic!("let in"));
        turnstile.right(&mine);
        let_in(&turnstile, 10_000, |n| (v4(1), n.to_string()), at(1));
        let again = turnstile.enter(v4(1), "A", at(1));
        assert!(again.is_ok());
        turnstile.right(&again.unwrap_or_else(|_| panic!("let in")));
        assert!(turnstile.enter(v4(1), "B", at(1)).is_err());
        // But not for guesses at that very number.
        assert_eq!(let_in(&turnstile, 1_000, |_| (v4(1), "A".into()), at(1)), FREE_OF_PAIR + 1);
    }

    #[test]
    fn tries_at_once_are_charged_before_they_are_looked_at() {
        let turnstile = Turnstile::default();
        let entered: Vec<_> = (0..100).filter_map(|_| turnstile.enter(v4(1), "A", at(0)).ok()).collect();
        assert_eq!(entered.len(), FREE_OF_PAIR as usize + 1);
        for entered in &entered {
            turnstile.right(entered);
        }
        assert!(turnstile.enter(v4(1), "A", at(0)).is_ok(), "paid back");
    }

    #[test]
    fn a_flood_frees_nobody_who_guesses() {
        let turnstile = Turnstile::default();
        let_in(&turnstile, 100, |n| (v4(1), n.to_string()), at(0));
        let_in(&turnstile, 500_000, |n| (v4(1_000_000 + n), n.to_string()), at(0));
        assert!(turnstile.enter(v4(1), "A", at(0)).is_err());
    }

    #[test]
    fn a_clock_set_back_opens_nothing() {
        let turnstile = Turnstile::default();
        let_in(&turnstile, 100, |n| (v4(1), n.to_string()), at(1_000));
        assert!(turnstile.enter(v4(1), "A", at(0)).is_err());
        assert!(turnstile.enter(v4(1), "A", at(1_001)).is_ok());
    }
}
