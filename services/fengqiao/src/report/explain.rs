//! The items behind a figure, page by page.

use crate::{
    cli::{ExplainArgs, Format},
    client::Client,
    json, output,
    table::{Align, table, thousands},
};
use fengqiao_proto::reporting::v1::{Dimension, ExplainFigureRequest, ExplainedItem};
use std::process::ExitCode;

const LARGEST_PAGE: usize = 1000;

pub(super) async fn run(client: &Client, args: ExplainArgs, format: Format) -> anyhow::Result<ExitCode> {
    let mut reporting = client.reporting()?;
    let limit = args.limit.unwrap_or(usize::MAX);
    let mut request = ExplainFigureRequest {
        indicator: args.indicator,
        year: args.year,
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        as_of: args.as_of.map(|day| day.to_string()).unwrap_or_default(),
        dimension: args.dim.map(|dim| Dimension { key: dim.key, member: dim.member }),
        page_size: 0,
        page_token: String::new(),
    };
    let (mut shown, mut sum) = (0, 0);
    let mut opened = false;
    loop {
        request.page_size = i32::try_from((limit - shown).clamp(1, LARGEST_PAGE))?;
        let mut page = reporting.explain_figure(request.clone()).await?.into_inner();
        page.items.truncate(limit - shown);
        if format == Format::Json {
            // Nothing is printed before the first answer, so that a refusal leaves no half JSON.
            if !opened {
                output::print("{\"items\": [")?;
            }
            print_json(&page.items, shown)?;
        } else if !opened || !page.items.is_empty() {
            output::print(&rows(&page.items))?;
        }
        opened = true;
        shown += page.items.len();
        sum += page.items.iter().map(|item| item.amount).sum::<i64>();
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() || shown >= limit {
            break;
        }
    }
    let all = request.page_token.is_empty();
    if format == Format::Json {
        let token = serde_json::to_string(&request.page_token)?;
        output::print(&format!("], \"next_page_token\": {token}}}"))?;
    } else {
        let items = i64::try_from(shown).unwrap_or(i64::MAX);
        let more = if all { "" } else { ", and there are more" };
        output::note(&format!("{} items, together {}{more}", thousands(items), thousands(sum)));
    }
    Ok(ExitCode::SUCCESS)
}

fn print_json(items: &[ExplainedItem], shown: usize) -> anyhow::Result<()> {
    for (at, item) in items.iter().enumerate() {
        let comma = if shown + at == 0 { " " } else { "," };
        output::print(&format!("{comma}{}", json::line("reporting.v1.ExplainedItem", item)?))?;
    }
    Ok(())
}

fn rows(items: &[ExplainedItem]) -> String {
    let heads = [
        ("编号", Align::Left),
        ("外部编号", Align::Left),
        ("归期日", Align::Left),
        ("计入日", Align::Left),
        ("数量", Align::Right),
        ("规则", Align::Left),
    ];
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| {
            let number = if item.number.is_empty() { item.id.clone() } else { item.number.clone() };
            let amount = item.amount.to_string();
            vec![number, item.external_ref.clone(), item.basis_on.clone(), item.counted_from.clone(), amount, item.rule.clone()]
        })
        .collect();
    table(&heads, &rows)
}
