//! The rows of a finished book, and nothing but writing them again.

use fengqiao_store::{Column, Db, Policy, insert, on};
use std::time::{Duration, Instant};

/// A column of many rows.
enum Values {
    Text(Vec<String>),
    Number(Vec<i64>),
    Bytes(Vec<Vec<u8>>),
}

impl Values {
    fn column(&self) -> Column<'_> {
        match self {
            Values::Text(values) => Column::Text(values),
            Values::Number(values) => Column::I64(values),
            Values::Bytes(values) => Column::Bytes(values),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Values::Text(values) => values.iter().map(String::len).sum(),
            Values::Number(values) => values.len() * 8,
            Values::Bytes(values) => values.iter().map(Vec::len).sum(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Values::Text(values) => values.len(),
            Values::Number(values) => values.len(),
            Values::Bytes(values) => values.len(),
        }
    }
}

/// What one transaction of the service wrote.
#[derive(Default)]
pub struct Batch {
    petitions: Vec<Values>,
    keys: Vec<Values>,
    events: Vec<Values>,
}

/// A finished book, by the transactions that wrote it.
pub struct Book {
    /// The transactions.
    pub batches: Vec<Batch>,
    /// How many petitions.
    pub petitions: usize,
    /// How many data keys.
    pub keys: usize,
    /// How many events.
    pub events: usize,
    /// Bytes of all values.
    pub bytes: usize,
}

const PETITION: &str = "petition (id, version, prior, number, slip, ledger, external_ref, state, division, channel, matter_class, \
    responsible_unit, registered_on, open_due, image)";
const KEY: &str = "data_key (aggregate_id, wrapped)";
const EVENT: &str = "event (position, event_id, aggregate_id, version, kind, recorded_us, occurred_on, known_on, actor, \
    request_id, open, sealed, digest, hash)";

/// Turns rows into columns.
macro_rules! columns {
    ($rows:expr; $($at:tt $kind:ident),+) => {
        vec![$(Values::$kind($rows.iter().map(|row| row.$at.clone()).collect())),+]
    };
}

type PetitionRow =
    (String, i64, i64, String, String, String, String, String, String, String, String, String, String, String, String);
type EventRow = (i64, String, String, i64, String, i64, String, String, String, String, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

impl Book {
    /// Reads it all into memory.
    pub async fn read(db: &Db) -> Self {
        // All events of a transaction have its moment.
        const MOMENTS: &str = "SELECT recorded_us, MIN(position), MAX(position) FROM event GROUP BY recorded_us ORDER BY 2";
        const PETITIONS: &str = "SELECT p.id, p.version, p.prior, p.number, p.slip, p.ledger, p.external_ref, p.state, p.division, \
            p.channel, p.matter_class, p.responsible_unit, p.registered_on, p.open_due, p.image \
            FROM event e JOIN petition p ON p.id = e.aggregate_id \
            WHERE e.position BETWEEN $1 AND $2 AND e.version = 1 ORDER BY p.id";
        const KEYS: &str = "SELECT k.aggregate_id, k.wrapped FROM event e JOIN data_key k ON k.aggregate_id = e.aggregate_id \
            WHERE e.position BETWEEN $1 AND $2 AND e.version = 1 ORDER BY k.aggregate_id";
        const EVENTS: &str = "SELECT position, event_id, aggregate_id, version, kind, recorded_us, occurred_on, known_on, actor, \
            request_id, open, sealed, digest, hash FROM event WHERE position BETWEEN $1 AND $2 ORDER BY position";
        let mut book = Self { batches: Vec::new(), petitions: 0, keys: 0, events: 0, bytes: 0 };
        let moments: Vec<(i64, i64, i64)> =
            on!(read db, c => sqlx::query_as(MOMENTS).fetch_all(c).await).expect("the log can be read");
        for (_, first, last) in moments {
            let petitions: Vec<PetitionRow> =
                on!(read db, c => sqlx::query_as(PETITIONS).bind(first).bind(last).fetch_all(c).await).expect("a book");
            let keys: Vec<(String, Vec<u8>)> =
                on!(read db, c => sqlx::query_as(KEYS).bind(first).bind(last).fetch_all(c).await).expect("a book");
            let events: Vec<EventRow> =
                on!(read db, c => sqlx::query_as(EVENTS).bind(first).bind(last).fetch_all(c).await).expect("a book");
            book.petitions += petitions.len();
            book.keys += keys.len();
            book.events += events.len();
            let batch = Batch {
                petitions: columns!(petitions; 0 Text, 1 Number, 2 Number, 3 Text, 4 Text, 5 Text, 6 Text, 7 Text, 8 Text, 9 Text,
                    10 Text, 11 Text, 12 Text, 13 Text, 14 Text),
                keys: columns!(keys; 0 Text, 1 Bytes),
                events: columns!(events; 0 Number, 1 Text, 2 Text, 3 Number, 4 Text, 5 Number, 6 Text, 7 Text, 8 Text, 9 Text,
                    10 Bytes, 11 Bytes, 12 Bytes, 13 Bytes),
            };
            book.bytes += batch.tables().iter().flat_map(|(_, values)| values.iter()).map(Values::bytes).sum::<usize>();
            book.batches.push(batch);
        }
        book
    }

    /// Events of a transaction, at the median.
    pub fn median_batch(&self) -> usize {
        let mut sizes: Vec<usize> = self.batches.iter().map(|batch| batch.events[0].len()).collect();
        sizes.sort_unstable();
        sizes[sizes.len() / 2]
    }

    /// Writes it into new tables of the same schema; how long the writing took.
    pub async fn write(&self, db: &Db) -> Duration {
        db.migrate(&fengqiao_intake::MIGRATIONS, Policy::EmptyOnly).await.expect("a new database");
        let started = Instant::now();
        for batch in &self.batches {
            let mut tx = db.begin().await.expect("nobody else writes");
            for (into, values) in batch.tables() {
                let columns: Vec<Column<'_>> = values.iter().map(Values::column).collect();
                insert(&mut tx, into, &columns, "").await.expect("rows of a book fit its tables");
            }
            tx.commit().await.expect("the database works");
        }
        started.elapsed()
    }
}

impl Batch {
    fn tables(&self) -> [(&'static str, &[Values]); 3] {
        [(PETITION, &self.petitions), (KEY, &self.keys), (EVENT, &self.events)]
    }
}
