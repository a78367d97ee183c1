//! Questions: who may ask, and what is wrong with a question.

use crate::support::*;

on_each_engine! { MIGRATIONS;
    async fn page_tokens_and_dimensions_are_checked(db: Db) {
        let reporting = open(&db, &now_is("2024-06-30")).await;
        let mut client = ReportingServiceClient::new(reporting.service());
        desk().feed(&reporting, 100).await;
        let good = ExplainFigureRequest { indicator: "petition.voided".to_owned(), year: 2024, ..Default::default() };
        let page = client.explain_figure(asked(good.clone())).await.unwrap().into_inner();
        assert_eq!((page.items.len(), page.items[0].number.as_str(), page.items[0].rule.as_str()), (1, "N2", "voided in the period"));
        assert_eq!((page.items[0].basis_on.as_str(), page.items[0].counted_from.as_str()), ("2024-02-20", "2024-02-20"));
        let dimension = |key: &str, member: &str| Some(Dimension { key: key.to_owned(), member: member.to_owned() });
        for (field, wrong) in [
            ("indicator", ExplainFigureRequest { indicator: "petition.nothing".to_owned(), ..good.clone() }),
            ("indicator", ExplainFigureRequest { indicator: "petition.timely_acceptance_rate".to_owned(), ..good.clone() }),
            ("year", ExplainFigureRequest { year: 24, ..good.clone() }),
            ("as_of", ExplainFigureRequest { as_of: "2024-07-01".to_owned(), ..good.clone() }),
            ("dimension", ExplainFigureRequest { dimension: dimension("conclusion", "replied"), ..good.clone() }),
            ("dimension.key", ExplainFigureRequest { dimension: dimension("colour", "red"), ..good.clone() }),
            ("dimension.member", ExplainFigureRequest { dimension: dimension("unit", ""), ..good.clone() }),
            ("page_size", ExplainFigureRequest { page_size: 1001, ..good.clone() }),
            ("page_token", ExplainFigureRequest { page_token: "zz".to_owned(), ..good.clone() }),
        ] {
            let status = client.explain_figure(asked(wrong)).await.unwrap_err();
            assert_eq!(status.code(), Code::InvalidArgument);
            assert!(status.message().starts_with(&format!("{field} ")), "{field}: {}", status.message());
        }
        let query = |dimension: &str, division: &str| QueryFiguresRequest {
            year: 2024,
            division_code: division.to_owned(),
            indicators: vec!["petition.voided".to_owned()],
            dimension: dimension.to_owned(),
            ..QueryFiguresRequest::default()
        };
        let found = client.query_figures(asked(query("division", ""))).await.unwrap().into_inner();
        let expected = [Figure {
            id: "petition.voided".to_owned(),
            dims: dimension("division", "320831106").into_iter().collect(),
            count: Some(1),
            numerator: None,
            denominator: None,
        }];
        assert_eq!(found.figures, expected);
        let total = client.query_figures(asked(query("", ""))).await.unwrap().into_inner();
        assert_eq!((total.figures.len(), total.figures[0].count), (1, Some(1)));
        let status = client.query_figures(asked(query("division", "320831106"))).await.unwrap_err();
        assert!(status.message().starts_with("dimension "), "{}", status.message());
    }

    async fn who_may_ask_and_about_what(db: Db) {
        let reporting = open(&db, &now_is("2024-06-30")).await;
        desk().feed(&reporting, 100).await;
        let ask = |division: &str| GetAnnualReportRequest { year: 2024, division_code: division.to_owned(), as_of: String::new() };
        let none = refused(&reporting, Request::new(ask(""))).await;
        assert_eq!(none.code(), Code::Unauthenticated);
        assert_eq!(refused(&reporting, asked_by(ask(""), &[Role::Public], None)).await.code(), Code::PermissionDenied);
        let outside = refused(&reporting, asked_by(ask("320803"), &[Role::Reporter], Some("320831"))).await;
        assert_eq!(outside.code(), Code::PermissionDenied);
        let mut client = ReportingServiceClient::new(reporting.service());
        let own = client.get_annual_report(asked_by(ask(""), &[Role::Reporter], Some("320803"))).await.unwrap().into_inner();
        assert_eq!((own.division_code.as_str(), count_of(&own, "petition.registered")), ("320803", 0));
        let clerk = asked_by(ExplainFigureRequest::default(), &[Role::Clerk], None);
        assert_eq!(client.explain_figure(clerk).await.unwrap_err().code(), Code::PermissionDenied);
        let list = client.list_indicators(asked(ListIndicatorsRequest {})).await.unwrap().into_inner();
        assert!(list.indicators.len() > 40 && !list.definition_version.is_empty());
    }

    async fn a_year_is_from_1900_and_never_in_the_future(db: Db) {
        let reporting = open(&db, &now_is("2024-06-30")).await;
        let ask = |year, as_of: &str| asked(GetAnnualReportRequest { year, division_code: String::new(), as_of: as_of.to_owned() });
        for (request, field) in [
            (ask(1899, ""), "year"),
            (ask(10_000, ""), "year"),
            (ask(2024, "2024-07-01"), "as_of"),
            (ask(2024, "yesterday"), "as_of"),
            (asked(GetAnnualReportRequest { year: 2024, division_code: "x".to_owned(), as_of: String::new() }), "division_code"),
        ] {
            let status = refused(&reporting, request).await;
            assert_eq!(status.code(), Code::InvalidArgument);
            assert!(status.message().starts_with(field), "{}", status.message());
        }
        for year in [1900, 2024, 9999] {
            assert!(report(&reporting, year, "", "").await.figures.iter().all(|f| f.count.unwrap_or(0) == 0));
        }
    }

    async fn indicators_are_stable(db: Db) {
        let reporting = open(&db, &now_is("2024-06-30")).await;
        let mut client = ReportingServiceClient::new(reporting.service());
        let list = client.list_indicators(asked(ListIndicatorsRequest {})).await.unwrap().into_inner();
        let line = |i: Indicator| {
            let base = if i.numerator.is_empty() { String::new() } else { format!(" = {} / {}", i.numerator, i.denominator) };
            format!("{}{base}\n    {} | {} | {} | {}\n", i.id, i.title_zh, i.title_en, i.cohort, i.source)
        };
        let lines: String = list.indicators.into_iter().map(line).collect();
        assert_golden("tests/golden/indicators.txt", &format!("definitions {}\n{lines}", list.definition_version));
    }
}
