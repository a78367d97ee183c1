//! The calls about units: parse, ask the writer or read, reply.

use super::{Failure, IntakeApi, parse, reply};
use crate::{
    app::{self, Book, Reply, Request as Work, UnitOutcome, Work as Asked},
    domain::{Directory, HigherOrgan, Rejection},
    store,
};
use fengqiao_model::{ActorId, Caller, RequestId, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{SubmitError, Writer};
use std::sync::{Arc, LazyLock};

static HOUSE: LazyLock<ActorId> = LazyLock::new(|| "intake".parse().expect("an id"));

/// Hands a parsed command to the writer and gives its first outcome, also when this is a repetition.
async fn change(api: &IntakeApi, caller: Caller, asked: parse::AskedUnit, fingerprint: Vec<u8>) -> Result<pb::Unit, Failure> {
    let parse::AskedUnit { request_id, code, expected, command } = asked;
    let work = Work { caller, request_id, fingerprint, work: Asked::Unit { code, expected, command: Box::new(command) } };
    let Reply::Unit(outcome) = api.0.writer.try_submit(work).await? else {
        return Err(Failure::Internal("a command about a unit got another reply"));
    };
    let unit = match outcome? {
        UnitOutcome::Made(unit) => *unit,
        UnitOutcome::Before { id, version } => {
            let found = app::unit_as_of_version(&api.0.db, &id, version).await?;
            found.ok_or(Failure::Internal("a recorded request has no unit"))?
        }
    };
    if !unit.successor.is_empty() {
        // Also on a repetition: the first attempt may have been broken off.
        move_items(&api.0.writer, &unit.code).await?;
    }
    Ok(reply::unit_with_history(&unit, None))
}

/// Moves the open items of a unit that was taken over, a bounded number in each transaction. The succession itself is written by
/// then, so that whoever goes on with it later comes to the same end.
async fn move_items(writer: &Writer<Book>, code: &str) -> Result<(), SubmitError> {
    loop {
        let work = Work {
            caller: house(),
            request_id: RequestId::from_bytes([0; 16]),
            fingerprint: Vec::new(),
            work: Asked::MoveItems { code: code.to_owned() },
        };
        match writer.submit(work).await? {
            Reply::Moved(count) if count > 0 => {}
            _ => return Ok(()),
        }
    }
}

/// Whom the writer sees where nobody calls; the events name who decided on the succession.
fn house() -> Caller {
    Caller { id: HOUSE.clone(), unit: Token::default(), division: None, roles: Vec::new() }
}

/// Goes on with successions that were broken off, by a kill or a lost database.
pub async fn resume_successions(api: &IntakeApi) -> Result<(), SubmitError> {
    let broken_off = store::unfinished_successions(&api.0.db).await.map_err(|error| SubmitError::Store(Arc::new(error)))?;
    for code in broken_off {
        tracing::info!(unit = code, "its open items go on moving to its successor");
        move_items(&api.0.writer, &code).await?;
    }
    Ok(())
}

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident($message:ident: $request:ident, $call:literal) -> $response:ident;)*) => {$(
        $(#[$doc])*
        pub async fn $name(api: &IntakeApi, caller: Caller, $message: pb::$request) -> Result<pb::$response, Failure> {
            let asked = parse::$name(&$message)?;
            let fingerprint = api.fingerprint(&caller, $call, &pb::$request { device: None, ..$message });
            Ok(pb::$response { unit: Some(change(api, caller, asked, fingerprint).await?) })
        }
    )*};
}

changes! {
    /// RegisterUnit.
    register_unit(message: RegisterUnitRequest, "RegisterUnit") -> RegisterUnitResponse;
    /// UpdateUnit.
    update_unit(message: UpdateUnitRequest, "UpdateUnit") -> UpdateUnitResponse;
    /// SucceedUnit.
    succeed_unit(message: SucceedUnitRequest, "SucceedUnit") -> SucceedUnitResponse;
    /// CloseUnit.
    close_unit(message: CloseUnitRequest, "CloseUnit") -> CloseUnitResponse;
}

/// GetUnit.
pub async fn get_unit(api: &IntakeApi, _caller: Caller, message: pb::GetUnitRequest) -> Result<pb::GetUnitResponse, Failure> {
    let (code, on) = parse::which_unit(&message)?;
    let not_found = || Rejection::UnitNotFound { code: code.clone() };
    let found = store::units_by_codes(&api.0.db, std::slice::from_ref(&code)).await?.pop();
    let unit = found.and_then(|unit| on.map_or(Some(unit.clone()), |day| unit.as_of(day))).ok_or_else(not_found)?;
    let open = store::open_items(&api.0.db, std::slice::from_ref(&code)).await?;
    Ok(pb::GetUnitResponse { unit: Some(reply::unit_with_history(&unit, open.get(&code).copied())) })
}

/// ListUnits.
pub async fn list_units(api: &IntakeApi, _: Caller, message: pb::ListUnitsRequest) -> Result<pb::ListUnitsResponse, Failure> {
    let listing = parse::units(&message)?;
    let found = store::list_units(&api.0.db, &listing.filter, &listing.after, listing.page_size + 1).await?;
    let (units, next_page_token) = listing.cut(found, |unit| &unit.code);
    let codes: Vec<String> = units.iter().map(|unit| unit.code.clone()).collect();
    let open = store::open_items(&api.0.db, &codes).await?;
    let units = units.iter().map(|unit| reply::unit(unit, open.get(&unit.code).copied())).collect();
    Ok(pb::ListUnitsResponse { units, next_page_token })
}

/// NextHigherOrgan.
pub async fn next_higher_organ(
    api: &IntakeApi,
    _caller: Caller,
    message: pb::NextHigherOrganRequest,
) -> Result<pb::NextHigherOrganResponse, Failure> {
    let (code, on) = parse::higher(&message)?;
    let on = on.unwrap_or_else(|| api.0.clock.now().day());
    let units = Directory::of(store::all_units(&api.0.db).await?);
    if units.get(&code).is_none_or(|unit| unit.standing_on(on).is_none()) {
        return Err(Rejection::UnitNotFound { code }.into());
    }
    let (organ, derived_by, candidates) = match units.next_higher(&code, on) {
        HigherOrgan::Parent(organ) => (Some(organ), "parent", Vec::new()),
        HigherOrgan::Division(organ) => (Some(organ), "division", Vec::new()),
        HigherOrgan::Several(candidates) => (None, "several", candidates),
        HigherOrgan::Unknown => return Err(Rejection::NoHigherOrgan { code }.into()),
    };
    let organ = organ.and_then(|organ| units.get(&organ).and_then(|unit| unit.as_of(on))).map(|unit| reply::unit(&unit, None));
    Ok(pb::NextHigherOrganResponse { organ, derived_by: derived_by.to_owned(), candidates })
}

/// ListSilentUnits.
pub async fn list_silent_units(
    api: &IntakeApi,
    _caller: Caller,
    message: pb::ListSilentUnitsRequest,
) -> Result<pb::ListSilentUnitsResponse, Failure> {
    let today = api.0.clock.now().day();
    let (listing, days, as_of) = parse::silent(&message, today)?;
    let found = app::silent_units(&api.0.db, &listing.filter, days, as_of, &listing.after, listing.page_size + 1).await?;
    let (units, next_page_token) = listing.cut(found, |silent| &silent.unit.code);
    Ok(pb::ListSilentUnitsResponse { units: units.iter().map(reply::silent).collect(), next_page_token })
}

/// One batch of a ledger of units.
pub async fn import(
    api: &IntakeApi,
    caller: Caller,
    message: pb::ImportUnitsRequest,
) -> Result<pb::ImportUnitsResponse, Failure> {
    let parse::AskedUnits { request_id, columns, rows, refused } = parse::import_units(&message, api.0.clock.now().day())?;
    let fingerprint = api.fingerprint(&caller, "ImportUnits", &message);
    drop(message);
    let work = Work { caller, request_id, fingerprint, work: Asked::UnitRows { columns, rows } };
    let Reply::Import(outcome) = api.0.writer.submit(work).await? else {
        return Err(Failure::Internal("an import got a command's reply"));
    };
    let outcome = outcome?;
    // Rows may have closed units with open items.
    resume_successions(api).await?;
    Ok(reply::imported_units(outcome, refused))
}

/// ImportUnitBatch.
pub async fn import_unit_batch(
    api: &IntakeApi,
    caller: Caller,
    message: pb::ImportUnitBatchRequest,
) -> Result<pb::ImportUnitBatchResponse, Failure> {
    let missing = || super::Invalid(vec![("batch".to_owned(), "must not be empty".to_owned())]);
    let result = import(api, caller, message.batch.ok_or_else(missing)?).await?;
    Ok(pb::ImportUnitBatchResponse { result: Some(result) })
}
