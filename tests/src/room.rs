//! Calls of mediation over gRPC, as the app of a mediation room makes them.

use crate::request_id;
use fengqiao_proto::mediation::v1::{self as pb, mediation_service_client::MediationServiceClient};
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};

/// A room: one connection to one server, in the name of nobody in particular.
#[derive(Clone)]
pub struct Room {
    /// The mediation service.
    pub mediation: MediationServiceClient<Channel>,
}

/// A dispute as taken down at a desk, both sides consenting.
pub fn dispute(dispute_type: &str, division_code: &str) -> pb::NewDispute {
    let party = |name: &str, side: &str| pb::Party { name: name.to_owned(), side: side.to_owned(), ..pb::Party::default() };
    pb::NewDispute {
        dispute_type: dispute_type.to_owned(),
        source: "applied".to_owned(),
        division_code: division_code.to_owned(),
        title: "院墙排水".to_owned(),
        parties: vec![party("王小明", "applicant"), party("李小红", "respondent")],
        applicant_consents: true,
        respondent_consents: true,
        ..pb::NewDispute::default()
    }
}

/// Id and etag of a case.
pub fn named(case: &pb::Case) -> (String, String) {
    (case.facts.as_ref().expect("a case has facts").case_id.clone(), case.etag.clone())
}

impl Room {
    /// Connects when it is first used.
    pub fn at(url: &str) -> Self {
        let channel = Endpoint::from_shared(url.to_owned()).expect("a server of our own has a good address").connect_lazy();
        Self { mediation: MediationServiceClient::new(channel) }
    }

    /// Registers a body.
    pub async fn body(&mut self, code: &str, force: pb::Force, division_code: &str, specialities: &[&str], capacity: i32) {
        let body = pb::NewBody {
            code: code.to_owned(),
            name: code.to_owned(),
            force: force.into(),
            kind: "committee".to_owned(),
            division_code: division_code.to_owned(),
            specialities: specialities.iter().map(|text| (*text).to_owned()).collect(),
            capacity,
            ..pb::NewBody::default()
        };
        let request = pb::RegisterBodyRequest { request_id: request_id().to_string(), body: Some(body), ..Default::default() };
        self.mediation.register_body(request).await.expect("a good body is registered");
    }

    /// Logs a dispute under a request id.
    pub async fn open(&mut self, request_id: impl ToString, dispute: pb::NewDispute) -> Result<pb::Case, Status> {
        let request =
            pb::OpenCaseRequest { request_id: request_id.to_string(), dispute: Some(dispute), ..pb::OpenCaseRequest::default() };
        Ok(self.mediation.open_case(request).await?.into_inner().case.expect("the answer has the case"))
    }

    /// Confirms what the rules propose.
    pub async fn dispatch(&mut self, case: &pb::Case) -> Result<pb::Case, Status> {
        let (case_id, etag) = named(case);
        let request = pb::DispatchCaseRequest { request_id: request_id().to_string(), case_id, etag, ..Default::default() };
        Ok(self.mediation.dispatch_case(request).await?.into_inner().case.expect("the answer has the case"))
    }

    /// Sends the case to a body of one's own choice.
    pub async fn dispatch_to(&mut self, case: &pb::Case, body: &str) -> Result<pb::Case, Status> {
        let (case_id, etag) = named(case);
        let request = pb::DispatchCaseRequest {
            request_id: request_id().to_string(),
            case_id,
            etag,
            body: body.to_owned(),
            override_reason: "case.parties_chose".to_owned(),
            ..Default::default()
        };
        Ok(self.mediation.dispatch_case(request).await?.into_inner().case.expect("the answer has the case"))
    }

    /// The body takes it.
    pub async fn take(&mut self, case: &pb::Case) -> Result<pb::Case, Status> {
        let (case_id, etag) = named(case);
        let request = pb::TakeCaseRequest { request_id: request_id().to_string(), case_id, etag, ..Default::default() };
        Ok(self.mediation.take_case(request).await?.into_inner().case.expect("the answer has the case"))
    }

    /// An oral agreement ends it.
    pub async fn agree(&mut self, case: &pb::Case) -> Result<pb::Case, Status> {
        let (case_id, etag) = named(case);
        let request = pb::ConcludeCaseRequest {
            request_id: request_id().to_string(),
            case_id,
            etag,
            outcome: "agreed".to_owned(),
            agreement_form: "oral".to_owned(),
            ..Default::default()
        };
        Ok(self.mediation.conclude_case(request).await?.into_inner().case.expect("the answer has the case"))
    }

    /// It fails and is handed on; gives the case that goes on.
    pub async fn hand_on(&mut self, case: &pb::Case, to: &str) -> Result<pb::Case, Status> {
        let (case_id, etag) = named(case);
        let request = pb::ConcludeCaseRequest {
            request_id: request_id().to_string(),
            case_id,
            etag,
            outcome: "failed".to_owned(),
            reason: "case.gap_too_large".to_owned(),
            hand_on: true,
            hand_on_to: to.to_owned(),
            hand_on_reason: "case.speciality".to_owned(),
            ..Default::default()
        };
        Ok(self.mediation.conclude_case(request).await?.into_inner().next.expect("the answer has the case that goes on"))
    }

    /// One case with everything.
    pub async fn case(&mut self, case_id: &str) -> pb::Case {
        let request = pb::GetCaseRequest { case_id: case_id.to_owned(), ..Default::default() };
        let answer = self.mediation.get_case(request).await.expect("the case is there").into_inner();
        answer.case.expect("the answer has the case")
    }

    /// All cases.
    pub async fn all(&mut self) -> Vec<pb::Case> {
        let mut all = Vec::new();
        let mut request = pb::ListCasesRequest { page_size: 1000, ..pb::ListCasesRequest::default() };
        loop {
            let page = self.mediation.list_cases(request.clone()).await.expect("cases are listed").into_inner();
            all.extend(page.cases);
            if page.next_page_token.is_empty() {
                return all;
            }
            request.page_token = page.next_page_token;
        }
    }
}
