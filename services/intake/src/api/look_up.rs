//! The petitioner's look-up and what belongs to it: who may try now, the status, codes given anew, how often it was asked.

use super::{Failure, IntakeApi, calls::Changed, parse, reply};
use crate::{app::LookedUp, domain::Rejection, store};
use fengqiao_model::Caller;
use fengqiao_proto::intake::v1 as pb;
use std::net::IpAddr;

impl IntakeApi {
    /// The status, if this address may try now and number and code are right.
    pub(super) async fn find_status(
        &self,
        request: &pb::LookUpStatusRequest,
        from: Option<IpAddr>,
    ) -> Result<pb::LookUpStatusResponse, Failure> {
        let api = &self.0;
        let (number, code) = parse::look_up(request)?;
        let (now, counts) = (api.clock.now(), &api.counts);
        let entered = api.turnstile.enter(from, &number, now).map_err(|wait| {
            counts.count(now.day(), LookedUp::BackedOff);
            Failure::BackOff(wait)
        })?;
        match api.look_up.find(&number, &code, now.day()).await? {
            Some(found) => {
                api.turnstile.right(&entered);
                counts.count(now.day(), LookedUp::Answered);
                Ok(reply::status(&found.petition, found.mediated_until))
            }
            None => {
                counts.count(now.day(), LookedUp::NotFound);
                Err(Rejection::StatusNotFound.into())
            }
        }
    }

    /// Gives a code anew.
    pub(super) async fn reissue(
        &self,
        caller: Caller,
        request: pb::ReissueQueryCodeRequest,
    ) -> Result<pb::ReissueQueryCodeResponse, Failure> {
        let asked = parse::reissue(&request)?;
        let content = pb::ReissueQueryCodeRequest { device: None, ..request };
        let fingerprint = self.fingerprint(&caller, "ReissueQueryCode", &content);
        let changed = self.change(caller, asked, fingerprint, false).await?;
        let Changed { petition, query_codes, .. } = changed;
        Ok(pb::ReissueQueryCodeResponse {
            petition_id: petition.id,
            number: petition.number,
            etag: petition.etag,
            representative: content.representative,
            query_code: query_codes.into_iter().next().unwrap_or_default(),
        })
    }

    /// How often it was asked, this moment included.
    pub(super) async fn look_up_counts(
        &self,
        request: &pb::GetLookUpCountsRequest,
    ) -> Result<pb::GetLookUpCountsResponse, Failure> {
        let api = &self.0;
        let (from, to) = parse::look_up_days(request, api.clock.now().day())?;
        api.counts.flush(&api.db).await?;
        let days = store::look_ups(&api.db, from, to).await?;
        Ok(reply::look_ups(&days))
    }
}
