//! A list of any length, page by page: as one JSON object that is never half written before the first answer, or as tables.

use crate::{cli::Format, json, output};
use prost::Message;
use std::cell::Cell;
use tonic::Status;

/// Most rows of one page.
const LARGEST_PAGE: usize = 1000;

/// How many rows there are in all.
#[derive(Clone, Copy, Debug)]
pub struct Total {
    /// As far as they were counted.
    pub size: i64,
    /// There are at least that many.
    pub is_capped: bool,
}

/// How a list is printed.
pub struct Listing<M> {
    /// Key of the rows, and what they are called in plural.
    pub key: &'static str,
    /// Name of the message of a row, without the leading `fengqiao.`.
    pub message: &'static str,
    /// Rows as a table.
    pub rows: fn(&[M]) -> String,
}

impl<M: Message> Listing<M> {
    /// As [`Listing::print_counted`], without a total.
    pub async fn print(
        &self,
        format: Format,
        limit: usize,
        token: String,
        fetch: impl AsyncFnMut(i32, String) -> Result<(Vec<M>, String), Status>,
    ) -> anyhow::Result<()> {
        self.print_counted(format, limit, token, &Cell::default(), fetch).await
    }

    /// Prints at most `limit` rows (0: all) from `token` on; `fetch` gets a page of that size, which may be short, and may put a
    /// total into the cell.
    pub async fn print_counted(
        &self,
        format: Format,
        limit: usize,
        mut token: String,
        total: &Cell<Option<Total>>,
        mut fetch: impl AsyncFnMut(i32, String) -> Result<(Vec<M>, String), Status>,
    ) -> anyhow::Result<()> {
        let (mut printed, mut opened) = (0, false);
        loop {
            let left = if limit == 0 { LARGEST_PAGE } else { (limit - printed).min(LARGEST_PAGE) };
            let (page, next) = fetch(i32::try_from(left)?, token).await?;
            match format {
                Format::Json => {
                    // Nothing is printed before the first answer, so that a refusal leaves no half JSON.
                    if !opened {
                        output::print(&format!("{{\"{}\": [", self.key))?;
                    }
                    self.print_json(&page, printed)?;
                }
                // Widths differ from page to page; a page is a thousand rows. The first may be empty while others are not.
                _ if !page.is_empty() || printed == 0 && next.is_empty() => output::print(&(self.rows)(&page))?,
                _ => {}
            }
            opened = true;
            printed += page.len();
            token = next;
            if token.is_empty() || (limit > 0 && printed >= limit) {
                break;
            }
        }
        let key = self.key;
        match format {
            Format::Json => {
                let total = total.get().map_or(String::new(), |Total { size, is_capped }| {
                    format!(", \"total_size\": {size}, \"total_is_capped\": {is_capped}")
                });
                output::print(&format!("], \"next_page_token\": {}{total}}}", serde_json::to_string(&token)?))?;
            }
            _ if token.is_empty() => output::note(&format!("{printed} {key}")),
            _ => output::note(&format!("{printed} {key}, and there are more: --limit 0 shows all, --page-token {token} goes on")),
        }
        if let Some(Total { size, is_capped }) = total.get().filter(|_| format != Format::Json) {
            output::note(&format!("{}{size} {key} in all", if is_capped { "at least " } else { "" }));
        }
        Ok(())
    }

    fn print_json(&self, page: &[M], printed: usize) -> anyhow::Result<()> {
        let mut text = String::new();
        for (at, row) in page.iter().enumerate() {
            text.push_str(if printed + at == 0 { " " } else { "," });
            text.push_str(&json::line(self.message, row)?);
            text.push('\n');
        }
        if !text.is_empty() {
            output::print(&text)?;
        }
        Ok(())
    }
}
