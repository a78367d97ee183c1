//! Requests as a client makes them: correct, each with a fresh id, to be spoilt by the tests.

use fengqiao_model::{IdSource, Instant, ManualClock, RequestId};
use fengqiao_proto::intake::v1 as pb;
use std::sync::LazyLock;

/// The ledger of imported rows.
pub const LEDGER: &str = "台账";

/// A new id of version 7.
pub fn id() -> String {
    static CLOCK: LazyLock<ManualClock> = LazyLock::new(|| ManualClock::new(Instant(1_772_400_000_000_000)));
    RequestId::from_bytes(IdSource::default().mint(&*CLOCK)).to_string()
}

/// A petitioner.
pub fn party(name: &str) -> pb::Party {
    pb::Party { name: name.to_owned(), ..Default::default() }
}

/// An appeal of one petitioner.
pub fn appeal() -> pb::NewPetition {
    pb::NewPetition {
        channel: "visit".to_owned(),
        matter_class: "appeal".to_owned(),
        division_code: "320831100201".to_owned(),
        title: "宅基地界址".to_owned(),
        parties: vec![party("王小明")],
        ..Default::default()
    }
}

/// Logs a petition.
pub fn log(petition: pb::NewPetition) -> pb::LogPetitionRequest {
    pb::LogPetitionRequest { request_id: id(), petition: Some(petition), ..Default::default() }
}

/// Logs an appeal that mediation takes up at the same desk.
pub fn here(petition: pb::NewPetition) -> pb::LogPetitionRequest {
    let mediate_here = Some(pb::MediateHere {
        dispute_type: "T02".to_owned(),
        applicant_consents: true,
        respondent_consents: true,
        respondents: vec![party("李大力")],
        ..Default::default()
    });
    pb::LogPetitionRequest { mediate_here, ..log(petition) }
}

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident: $request:ident { $($field:ident: $value:expr),* };)*) => {$(
        $(#[$doc])*
        pub fn $name(petition: &pb::Petition) -> pb::$request {
            pb::$request {
                request_id: id(),
                petition_id: petition.id.clone(),
                etag: petition.etag.clone(),
                $($field: $value.into(),)*
                ..Default::default()
            }
        }
    )*};
}

changes! {
    /// Accepts it today.
    accept: AcceptPetitionRequest {};
    /// Refuses it: a matter for the courts.
    refuse: RefusePetitionRequest { reason: "petition.R01" };
    /// Asks for thirty days more.
    extend: RequestExtensionRequest { days: 30, text: "案情复杂" };
    /// Grants them.
    grant: DecideExtensionRequest { granted: true };
    /// Denies them.
    deny: DecideExtensionRequest { granted: false };
    /// Issues the opinion today.
    opinion: IssueOpinionRequest { document_number: "金信〔2026〕1号" };
    /// Withdraws it today.
    withdraw: WithdrawPetitionRequest { reason: "petition.withdrawn_own_wish" };
    /// Hands it to mediation, today, with the other side.
    route: RouteToMediationRequest {
        dispute_type: "T02", applicant_consents: true, respondent_consents: true, respondents: [party("李大力")]
    };
    /// Gives its first representative a new code.
    reissue: ReissueQueryCodeRequest { representative: 1, identified_by: "paper" };
    /// Presses the housing bureau, in writing, for an explanation within a week.
    supervise: SuperviseRequest {
        measure: "notice", unit: "住建局", explanation_due: "2026-03-09", document_number: "督〔2026〕1号", text: "逾期"
    };
    /// Explains it.
    explain: ExplainSupervisionRequest { text: "正在调查" };
    /// Voids it, with the agreement of head-2.
    void: VoidPetitionRequest { reason: "petition.void_error", approved_by: "head-2" };
    /// Erases its parties, with the agreement of head-2.
    erase: ErasePartiesRequest { reason: "request of the person", approved_by: "head-2" };
}

/// A batch of rows for the ledger "台账"; the first row stands on line 2.
pub fn rows(columns: &[&str], rows: &[&[&str]]) -> pb::ImportPetitionsRequest {
    let row =
        |(line, cells): (i64, &&[&str])| pb::LedgerRow { line, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() };
    pb::ImportPetitionsRequest {
        request_id: id(),
        ledger: LEDGER.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: (2..).zip(rows).map(row).collect(),
    }
}

/// Looks a petition up.
pub fn look_up(number: &str, query_code: &str) -> pb::LookUpStatusRequest {
    pb::LookUpStatusRequest { number: number.to_owned(), query_code: query_code.to_owned() }
}
