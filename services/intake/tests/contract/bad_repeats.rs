//! Bad input into the calls about repeats: a documented code each, nothing written, and the service goes on.

use crate::{
    asks::{self, appeal, party},
    bad_input::{Spoil, Table},
    desk::{Desk, after, caller},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::{assert_golden, on_each_engine};

/// What can be wrong with a change of a petition.
macro_rules! change {
    ($table:ident, $desk:ident, $name:literal, $call:ident, $good:expr, $request:ident, [$($own:expr),* $(,)?]) => {{
        let common: &[Spoil<pb::$request>] = &[
            ("no request id", |r| r.request_id = String::new()),
            ("malformed request id", |r| r.request_id = "{42}".into()),
            ("no petition id", |r| r.petition_id = String::new()),
            ("malformed petition id", |r| r.petition_id = "42".into()),
            ("unknown petition id", |r| r.petition_id = asks::id()),
            ("neither etag nor request", |r| r.etag = String::new()),
            ("both etag and request", |r| r.after_request_id = asks::id()),
            ("malformed etag", |r| r.etag = "one".into()),
            ("stale etag", |r| r.etag = "99".into()),
            ("malformed request to follow", |r| { r.etag = String::new(); r.after_request_id = "42".into() }),
            ("not after that request", |r| { r.etag = String::new(); r.after_request_id = asks::id() }),
            ("over-long text", |r| r.text = "字".repeat(2_001)),
            ("control character in text", |r| r.text = "a\u{8}".into()),
            ("everything at once", |r| *r = pb::$request::default()),
            $($own),*
        ];
        for (what, spoil) in common {
            let mut request: pb::$request = $good;
            spoil(&mut request);
            $table.note($name, what, $desk.clerk().$call(request).await).await;
        }
        $table.note($name, "role that may not", $desk.window().$call($good).await).await;
        $table.note($name, "nobody", $desk.by_nobody().$call($good).await).await;
        let outside = Caller { division: Some("320829".parse().unwrap()), ..caller("head-1", &[Role::Head]) };
        $table.note($name, "division of others", $desk.by(outside).$call($good).await).await;
    }};
}

const SIMILAR: &[Spoil<pb::FindSimilarRequest>] = &[
    ("nothing at all", |r| *r = pb::FindSimilarRequest::default()),
    ("too many persons", |r| r.persons = vec![pb::PersonSought::default(); 201]),
    ("over-long name", |r| r.persons[0].name = "字".repeat(101)),
    ("over-long phone", |r| r.persons[0].phone = "1".repeat(41)),
    ("over-long identity number", |r| r.persons[0].identity_number = "1".repeat(41)),
    ("control character in name", |r| r.persons[0].name = "a\0".into()),
    ("over-long title", |r| r.title = "字".repeat(201)),
    ("control character in title", |r| r.title = "a\u{1b}".into()),
    ("over-long narrative", |r| r.narrative = "字".repeat(50_001)),
    ("malformed division", |r| r.division_code = "32083".into()),
    ("unknown matter class", |r| r.matter_class = "complaint".into()),
    ("malformed petition id", |r| r.petition_id = "42".into()),
];

on_each_engine! {
    async fn is_refused_with_a_documented_code(location: Location) {
        let desk = Desk::open(&location).await;
        let first = desk.log(pb::NewPetition { parties: vec![party("王小明")], ..appeal() }).await.petition.unwrap();
        let second = desk.appeal().await;
        let linked = after!(desk.clerk(), link_repeat, asks::link(&desk.appeal().await, &first.id));
        let mut table = Table::new(&desk, first.id.clone()).await;
        let sought = || pb::FindSimilarRequest {
            persons: vec![pb::PersonSought { name: "王小明".into(), ..Default::default() }],
            ..Default::default()
        };
        for (what, spoil) in SIMILAR {
            let mut request = sought();
            spoil(&mut request);
            table.note("FindSimilar", what, desk.clerk().find_similar(request).await).await;
        }
        table.note("FindSimilar", "role that may not", desk.window().find_similar(sought()).await).await;
        table.note("FindSimilar", "nobody", desk.by_nobody().find_similar(sought()).await).await;
        change!(table, desk, "LinkRepeat", link_repeat, asks::link(&second, &first.id), LinkRepeatRequest, [
            ("no first", |r| r.first_petition_id = String::new()),
            ("malformed first", |r| r.first_petition_id = "42".into()),
            ("unknown first", |r| r.first_petition_id = asks::id()),
            ("itself", |r| r.first_petition_id = r.petition_id.clone()),
            ("not the same person", |r| r.same_person = false),
            ("not the same matter", |r| r.same_matter = false),
        ]);
        table.note("LinkRepeat", "linked already", desk.clerk().link_repeat(asks::link(&linked, &first.id)).await).await;
        change!(table, desk, "UnlinkRepeat", unlink_repeat, asks::unlink(&linked), UnlinkRepeatRequest, []);
        table.note("UnlinkRepeat", "not linked", desk.clerk().unlink_repeat(asks::unlink(&second)).await).await;
        assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bad_repeats.txt"), &table.lines);
        assert!(desk.differences().await.is_empty());
    }
}
