//! Petitions that may be one: found, with reasons, by who may see them; linked by a person, and unlinked again.

use crate::{
    asks::{self, appeal, party},
    desk::{Desk, after, clerk, fault, reason},
};
use fengqiao_model::Caller;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{Location, on};
use fengqiao_testkit::on_each_engine;

/// A petitioner with phone and paper.
pub fn person(name: &str, phone: &str, identity_number: &str) -> pb::Party {
    pb::Party { phone: phone.to_owned(), identity_number: identity_number.to_owned(), ..party(name) }
}

/// The same person, as sought.
pub fn sought(name: &str, phone: &str, identity_number: &str) -> pb::FindSimilarRequest {
    pb::FindSimilarRequest {
        persons: vec![pb::PersonSought {
            name: name.to_owned(),
            phone: phone.to_owned(),
            identity_number: identity_number.to_owned(),
        }],
        ..Default::default()
    }
}

/// An appeal about something.
pub fn about(title: &str, narrative: &str, parties: Vec<pb::Party>) -> pb::NewPetition {
    pb::NewPetition { title: title.to_owned(), narrative: narrative.to_owned(), parties, ..appeal() }
}

/// A clerk of one township only.
pub fn township() -> Caller {
    Caller { division: Some("320831101".parse().unwrap()), ..clerk("clerk-9") }
}

async fn find(desk: &Desk, request: pb::FindSimilarRequest) -> pb::FindSimilarResponse {
    desk.clerk().find_similar(request).await.unwrap().into_inner()
}

async fn logged(desk: &Desk, petition: pb::NewPetition) -> pb::Petition {
    desk.log(petition).await.petition.unwrap()
}

async fn marks(desk: &Desk) -> (i64, i64) {
    const OWN: &str = "SELECT COUNT(*) FROM petition_likeness";
    const ALL: &str = "SELECT COUNT(*) FROM petition_mark";
    let own: i64 = on!(read &desk.db, c => sqlx::query_scalar(OWN).fetch_one(c).await).unwrap();
    let all: i64 = on!(read &desk.db, c => sqlx::query_scalar(ALL).fetch_one(c).await).unwrap();
    (own, all)
}

const MIXER: &str = "小区附近修建搅拌站，每天粉尘飞扬，噪音扰民，老人孩子无法休息";

on_each_engine! {
    async fn the_same_person_is_found_however_he_writes_himself(location: Location) {
        let desk = Desk::open(&location).await;
        let first = logged(&desk, about("宅基地界址", "", vec![person("王小明", "139-0523-0001", "32083119700101123X")])).await;
        logged(&desk, about("修路", "", vec![person("李大力", "13905239999", "")])).await;
        let found = find(&desk, sought("王　小明", "+86 13905230001", "32083119700101123x")).await;
        assert_eq!(found.ask_units, Vec::<String>::new());
        let [one] = found.similar.as_slice() else { panic!("{found:?}") };
        assert_eq!((one.petition_id.as_str(), one.number.as_str()), (first.id.as_str(), first.number.as_str()));
        assert_eq!(one.reasons, ["same_identity_number", "same_phone", "same_name"]);
        assert_eq!((one.state.as_str(), one.registered_on.as_str(), one.text_score), ("registered", "2026-03-02", 0));
        let by_name = find(&desk, sought("王小明", "", "")).await;
        assert_eq!(by_name.similar[0].reasons, ["same_name"]);
        // Itself apart, and whom nobody knows.
        let itself = pb::FindSimilarRequest { petition_id: first.id.clone(), ..sought("王小明", "", "") };
        assert!(find(&desk, itself).await.similar.is_empty());
        assert!(find(&desk, sought("赵六", "", "")).await.similar.is_empty());
    }

    async fn the_same_matter_is_found_by_its_words_and_ranks_behind_the_same_person(location: Location) {
        let desk = Desk::open(&location).await;
        let text = logged(&desk, about("丽发新城小区旁建搅拌站", MIXER, vec![party("甲方")])).await;
        let other = logged(&desk, about("请求增加公交线路", "七路车间隔太长，上班的人等不到车", vec![party("乙方")])).await;
        let request = pb::FindSimilarRequest {
            title: "投诉丽发新城附近搅拌站噪音".to_owned(),
            narrative: "丽发新城附近修建搅拌站，粉尘很大，晚上噪音不断，请领导处理".to_owned(),
            division_code: "320831100201".to_owned(),
            ..sought("乙方", "", "")
        };
        let found = find(&desk, request.clone()).await.similar;
        let ids: Vec<&str> = found.iter().map(|one| one.petition_id.as_str()).collect();
        assert_eq!(ids, [text.id.as_str(), other.id.as_str()]);
        assert_eq!(found[0].reasons, ["same_text", "same_place"]);
        assert!(found[0].text_score >= 120, "{found:?}");
        assert_eq!(found[1].reasons, ["same_name", "same_place"]);
        // What was found does not depend on whether it stands already where it is looked up.
        assert_eq!(marks(&desk).await, (2, 0));
        assert_eq!(desk.intake.index().await.unwrap(), 2);
        assert!(marks(&desk).await.1 > 20);
        assert_eq!(find(&desk, request).await.similar, found);
    }

    async fn who_only_acts_for_others_is_not_the_person(location: Location) {
        let desk = Desk::open(&location).await;
        let agent = pb::Party { role: "agent".to_owned(), ..person("刘律师", "13905231111", "") };
        let petition = logged(&desk, about("工伤赔偿", "", vec![person("王小明", "", ""), agent])).await;
        assert_eq!(petition.person_count, 1, "the principal counts");
        assert!(find(&desk, sought("刘律师", "13905231111", "")).await.similar.is_empty());
        assert_eq!(find(&desk, sought("王小明", "", "")).await.similar.len(), 1);
        let shown = desk.get(&petition.id).await;
        assert_eq!(shown.parties[1].role, "agent");
    }

    async fn elsewhere_only_the_unit_is_told_and_of_allegations_nothing(location: Location) {
        let desk = Desk::open(&location).await;
        logged(&desk, about("宅基地界址", "", vec![person("王小明", "13905230001", "")])).await;
        let allegation = pb::NewPetition {
            matter_class: "allegation".to_owned(),
            ..about("举报村干部", "侵占集体资金", vec![person("钱七", "13905237777", "")])
        };
        logged(&desk, allegation).await;
        let request = sought("王小明", "13905230001", "");
        let seen = desk.by(township()).find_similar(request).await.unwrap().into_inner();
        assert_eq!((seen.similar.len(), seen.ask_units), (0, vec!["信访局".to_owned()]));
        let by_text = pb::FindSimilarRequest {
            title: "举报村干部".to_owned(),
            narrative: "侵占集体资金".to_owned(),
            ..sought("钱七", "13905237777", "")
        };
        for class in ["", "appeal", "allegation"] {
            let request = pb::FindSimilarRequest { matter_class: class.to_owned(), ..by_text.clone() };
            assert_eq!(find(&desk, request).await, pb::FindSimilarResponse::default());
        }
        assert_eq!(marks(&desk).await.0, 1, "an allegation has no row");
        let own = pb::FindSimilarRequest { matter_class: "allegation".to_owned(), ..sought("王小明", "13905230001", "") };
        assert!(find(&desk, own).await.similar.is_empty());
    }

    async fn what_is_erased_or_void_is_found_no_more(location: Location) {
        let desk = Desk::open(&location).await;
        let parties = || vec![person("王小明", "13905230001", "")];
        let (erased, void) = (logged(&desk, about("甲", "", parties())).await, logged(&desk, about("乙", "", parties())).await);
        let erased_late = logged(&desk, about("丙", "", parties())).await;
        assert_eq!(find(&desk, sought("王小明", "", "")).await.similar.len(), 3);
        after!(desk.head(), erase_parties, asks::erase(&erased));
        assert_eq!(desk.intake.index().await.unwrap(), 2);
        after!(desk.head(), erase_parties, asks::erase(&erased_late));
        after!(desk.head(), void_petition, asks::void(&void));
        assert!(find(&desk, sought("王小明", "", "")).await.similar.is_empty());
        let (own, all) = marks(&desk).await;
        assert_eq!(own, 1, "only the void one has a row");
        assert!(all < 5, "and marks: {all}");
    }

    async fn rows_of_a_ledger_are_found_and_what_they_add(location: Location) {
        let desk = Desk::open(&location).await;
        const COLUMNS: [&str; 7] =
            ["external_ref", "registered_at", "division_code", "matter_class", "title", "narrative", "petitioner"];
        let row = ["R1", "2026-01-05", "320831", "appeal", "丽发新城搅拌站", "", "王小明"];
        desk.import(&COLUMNS, &[&row]).await;
        assert_eq!(find(&desk, sought("王小明", "", "")).await.similar.len(), 1);
        desk.intake.index().await.unwrap();
        let more = ["R1", "2026-01-05", "320831", "appeal", "丽发新城搅拌站", MIXER, "王小明"];
        assert_eq!(desk.import(&COLUMNS, &[&more]).await.advanced, 1);
        let request = pb::FindSimilarRequest {
            title: "丽发新城搅拌站".to_owned(),
            narrative: MIXER.to_owned(),
            ..Default::default()
        };
        assert_eq!(find(&desk, request).await.similar[0].text_score, 1000);
        assert_eq!(marks(&desk).await.0, 1);
    }

    async fn a_person_links_and_unlinks(location: Location) {
        let desk = Desk::open(&location).await;
        let parties = || vec![person("王小明", "13905230001", "")];
        let first = logged(&desk, about("甲事", "", parties())).await;
        desk.next("2026-03-03");
        let second = logged(&desk, about("甲事又来", "", parties())).await;
        let third = logged(&desk, about("甲事再来", "", parties())).await;
        let request = asks::link(&second, &first.id);
        let linked = after!(desk.clerk(), link_repeat, request.clone());
        assert_eq!(linked.facts.as_ref().unwrap().repeat_of, first.id);
        assert_eq!((linked.state, linked.etag.as_str()), (second.state, "2"), "nothing else changes");
        assert_eq!(after!(desk.clerk(), link_repeat, request), linked, "the same request gets the same answer");
        // A link to a repeat leads to the first one.
        let further = after!(desk.clerk(), link_repeat, asks::link(&third, &second.id));
        assert_eq!(further.facts.as_ref().unwrap().repeat_of, first.id);
        let shown = desk.get(&third.id).await;
        assert_eq!(shown.history.last().unwrap().kind, "petition.repeat_linked");
        let seen = find(&desk, sought("王小明", "", "")).await.similar;
        assert_eq!(seen.iter().filter(|one| one.repeat_of == first.id).count(), 2);

        let unlinked = after!(desk.clerk(), unlink_repeat, asks::unlink(&linked));
        assert_eq!(unlinked.facts.as_ref().unwrap().repeat_of, "");
        let again = after!(desk.clerk(), link_repeat, asks::link(&unlinked, &first.id));
        assert_eq!(again.facts.as_ref().unwrap().repeat_of, first.id);
        assert!(desk.differences().await.is_empty());
    }

    async fn a_link_has_to_make_sense(location: Location) {
        let desk = Desk::open(&location).await;
        let parties = || vec![person("王小明", "13905230001", "")];
        let first = logged(&desk, about("甲事", "", parties())).await;
        desk.next("2026-03-03");
        let second = logged(&desk, about("甲事又来", "", parties())).await;
        let third = logged(&desk, about("甲事再来", "", parties())).await;
        let allegation = pb::NewPetition { matter_class: "allegation".to_owned(), ..about("举报", "", parties()) };
        let allegation = logged(&desk, allegation).await;

        let refused = async |request: pb::LinkRepeatRequest| fault(&desk.clerk().link_repeat(request).await.unwrap_err());
        let field = async |request: pb::LinkRepeatRequest| refused(request).await.fields[0].clone();
        assert_eq!(refused(asks::link(&first, &first.id)).await.reason, "LINK_TO_ITSELF");
        assert_eq!(field(asks::link(&first, &second.id)).await, (
            "first_petition_id".to_owned(), "is a later one, of 2026-03-03: link that one to this".to_owned()));
        let nowhere = ("first_petition_id".to_owned(), "is no petition in the caller's divisions".to_owned());
        assert_eq!(field(asks::link(&second, &asks::id())).await, nowhere);
        assert!(field(asks::link(&allegation, &first.id)).await.1.contains("XF 30"));
        let alone = pb::LinkRepeatRequest { same_matter: false, ..asks::link(&second, &first.id) };
        assert_eq!(field(alone).await.0, "same_matter");

        let linked = after!(desk.clerk(), link_repeat, asks::link(&second, &first.id));
        assert_eq!(refused(asks::link(&linked, &third.id)).await.reason, "LINKED_ALREADY");
        assert_eq!(refused(asks::link(&first, &linked.id)).await.reason, "LINK_CHAIN", "others repeat it");
        let head = desk.head().void_petition(asks::void(&first)).await;
        assert_eq!(reason(head), "LINK_CHAIN", "nor is it voided under them");
        assert_eq!(reason(desk.clerk().unlink_repeat(asks::unlink(&third)).await), "NOT_LINKED");
        after!(desk.head(), void_petition, asks::void(&linked));
        let void = after!(desk.head(), void_petition, asks::void(&first));
        assert_eq!(field(asks::link(&third, &void.id)).await.1, "was voided");
        assert_eq!(refused(asks::link(&void, &third.id)).await.reason, "STATE_FORBIDS");
        assert!(desk.differences().await.is_empty());
    }
}
