//! `fengqiao body`: the register of mediation bodies.

mod show;

use crate::{
    cli::{
        AboutArgs, AdjustArgs, BodyChangeArgs, BodyCommand, CloseArgs, Format, FosterArgs, ListBodiesArgs, RegisterArgs,
        UpdateArgs,
    },
    client::{Client, Mediation},
    json,
    listing::Listing,
    output,
    request::{self, Named, Present, day, id_or_new, repeatable},
    words::wire_force,
};
use fengqiao_proto::mediation::v1::{
    AdjustBodyRequest, AdjustBodyResponse, Body, CloseBodyRequest, CloseBodyResponse, Force, FosterBodyRequest,
    FosterBodyResponse, GetBodyRequest, ListBodiesRequest, NewBody, RegisterBodyRequest, UpdateBodyRequest, UpdateBodyResponse,
};
use std::process::ExitCode;

/// Does `fengqiao body`.
pub async fn run(client: &Client, command: BodyCommand, format: Format) -> anyhow::Result<ExitCode> {
    let mut mediation = client.mediation()?;
    let mediation = &mut mediation;
    match command {
        BodyCommand::Register(args) => register(mediation, args, format).await?,
        BodyCommand::Update(args) => update(mediation, args, format).await?,
        BodyCommand::Adjust(args) => adjust(mediation, args, format).await?,
        BodyCommand::Foster(args) => foster(mediation, args, format).await?,
        BodyCommand::Close(args) => close(mediation, args, format).await?,
        BodyCommand::Show(args) => {
            let response = mediation.get_body(GetBodyRequest { code: args.code }).await?.into_inner();
            output::print(&match format {
                Format::Json => json::pretty("mediation.v1.GetBodyResponse", &response)?,
                _ => show::full(&response.body.unwrap_or_default()),
            })?;
        }
        BodyCommand::List(args) => list(mediation, args, format).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn read(mediation: &mut Mediation, code: &str) -> anyhow::Result<Body> {
    Ok(mediation.get_body(GetBodyRequest { code: code.to_owned() }).await?.into_inner().body.unwrap_or_default())
}

async fn name(mediation: &mut Mediation, args: BodyChangeArgs) -> anyhow::Result<Named> {
    request::name(args.seen, Some(args.code.clone()), async || Ok(present(&read(mediation, &args.code).await?))).await
}

fn present(body: &Body) -> Present {
    let facts = body.facts.clone().unwrap_or_default();
    Present { id: facts.code.clone(), etag: body.etag.clone(), title: format!("{} {}", facts.code, facts.name) }
}

async fn register(mediation: &mut Mediation, args: RegisterArgs, format: Format) -> anyhow::Result<()> {
    let request_id = id_or_new(args.request_id);
    let mut body = NewBody {
        code: args.code,
        name: args.name,
        force: wire_force(args.force).into(),
        kind: args.kind,
        division_code: args.at.to_string(),
        ..Default::default()
    };
    put(&mut body, args.about);
    let request = RegisterBodyRequest { request_id: request_id.clone(), body: Some(body), device: None };
    let response = repeatable(mediation.register_body(request).await, &request_id)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.RegisterBodyResponse", &response)?,
        _ => show::full(&response.body.unwrap_or_default()),
    })?)
}

fn put(body: &mut NewBody, about: AboutArgs) {
    let AboutArgs { theme, tags, parent, specialities, capacity, founded_on } = about;
    body.theme = theme.unwrap_or(std::mem::take(&mut body.theme));
    body.parent = parent.unwrap_or(std::mem::take(&mut body.parent));
    body.capacity = capacity.unwrap_or(body.capacity);
    if let Some(day) = founded_on {
        body.founded_on = day.to_string();
    }
    if !tags.is_empty() {
        body.tags = tags;
    }
    if !specialities.is_empty() {
        body.specialities = specialities.into_iter().map(|kind| kind.0).collect();
    }
}

/// The contract replaces every field; what was not typed is taken from the body as it stands.
async fn update(mediation: &mut Mediation, args: UpdateArgs, format: Format) -> anyhow::Result<()> {
    let before = read(mediation, &args.change.code).await?;
    let Named { request_id, id: code, etag, after_request_id } =
        request::name(args.change.seen.clone(), Some(args.change.code.clone()), async || Ok(present(&before))).await?;
    let again = request_id.clone();
    let body = Some(updated(&before, args));
    let request = UpdateBodyRequest { request_id, code, etag, after_request_id, body, device: None };
    let response: UpdateBodyResponse = repeatable(mediation.update_body(request).await, &again)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.UpdateBodyResponse", &response)?,
        _ => show::full(&response.body.unwrap_or_default()),
    })?)
}

fn updated(before: &Body, args: UpdateArgs) -> NewBody {
    let facts = before.facts.clone().unwrap_or_default();
    let mut body = NewBody {
        code: facts.code,
        name: args.name.unwrap_or(facts.name),
        force: args.force.map_or(before.force, |force| wire_force(force).into()),
        kind: args.kind.unwrap_or(facts.kind),
        theme: facts.theme,
        tags: facts.tags,
        parent: facts.parent,
        division_code: args.at.map_or(facts.division_code, |code| code.to_string()),
        specialities: facts.specialities,
        capacity: facts.capacity,
        founded_on: facts.founded_on,
    };
    for field in &args.clear {
        match field.as_str() {
            "theme" => body.theme.clear(),
            "tags" => body.tags.clear(),
            "parent" => body.parent.clear(),
            "specialities" => body.specialities.clear(),
            _ => body.founded_on.clear(),
        }
    }
    put(&mut body, args.about);
    body
}

/// Names the body, makes the call, prints the body as it is then.
macro_rules! change {
    ($mediation:ident, $format:ident, $change:expr, $call:ident, $request:ident -> $response:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let Named { request_id, id: code, etag, after_request_id } = name($mediation, $change).await?;
        let again = request_id.clone();
        let request = $request { request_id, code, etag, after_request_id, device: None, $($field: $value,)* };
        let response: $response = repeatable($mediation.$call(request).await, &again)?.into_inner();
        Ok(output::print(&match $format {
            Format::Json => json::pretty(concat!("mediation.v1.", stringify!($response)), &response)?,
            _ => show::full(&response.body.unwrap_or_default()),
        })?)
    }};
}

async fn adjust(mediation: &mut Mediation, args: AdjustArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, adjust_body, AdjustBodyRequest -> AdjustBodyResponse {
        adjusted_on: day(args.on),
        staff_in: args.staff_in,
        staff_out: args.staff_out,
    })
}

async fn foster(mediation: &mut Mediation, args: FosterArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, foster_body, FosterBodyRequest -> FosterBodyResponse {
        fostered_on: day(args.on),
    })
}

async fn close(mediation: &mut Mediation, args: CloseArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, close_body, CloseBodyRequest -> CloseBodyResponse {
        closed_on: day(args.on),
    })
}

async fn list(mediation: &mut Mediation, args: ListBodiesArgs, format: Format) -> anyhow::Result<()> {
    let request = ListBodiesRequest {
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        force: args.force.map_or(Force::Unspecified, wire_force).into(),
        kind: args.kind,
        tag: args.tag,
        active_on: day(args.active_on),
        page_size: 0,
        page_token: String::new(),
    };
    let listing = Listing { key: "bodies", message: "mediation.v1.Body", rows: show::rows };
    listing
        .print(format, args.limit, args.page_token, async |page_size, page_token| {
            let page = mediation.list_bodies(ListBodiesRequest { page_size, page_token, ..request.clone() }).await?.into_inner();
            Ok((page.bodies, page.next_page_token))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;
    use fengqiao_proto::mediation::v1::BodyFacts;

    #[test]
    fn an_update_keeps_what_was_not_typed() {
        let facts = BodyFacts {
            code: "TW-01".to_owned(),
            name: "塔集镇人民调解委员会".to_owned(),
            kind: "committee".to_owned(),
            tags: vec!["enterprise_related".to_owned()],
            parent: "QX".to_owned(),
            specialities: vec!["T02".to_owned()],
            capacity: 20,
            ..Default::default()
        };
        let before = Body { facts: Some(facts), force: Force::People.into(), ..Default::default() };
        let line = "fengqiao body update TW-01 --capacity 30 --clear parent --speciality 医疗纠纷";
        let Command::Body { command: BodyCommand::Update(args) } = Cli::try_parse_from(line.split(' ')).unwrap().command else {
            panic!("not an update")
        };
        let body = updated(&before, args);
        assert_eq!((body.name.as_str(), body.capacity, body.parent.as_str()), ("塔集镇人民调解委员会", 30, ""));
        assert_eq!((body.force(), body.tags.len(), body.specialities[0].as_str()), (Force::People, 1, "T15"));
    }
}
