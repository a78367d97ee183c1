//! From messages to the domain: every field is read once, and all problems of a message are reported together.
//!
//! | File | Knows |
//! |---|---|
//! | `parse/reader.rs` | collecting the problems of one message |
//! | `parse/body.rs` | the calls about bodies |
//! | `parse/dispute.rs` | logging a dispute, and the calls about disputes |
//! | `parse/case.rs` | the calls that change a case |
//! | `parse/work.rs` | the work on a case |
//! | `parse/correct.rs` | corrections |
//! | `parse/list.rs` | pages, filters and which case is meant |
//! | `parse/import.rs` | batches of ledger rows |

mod body;
mod case;
mod correct;
mod dispute;
mod import;
mod list;
mod reader;
mod work;

pub use body::{adjust, body_code, close, foster, register, update};
pub use case::{conclude, confirm, decline, dispatch, perform, proposed, refuse, return_case, take, transfer, void};
pub use correct::correct;
pub use dispute::{SimilarTo, erase, link, open, reopen, similar, unlink};
pub use import::import;
pub use list::{WhichCase, WhichDispute, bodies, cases, rules_day, which_case, which_dispute};
pub use reader::FORCES;
pub use work::{
    amend_agreement, annul_agreement, archive, assign_leader, assign_mediator, consent, extend_clock, follow_up, grade,
    join_body, leave_body, plan_performance, raise_risk, record_instalment, record_session, recuse_mediator, refer_to_court,
    report_to_court, resolve_risk, resume_clock, schedule_session, suspend_clock,
};

use super::status::Invalid;
use crate::app::Work;
use fengqiao_model::RequestId;

/// A parsed change: request id, and what the writer is asked.
pub struct Asked {
    pub request_id: RequestId,
    pub work: Work,
}

/// Reads what all changes have in common, the id in the named field and what was seen of it, then the command.
macro_rules! changes {
    ($id:ident: $id_type:ty, $work:expr; $($(#[$doc:meta])* $name:ident($request:ident: $message:ty, $reader:ident) -> $command:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name($request: &$message) -> Result<$crate::api::parse::Asked, $crate::api::status::Invalid> {
            let mut reader = $crate::api::parse::reader::Reader::default();
            let request_id: Option<fengqiao_model::RequestId> = reader.required("request_id", &$request.request_id);
            let id: Option<$id_type> = reader.required(stringify!($id), &$request.$id);
            let expected = reader.expected(&$request.etag, &$request.after_request_id);
            let $reader = &mut reader;
            let command = $command;
            let asked = match (request_id, id, expected, command) {
                (Some(request_id), Some(id), Some(expected), Some(command)) => {
                    Some($crate::api::parse::Asked { request_id, work: $work(id, expected, Box::new(command)) })
                }
                _ => None,
            };
            reader.finish(asked)
        }
    )*};
}

use changes;
