//! The tonic service: parse, call app, reply. It knows permissions and messages; it refuses to know rules and statements.

mod following;
mod parse;
mod reply;
mod status;

pub(crate) use following::Following;

use crate::{
    app::{self, Failure, Freshnesses, Log},
    domain::{DEFINITION_VERSION, INDICATORS, Place, Rejection, Sheet},
};
use fengqiao_feed::FollowStatus;
use fengqiao_model::{Caller, Clock, DivisionCode, Instant, PageToken, Permission};
use fengqiao_proto::reporting::v1::{
    ExplainFigureRequest, ExplainFigureResponse, GetAnnualReportRequest, GetAnnualReportResponse, GetFreshnessRequest,
    GetFreshnessResponse, ListIndicatorsRequest, ListIndicatorsResponse, QueryFiguresRequest, QueryFiguresResponse,
    reporting_service_server::ReportingService,
};
use fengqiao_service::permitted;
use fengqiao_store::{Db, StoreError};
use std::{sync::Arc, time::Duration};
use tonic::{Request, Response, Status};

/// A server gives a call 30 seconds by default: before that the answer tells how far it is, and the client may ask again.
const WAIT: Duration = Duration::from_secs(25);

/// The service.
#[derive(Clone)]
pub struct ReportingApi {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) started: Instant,
    /// By log.
    pub(crate) following: [Following; 2],
}

impl ReportingApi {
    /// How a log is followed.
    pub(crate) fn following(&self, log: Log) -> &Following {
        &self.following[log as usize]
    }

    /// The followers' statuses; always taken before the snapshot that is read.
    fn statuses(&self) -> Vec<(Log, Option<FollowStatus>)> {
        Log::ALL.map(|log| (log, self.following(log).status())).to_vec()
    }

    fn times(&self) -> (Instant, Instant) {
        (self.started, self.clock.now())
    }
}

/// What a caller asks about: nothing named means all that the caller may see.
fn place(caller: &Caller, asked: Option<DivisionCode>) -> Result<Place, Rejection> {
    match (&caller.division, asked) {
        (None, asked) => Ok(Place(asked)),
        (Some(own), None) => Ok(Place(Some(own.clone()))),
        (Some(own), Some(asked)) if own.contains(&asked) => Ok(Place(Some(asked))),
        (Some(_), Some(_)) => Err(Rejection::OutsideDivision),
    }
}

#[tonic::async_trait]
impl ReportingService for ReportingApi {
    async fn list_indicators(&self, request: Request<ListIndicatorsRequest>) -> Result<Response<ListIndicatorsResponse>, Status> {
        permitted(&request, Permission::ReadFigures)?;
        let indicators = INDICATORS.iter().map(reply::indicator).collect();
        Ok(Response::new(ListIndicatorsResponse { definition_version: DEFINITION_VERSION.to_owned(), indicators }))
    }

    async fn query_figures(&self, request: Request<QueryFiguresRequest>) -> Result<Response<QueryFiguresResponse>, Status> {
        let caller = permitted(&request, Permission::ReadFigures)?;
        let refuse = status::of(&request);
        let asked = parse::query(request.get_ref())?;
        let answer = async {
            let place = place(&caller, asked.division)?;
            if let Some(senseless) = asked.indicators.iter().find(|i| !i.applies_to(asked.sheet)) {
                return Err(Rejection::DimensionSenseless { indicator: senseless.id.clone(), sheet: asked.sheet }.into());
            }
            let statuses = self.statuses();
            app::report(&self.db, &statuses, self.times(), &place, asked.year, asked.as_of, Some(asked.sheet)).await
        };
        let report = answer.await.map_err(refuse)?;
        let wanted = |id: &str| asked.indicators.is_empty() || asked.indicators.iter().any(|i| i.id == id);
        let figures = report.figures.into_iter().filter(|f| wanted(&f.indicator.id)).map(reply::figure).collect();
        Ok(Response::new(QueryFiguresResponse { as_of: report.as_of.to_string(), figures }))
    }

    async fn get_annual_report(
        &self,
        request: Request<GetAnnualReportRequest>,
    ) -> Result<Response<GetAnnualReportResponse>, Status> {
        let caller = permitted(&request, Permission::ReadFigures)?;
        let refuse = status::of(&request);
        let asked = parse::annual(request.get_ref())?;
        let answer = async {
            let place = place(&caller, asked.division)?;
            let statuses = self.statuses();
            let report = app::report(&self.db, &statuses, self.times(), &place, asked.year, asked.as_of, None).await?;
            Ok::<_, Failure>((place, report))
        };
        let (place, report) = answer.await.map_err(refuse)?;
        let fresh = &report.freshness;
        Ok(Response::new(GetAnnualReportResponse {
            year: i32::from(asked.year),
            division_code: place.to_string(),
            as_of: report.as_of.to_string(),
            complete: fresh.is_complete(report.as_of),
            lag_seconds: fresh.lag_seconds(),
            log_positions: fresh.logs.iter().map(reply::log_position).collect(),
            figures: report.figures.into_iter().map(reply::figure).collect(),
            definition_version: DEFINITION_VERSION.to_owned(),
            identities: report.identities.into_iter().map(reply::identity).collect(),
        }))
    }

    async fn explain_figure(&self, request: Request<ExplainFigureRequest>) -> Result<Response<ExplainFigureResponse>, Status> {
        let caller = permitted(&request, Permission::ExplainFigures)?;
        let refuse = status::of(&request);
        let asked = parse::explain(request.get_ref())?;
        let place = match place(&caller, asked.division.clone()) {
            Ok(place) => place,
            Err(rejection) => return Err(refuse(rejection.into())),
        };
        // Who looked behind which figure; no party is named there.
        tracing::info!(
            target: "audit",
            caller = caller.id.as_str(),
            call = "ExplainFigure",
            indicator = asked.indicator.id,
            year = asked.year,
            division = place.code(),
            dimension = asked.sheet.name(),
            member = asked.member,
            "figure explained"
        );
        let member = (asked.sheet, asked.member);
        let page = app::explain(
            &self.db,
            self.clock.now(),
            asked.indicator,
            &place,
            asked.year,
            asked.as_of,
            member,
            &asked.after,
            asked.page_size,
        )
        .await
        .map_err(refuse)?;
        // The cut-off goes along, so that later pages keep it when it was not given and midnight passes.
        let token = |id: String| PageToken { after: format!("{} {id}", page.as_of) }.encode(&asked.filter);
        let next_page_token = page.next.map(token).unwrap_or_default();
        let items = page.items.into_iter().map(|item| reply::explained(item, &page.rule)).collect();
        Ok(Response::new(ExplainFigureResponse { items, next_page_token }))
    }

    async fn get_freshness(&self, request: Request<GetFreshnessRequest>) -> Result<Response<GetFreshnessResponse>, Status> {
        permitted(&request, Permission::ReadFigures)?;
        let refuse = status::of(&request);
        let asked = parse::freshness(request.get_ref())?;
        if let Some((log, position, wait)) = asked {
            self.following(log).reached(position, Duration::from_millis(wait).min(WAIT)).await;
        }
        let read = async {
            let statuses = self.statuses();
            let mut tx = self.db.snapshot().await?;
            let fresh: Freshnesses = app::freshness(&mut tx, &statuses, self.started, self.clock.now()).await?;
            tx.commit().await?;
            let mut logs = Vec::new();
            for (log, fresh) in fresh.logs {
                logs.push(reply::log_freshness(log, fresh, app::stuck(&self.db, log).await?));
            }
            Ok::<_, StoreError>(logs)
        };
        let logs = read.await.map_err(|error| refuse(error.into()))?;
        Ok(Response::new(GetFreshnessResponse { logs }))
    }
}

/// The dimension of a key; empty for totals. "total" is no key.
fn dimension(key: &str) -> Option<Sheet> {
    match key {
        "" => Some(Sheet::Total),
        key => Sheet::named(key).filter(|sheet| *sheet != Sheet::Total),
    }
}
