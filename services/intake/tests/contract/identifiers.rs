//! Numbers of people, papers and places at the desk: what is right is kept as given, what is wrong is named by its party, what is odd
//! is remarked, and nobody needs a number.

use crate::{
    asks::{self, appeal, party},
    bad_input::papers,
    desk::{Desk, TODAY, after, field},
};
use fengqiao_identifiers::Divisions;
use fengqiao_intake::domain::Places;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

/// What the desk is told to look at again.
fn remarks(logged: &pb::LogPetitionResponse) -> Vec<String> {
    logged.remarks.iter().map(|remark| format!("{}: {}", remark.field, remark.problem)).collect()
}

fn at(division: &str) -> pb::NewPetition {
    pb::NewPetition { division_code: division.into(), ..appeal() }
}

on_each_engine! {
    async fn papers_are_kept_as_given(location: Location) {
        let desk = Desk::open(&location).await;
        let parties = [
            ("", ""), ("citizen", ""), ("citizen", "11010519491231002x"), ("citizen", "１１０１０５１９４９１２３１００２Ｘ"),
            ("citizen", "110105 19491231 002X"), ("", "11010519491231002X"), ("", "110105491231002"), ("", "113208310143510981"),
            ("passport", "E12345678"), ("hk_macao", "H0123456789"), ("taiwan", "01234567"), ("household", "第3册12号"),
            ("other", "110105194912310021"), ("credit_code", "9135 0100 m000100y43"), ("organisation", "01435109-8"),
            ("organisation", "014351098"),
        ];
        let parties: Vec<pb::Party> = parties.into_iter().map(|(kind, number)| papers(kind, number)).collect();
        let logged = desk.log(pb::NewPetition { parties: parties.clone(), ..at("320831101") }).await;
        assert!(remarks(&logged).is_empty(), "{logged:?}");
        let id = logged.petition.unwrap().id;
        assert_eq!(desk.get(&id).await.parties, parties);
        let route = asks::route(&desk.get(&id).await);
        let route = pb::RouteToMediationRequest { respondents: vec![papers("credit_code", "91350100M000100Y43")], ..route };
        after!(desk.clerk(), route_to_mediation, route);
        assert_eq!(desk.get(&id).await.parties, parties, "the other side stays with mediation");
    }

    async fn a_wrong_number_is_named_by_its_party_and_not_repeated(location: Location) {
        let desk = Desk::open(&location).await;
        let parties = vec![party("甲"), papers("citizen", "11010519491231002X"), papers("", "110105194912310021")];
        let request = asks::log(pb::NewPetition { parties, ..appeal() });
        let (path, problem) = field(desk.clerk().log_petition(request.clone()).await);
        assert_eq!(path, "petition.parties[2].identity_number");
        assert!(problem.starts_with("looks like a citizen number (if it is another paper, say its kind) and has a check character that does not fit"), "{problem}");
        assert!(!problem.contains("110105"), "an error shows no number: {problem}");
        let check = pb::LogPetitionRequest { validate_only: true, ..request };
        assert_eq!(field(desk.clerk().log_petition(check).await), (path, problem), "checking alone says the same");
        assert_eq!(desk.position().await, 0);
    }

    async fn anonymous_items_are_recorded(location: Location) {
        let desk = Desk::open(&location).await;
        let nameless = |channel: &str, class: &str| {
            pb::NewPetition { channel: channel.into(), matter_class: class.into(), parties: Vec::new(), ..at("320831101") }
        };
        for (channel, class, said) in [
            ("letter", "appeal", ""), ("online", "appeal", ""), ("visit", "allegation", ""), ("hotline", "suggestion", ""),
            ("visit", "appeal", "petition.parties"), ("phone", "suggestion", "petition.parties"),
        ] {
            let logged = desk.log(nameless(channel, class)).await;
            let fields: Vec<&str> = logged.remarks.iter().map(|remark| remark.field.as_str()).collect();
            assert_eq!(fields.join(" "), said, "{channel} {class}");
        }
    }

    async fn phones_are_doubted_and_kept(location: Location) {
        let desk = Desk::open(&location).await;
        let with = |phone: &str| pb::Party { phone: phone.into(), ..party("甲") };
        let parties: Vec<pb::Party> = ["0517-86801234", "139 1234 5678", "1391234567", "无", ""].into_iter().map(with).collect();
        let request = asks::log(pb::NewPetition { parties: parties.clone(), ..at("320831101") });
        let logged = desk.clerk().log_petition(request.clone()).await.unwrap().into_inner();
        let expected = ["petition.parties[2].phone: begins like a mobile number and has fewer than 11 digits"];
        assert_eq!(remarks(&logged), expected);
        assert_eq!(desk.clerk().log_petition(request).await.unwrap().into_inner(), logged, "a repetition remarks the same");
        assert_eq!(desk.get(&logged.petition.unwrap().id).await.parties, parties);
    }

    async fn divisions_are_those_of_the_business_day(location: Location) {
        let desk = Desk::open_on(&location, "2017-01-10").await;
        let old = pb::NewPetition { occurred_on: "2016-12-20".into(), ..at("320829") };
        let logged = desk.log(old.clone()).await;
        assert!(remarks(&logged).is_empty());
        assert_eq!(logged.petition.unwrap().division_code, "320829");
        let (path, problem) = field(desk.clerk().log_petition(asks::log(at("320829"))).await);
        assert_eq!((path.as_str(), problem.as_str()), ("petition.division_code", "was 洪泽县 until 2016-12-31; since then 320813 洪泽区"));
        desk.log(at("320813")).await;
        let logged = desk.log(at("320831100")).await;
        assert_eq!(remarks(&logged), ["petition.division_code: is not on the list of divisions; the nearest that is: 320831 金湖县"]);
        let logged = desk.log(at("320831403")).await;
        assert!(remarks(&logged)[0].starts_with("petition.division_code: 320831403 金湖经济开发区 is an area of statistics"));
        let check = pb::LogPetitionRequest { validate_only: true, ..asks::log(at("320831403")) };
        assert_eq!(desk.clerk().log_petition(check).await.unwrap().into_inner().remarks, logged.remarks);
    }

    async fn an_office_may_go_by_its_own_list(location: Location) {
        let divisions = Divisions::with_file("代码,名称\n320831101201,某村\n").unwrap();
        let desk = Desk::open_with(&location, TODAY, Places { divisions, strict: true }).await;
        for division in ["320831101201", "320831101", "320831103201"] {
            assert!(remarks(&desk.log(at(division)).await).is_empty(), "{division}");
        }
        for (division, nearest) in [("320831101202", "320831101 金南镇"), ("320831100", "320831 金湖县")] {
            let (path, problem) = field(desk.clerk().log_petition(asks::log(at(division))).await);
            let expected = format!("must be a division on {TODAY}; the nearest that is one: {nearest}");
            assert_eq!((path.as_str(), problem), ("petition.division_code", expected), "{division}");
        }
        // A ledger's row keeps the code of its time and place.
        let columns = ["external_ref", "registered_at", "division_code", "matter_class"];
        assert_eq!(desk.import(&columns, &[&["A", "2026-01-05", "329999", "appeal"]]).await.imported, 1);
        assert_eq!(desk.imported("A").await.division_code, "329999");
    }

    async fn papers_have_numbers_in_any_brackets(location: Location) {
        let desk = Desk::open(&location).await;
        for number in ["金信〔2026〕1号", "金信（2026）2号", "金信[2026]3号", "金信【２０２６】４号", "第五号", ""] {
            let petition = desk.appeal().await;
            let request = pb::AcceptPetitionRequest { document_number: number.into(), ..asks::accept(&petition) };
            let accepted = after!(desk.clerk(), accept_petition, request);
            if !number.is_empty() {
                let request = pb::IssueOpinionRequest { document_number: number.into(), ..asks::opinion(&accepted) };
                after!(desk.clerk(), issue_opinion, request);
            }
        }
    }
}
