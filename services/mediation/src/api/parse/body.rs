//! The calls about bodies.

use super::{Asked, Invalid, changes, reader::Reader};
use crate::{
    app::Work,
    domain::{BodyCommand, Expected, NewBody},
};
use fengqiao_model::{DivisionCode, RequestId, Token};
use fengqiao_proto::mediation::v1 as pb;

/// The most cases a capacity may say.
const CAPACITY: i32 = 100_000;
/// The most mediators who come or leave at once.
const STAFF: i32 = 1_000;

/// RegisterBody.
pub fn register(request: &pb::RegisterBodyRequest) -> Result<Asked, Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let new = new_body(&mut reader, request.body.as_ref(), None);
    let asked = request_id.zip(new).map(|(request_id, new)| Asked {
        request_id,
        work: Work::Body { code: new.code.clone(), expected: None, command: Box::new(BodyCommand::Register(Box::new(new))) },
    });
    reader.finish(asked)
}

/// What a body is; `code` is the one of the call when the message may leave it out.
fn new_body(outer: &mut Reader, body: Option<&pb::NewBody>, code: Option<&str>) -> Option<NewBody> {
    let Some(body) = body else {
        outer.wrong("body", "must not be empty");
        return None;
    };
    let mut reader = Reader::under("body.");
    let code: Option<Token> = match code {
        Some(code) if body.code.is_empty() || body.code == code => code.parse().ok(),
        Some(_) => {
            reader.wrong("code", "must be the code of the call, or empty");
            None
        }
        None => reader.required("code", &body.code),
    };
    let name = reader.required_text("name", &body.name, 100).into_string();
    let force = reader.force("force", body.force);
    if body.force == 0 {
        reader.wrong("force", "must be a force");
    }
    let kind: Option<Token> = reader.required("kind", &body.kind);
    let theme = reader.code_or_none("theme", &body.theme);
    let tags = reader.codes("tags", &body.tags, 20);
    let parent = reader.optional("parent", &body.parent);
    let division: Option<DivisionCode> = reader.required("division_code", &body.division_code);
    let specialities = reader.codes("specialities", &body.specialities, 100);
    let capacity = reader.count("capacity", body.capacity, CAPACITY);
    let founded_on = reader.day("founded_on", &body.founded_on);
    outer.problems.append(&mut reader.problems);
    Some(NewBody {
        code: code?,
        name,
        force: force?,
        kind: kind?.into(),
        theme,
        tags,
        parent,
        division: division?,
        specialities,
        capacity,
        founded_on,
    })
}

/// A change of a known body.
fn change(code: Token, expected: Expected, command: Box<BodyCommand>) -> Work {
    Work::Body { code, expected: Some(expected), command }
}

changes! {
    code: Token, change;
    /// UpdateBody.
    update(request: pb::UpdateBodyRequest, reader) ->
        new_body(reader, request.body.as_ref(), Some(&request.code)).map(|new| BodyCommand::Update(Box::new(new)));
    /// AdjustBody.
    adjust(request: pb::AdjustBodyRequest, reader) -> {
        let on = reader.day("adjusted_on", &request.adjusted_on);
        let staff_in = reader.count("staff_in", request.staff_in, STAFF);
        let staff_out = reader.count("staff_out", request.staff_out, STAFF);
        Some(BodyCommand::Adjust { on, staff_in, staff_out })
    };
    /// FosterBody.
    foster(request: pb::FosterBodyRequest, reader) ->
        Some(BodyCommand::Foster { on: reader.day("fostered_on", &request.fostered_on) });
    /// CloseBody.
    close(request: pb::CloseBodyRequest, reader) -> Some(BodyCommand::Close { on: reader.day("closed_on", &request.closed_on) });
}

/// GetBody.
pub fn body_code(request: &pb::GetBodyRequest) -> Result<Token, Invalid> {
    let mut reader = Reader::default();
    let code = reader.required("code", &request.code);
    reader.finish(code)
}
