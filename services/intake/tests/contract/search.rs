//! Petitions by their words, by a person's numbers, and by their numbers in other systems.

use crate::{
    asks::{self, appeal, party},
    desk::{Desk, after, fault, reason},
    similar::{about, person, township},
};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

fn words(text: &str) -> pb::SearchPetitionsRequest {
    pb::SearchPetitionsRequest { text: text.to_owned(), ..Default::default() }
}

async fn titles(desk: &Desk, request: pb::SearchPetitionsRequest) -> Vec<String> {
    let page = desk.clerk().search_petitions(request).await.unwrap().into_inner();
    page.petitions.into_iter().map(|found| found.title).collect()
}

fn order(number: &str) -> pb::ForeignNumber {
    pb::ForeignNumber { system: "12345".to_owned(), number: number.to_owned() }
}

on_each_engine! {
    async fn words_are_found_in_names_titles_and_narratives(location: Location) {
        let desk = Desk::open(&location).await;
        desk.log(about("搅拌站扰民", "丽发新城Ａ２区附近粉尘很大", vec![person("买买提·艾力", "13905230001", "")])).await;
        desk.next("2026-03-03");
        desk.log(about("公交线路", "丽发新城等不到车", vec![person("王小明", "", "32083119700101123X")])).await;
        let allegation = pb::NewPetition { matter_class: "allegation".to_owned(), ..about("搅拌站受贿", "丽发新城", vec![]) };
        desk.log(allegation).await;
        for indexed in [false, true] {
            if indexed {
                desk.intake.index().await.unwrap();
            }
            assert_eq!(titles(&desk, words("搅拌站")).await, ["搅拌站扰民"]);
            assert_eq!(titles(&desk, words("丽发新城")).await, ["公交线路", "搅拌站扰民"], "the latest first");
            assert_eq!(titles(&desk, words("丽发新城 粉尘")).await, ["搅拌站扰民"]);
            assert_eq!(titles(&desk, words("a2区附近")).await, ["搅拌站扰民"]);
            assert_eq!(titles(&desk, words("王小明")).await, ["公交线路"]);
            assert_eq!(titles(&desk, words("买买提")).await, ["搅拌站扰民"]);
            // Its pairs are all there, but not as one.
            assert_eq!(titles(&desk, words("搅拌站粉尘")).await, Vec::<String>::new());
            let phone = pb::SearchPetitionsRequest { phone: "139 0523 0001".to_owned(), ..Default::default() };
            assert_eq!(titles(&desk, phone).await, ["搅拌站扰民"]);
            let paper = pb::SearchPetitionsRequest { identity_number: "32083119700101123x".to_owned(), ..words("公交") };
            assert_eq!(titles(&desk, paper).await, ["公交线路"]);
        }
        let elsewhere = pb::SearchPetitionsRequest { division_code: "320831101".to_owned(), ..words("搅拌站") };
        assert!(titles(&desk, elsewhere).await.is_empty());
        let page = desk.by(township()).search_petitions(words("搅拌站")).await.unwrap().into_inner();
        assert_eq!(page, pb::SearchPetitionsResponse::default());
    }

    async fn pages_go_on_where_they_ended(location: Location) {
        let desk = Desk::open(&location).await;
        for number in 0..7 {
            desk.log(about(&format!("第{number}次反映排水管网"), "", vec![party("甲方")])).await;
            if number == 3 {
                desk.intake.index().await.unwrap();
            }
            // Ids begin with their time.
            desk.next(&format!("2026-03-{:02}", 3 + number));
        }
        let mut request = pb::SearchPetitionsRequest { page_size: 3, ..words("排水管网") };
        let mut found = Vec::new();
        for _ in 0..4 {
            let page = desk.clerk().search_petitions(request.clone()).await.unwrap().into_inner();
            assert!(page.petitions.len() <= 3);
            found.extend(page.petitions.into_iter().map(|found| found.title));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        let expected: Vec<String> = (0..7).rev().map(|number| format!("第{number}次反映排水管网")).collect();
        assert_eq!(found, expected);
        let other = pb::SearchPetitionsRequest { page_token: request.page_token, page_size: 0, ..words("排水") };
        assert_eq!(titles(&desk, other).await.len(), 7, "an empty token begins anew");
    }

    async fn what_was_erased_is_not_found(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.log(about("搅拌站扰民", "", vec![party("甲方")])).await.petition.unwrap();
        desk.intake.index().await.unwrap();
        assert_eq!(titles(&desk, words("搅拌站")).await.len(), 1);
        after!(desk.head(), erase_parties, asks::erase(&petition));
        assert!(titles(&desk, words("搅拌站")).await.is_empty());
    }

    async fn bad_searches_are_refused(location: Location) {
        let desk = Desk::open(&location).await;
        let refused = async |request| fault(&desk.clerk().search_petitions(request).await.unwrap_err()).fields;
        let one = |field: &str, problem: &str| vec![(field.to_owned(), problem.to_owned())];
        assert_eq!(
            refused(words("")).await,
            one("text", "must not be empty where neither phone nor identity_number is given")
        );
        assert_eq!(refused(words("路")).await, one("text", "has a word of one character"));
        assert_eq!(refused(words("没有")).await, one("text", "has a word that stands everywhere and tells nothing"));
        assert_eq!(refused(words(&"长".repeat(101))).await[0].0, "text");
        assert_eq!(refused(words("搅拌\u{7}站")).await[0].0, "text");
        let short = pb::SearchPetitionsRequest { phone: "110".to_owned(), ..Default::default() };
        assert_eq!(refused(short).await, one("phone", "is too short to tell one person from another, or masked"));
        let masked = pb::SearchPetitionsRequest { identity_number: "3208****1234".to_owned(), ..Default::default() };
        assert_eq!(refused(masked).await[0].0, "identity_number");
        let division = pb::SearchPetitionsRequest { division_code: "x".to_owned(), ..words("搅拌站") };
        assert_eq!(refused(division).await[0].0, "division_code");
        let size = pb::SearchPetitionsRequest { page_size: 101, ..words("搅拌站") };
        assert_eq!(refused(size).await, one("page_size", "must be from 1 to 100, or 0 for 20"));
        for token in ["x", "bm9uc2Vuc2U"] {
            let token = pb::SearchPetitionsRequest { page_token: token.to_owned(), ..words("搅拌站") };
            assert_eq!(refused(token).await[0].0, "page_token");
        }
        assert_eq!(reason(desk.window().search_petitions(words("搅拌站")).await), "PERMISSION_DENIED");
        assert_eq!(reason(desk.by_nobody().search_petitions(words("搅拌站")).await), "UNAUTHENTICATED");
    }

    async fn one_order_does_not_come_in_twice(location: Location) {
        let desk = Desk::open(&location).await;
        let new = || pb::NewPetition { foreign_numbers: vec![order("GD1"), order("GD2")], ..appeal() };
        let petition = desk.log(new()).await.petition.unwrap();
        assert_eq!(petition.facts.as_ref().unwrap().foreign_numbers, [order("GD1"), order("GD2")]);
        let get = pb::GetPetitionRequest { foreign_number: Some(order("GD2")), ..Default::default() };
        let got = desk.clerk().get_petition(get.clone()).await.unwrap().into_inner().petition.unwrap();
        assert_eq!(got.id, petition.id);
        let twice = pb::NewPetition { foreign_numbers: vec![order("GD3"), order("GD2")], ..appeal() };
        let refused = fault(&desk.clerk().log_petition(asks::log(twice.clone())).await.unwrap_err());
        assert_eq!(refused.reason, "FOREIGN_NUMBER_EXISTS");
        assert!(refused.message.ends_with(&petition.number), "{}", refused.message);
        let checked = pb::LogPetitionRequest { validate_only: true, ..asks::log(twice) };
        assert_eq!(reason(desk.clerk().log_petition(checked).await), "FOREIGN_NUMBER_EXISTS");
        // Another division hears that it is there, and not which one.
        let elsewhere = pb::NewPetition {
            division_code: "320831101".to_owned(),
            foreign_numbers: vec![order("GD1")],
            ..appeal()
        };
        let refused = fault(&desk.by(township()).log_petition(asks::log(elsewhere)).await.unwrap_err());
        assert_eq!((refused.reason.as_str(), refused.message.contains(&petition.number)), ("FOREIGN_NUMBER_EXISTS", false));
        assert_eq!(reason(desk.by(township()).get_petition(get).await), "PETITION_NOT_FOUND");
        // Within one batch it is the same.
        let items = vec![asks::log(pb::NewPetition { foreign_numbers: vec![order("GD9")], ..appeal() }); 1];
        let again = asks::log(pb::NewPetition { foreign_numbers: vec![order("GD9")], ..appeal() });
        let batch = pb::LogPetitionBatchRequest { items: items.into_iter().chain([again]).collect() };
        let results = desk.clerk().log_petition_batch(batch).await.unwrap().into_inner().results;
        let reasons: Vec<_> = results.into_iter().map(|verdict| verdict.error.map(|error| error.reason)).collect();
        assert_eq!(reasons, [None, Some("FOREIGN_NUMBER_EXISTS".to_owned())]);
        // What was entered in error is entered again.
        after!(desk.head(), void_petition, asks::void(&petition));
        desk.log(new()).await;
        assert!(desk.differences().await.is_empty());
    }

    async fn bad_parties_and_numbers_are_refused(location: Location) {
        let desk = Desk::open(&location).await;
        let refused = async |petition| fault(&desk.clerk().log_petition(asks::log(petition)).await.unwrap_err()).fields;
        let role = |name: &str, role: &str| pb::Party { role: role.to_owned(), ..party(name) };
        let field = |field: &str, problem: &str| (field.to_owned(), problem.to_owned());
        assert_eq!(
            refused(pb::NewPetition { parties: vec![role("甲方", "lawyer")], ..appeal() }).await,
            [field("petition.parties[0].role", "must be one of petitioner, co_signer, representative, agent, guardian")]
        );
        assert_eq!(
            refused(pb::NewPetition { parties: vec![role("甲方", "agent"), role("乙方", "guardian")], ..appeal() }).await,
            [field("petition.parties", "an agent or guardian acts for somebody, who must be a party too")]
        );
        let many = (0..6).map(|number| role(&format!("代表{number}"), "representative")).collect();
        assert_eq!(
            refused(pb::NewPetition { parties: many, ..appeal() }).await,
            [field("petition.parties", "must have at most 5 representatives (XF 20)")]
        );
        let numbers = |numbers: Vec<pb::ForeignNumber>| pb::NewPetition { foreign_numbers: numbers, ..appeal() };
        assert_eq!(refused(numbers(vec![order("1"), order("1")])).await, [field("petition.foreign_numbers[1]", "stands twice")]);
        assert_eq!(refused(numbers(vec![order("")])).await[0].0, "petition.foreign_numbers[0].number");
        assert_eq!(refused(numbers(vec![order("a\u{7}")])).await[0].0, "petition.foreign_numbers[0].number");
        let many = (0..11).map(|number| order(&number.to_string())).collect();
        assert_eq!(refused(numbers(many)).await, [field("petition.foreign_numbers", "must be at most 10")]);
        let both = pb::GetPetitionRequest { foreign_number: Some(order("1")), number: "x".to_owned(), ..Default::default() };
        assert_eq!(fault(&desk.clerk().get_petition(both).await.unwrap_err()).fields[0].0, "petition_id");
    }

    async fn five_speak_for_the_rest_and_each_has_a_code(location: Location) {
        let desk = Desk::open(&location).await;
        let role = |name: String, role: &str| pb::Party { role: role.to_owned(), ..party(&name) };
        let representatives = (0..3).map(|number| role(format!("代表{number}"), "representative"));
        let others = (0..6).map(|number| role(format!("联名人{number}"), "co_signer"));
        let parties: Vec<pb::Party> = representatives.chain(others).collect();
        let logged = desk.log(pb::NewPetition { parties: parties.clone(), person_count: 30, ..appeal() }).await;
        assert_eq!((logged.query_codes.len(), logged.petition.as_ref().unwrap().person_count), (3, 30));
        assert_eq!(desk.get(&logged.petition.unwrap().id).await.parties, parties);
    }
}
