//! The annual report as scripts rely on it. Keys never change: see design §8.

use fengqiao_proto::reporting::v1::{Figure, GetAnnualReportResponse};
use serde::Serialize;
use std::collections::BTreeMap;

/// The annual report.
#[derive(Debug, Serialize)]
pub struct Annual {
    /// Calendar year.
    pub year: i32,
    /// Division; empty for the whole book.
    pub division: String,
    /// Cut-off day.
    pub as_of: String,
    /// Whether every log has passed the midnight that ends the cut-off day.
    pub complete: bool,
    /// Seconds by which the figures may be behind.
    pub lag_seconds: i64,
    /// Position of each log that the figures include; 0 for one that is not followed.
    pub log_positions: LogPositions,
    /// The figures.
    pub indicators: Vec<Indicator>,
}

/// Positions of the logs.
#[derive(Debug, Default, Serialize)]
pub struct LogPositions {
    /// Of the petitions.
    pub intake: i64,
    /// Of the cases.
    pub mediation: i64,
}

/// One figure.
#[derive(Debug, Serialize)]
pub struct Indicator {
    /// Id of the indicator.
    pub id: String,
    /// Dimensions; none for a total.
    pub dims: BTreeMap<String, String>,
    /// Above the line of a rate.
    pub numerator: Option<i64>,
    /// Below the line of a rate.
    pub denominator: Option<i64>,
    /// The number of a count; the fraction of a rate, null at denominator 0.
    pub value: Option<Value>,
}

/// A count or a fraction.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number of items.
    Count(i64),
    /// A fraction, usually from 0 to 1.
    Fraction(f64),
}

impl Annual {
    /// From the server's answer.
    pub fn new(report: &GetAnnualReportResponse) -> Self {
        let position = |log: &str| report.log_positions.iter().find(|p| p.log == log).map_or(0, |p| p.position);
        Self {
            year: report.year,
            division: report.division_code.clone(),
            as_of: report.as_of.clone(),
            complete: report.complete,
            lag_seconds: report.lag_seconds,
            log_positions: LogPositions { intake: position("intake"), mediation: position("mediation") },
            indicators: report.figures.iter().map(Indicator::new).collect(),
        }
    }

    /// As comma separated values with a header; dimensions as `unit=…`, what is null is empty.
    pub fn csv(&self) -> anyhow::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "dims", "numerator", "denominator", "value"])?;
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        for figure in &self.indicators {
            let dims: Vec<_> = figure.dims.iter().map(|(key, member)| format!("{key}={member}")).collect();
            let value = figure.value.as_ref().map(serde_json::to_string).transpose()?.unwrap_or_default();
            writer.write_record([&figure.id, &dims.join(";"), &number(figure.numerator), &number(figure.denominator), &value])?;
        }
        Ok(String::from_utf8(writer.into_inner()?)?)
    }
}

impl Indicator {
    fn new(figure: &Figure) -> Self {
        let value = match (figure.count, figure.numerator, figure.denominator) {
            (Some(count), ..) => Some(Value::Count(count)),
            (None, Some(numerator), Some(denominator)) if denominator != 0 => {
                Some(Value::Fraction(numerator as f64 / denominator as f64))
            }
            _ => None,
        };
        Self {
            id: figure.id.clone(),
            dims: figure.dims.iter().map(|dim| (dim.key.clone(), dim.member.clone())).collect(),
            numerator: figure.numerator,
            denominator: figure.denominator,
            value,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use fengqiao_proto::reporting::v1::{Dimension, Identity, LogPosition};

    pub(crate) fn count(id: &str, count: i64, dim: Option<(&str, &str)>) -> Figure {
        let dims = dim.map(|(key, member)| Dimension { key: key.to_owned(), member: member.to_owned() });
        Figure { id: id.to_owned(), dims: dims.into_iter().collect(), count: Some(count), numerator: None, denominator: None }
    }

    fn rate(id: &str, numerator: i64, denominator: i64) -> Figure {
        Figure { id: id.to_owned(), dims: vec![], count: None, numerator: Some(numerator), denominator: Some(denominator) }
    }

    pub(crate) fn report() -> GetAnnualReportResponse {
        GetAnnualReportResponse {
            year: 2018,
            as_of: "2018-12-31".to_owned(),
            complete: true,
            log_positions: vec![LogPosition { log: "intake".to_owned(), position: 1992 }],
            figures: vec![
                count("petition.registered", 1234, None),
                rate("petition.handling.on_time_rate.legal", 99_999, 100_000),
                rate("petition.review.on_time_rate.legal", 0, 0),
                count("petition.registered", 7, Some(("unit", "信访局, 一"))),
            ],
            definition_version: "1".to_owned(),
            identities: vec![Identity { text: "carried_in + registered = closed + carried_out".to_owned(), left: 5, right: 5 }],
            ..Default::default()
        }
    }

    #[test]
    fn the_json_is_the_agreed_one() {
        let value = serde_json::to_value(Annual::new(&report())).unwrap();
        let expected = serde_json::json!({
            "year": 2018, "division": "", "as_of": "2018-12-31", "complete": true, "lag_seconds": 0,
            "log_positions": {"intake": 1992, "mediation": 0},
            "indicators": [
                {"id": "petition.registered", "dims": {}, "numerator": null, "denominator": null, "value": 1234},
                {"id": "petition.handling.on_time_rate.legal", "dims": {}, "numerator": 99999, "denominator": 100000, "value": 0.99999},
                {"id": "petition.review.on_time_rate.legal", "dims": {}, "numerator": 0, "denominator": 0, "value": null},
                {"id": "petition.registered", "dims": {"unit": "信访局, 一"}, "numerator": null, "denominator": null, "value": 7},
            ],
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn the_csv_has_a_line_for_each_figure() {
        assert_eq!(
            Annual::new(&report()).csv().unwrap(),
            "id,dims,numerator,denominator,value\n\
             petition.registered,,,,1234\n\
             petition.handling.on_time_rate.legal,,99999,100000,0.99999\n\
             petition.review.on_time_rate.legal,,0,0,\n\
             petition.registered,\"unit=信访局, 一\",,,7\n"
        );
    }
}
