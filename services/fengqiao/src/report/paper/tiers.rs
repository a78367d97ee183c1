//! 行政三级办理: on time by stage (handling, review, re-review) and by administrative level, because the phrase is read either way
//! (D§1.1). It knows where the figures of both readings stand; it adds nothing up.

use super::{Paper, names::member, value};
use crate::table::{Align, table};
use fengqiao_proto::reporting::v1::Figure;
use std::{collections::HashMap, fmt::Write as _};

/// Stages, by the part of ids.
const STAGES: [(&str, &str); 3] = [("handling", "办理"), ("review", "复查"), ("rereview", "复核")];

/// Terms, likewise.
const TERMS: [(&str, &str); 2] = [("legal", "法定"), ("kpi", "考核")];

/// Levels, from the highest; others come behind, as they are named.
const LEVELS: [&str; 6] = ["national", "province", "city", "county", "township", "village"];

type Figures<'a> = HashMap<(&'a str, &'a str), &'a Figure>;

impl Paper<'_> {
    /// Both tables; nothing where there are no such figures.
    pub(super) fn tiers(&self, text: &mut String) {
        let figures: Figures<'_> = self.report.figures.iter().filter_map(|figure| Some((place(figure)?, figure))).collect();
        let whole = STAGES.iter().all(|(stage, _)| figures.contains_key(&("", on_time_rate(stage, "legal").as_str())));
        if !whole {
            return;
        }
        self.heading(text, 2, "行政三级办理");
        let _ = writeln!(text, "{}按办理、复查、复核三个环节:\n", self.item());
        self.stages(text, &figures);
        let mut levels: Vec<&str> = figures.keys().map(|(level, _)| *level).filter(|level| !level.is_empty()).collect();
        levels.sort_unstable_by_key(|level| (LEVELS.iter().position(|known| known == level).unwrap_or(LEVELS.len()), *level));
        levels.dedup();
        if !levels.is_empty() {
            let _ = writeln!(text, "{}按单位层级（期末或截止日的层级；层级未登记的单位不在表内，件数见核对）:\n", self.item());
            self.levels(text, &figures, &levels);
        }
    }

    fn stages(&self, text: &mut String, figures: &Figures<'_>) {
        let mut heads = vec![("环节", Align::Left)];
        let titles: Vec<String> = TERMS
            .iter()
            .flat_map(|(_, term)| ["到期", "按期", "逾期办结", "逾期未结", "按期率"].map(|title| format!("{title}（{term}）")))
            .collect();
        heads.extend(titles.iter().map(|title| (title.as_str(), Align::Right)));
        let row = |(stage, zh): &(&str, &str)| {
            let ids = TERMS.iter().flat_map(|(term, _)| {
                let count = |outcome: &str| format!("petition.{stage}.{term}.{outcome}");
                [count("due"), count("on_time"), count("late"), count("open_overdue"), on_time_rate(stage, term)]
            });
            std::iter::once((*zh).to_owned()).chain(ids.map(|id| cell(figures, "", &id))).collect()
        };
        self.put(text, &heads, &STAGES.iter().map(row).collect::<Vec<_>>());
    }

    fn levels(&self, text: &mut String, figures: &Figures<'_>, levels: &[&str]) {
        let titles: Vec<String> =
            STAGES.iter().flat_map(|(_, stage)| TERMS.iter().map(move |(_, term)| format!("{stage}按期率（{term}）"))).collect();
        let mut heads = vec![("层级", Align::Left)];
        heads.extend(titles.iter().map(|title| (title.as_str(), Align::Right)));
        let ids: Vec<String> =
            STAGES.iter().flat_map(|(stage, _)| TERMS.iter().map(move |(term, _)| on_time_rate(stage, term))).collect();
        let row =
            |level: &&str| std::iter::once(member("level", level)).chain(ids.iter().map(|id| both(figures, level, id))).collect();
        self.put(text, &heads, &levels.iter().map(row).collect::<Vec<_>>());
    }

    fn put(&self, text: &mut String, heads: &[(&str, Align)], rows: &[Vec<String>]) {
        text.push_str(&if self.markdown { super::markdown_table(heads, rows) } else { table(heads, rows) });
        text.push('\n');
    }
}

/// (level, id) of a total, which has none, and of a figure by level; nothing for other figures.
fn place(figure: &Figure) -> Option<(&str, &str)> {
    match figure.dims.as_slice() {
        [] => Some(("", &figure.id)),
        [dim] if dim.key == "level" => Some((&dim.member, &figure.id)),
        _ => None,
    }
}

fn on_time_rate(stage: &str, term: &str) -> String {
    format!("petition.{stage}.on_time_rate.{term}")
}

fn cell(figures: &Figures<'_>, level: &str, id: &str) -> String {
    figures.get(&(level, id)).map_or_else(String::new, |figure| value(figure))
}

/// A rate with both its numbers.
fn both(figures: &Figures<'_>, level: &str, id: &str) -> String {
    let Some(figure) = figures.get(&(level, id)) else { return "—".to_owned() };
    format!("{}（{}）", value(figure), super::parts(figure))
}
