//! The calls about units.

use super::{Invalid, ROWS, Reader};
use crate::{
    domain::{Expected, NewUnit, RowRefusal, Standing, UNIT_CODE, UnitCommand, UnitField, UnitRow},
    store::UnitFilter,
};
use fengqiao_model::{Day, DivisionCode, PageToken, RequestId, Text, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::UnitLevel;

/// The most categories and the most divisions that a unit answers for.
const COMPETENCE: usize = 100;
/// The most days of silence that may be asked for.
const SILENCE: i32 = 3_660;

/// A parsed command about a unit.
pub struct AskedUnit {
    pub request_id: RequestId,
    pub code: String,
    pub expected: Option<Expected>,
    pub command: UnitCommand,
}

impl Reader {
    /// A unit's code: what the cell of a ledger may hold, on one line.
    fn unit_code(&mut self, field: &str, text: &str) -> Option<String> {
        let code = match Text::required(text, UNIT_CODE) {
            Ok(code) => code.into_string(),
            Err(problem) => {
                self.wrong(field, problem);
                return None;
            }
        };
        if code.trim() != code || code.contains(['\n', '\t']) {
            self.wrong(field, "must be on one line, without spaces at the ends");
            return None;
        }
        Some(code)
    }

    fn level(&mut self, field: &str, text: &str) -> Option<UnitLevel> {
        self.code(field, text, UnitLevel::ALL, UnitLevel::code)
    }

    fn many<T: PartialEq>(
        &mut self,
        field: &str,
        texts: &[String],
        mut read: impl FnMut(&mut Self, &str, &str) -> Option<T>,
    ) -> Vec<T> {
        if texts.len() > COMPETENCE {
            self.wrong(field, format!("must be at most {COMPETENCE}"));
        }
        let mut values: Vec<T> = Vec::new();
        for (index, text) in texts.iter().take(COMPETENCE).enumerate() {
            let name = format!("{field}[{index}]");
            match read(self, &name, text) {
                Some(value) if values.contains(&value) => self.wrong(&name, "stands twice"),
                Some(value) => values.push(value),
                None => {}
            }
        }
        values
    }
}

/// What a unit is to be; `code` is the one of the call when the message may leave it out.
fn new_unit(outer: &mut Reader, unit: Option<&pb::NewUnit>, code: Option<&str>) -> Option<NewUnit> {
    let Some(unit) = unit else {
        outer.wrong("unit", "must not be empty");
        return None;
    };
    let mut reader = Reader::under("unit.");
    let code = match code {
        Some(code) if unit.code.is_empty() || unit.code == code => Some(code.to_owned()),
        Some(_) => {
            reader.wrong("code", "must be the code of the call, or empty");
            None
        }
        None => reader.unit_code("code", &unit.code),
    };
    let name = reader.required_text("name", &unit.name, 100).into_string();
    let kind: Option<Token> = reader.required("kind", &unit.kind);
    let level = reader.level("level", &unit.level);
    let parent = if unit.parent.is_empty() { Some(String::new()) } else { reader.unit_code("parent", &unit.parent) };
    let division: Option<DivisionCode> = reader.required("division_code", &unit.division_code);
    let categories = reader.many("categories", &unit.categories, |reader, name, text| {
        let category = reader.required_text(name, text, 100).into_string();
        // A cell of a ledger could not hold it.
        let parted = category.contains(['、', ';', '；', '，']) || category.bytes().all(|b| b.is_ascii_digit());
        if parted && !category.is_empty() {
            reader.wrong(name, "must be one category, not only digits");
        }
        (!category.is_empty()).then_some(category)
    });
    let divisions = reader.many("divisions", &unit.divisions, |reader, name, text| reader.required(name, text));
    let founded_on = reader.day("founded_on", &unit.founded_on);
    outer.problems.append(&mut reader.problems);
    Some(NewUnit {
        code: code?,
        standing: Standing {
            name,
            kind: kind?.into(),
            level: Some(level?),
            parent: parent?,
            division: Some(division?),
            categories,
            divisions,
        },
        founded_on,
    })
}

/// RegisterUnit.
pub fn register_unit(request: &pb::RegisterUnitRequest) -> Result<AskedUnit, Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let new = new_unit(&mut reader, request.unit.as_ref(), None);
    let asked = request_id.zip(new).map(|(request_id, new)| AskedUnit {
        request_id,
        code: new.code.clone(),
        expected: None,
        command: UnitCommand::Register(Box::new(new)),
    });
    reader.finish(asked)
}

/// Reads what all changes have in common, then the command.
macro_rules! change {
    ($($(#[$doc:meta])* $name:ident($request:ident: $message:ty, $reader:ident) -> $command:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name($request: &$message) -> Result<AskedUnit, Invalid> {
            let mut reader = Reader::default();
            let request_id: Option<RequestId> = reader.required("request_id", &$request.request_id);
            let code = reader.unit_code("code", &$request.code);
            let expected = reader.expected(&$request.etag, &$request.after_request_id);
            let $reader = &mut reader;
            let command: Option<UnitCommand> = $command;
            let asked = request_id.zip(code).zip(command);
            let asked = asked.map(|((request_id, code), command)| AskedUnit { request_id, code, expected, command });
            reader.finish(asked)
        }
    )*};
}

change! {
    /// UpdateUnit.
    update_unit(request: pb::UpdateUnitRequest, reader) -> {
        let on = reader.day("changed_on", &request.changed_on);
        new_unit(reader, request.unit.as_ref(), Some(&request.code)).map(|new| UnitCommand::Update { on, new: Box::new(new) })
    };
    /// SucceedUnit.
    succeed_unit(request: pb::SucceedUnitRequest, reader) -> {
        let on = reader.day("succeeded_on", &request.succeeded_on);
        reader.unit_code("successor", &request.successor).map(|successor| UnitCommand::Succeed { on, successor })
    };
    /// CloseUnit.
    close_unit(request: pb::CloseUnitRequest, reader) ->
        Some(UnitCommand::Close { on: reader.day("closed_on", &request.closed_on) });
}

/// GetUnit.
pub fn which_unit(request: &pb::GetUnitRequest) -> Result<(String, Option<Day>), Invalid> {
    let mut reader = Reader::default();
    let code = reader.unit_code("code", &request.code);
    let on = reader.day("on", &request.on);
    reader.finish(code.map(|code| (code, on)))
}

/// NextHigherOrgan.
pub fn higher(request: &pb::NextHigherOrganRequest) -> Result<(String, Option<Day>), Invalid> {
    which_unit(&pb::GetUnitRequest { code: request.code.clone(), on: request.on.clone() })
}

/// A parsed list of units.
pub struct UnitListing {
    pub filter: UnitFilter,
    pub page_size: usize,
    /// Canonical text of what was asked, to which page tokens are bound.
    bound: String,
    /// Code after which to go on.
    pub after: String,
}

impl UnitListing {
    /// The rows of the page, and the token of the next one.
    pub fn cut<T>(&self, mut found: Vec<T>, code: impl Fn(&T) -> &String) -> (Vec<T>, String) {
        let more = found.len() > self.page_size;
        found.truncate(self.page_size);
        let last = found.last().filter(|_| more);
        let next = last.map(|last| PageToken { after: code(last).clone() }.encode(&self.bound));
        (found, next.unwrap_or_default())
    }
}

fn listing(reader: &mut Reader, filter: UnitFilter, bound: String, page_size: i32, page_token: &str) -> UnitListing {
    let page_size = match page_size {
        0 => 100,
        size @ 1..=1000 => usize::try_from(size).unwrap_or(1),
        _ => {
            reader.wrong("page_size", "must be from 1 to 1000, or 0 for 100");
            1
        }
    };
    let after = match PageToken::decode(page_token, &bound) {
        Ok(None) => String::new(),
        // A null character would end in an error of the database.
        Ok(Some(token)) if !token.after.is_empty() && !token.after.contains('\0') => token.after,
        Ok(Some(_)) => {
            reader.wrong("page_token", "must be a page token given by an earlier answer");
            String::new()
        }
        Err(error) => {
            reader.wrong("page_token", error);
            String::new()
        }
    };
    UnitListing { filter, page_size, bound, after }
}

fn filter(reader: &mut Reader, division: &str, level: &str, kind: &str, on: Option<Day>) -> UnitFilter {
    let division: Option<DivisionCode> = reader.optional("division_code", division);
    let kind: Option<Token> = reader.optional("kind", kind);
    UnitFilter {
        division: division.map(String::from).unwrap_or_default(),
        level: if level.is_empty() { None } else { reader.level("level", level) },
        kind: kind.map(String::from).unwrap_or_default(),
        on,
    }
}

/// ListUnits.
pub fn units(request: &pb::ListUnitsRequest) -> Result<UnitListing, Invalid> {
    let mut reader = Reader::default();
    let on = reader.day("on", &request.on);
    let filter = filter(&mut reader, &request.division_code, &request.level, &request.kind, on);
    let bound = format!("{filter:?}");
    let listing = listing(&mut reader, filter, bound, request.page_size, &request.page_token);
    reader.finish(Some(listing))
}

/// ListSilentUnits: the listing, the days of silence, and the day as of which.
pub fn silent(request: &pb::ListSilentUnitsRequest, today: Day) -> Result<(UnitListing, i32, Day), Invalid> {
    let mut reader = Reader::default();
    if !(1..=SILENCE).contains(&request.days) {
        reader.wrong("days", format!("must be from 1 to {SILENCE}"));
    }
    let as_of = reader.day("as_of", &request.as_of).unwrap_or(today);
    if as_of > today {
        reader.wrong("as_of", format!("must not be after today ({today})"));
    }
    let filter = filter(&mut reader, &request.division_code, &request.level, &request.kind, Some(as_of));
    let bound = format!("{} {filter:?}", request.days);
    let listing = listing(&mut reader, filter, bound, request.page_size, &request.page_token);
    reader.finish(Some((listing, request.days, as_of)))
}

/// A batch of rows of a ledger of units: its columns, and each row as read or refused.
pub struct AskedUnits {
    pub request_id: RequestId,
    pub columns: Vec<UnitField>,
    pub rows: Vec<UnitRow>,
    pub refused: Vec<RowRefusal>,
}

/// ImportUnits.
pub fn import_units(request: &pb::ImportUnitsRequest, today: Day) -> Result<AskedUnits, Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let mut columns = Vec::new();
    for name in &request.columns {
        match UnitField::named(name) {
            Some(field) if columns.contains(&field) => reader.wrong("columns", format!("{} stands twice", field.name())),
            Some(field) => columns.push(field),
            None => reader.wrong("columns", "has a column that a ledger of units does not have"),
        }
    }
    for (field, name) in UnitField::ALL {
        if field.is_mandatory() && !columns.contains(&field) {
            reader.wrong("columns", format!("{name} is missing"));
        }
    }
    if request.rows.len() > ROWS {
        reader.wrong("rows", format!("must be at most {ROWS}"));
    }
    let request_id = reader.finish(request_id)?;
    let (mut rows, mut refused) = (Vec::with_capacity(request.rows.len()), Vec::new());
    for row in &request.rows {
        match UnitRow::parse(row.line, &columns, &row.cells, today) {
            Ok(row) => rows.push(row),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok(AskedUnits { request_id, columns, rows, refused })
}
