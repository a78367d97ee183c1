//! `fengqiao verify`: checks the books off line or while they are served. Reads each database in one view of it, writes nothing.

use crate::cli::{Format, VerifyArgs};
use fengqiao_service::StartError;
use fengqiao_store::{Db, Location, Migrations, SchemaState, StoreError};
use serde_json::{Value, json};
use std::process::ExitCode;

/// One book, checked.
struct Checked {
    name: &'static str,
    counts: Vec<(&'static str, i64)>,
    differences: Vec<String>,
}

/// Does `fengqiao verify`: exit code 0 when everything holds, 1 on any difference or when a book cannot be read.
pub async fn run(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let checked = match verify(&args).await {
        Ok(checked) => checked,
        Err(problem) => return Ok(problem.report()),
    };
    let sound = checked.iter().all(|book| book.differences.is_empty());
    match args.format {
        Format::Json => crate::output::print(&serde_json::to_string_pretty(&as_json(&checked, sound))?)?,
        _ => crate::output::print(&as_text(&checked))?,
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn verify(args: &VerifyArgs) -> Result<Vec<Checked>, StartError> {
    let intake = open(args, "intake", &fengqiao_intake::MIGRATIONS).await?;
    let mediation = open(args, "mediation", &fengqiao_mediation::MIGRATIONS).await?;
    let reporting = open(args, "reporting", &fengqiao_reporting::MIGRATIONS).await?;
    let mut checked = Vec::new();
    if let Some(db) = &intake {
        checked.push(check_intake(db).await.unwrap_or_else(|error| unreadable("intake", &error)));
    }
    if let Some(db) = &mediation {
        checked.push(check_mediation(db).await.unwrap_or_else(|error| unreadable("mediation", &error)));
    }
    if let Some(db) = &reporting {
        checked.push(
            check_reporting(db, intake.as_ref(), mediation.as_ref())
                .await
                .unwrap_or_else(|error| unreadable("reporting", &error)),
        );
    }
    if checked.is_empty() {
        return Err(StartError::when("there is no book to verify")(
            "neither intake nor mediation nor reporting has data at this place",
        ));
    }
    for db in [intake, mediation, reporting].into_iter().flatten() {
        db.close().await;
    }
    Ok(checked)
}

async fn open(args: &VerifyArgs, name: &'static str, migrations: &Migrations) -> Result<Option<Db>, StartError> {
    let what = || format!("the book of {name} cannot be opened");
    let location = Location::of_service(name, &args.data, args.database.as_deref()).map_err(StartError::when(what()))?;
    let Some(db) = Db::open_if_there(&location).await.map_err(StartError::when(what()))? else { return Ok(None) };
    match db.schema_state(migrations).await.map_err(StartError::when(what()))? {
        SchemaState::Empty => Ok(None),
        _ => db.require_schema(migrations).await.map(|()| Some(db)).map_err(StartError::when(what())),
    }
}

async fn check_intake(db: &Db) -> Result<Checked, StoreError> {
    let verified = fengqiao_intake::verify_book(db).await?;
    let counts = vec![
        ("events", verified.events),
        ("petitions", verified.petitions),
        ("links", verified.links),
        ("units", verified.units),
        ("stuck", verified.stuck),
    ];
    Ok(Checked { name: "intake", counts, differences: verified.differences })
}

async fn check_mediation(db: &Db) -> Result<Checked, StoreError> {
    let verified = fengqiao_mediation::verify_book(db).await?;
    let counts = vec![
        ("events", verified.events),
        ("disputes", verified.disputes),
        ("cases", verified.cases),
        ("bodies", verified.bodies),
    ];
    Ok(Checked { name: "mediation", counts, differences: verified.differences })
}

/// The figures against the facts, and the facts against the logs that are here.
async fn check_reporting(db: &Db, intake: Option<&Db>, mediation: Option<&Db>) -> Result<Checked, StoreError> {
    let mut differences = fengqiao_reporting::verify(db).await?;
    differences.extend(fengqiao_reporting::verify_facts(db, intake, mediation).await?);
    let mut counts = Vec::new();
    for (log, count) in [("intake", "position"), ("mediation", "mediation_position")] {
        let cursor = fengqiao_store::cursor::load(db, log).await?;
        counts.push((count, cursor.map_or(0, |cursor| cursor.position)));
    }
    let differences = differences.iter().map(ToString::to_string).collect();
    Ok(Checked { name: "reporting", counts, differences })
}

/// A book that cannot be read to its end is not whole.
fn unreadable(name: &'static str, error: &StoreError) -> Checked {
    Checked { name, counts: Vec::new(), differences: vec![format!("cannot be read: {:#}", anyhow::anyhow!(error.to_string()))] }
}

fn as_json(checked: &[Checked], sound: bool) -> Value {
    let books: Vec<Value> = checked
        .iter()
        .map(|book| {
            let counts: serde_json::Map<String, Value> =
                book.counts.iter().map(|(key, n)| ((*key).to_owned(), json!(n))).collect();
            json!({ "book": book.name, "checked": counts, "differences": book.differences })
        })
        .collect();
    json!({ "sound": sound, "books": books })
}

fn as_text(checked: &[Checked]) -> String {
    let mut text = String::new();
    for book in checked {
        let counts: Vec<String> = book.counts.iter().map(|(key, n)| format!("{key} {n}")).collect();
        let verdict = if book.differences.is_empty() { "sound" } else { "NOT SOUND" };
        text.push_str(&format!("{}: {verdict} ({})\n", book.name, counts.join(", ")));
        for difference in &book.differences {
            text.push_str(&format!("  {difference}\n"));
        }
    }
    text
}
