//! From the domain to messages.

use crate::{
    app::{self, Freshness, Log},
    domain::{self, Formula, Sheet, Value},
};
use fengqiao_proto::reporting::v1::{Dimension, ExplainedItem, Figure, Identity, Indicator, LogFreshness, LogPosition};

pub(super) fn indicator(indicator: &domain::Indicator) -> Indicator {
    let (numerator, denominator) = match indicator.formula {
        Formula::Rate { above, below } => (above.id(), below.id()),
        _ => Default::default(),
    };
    Indicator {
        id: indicator.id.clone(),
        title_zh: indicator.zh.clone(),
        title_en: indicator.en.clone(),
        numerator,
        denominator,
        cohort: indicator.cohort.en(),
        cohort_zh: indicator.cohort.zh(),
        source: indicator.source.to_owned(),
    }
}

pub(super) fn figure(figure: domain::Figure) -> Figure {
    let (count, numerator, denominator) = match figure.value {
        Value::Count(count) => (Some(count), None, None),
        Value::Rate { numerator, denominator } => (None, Some(numerator), Some(denominator)),
    };
    let dims = match figure.sheet {
        Sheet::Total => Vec::new(),
        sheet => vec![Dimension { key: sheet.name().to_owned(), member: figure.member }],
    };
    Figure { id: figure.indicator.id.clone(), dims, count, numerator, denominator }
}

pub(super) fn identity(identity: domain::Identity) -> Identity {
    Identity { text: identity.text, left: identity.left, right: identity.right }
}

pub(super) fn explained(item: app::ExplainedItem, rule: &str) -> ExplainedItem {
    ExplainedItem {
        id: item.id().to_owned(),
        number: item.number,
        external_ref: item.external_ref,
        basis_on: item.explained.basis.to_string(),
        counted_from: item.explained.counted_from.to_string(),
        amount: item.explained.amount,
        rule: rule.to_owned(),
    }
}

pub(super) fn log_position((log, fresh): &(Log, Freshness)) -> LogPosition {
    LogPosition { log: log.name().to_owned(), position: fresh.position }
}

pub(super) fn log_freshness(log: Log, fresh: Freshness, stuck: i64) -> LogFreshness {
    LogFreshness {
        log: log.name().to_owned(),
        position: fresh.position,
        head_position: fresh.head_position,
        lag_seconds: fresh.lag_seconds,
        status: fresh.state,
        stuck,
    }
}
