//! How far the figures follow the logs.

use crate::{
    cli::Format,
    client::Client,
    json, output,
    table::{Align, table, thousands},
};
use fengqiao_proto::reporting::v1::GetFreshnessRequest;
use std::process::ExitCode;

/// Does `fengqiao freshness`.
pub async fn run(client: &Client, format: Format) -> anyhow::Result<ExitCode> {
    let answer = client.reporting()?.get_freshness(GetFreshnessRequest::default()).await?.into_inner();
    output::print(&match format {
        Format::Json => json::pretty("reporting.v1.GetFreshnessResponse", &answer)?,
        _ => {
            let heads = [
                ("日志", Align::Left),
                ("已计入", Align::Right),
                ("日志末尾", Align::Right),
                ("滞后秒", Align::Right),
                ("搁置", Align::Right),
                ("状态", Align::Left),
            ];
            let rows: Vec<Vec<String>> = answer
                .logs
                .into_iter()
                .map(|log| {
                    let status = match log.status.as_str() {
                        "following" => "跟随中".to_owned(),
                        "connecting" => "连接中".to_owned(),
                        why => format!("已停止: {why}"),
                    };
                    vec![
                        log.log,
                        thousands(log.position),
                        thousands(log.head_position),
                        thousands(log.lag_seconds),
                        thousands(log.stuck),
                        status,
                    ]
                })
                .collect();
            table(&heads, &rows)
        }
    })?;
    Ok(ExitCode::SUCCESS)
}
