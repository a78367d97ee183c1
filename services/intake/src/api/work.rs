//! Work of any kind over one stream or in one call: each item is the request of a call, with a verdict of its own. It knows which item
//! waits for which; what an item does is the calls' business.

mod chain;

pub use chain::Chain;

use super::{Failure, IntakeApi, Invalid, calls::Changed, parse};
use chain::{Held, Link};
use fengqiao_model::{Caller, Permission, RequestId};
use fengqiao_proto::intake::v1::{self as pb, petition_work::Change};
use fengqiao_service::errors;
use fengqiao_store::request;

/// An item that is read as far as its place in a chain: who it is, and whom it follows.
pub struct Item {
    work: Option<pb::PetitionWork>,
    request_id: String,
    after: String,
    held: Held,
    link: Link,
}

/// What every change names.
struct Head<'a> {
    request_id: &'a str,
    after: &'a str,
    /// The petition it changes.
    petition: &'a str,
    /// The petition it logs, when the client minted its id.
    logs: &'a str,
}

impl IntakeApi {
    /// Takes an item into the chain, in the order of the items.
    pub(super) fn take_item(work: Option<pb::PetitionWork>, chain: &Chain) -> Item {
        let head = work.as_ref().and_then(|work| work.change.as_ref()).map(head);
        let (request_id, after, petition, logs) = match head {
            Some(Head { request_id, after, petition, logs }) => (one(request_id), one(after), one(petition), one(logs)),
            None => Default::default(),
        };
        let (held, link) = chain.take(&request_id, &after, &petition, &logs);
        Item { work, request_id, after, held, link }
    }

    /// The verdict on an item, when those on the items that it follows are known.
    pub(super) async fn work_item(&self, caller: Caller, item: Item) -> pb::SubmitPetitionWorkResponse {
        let Item { work, request_id, after, held, link } = item;
        let given = work.as_ref().and_then(|work| work.change.as_ref()).map(|change| head(change).request_id.to_owned());
        let mut verdict =
            pb::SubmitPetitionWorkResponse { request_id: given.unwrap_or_default(), ..pb::SubmitPetitionWorkResponse::default() };
        let done = match held.by().await {
            Some(by) => Err((Failure::HeldBack, by)),
            None => match self.do_item(caller, work).await {
                Ok(changed) => Ok(changed),
                Err(failure) => Err(self.waits_for(failure, &request_id, after).await),
            },
        };
        link.told(done.is_ok());
        match done {
            Ok(Changed { petition, query_codes, dispute }) => {
                (verdict.petition, verdict.query_codes, verdict.dispute) = (Some(petition), query_codes, dispute);
            }
            Err((failure, by)) => {
                verdict.error = Some(failure.item(&verdict.request_id));
                verdict.held_back_by = by;
            }
        }
        verdict
    }

    /// Whether an item was refused only because what it follows has not been done, here or ever: then it is held back as well. So a
    /// dependant that comes alone, after a cut, is not refused for good.
    async fn waits_for(&self, failure: Failure, request_id: &str, after: String) -> (Failure, String) {
        use crate::domain::Rejection::{NotAfterRequest, PetitionNotFound};
        let may = matches!(failure, Failure::Rejected(PetitionNotFound | NotAfterRequest { .. }));
        if !may || after.is_empty() || after == request_id {
            return (failure, String::new());
        }
        match request::find(&self.0.db, std::slice::from_ref(&after)).await {
            Ok(found) if found.is_empty() => (Failure::HeldBack, after),
            Ok(_) => (failure, String::new()),
            Err(error) => (error.into(), String::new()),
        }
    }
}

/// An id as everybody writes it; what is none follows nothing and is followed by nothing.
fn one(id: &str) -> String {
    id.parse::<RequestId>().map(|id| id.to_string()).unwrap_or_default()
}

/// For each kind of item: its message, whether it has a device, who may, the call whose request it is, and how it is read.
macro_rules! works {
    ($($kind:ident, $permission:ident, $call:literal, $parse:path $([$today:ident])?, { $($without:ident),* };)*) => {
        fn head(change: &Change) -> Head<'_> {
            match change {
                Change::Log(m) => Head {
                    request_id: &m.request_id,
                    after: "",
                    petition: "",
                    logs: m.petition.as_ref().map_or("", |petition| &petition.id),
                },
                $(Change::$kind(m) => {
                    Head { request_id: &m.request_id, after: &m.after_request_id, petition: &m.petition_id, logs: "" }
                })*
            }
        }

        impl IntakeApi {
            /// Does what the call of that name does.
            async fn do_item(&self, caller: Caller, work: Option<pb::PetitionWork>) -> Result<Changed, Failure> {
                let Some(change) = work.and_then(|work| work.change) else {
                    return Err(Failure::Invalid(Invalid(vec![("change".to_owned(), "must not be empty".to_owned())])));
                };
                match change {
                    Change::Log(message) if message.validate_only => Err(Failure::Invalid(Invalid(vec![(
                        "validate_only".to_owned(),
                        "must be false: an item of work is done".to_owned(),
                    )]))),
                    Change::Log(message) => {
                        let pb::LogPetitionResponse { petition, query_codes, dispute, .. } = self.log(caller, message, true).await?;
                        Ok(Changed { petition: petition.unwrap_or_default(), query_codes, dispute })
                    }
                    $(Change::$kind(message) => {
                        may(&caller, Permission::$permission)?;
                        $(let $today = self.0.clock.now().day();)?
                        let asked = $parse(&message $(, $today)?)?;
                        #[allow(unused_mut, reason = "some messages have no device")]
                        let mut content = message;
                        $(content.$without = None;)*
                        let fingerprint = self.fingerprint(&caller, $call, &content);
                        self.change(caller, asked, fingerprint, true).await
                    })*
                }
            }
        }
    };
}

works! {
    Accept, WritePetitions, "AcceptPetition", parse::accept, { device };
    Refuse, WritePetitions, "RefusePetition", parse::refuse, { device };
    RequestExtension, WritePetitions, "RequestExtension", parse::request_extension, { device };
    DecideExtension, DecidePetitions, "DecideExtension", parse::decide_extension, { device };
    IssueOpinion, WritePetitions, "IssueOpinion", parse::issue_opinion, { device };
    Withdraw, WritePetitions, "WithdrawPetition", parse::withdraw, { device };
    RouteToMediation, WritePetitions, "RouteToMediation", parse::route[today], { device };
    LinkRepeat, WritePetitions, "LinkRepeat", parse::link_repeat, { device };
    UnlinkRepeat, WritePetitions, "UnlinkRepeat", parse::unlink_repeat, { device };
    Supervise, SupervisePetitions, "Supervise", parse::supervise, { device };
    ExplainSupervision, WritePetitions, "ExplainSupervision", parse::explain_supervision, { device };
    Correct, DecidePetitions, "CorrectPetition", parse::correct[today], { device };
    Void, DecidePetitions, "VoidPetition", parse::void, {};
    ReissueQueryCode, WritePetitions, "ReissueQueryCode", parse::reissue, { device };
    Transfer, WritePetitions, "TransferPetition", parse::transfer, { device };
    Assign, WritePetitions, "AssignPetition", parse::assign, { device };
    ReportAssignment, WritePetitions, "ReportAssignment", parse::report_assignment, { device };
    ObjectToTransfer, WritePetitions, "ObjectToTransfer", parse::object, { device };
    DecideObjection, DecidePetitions, "DecideObjection", parse::decide_objection, { device };
    Divert, WritePetitions, "DivertPetition", parse::divert, { device };
    ConsultOnly, WritePetitions, "ConsultOnly", parse::consult, { device };
    Answer, WritePetitions, "AnswerPetition", parse::answer, { device };
    ForwardAllegation, WritePetitions, "ForwardAllegation", parse::forward, { device };
    RecordHearing, WritePetitions, "RecordHearing", parse::record_hearing, { device };
    Settle, WritePetitions, "SettlePetition", parse::settle, { device };
    RecordDelivery, WritePetitions, "RecordDelivery", parse::record_delivery, { device };
    RequestReview, WritePetitions, "RequestReview", parse::request_review, { device };
    IssueReviewOpinion, WritePetitions, "IssueReviewOpinion", parse::issue_review, { device };
    RequestReReview, WritePetitions, "RequestReReview", parse::request_rereview, { device };
    IssueReReviewOpinion, WritePetitions, "IssueReReviewOpinion", parse::issue_rereview, { device };
    Rate, WritePetitions, "RatePetition", parse::rate, { device };
    Reopen, DecidePetitions, "ReopenPetition", parse::reopen, { device };
    FlagUrgent, WritePetitions, "FlagUrgent", parse::flag_urgent, { device };
}

/// The permission of an item that needs another one than the stream.
fn may(caller: &Caller, permission: Permission) -> Result<(), Failure> {
    if caller.may(permission) {
        return Ok(());
    }
    let message = "no role of the caller allows this item";
    let name = format!("{permission:?}");
    Err(Failure::Denied(errors::status(tonic::Code::PermissionDenied, "PERMISSION_DENIED", message, [("permission", name)])))
}
