//! Bad input into the calls that change a petition.

use crate::{
    asks::{self, appeal},
    bad_input::{Spoil, Table, papers},
    desk::{Desk, after, caller},
};
use fengqiao_model::Role;
use fengqiao_proto::intake::v1 as pb;

/// Every call that changes a petition, with what is common to all and its own kinds of bad input.
macro_rules! changes {
    ($table:ident, $desk:ident, $scene:ident; $(
        $name:literal $call:ident by $who:ident: $ask:path, on $on:ident, of $request:ident, not [$($wrong:expr),* $(,)?] {
            $($what:literal => |$r:ident| $spoil:expr,)*
        }
    )*) => {$(
        let good = || $ask(&$scene.$on);
        let common: [Spoil<pb::$request>; 15] = [
            ("no request id", |r| r.request_id = String::new()),
            ("malformed request id", |r| r.request_id = "{42}".into()),
            ("request id used with other content", |_| {}),
            ("no petition id", |r| r.petition_id = String::new()),
            ("malformed petition id", |r| r.petition_id = "42".into()),
            ("unknown petition id", |r| r.petition_id = asks::id()),
            ("neither etag nor request", |r| r.etag = String::new()),
            ("both etag and request", |r| r.after_request_id = asks::id()),
            ("malformed etag", |r| r.etag = "one".into()),
            ("negative etag", |r| r.etag = "-1".into()),
            ("etag beyond all numbers", |r| r.etag = "9".repeat(30)),
            ("stale etag", |r| r.etag = "99".into()),
            ("malformed request to follow", |r| { r.etag = String::new(); r.after_request_id = "42".into() }),
            ("not after that request", |r| { r.etag = String::new(); r.after_request_id = asks::id() }),
            ("everything at once", |r| *r = pb::$request::default()),
        ];
        let own: &[Spoil<pb::$request>] = &[$(($what, |$r| $spoil)),*];
        for (what, spoil) in common.iter().chain(own) {
            let mut request = good();
            if *what == "request id used with other content" {
                request.request_id = $scene.used.clone();
            }
            spoil(&mut request);
            $table.note($name, what, $desk.$who().$call(request).await).await;
        }
        let wrong: &[(&str, &pb::Petition)] = &[$($wrong),*];
        for (what, petition) in wrong {
            $table.note($name, what, $desk.$who().$call($ask(petition)).await).await;
        }
        $table.note($name, "role that may not", $desk.window().$call(good()).await).await;
        $table.note($name, "nobody", $desk.by_nobody().$call(good()).await).await;
        let outside = fengqiao_model::Caller { division: Some("320829".parse().unwrap()), ..caller("head-1", &[Role::Head]) };
        $table.note($name, "division of others", $desk.by(outside).$call(good()).await).await;
    )*};
}

/// Petitions in the states that matter.
struct Scene {
    used: String,
    registered: pb::Petition,
    accepted: pb::Petition,
    waiting: pb::Petition,
    extended: pb::Petition,
    suggestion: pb::Petition,
    concluded: pb::Petition,
    voided: pb::Petition,
    erased: pb::Petition,
    allegation: pb::Petition,
    routed: pb::Petition,
    pressed: pb::Petition,
}

impl Scene {
    async fn set(desk: &Desk, used: &str) -> Self {
        let asked = after!(desk.clerk(), request_extension, asks::extend(&desk.accepted().await));
        let suggestion = pb::NewPetition { matter_class: "suggestion".into(), ..appeal() };
        let suggestion = desk.log(suggestion).await.petition.unwrap();
        let allegation = pb::NewPetition { matter_class: "allegation".into(), ..appeal() };
        Self {
            used: used.to_owned(),
            registered: desk.appeal().await,
            accepted: desk.accepted().await,
            // By the head, who then may not decide.
            waiting: after!(desk.head(), request_extension, asks::extend(&desk.accepted().await)),
            extended: after!(desk.head(), decide_extension, asks::grant(&asked)),
            suggestion: after!(desk.clerk(), accept_petition, asks::accept(&suggestion)),
            concluded: after!(desk.clerk(), issue_opinion, asks::opinion(&desk.accepted().await)),
            voided: after!(desk.head(), void_petition, asks::void(&desk.appeal().await)),
            erased: after!(desk.head(), erase_parties, asks::erase(&desk.accepted().await)),
            allegation: desk.log(allegation).await.petition.unwrap(),
            pressed: after!(desk.clerk(), supervise, asks::supervise(&desk.accepted().await)),
            routed: after!(desk.clerk(), route_to_mediation, asks::route(&desk.appeal().await)),
        }
    }
}

pub async fn all(table: &mut Table<'_>, desk: &Desk, used: &str) {
    let scene = Scene::set(desk, used).await;
    table.catch_up().await;
    changes! {
        table, desk, scene;
        "AcceptPetition" accept_petition by clerk: asks::accept, on registered, of AcceptPetitionRequest, not [
            ("accepted", &scene.accepted), ("concluded", &scene.concluded), ("void", &scene.voided)] {
        "malformed day" => |r| r.accepted_on = "01.03.2026".into(),
        "day before 1900" => |r| r.accepted_on = "1899-12-31".into(),
        "day before registration" => |r| r.accepted_on = "2026-03-01".into(),
        "day after today" => |r| r.accepted_on = "2026-03-03".into(),
        "over-long responsible unit" => |r| r.responsible_unit = "字".repeat(65),
        "control character in responsible unit" => |r| r.responsible_unit = "a\0".into(),
        "over-long document number" => |r| r.document_number = "字".repeat(101),
        "control character in document number" => |r| r.document_number = "a\0".into(),
        "document number with an open bracket" => |r| r.document_number = "金信〔2026 1号".into(),
        }

        "RefusePetition" refuse_petition by clerk: asks::refuse, on registered, of RefusePetitionRequest, not [
            ("accepted", &scene.accepted), ("concluded", &scene.concluded), ("void", &scene.voided)] {
        "malformed day" => |r| r.refused_on = "now".into(),
        "day before 1900" => |r| r.refused_on = "1899-12-31".into(),
        "day before registration" => |r| r.refused_on = "2026-03-01".into(),
        "day after today" => |r| r.refused_on = "2026-03-03".into(),
        "no reason" => |r| r.reason = String::new(),
        "unknown reason" => |r| r.reason = "petition.R99".into(),
        "reason of another step" => |r| r.reason = "petition.void_error".into(),
        "over-long reason" => |r| r.reason = "r".repeat(65),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        "over-long document number" => |r| r.document_number = "字".repeat(101),
        "document number with an open bracket" => |r| r.document_number = "（2026金信1号".into(),
        }

        "RequestExtension" request_extension by clerk: asks::extend, on accepted, of RequestExtensionRequest, not [
            ("registered", &scene.registered), ("waiting", &scene.waiting), ("extended", &scene.extended),
            ("suggestion", &scene.suggestion), ("concluded", &scene.concluded), ("void", &scene.voided), ("erased", &scene.erased)] {
        "no days" => |r| r.days = 0,
        "negative days" => |r| r.days = -1,
        "too many days" => |r| r.days = 31,
        "no text" => |r| r.text = String::new(),
        "text of white space" => |r| r.text = " \n".into(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "DecideExtension" decide_extension by head: asks::grant, on waiting, of DecideExtensionRequest, not [
            ("registered", &scene.registered), ("nothing waits", &scene.accepted), ("extended", &scene.extended),
            ("suggestion", &scene.suggestion), ("concluded", &scene.concluded), ("void", &scene.voided),
            ("asked by the same person", &scene.waiting)] {
        }

        "IssueOpinion" issue_opinion by clerk: asks::opinion, on accepted, of IssueOpinionRequest, not [
            ("registered", &scene.registered), ("suggestion", &scene.suggestion), ("concluded", &scene.concluded),
            ("void", &scene.voided)] {
        "malformed day" => |r| r.issued_on = "2026-3-1".into(),
        "day before 1900" => |r| r.issued_on = "1899-12-31".into(),
        "day before acceptance" => |r| r.issued_on = "2026-03-01".into(),
        "day after today" => |r| r.issued_on = "2026-03-03".into(),
        "malformed day of receipt" => |r| r.delivered_on = "x".into(),
        "receipt before 1900" => |r| r.delivered_on = "1899-12-31".into(),
        "receipt before the opinion" => |r| r.delivered_on = "2026-03-01".into(),
        "receipt after today" => |r| r.delivered_on = "2026-03-03".into(),
        "no document number" => |r| r.document_number = String::new(),
        "document number with brackets the wrong way" => |r| r.document_number = "金信〕2026〔1号".into(),
        "over-long document number" => |r| r.document_number = "字".repeat(101),
        "over-long text" => |r| r.text = "字".repeat(20_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "WithdrawPetition" withdraw_petition by clerk: asks::withdraw, on accepted, of WithdrawPetitionRequest, not [
            ("concluded", &scene.concluded), ("void", &scene.voided)] {
        "malformed day" => |r| r.withdrawn_on = "2026".into(),
        "day before 1900" => |r| r.withdrawn_on = "1899-12-31".into(),
        "day before acceptance" => |r| r.withdrawn_on = "2026-03-01".into(),
        "day after today" => |r| r.withdrawn_on = "2026-03-03".into(),
        "no reason" => |r| r.reason = String::new(),
        "unknown reason" => |r| r.reason = "petition.bored".into(),
        "reason of another step" => |r| r.reason = "petition.R01".into(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "RouteToMediation" route_to_mediation by clerk: asks::route, on accepted, of RouteToMediationRequest, not [
            ("an allegation", &scene.allegation), ("a suggestion", &scene.suggestion), ("concluded", &scene.concluded),
            ("void", &scene.voided), ("erased", &scene.erased), ("routed already", &scene.routed)] {
        "malformed day" => |r| r.routed_on = "2026".into(),
        "day before 1900" => |r| r.routed_on = "1899-12-31".into(),
        "day before acceptance" => |r| r.routed_on = "2026-03-01".into(),
        "day after today" => |r| r.routed_on = "2026-03-03".into(),
        "no dispute type" => |r| r.dispute_type = String::new(),
        "unknown dispute type" => |r| r.dispute_type = "T98".into(),
        "over-long dispute type" => |r| r.dispute_type = "T".repeat(65),
        "a purely administrative dispute" => |r| r.dispute_type = "T22".into(),
        "the petitioner does not consent" => |r| r.applicant_consents = false,
        "the other side does not consent" => |r| r.respondent_consents = false,
        "nobody consents" => |r| { r.applicant_consents = false; r.respondent_consents = false },
        "empty flag" => |r| r.flags = vec![String::new()],
        "flag that is no word" => |r| r.flags = vec!["violence".into(), "暴力".into()],
        "flag in capitals" => |r| r.flags = vec!["Violence".into()],
        "flag twice" => |r| r.flags = vec!["wages".into(), "wages".into()],
        "over-long flag" => |r| r.flags = vec!["a".repeat(65)],
        "too many flags" => |r| r.flags = (0..21).map(|n| format!("flag_{n}")).collect(),
        "organ with a null character" => |r| r.already_at = vec!["court\0".into()],
        "too many organs" => |r| r.already_at = (0..21).map(|n| format!("organ_{n}")).collect(),
        "respondent without a name" => |r| r.respondents = vec![asks::party("甲"), asks::party("")],
        "mistyped citizen number of a respondent" => |r| r.respondents = vec![asks::party("甲"), papers("citizen", "110105194912310021")],
        "unknown kind of paper of a respondent" => |r| r.respondents[0].identity_kind = "licence".into(),
        "over-long address of a respondent" => |r| r.respondents[0].address = "字".repeat(301),
        "control character in a phone number" => |r| r.respondents[0].phone = "1\u{7}".into(),
        "too many respondents" => |r| r.respondents = vec![asks::party("甲"); 51],
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "Supervise" supervise by clerk: asks::supervise, on accepted, of SuperviseRequest, not [("void", &scene.voided)] {
        "no measure" => |r| r.measure = String::new(),
        "unknown measure" => |r| r.measure = "arrest".into(),
        "over-long unit" => |r| r.unit = "字".repeat(65),
        "control character in unit" => |r| r.unit = "a\0".into(),
        "the caller's own unit" => |r| r.unit = "信访局".into(),
        "malformed day" => |r| r.supervised_on = "now".into(),
        "day before registration" => |r| r.supervised_on = "2026-03-01".into(),
        "day after today" => |r| r.supervised_on = "2026-03-03".into(),
        "a notice without a day for the explanation" => |r| r.explanation_due = String::new(),
        "explanation due on the day of the measure" => |r| r.explanation_due = "2026-03-02".into(),
        "explanation due beyond a year" => |r| r.explanation_due = "2027-03-04".into(),
        "malformed day of the explanation" => |r| r.explanation_due = "soon".into(),
        "a notice without a number" => |r| r.document_number = String::new(),
        "over-long document number" => |r| r.document_number = "字".repeat(101),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        }

        "ExplainSupervision" explain_supervision by clerk: asks::explain, on pressed, of ExplainSupervisionRequest, not [
            ("nothing to explain", &scene.accepted)] {
        "a measure that is not there" => |r| r.supervision = 2,
        "negative measure" => |r| r.supervision = -1,
        "malformed day" => |r| r.explained_on = "now".into(),
        "day before the measure" => |r| r.explained_on = "2026-03-01".into(),
        "day after today" => |r| r.explained_on = "2026-03-03".into(),
        "no text" => |r| r.text = String::new(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        "over-long document number" => |r| r.document_number = "字".repeat(101),
        }

        "VoidPetition" void_petition by head: asks::void, on registered, of VoidPetitionRequest, not [("void", &scene.voided)] {
        "no reason" => |r| r.reason = String::new(),
        "unknown reason" => |r| r.reason = "petition.bored".into(),
        "reason of another step" => |r| r.reason = "petition.withdrawn_own_wish".into(),
        "over-long text" => |r| r.text = "字".repeat(2_001),
        "control character in text" => |r| r.text = "a\u{8}".into(),
        "no second person" => |r| r.approved_by = String::new(),
        "malformed second person" => |r| r.approved_by = "王主任".into(),
        "the same person" => |r| r.approved_by = "head-1".into(),
        }

        "EraseParties" erase_parties by head: asks::erase, on registered, of ErasePartiesRequest, not [("erased", &scene.erased)] {
        "no reason" => |r| r.reason = String::new(),
        "over-long reason" => |r| r.reason = "字".repeat(201),
        "control character in reason" => |r| r.reason = "a\u{8}".into(),
        "no second person" => |r| r.approved_by = String::new(),
        "over-long second person" => |r| r.approved_by = "a".repeat(65),
        "the same person" => |r| r.approved_by = "head-1".into(),
        }
    }
    // Each of these was good but for what was spoilt.
    after!(desk.clerk(), accept_petition, asks::accept(&scene.registered));
    after!(desk.clerk(), request_extension, asks::extend(&scene.accepted));
    after!(desk.by(caller("head-2", &[Role::Head])), decide_extension, asks::grant(&scene.waiting));
    after!(desk.clerk(), withdraw_petition, asks::withdraw(&scene.suggestion));
    after!(desk.clerk(), route_to_mediation, asks::route(&scene.extended));
    table.catch_up().await;
}
