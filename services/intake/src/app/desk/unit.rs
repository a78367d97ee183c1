//! Units on the desk: those that a batch changes, those that its petitions name, and what other replicas must not have changed
//! meanwhile. A unit that a petition or a ledger names and nobody knows is registered as imported in the same transaction.

mod items;

use super::Desk;
use crate::{
    app::{
        batch::Book,
        request::{ImportOutcome, Request, UnitOutcome, Work},
    },
    domain::{
        self, Command, Context, Directory, Event, Expected, Law, Petition, Rejection, Unit, UnitCommand, UnitEvent, UnitField,
        UnitKind, UnitRow, UnitVerdict, logged_by, named_by,
    },
    store,
};
use fengqiao_model::{ActorId, Day, Instant, RequestId};
use fengqiao_store::{NewEvent, RequestRecord, StoreError, Tx, log};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Mutex,
};

/// The most codes that are kept in mind.
const KNOWN: usize = 20_000;

/// Codes that are certainly units of the book, so that a ledger's rows cost no statement for units that are known. Units are never
/// deleted, so what is known stays true.
#[derive(Debug, Default)]
pub struct KnownUnits(Mutex<HashSet<String>>);

impl KnownUnits {
    fn has(&self, code: &str) -> bool {
        self.0.lock().is_ok_and(|known| known.contains(code))
    }

    /// Only codes that were read: what is written may be rolled back.
    fn learn(&self, codes: impl IntoIterator<Item = String>) {
        if let Ok(mut known) = self.0.lock() {
            if known.len() > KNOWN {
                known.clear();
            }
            known.extend(codes);
        }
    }
}

/// An event of a unit that waits to be written.
struct Pending {
    version: i64,
    event: UnitEvent,
    actor: ActorId,
    request_id: RequestId,
}

/// What a batch has to do with units.
#[derive(Default)]
pub(super) struct Units {
    directory: Directory,
    /// All of the book are loaded, and so often were they changed.
    whole: Option<i64>,
    /// The versions of those that were loaded.
    priors: HashMap<String, i64>,
    changed: BTreeSet<String>,
    /// Open items of those that may be ended, as the batch goes on.
    open: HashMap<String, i64>,
    ended: BTreeSet<String>,
    /// Named by petitions: who named them first, and with which request.
    named: BTreeMap<String, (ActorId, RequestId)>,
    /// Those on whose standing a decision relies.
    relied: BTreeSet<String>,
    logged: BTreeSet<(String, Day)>,
    pending: Vec<Pending>,
}

impl Units {
    pub(super) async fn load(tx: &mut Tx, batch: &[Request]) -> Result<Self, StoreError> {
        let (mut whole, mut named, mut relied, mut ending) = (false, BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for request in batch {
            match &request.work {
                Work::Petition { command, .. } => {
                    relied.extend(command.unit().map(ToString::to_string));
                    if matches!(**command, Command::Log(_)) {
                        // Its level says which clock of staged forwarding runs.
                        named.insert(request.caller.unit.to_string());
                    }
                }
                Work::MoveItems { code } => {
                    relied.insert(code.clone());
                }
                Work::Import { .. } | Work::Adopt { .. } | Work::Sweep { .. } | Work::Restate { .. } => {}
                Work::Unit { code, command, .. } => {
                    whole = true;
                    if matches!(**command, UnitCommand::Succeed { .. } | UnitCommand::Close { .. }) {
                        ending.insert(code.clone());
                    }
                }
                Work::UnitRows { rows, .. } => {
                    whole = true;
                    let closing = rows.iter().filter(|row| !row.get(UnitField::ClosedOn).is_empty());
                    ending.extend(closing.map(|row| row.code().to_owned()));
                }
            }
        }
        let mut units = Self::default();
        if whole {
            // Before the units: of what changes in between, the check at the end must not be told.
            units.whole = Some(store::unit_changes(tx).await?);
            units.put(store::all_units(&mut *tx).await?);
            let counted: BTreeSet<String> =
                ending.iter().flat_map(|code| units.directory.heirs_of(code)).chain(ending.iter().cloned()).collect();
            units.open = store::open_items(&mut *tx, &list(counted)).await?;
        } else {
            named.extend(relied.iter().cloned());
            units.put(store::units_by_codes(&mut *tx, &list(named)).await?);
            units.relied = relied;
            units.load_heirs(tx).await?;
        }
        Ok(units)
    }

    /// Of those that are closed, also who took over.
    async fn load_heirs(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        loop {
            let heirs = self.directory.iter().filter(|unit| self.relied.contains(&unit.code)).map(|unit| unit.successor.clone());
            let missing: BTreeSet<String> = heirs.filter(|heir| !heir.is_empty() && !self.relied.contains(heir)).collect();
            if missing.is_empty() {
                return Ok(());
            }
            self.put(store::units_by_codes(&mut *tx, &list(missing.clone())).await?);
            self.relied.extend(missing);
        }
    }

    fn put(&mut self, found: Vec<Unit>) {
        for unit in found {
            self.priors.insert(unit.code.clone(), unit.version);
            self.directory.put(unit);
        }
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Whether there is nothing to write.
    pub(super) fn is_idle(&self) -> bool {
        self.pending.is_empty()
    }

    /// Open items of a unit, those included that are on their way to it.
    fn open_items(&self, code: &str) -> u32 {
        let heirs = self.directory.heirs_of(code);
        let codes = if heirs.is_empty() { vec![code.to_owned()] } else { heirs };
        let sum: i64 = codes.iter().filter_map(|code| self.open.get(code)).sum();
        u32::try_from(sum).unwrap_or(0)
    }

    /// Takes note of what a petition's event says of units.
    pub(super) fn hear(&mut self, event: &Event, own: &str, actor: &ActorId, request: RequestId) {
        for code in named_by(event) {
            // The caller's own unit comes from the identity.
            if !code.is_empty() && code != own {
                self.named.entry(code.to_owned()).or_insert_with(|| (actor.clone(), request));
            }
        }
        if let Some((unit, day)) = logged_by(event) {
            self.logged.insert((unit.to_owned(), day));
        }
    }

    /// Keeps the counts of open items right while the batch goes on.
    pub(super) fn shift(&mut self, before: Option<&Petition>, after: &Petition) {
        if self.whole.is_none() {
            return;
        }
        for (petition, by) in before.map(|before| (before, -1)).into_iter().chain([(after, 1)]) {
            if petition.state.is_open() {
                *self.open.entry(petition.responsible_unit.clone()).or_default() += by;
            }
        }
    }

    fn take(&mut self, event: UnitEvent, actor: &ActorId, request: RequestId) -> Result<Unit, StoreError> {
        let before = self.directory.get(&event.unit.code);
        let after =
            Unit::apply(before, &event, Some(request)).ok_or(StoreError::Misuse("a decided event of a unit does not apply"))?;
        if matches!(event.kind, UnitKind::Succeeded | UnitKind::Closed) {
            self.ended.insert(after.code.clone());
        }
        self.changed.insert(after.code.clone());
        self.pending.push(Pending { version: after.version, event, actor: actor.clone(), request_id: request });
        self.directory.put(after.clone());
        Ok(after)
    }

    /// Registers those that petitions named and nobody knows.
    pub(super) async fn register_named(&mut self, tx: &mut Tx, book: &Book, today: Day) -> Result<(), StoreError> {
        let named = std::mem::take(&mut self.named);
        let unsure: Vec<String> =
            named.keys().filter(|code| self.directory.get(code).is_none() && !book.units.has(code)).cloned().collect();
        if unsure.is_empty() {
            return Ok(());
        }
        let known: BTreeSet<String> = store::known_units(&mut *tx, &unsure).await?.into_iter().collect();
        for code in unsure.iter().filter(|code| !known.contains(*code)) {
            if let Some((actor, request)) = named.get(code) {
                self.take(UnitEvent::new(UnitKind::Imported, today, Unit::named(code, today)), actor, *request)?;
            }
        }
        book.units.learn(known);
        Ok(())
    }

    /// Writes rows, and gives the events.
    pub(super) async fn write(&mut self, tx: &mut Tx, book: &Book) -> Result<Vec<NewEvent>, StoreError> {
        let rows: Vec<(i64, &Unit)> = self
            .changed
            .iter()
            .filter_map(|code| Some((self.priors.get(code).copied().unwrap_or(0), self.directory.get(code)?)))
            .collect();
        store::save_units(tx, &rows).await?;
        store::save_logged(tx, &self.logged).await?;
        let event = |pending: Pending| NewEvent {
            event_id: fengqiao_model::EventId::from_bytes(book.ids.mint(&book.clock)).to_string(),
            aggregate_id: Unit::aggregate(&pending.event.unit.code),
            version: pending.version,
            kind: pending.event.kind.name(),
            occurred_on: pending.event.on,
            known_on: None,
            actor: pending.actor.to_string(),
            request_id: pending.request_id.to_string(),
            open: pending.event.encode(),
            sealed: Vec::new(),
        };
        let changes = i64::try_from(self.pending.len()).unwrap_or(i64::MAX);
        self.whole = self.whole.map(|before| before + changes);
        Ok(std::mem::take(&mut self.pending).into_iter().map(event).collect())
    }

    /// Once the log is held, nobody else writes: what was decided on has to stand as it was read. Only another replica can have
    /// changed it. Errors: Conflict, so that the batch is decided again.
    pub(super) async fn confirm(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if let Some(changes) = self.whole {
            if store::unit_changes(tx).await? != changes {
                return Err(StoreError::Conflict);
            }
        } else {
            let known = self.relied.iter().filter(|code| self.priors.contains_key(*code) && !self.changed.contains(*code));
            let relied: Vec<String> = known.cloned().collect();
            let now = store::unit_versions(tx, &relied).await?;
            if relied.iter().any(|code| now.get(code) != self.priors.get(code)) {
                return Err(StoreError::Conflict);
            }
        }
        let ended = list(self.ended.clone());
        let open = store::open_items(&mut *tx, &ended).await?;
        let expected = |code: &String| self.open.get(code).copied().unwrap_or(0);
        if ended.iter().any(|code| open.get(code).copied().unwrap_or(0) != expected(code)) {
            return Err(StoreError::Conflict);
        }
        Ok(())
    }
}

fn list(set: BTreeSet<String>) -> Vec<String> {
    set.into_iter().collect()
}

impl Desk<'_> {
    /// Decides on one command about a unit.
    pub(in crate::app) async fn unit(
        &mut self,
        tx: &mut Tx,
        request: &Request,
        code: &str,
        expected: Option<&Expected>,
        command: &UnitCommand,
    ) -> Result<Result<UnitOutcome, Rejection>, StoreError> {
        let request_id = request.request_id.to_string();
        if let Some(record) = self.requests.get(&request_id) {
            return Ok(if record.fingerprint == request.fingerprint {
                Ok(UnitOutcome::Before { id: record.aggregate_id.clone(), version: record.version })
            } else {
                Err(Rejection::RequestReused)
            });
        }
        if let Some(rejection) = self.unit_moved_on(tx, code, expected).await? {
            return Ok(Err(rejection));
        }
        let decided = {
            let units = &self.units;
            domain::decide_unit(
                code,
                command,
                &units.directory,
                units.open_items(code),
                &unit_context(self.book, &self.law, self.now, request),
            )
        };
        let event = match decided {
            Ok(event) => event,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let after = self.units.take(event, &request.caller.id, request.request_id)?;
        let record = RequestRecord {
            request_id: request_id.clone(),
            fingerprint: request.fingerprint.clone(),
            aggregate_id: Unit::aggregate(code),
            version: after.version,
            recorded_at: self.now,
        };
        self.requests.insert(request_id, record.clone());
        self.new_requests.push(record);
        Ok(Ok(UnitOutcome::Made(Box::new(after))))
    }

    /// Whether the unit is not the one the caller saw.
    async fn unit_moved_on(&self, tx: &mut Tx, code: &str, expected: Option<&Expected>) -> Result<Option<Rejection>, StoreError> {
        let (Some(unit), Some(expected)) = (self.units.directory.get(code), expected) else { return Ok(None) };
        match expected {
            Expected::Version(version) if *version == unit.version => Ok(None),
            Expected::Version(version) => {
                let stored = log::of_aggregate(&mut *tx, &Unit::aggregate(code), *version).await?;
                let mut changes: Vec<String> = stored.iter().map(|event| format!("{} by {}", event.kind, event.actor)).collect();
                let now = self.units.pending.iter().filter(|pending| pending.event.unit.code == code);
                changes.extend(now.map(|pending| format!("{} by {}", pending.event.kind.name(), pending.actor)));
                Ok(Some(Rejection::EtagStale { etag: unit.version.to_string(), changes: changes.join(", ") }))
            }
            Expected::After(request) if unit.last_request == Some(*request) => Ok(None),
            Expected::After(request) => Ok(Some(Rejection::NotAfterRequest { after: *request })),
        }
    }

    /// Takes a row of a ledger of units, or notes why not.
    pub(in crate::app) fn unit_row(
        &mut self,
        request: &Request,
        columns: &[UnitField],
        row: &UnitRow,
        outcome: &mut ImportOutcome,
    ) -> Result<(), StoreError> {
        let verdict = {
            let (units, context) = (&self.units, unit_context(self.book, &self.law, self.now, request));
            domain::take_unit_row(row, columns, &units.directory, units.open_items(row.code()), &context)
        };
        let events = match verdict {
            Err(refusal) => {
                outcome.refused.push(refusal);
                return Ok(());
            }
            Ok(UnitVerdict::Already) => {
                outcome.already += 1;
                return Ok(());
            }
            Ok(UnitVerdict::New(events)) => {
                outcome.imported += 1;
                events
            }
            Ok(UnitVerdict::Advanced(events)) => {
                outcome.advanced += 1;
                events
            }
        };
        for event in events {
            self.units.take(event, &request.caller.id, request.request_id)?;
        }
        Ok(())
    }
}

fn unit_context<'b>(book: &'b Book, law: &'b Law, now: Instant, request: &'b Request) -> Context<'b> {
    Context::new(&request.caller, now.day(), law, book.days_back)
}
