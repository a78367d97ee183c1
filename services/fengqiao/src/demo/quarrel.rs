//! One quarrel over three bodies (D§5.7): the village fails and hands on, the township fails and hands on, the property committee
//! gets an agreement. Three ledgers would say three cases; the county counts one dispute.

use super::{county::VILLAGE, desk::Desk};
use anyhow::Context as _;
use fengqiao_proto::mediation::v1 as pb;

/// The days on which something happens to it; the clock stops there, rest day or not.
pub const DAYS: [(i16, i8, i8); 7] =
    [(2024, 3, 3), (2024, 3, 28), (2024, 3, 29), (2024, 4, 20), (2024, 5, 6), (2024, 5, 30), (2024, 8, 5)];

/// The quarrel as it goes.
#[derive(Default)]
pub struct Quarrel {
    /// Its dispute.
    pub dispute: String,
    case: pb::Case,
}

const VILLAGE_BODY: &str = "TJ-CUN";
const TOWNSHIP_BODY: &str = "TJ-107";
const PROPERTY_BODY: &str = "HY-WY";

impl Quarrel {
    /// What happens on the `step`th of [`DAYS`].
    pub async fn go_on(&mut self, desk: &Desk, step: usize) -> anyhow::Result<()> {
        match step {
            0 => self.log(desk).await,
            1 => self.fail(desk, VILLAGE_BODY, "case.gap_too_large", "case.higher_level", TOWNSHIP_BODY).await,
            2 => self.take(desk, TOWNSHIP_BODY).await,
            3 => self.fail(desk, TOWNSHIP_BODY, "case.party_ends", "case.speciality", "").await,
            4 => {
                let request = pb::DispatchCaseRequest {
                    request_id: desk.request_id(),
                    case_id: self.id(),
                    etag: self.case.etag.clone(),
                    body: PROPERTY_BODY.to_owned(),
                    override_reason: "case.parties_chose".to_owned(),
                    ..Default::default()
                };
                self.case = desk.coordinator.clone().dispatch_case(request).await?.into_inner().case.unwrap_or_default();
                self.take(desk, PROPERTY_BODY).await
            }
            5 => {
                let request = pb::ConcludeCaseRequest {
                    request_id: desk.request_id(),
                    case_id: self.id(),
                    etag: self.case.etag.clone(),
                    outcome: "agreed".to_owned(),
                    agreement_form: "written".to_owned(),
                    agreed_fen: 2_000_000,
                    performance_due: "2024-07-31".to_owned(),
                    ..Default::default()
                };
                self.case = desk.room(PROPERTY_BODY)?.conclude_case(request).await?.into_inner().case.unwrap_or_default();
                Ok(())
            }
            _ => {
                let request = pb::RecordPerformanceRequest {
                    request_id: desk.request_id(),
                    case_id: self.id(),
                    etag: self.case.etag.clone(),
                    paid_fen: 2_000_000,
                    in_full: true,
                    ..Default::default()
                };
                self.case = desk.room(PROPERTY_BODY)?.record_performance(request).await?.into_inner().case.unwrap_or_default();
                Ok(())
            }
        }
    }

    fn id(&self) -> String {
        self.case.facts.as_ref().map(|facts| facts.case_id.clone()).unwrap_or_default()
    }

    /// The village's own desk logs and takes it in one call.
    async fn log(&mut self, desk: &Desk) -> anyhow::Result<()> {
        let dispute = pb::NewDispute {
            dispute_type: "T17".to_owned(),
            source: "applied".to_owned(),
            division_code: VILLAGE.to_owned(),
            title: "两户因院墙排水积怨".to_owned(),
            narrative: "（演示内容，纯属虚构）".to_owned(),
            parties: vec![
                pb::Party { name: "化名甲".to_owned(), side: "applicant".to_owned(), ..Default::default() },
                pb::Party { name: "化名乙".to_owned(), side: "respondent".to_owned(), ..Default::default() },
            ],
            applicant_consents: true,
            respondent_consents: true,
            take_here: true,
            ..Default::default()
        };
        let request = pb::OpenCaseRequest { request_id: desk.request_id(), dispute: Some(dispute), ..Default::default() };
        self.case = desk.room(VILLAGE_BODY)?.open_case(request).await?.into_inner().case.unwrap_or_default();
        self.dispute.clone_from(&self.case.dispute_id);
        Ok(())
    }

    /// No agreement; another body goes on.
    async fn fail(&mut self, desk: &Desk, body: &str, reason: &str, hand_on: &str, to: &str) -> anyhow::Result<()> {
        let request = pb::ConcludeCaseRequest {
            request_id: desk.request_id(),
            case_id: self.id(),
            etag: self.case.etag.clone(),
            outcome: "failed".to_owned(),
            reason: reason.to_owned(),
            hand_on: true,
            hand_on_to: to.to_owned(),
            hand_on_reason: hand_on.to_owned(),
            ..Default::default()
        };
        let answer = desk.room(body)?.conclude_case(request).await?.into_inner();
        self.case = answer.next.context("nobody goes on with the quarrel")?;
        Ok(())
    }

    async fn take(&mut self, desk: &Desk, body: &str) -> anyhow::Result<()> {
        let request = pb::TakeCaseRequest {
            request_id: desk.request_id(),
            case_id: self.id(),
            etag: self.case.etag.clone(),
            applicant_consents: true,
            respondent_consents: true,
            ..Default::default()
        };
        self.case = desk.room(body)?.take_case(request).await?.into_inner().case.unwrap_or_default();
        Ok(())
    }
}
