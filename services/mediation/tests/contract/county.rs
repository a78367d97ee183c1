//! The bodies of a small county: one of each force, two of the people's.

use fengqiao_proto::mediation::v1::{self as pb, Force};

/// Where the quarrels of the tests arise.
pub const VILLAGE: &str = "320831100201";

fn body(code: &str, force: Force, kind: &str, division: &str, specialities: &[&str]) -> pb::NewBody {
    pb::NewBody {
        code: code.to_owned(),
        name: format!("{code}（示例）"),
        force: force.into(),
        kind: kind.to_owned(),
        division_code: division.to_owned(),
        specialities: specialities.iter().map(|code| (*code).to_owned()).collect(),
        founded_on: "2019-05-06".to_owned(),
        ..Default::default()
    }
}

/// The bodies.
pub fn bodies() -> Vec<pb::NewBody> {
    vec![
        body("village", Force::People, "committee", VILLAGE, &[]),
        body("township", Force::People, "committee", "320831100", &[]),
        body("property", Force::Industry, "committee", "320831", &["T17"]),
        body("medical", Force::Professional, "committee", "320831", &["T15"]),
        body("bureau", Force::Administrative, "room", "320831", &[]),
        body("court", Force::Judicial, "court_outpost", "320831", &[]),
    ]
}
