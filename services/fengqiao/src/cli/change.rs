//! What every change says beside what it changes: which version it was decided on, and its own request id.

use clap::Args;
use fengqiao_model::RequestId;

/// Version and request id of a change.
#[derive(Clone, Debug, Default, Args)]
pub struct SeenArgs {
    /// Version that the change was decided on. Default: the present one, which is read first and printed.
    #[arg(long)]
    pub etag: Option<String>,
    /// In place of --etag: the last change was made by this request.
    #[arg(long, alias = "after", value_name = "UUID", conflicts_with = "etag")]
    pub after_request: Option<RequestId>,
    /// Id of this request, to repeat one whose answer was lost. Default: a new one.
    #[arg(long, value_name = "UUID")]
    pub request_id: Option<RequestId>,
}
