//! Petitions that may be one, and petitions that hold words.

use crate::{
    cli::{Foreign, Format, SearchArgs, SimilarPetitionArgs},
    client::Intake,
    json,
    listing::Listing,
    output, request,
    table::{Align, table},
    words::state_named,
};
use fengqiao_proto::intake::v1::{
    FindSimilarRequest, FindSimilarResponse, ForeignNumber, FoundPetition, PersonSought, SearchPetitionsRequest,
};

/// The most petitions of one page.
const LARGEST_PAGE: i32 = 100;

/// A number in another system as the contract has it.
pub(super) fn foreign(foreign: Foreign) -> ForeignNumber {
    ForeignNumber { system: foreign.system, number: foreign.number }
}

pub(super) async fn similar(intake: &mut Intake, args: SimilarPetitionArgs, format: Format) -> anyhow::Result<()> {
    let persons = args.persons.into_iter();
    let request = FindSimilarRequest {
        persons: persons
            .map(|person| PersonSought { name: person.name, phone: person.phone, identity_number: person.identity_number })
            .collect(),
        title: args.title,
        narrative: request::text(args.narrative, args.narrative_file.as_deref())?,
        division_code: args.at.map(|code| code.to_string()).unwrap_or_default(),
        matter_class: String::new(),
        petition_id: args.but,
    };
    let response = intake.find_similar(request).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.FindSimilarResponse", &response)?,
        _ => candidates(&response),
    })?)
}

/// Candidates, one a line, and where else to ask.
fn candidates(response: &FindSimilarResponse) -> String {
    let heads = [
        ("编号", Align::Left),
        ("登记日", Align::Left),
        ("状态", Align::Left),
        ("登记单位", Align::Left),
        ("理由", Align::Left),
        ("文字相似", Align::Right),
        ("id", Align::Left),
    ];
    let rows: Vec<Vec<String>> = response
        .similar
        .iter()
        .map(|one| {
            vec![
                one.number.clone(),
                one.registered_on.clone(),
                state_named(&one.state),
                one.unit.clone(),
                one.reasons.iter().map(|reason| reason_zh(reason)).collect::<Vec<_>>().join("、"),
                format!("{}‰", one.text_score),
                one.petition_id.clone(),
            ]
        })
        .collect();
    let mut text = if rows.is_empty() { String::new() } else { table(&heads, &rows) };
    for unit in &response.ask_units {
        text.push_str(&format!("{unit} 有一件，请向其查询\n"));
    }
    if text.is_empty() { "没有相似的信访事项".to_owned() } else { text }
}

fn reason_zh(reason: &str) -> &str {
    match reason {
        "same_identity_number" => "证件号相同",
        "same_phone" => "电话相同",
        "same_name" => "姓名相同",
        "same_text" => "内容相似",
        "same_place" => "地点相同",
        other => other,
    }
}

pub(super) async fn search(intake: &mut Intake, args: SearchArgs, format: Format) -> anyhow::Result<()> {
    let request = SearchPetitionsRequest {
        text: args.words.join(" "),
        phone: args.phone,
        identity_number: args.identity_number,
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        ..Default::default()
    };
    let listing = Listing { key: "petitions", message: "intake.v1.FoundPetition", rows: found };
    listing
        .print(format, args.limit, args.page_token, async |page_size, page_token| {
            let page_size = page_size.min(LARGEST_PAGE);
            let page = intake.search_petitions(SearchPetitionsRequest { page_size, page_token, ..request.clone() }).await?;
            let page = page.into_inner();
            Ok((page.petitions, page.next_page_token))
        })
        .await
}

/// What was found, one a line.
fn found(petitions: &[FoundPetition]) -> String {
    let heads =
        [("编号", Align::Left), ("登记日", Align::Left), ("状态", Align::Left), ("登记单位", Align::Left), ("标题", Align::Left)];
    let rows: Vec<Vec<String>> = petitions
        .iter()
        .map(|p| vec![p.number.clone(), p.registered_on.clone(), state_named(&p.state), p.unit.clone(), p.title.clone()])
        .collect();
    table(&heads, &rows)
}
