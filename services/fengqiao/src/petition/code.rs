//! Query codes given anew, and how often the look-up is asked.

use super::change::name;
use crate::{
    cli::{CodeArgs, Format, LookupsArgs},
    client::Intake,
    json, output,
    request::{Named, day, repeatable},
    table::{Align, pairs, table},
};
use fengqiao_proto::intake::v1::{GetLookUpCountsRequest, ReissueQueryCodeRequest};

pub(super) async fn reissue(intake: &mut Intake, args: CodeArgs, format: Format) -> anyhow::Result<()> {
    let Named { request_id, id: petition_id, etag, after_request_id } = name(intake, args.change).await?;
    let again = request_id.clone();
    let request = ReissueQueryCodeRequest {
        request_id,
        petition_id,
        etag,
        after_request_id,
        representative: args.representative,
        identified_by: args.identified_by,
        text: args.text,
        device: None,
    };
    let answer = repeatable(intake.reissue_query_code(request).await, &again)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.ReissueQueryCodeResponse", &answer)?,
        _ => pairs(&[
            ("编号", answer.number),
            ("代表", answer.representative.to_string()),
            ("查询码", answer.query_code),
            ("版本 etag", answer.etag),
        ]),
    })?)
}

pub(super) async fn counts(intake: &mut Intake, args: LookupsArgs, format: Format) -> anyhow::Result<()> {
    let request = GetLookUpCountsRequest { from: args.from.to_string(), to: day(args.to) };
    let answer = intake.get_look_up_counts(request).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.GetLookUpCountsResponse", &answer)?,
        _ => {
            let row = |day: &fengqiao_proto::intake::v1::LookUpCount| {
                vec![day.day.clone(), day.answered.to_string(), day.not_found.to_string(), day.backed_off.to_string()]
            };
            let heads = [("日期", Align::Left), ("查到", Align::Right), ("未查到", Align::Right), ("须等待", Align::Right)];
            table(&heads, &answer.days.iter().map(row).collect::<Vec<_>>())
        }
    })?)
}
