//! Receipt of papers, review and re-review (XF 35, 36): windows count from receipt, and end the matter when they pass unused.

use super::{Change, Deciding, not_after_today, not_before, number};
use crate::domain::{Issue, Paper, Petition, Receipt, Rejection, State, StepKind, clocks, petition::Delivery};
use fengqiao_model::{Day, Text, Token};
use fengqiao_statute::ClockTerms;

/// One of the two stages behind the handling opinion.
pub(super) struct Stage {
    /// State from which it is asked for.
    from: State,
    /// State while it is examined.
    requested: State,
    /// State after its opinion.
    issued: State,
    /// Window in which it may be asked for.
    window: &'static str,
    /// Time for the opinion.
    clock: &'static str,
    /// Kinds of the two steps.
    kinds: (StepKind, StepKind),
    /// Names of their days.
    fields: (&'static str, &'static str),
    /// Day on which the paper before it was received.
    received: fn(&Petition) -> Option<Day>,
}

pub(super) const REVIEW: Stage = Stage {
    from: State::OpinionIssued,
    requested: State::ReviewRequested,
    issued: State::Reviewed,
    window: clocks::REVIEW_WINDOW,
    clock: clocks::REVIEW,
    kinds: (StepKind::ReviewRequested, StepKind::Reviewed),
    fields: ("requested_on", "issued_on"),
    received: |petition| petition.delivered_on,
};

pub(super) const REREVIEW: Stage = Stage {
    from: State::Reviewed,
    requested: State::RereviewRequested,
    issued: State::Final,
    window: clocks::REREVIEW_WINDOW,
    clock: clocks::REREVIEW,
    kinds: (StepKind::RereviewRequested, StepKind::Rereviewed),
    fields: ("requested_on", "issued_on"),
    received: |petition| petition.review_delivered_on,
};

/// Why a request for review or re-review comes to nothing.
const OUT_OF_TIME: &str = "petition.R09";

/// The petitioner received a paper.
pub(super) fn record_delivery(on: &Deciding<'_>, paper: Paper, receipt: Receipt) -> Result<Change, Rejection> {
    let petition = on.petition;
    let forbidden = match paper {
        // Its window is over with the request for review, or was never there.
        Paper::Opinion => petition.state != State::OpinionIssued,
        Paper::Review => petition.state != State::Reviewed,
        Paper::Rereview => petition.state != State::Final,
        Paper::Acceptance | Paper::Extension | Paper::Refusal => petition.state == State::Void,
    };
    if forbidden {
        return Err(on.forbidden());
    }
    let issued = paper.issued_on(petition).ok_or(Rejection::NoSuchPaper { paper: paper.code() })?;
    let told = petition.deliveries.iter().any(|delivery| delivery.paper == paper.code() && delivery.on >= issued);
    if told || paper == Paper::Opinion && petition.delivered_on.is_some() {
        return Err(Rejection::DeliveredAlready { paper: paper.code() });
    }
    not_before("delivered_on", receipt.on, issued, "the paper")?;
    not_after_today("delivered_on", receipt.on, on.context)?;
    let mut step = on.step(StepKind::Delivered, receipt.on);
    on.received(&mut step, Some(receipt))?;
    step.subject = paper.code().to_owned();
    on.deliver(&mut step.petition, paper, receipt);
    Ok(Change::stepped(step, &Text::default()))
}

impl Deciding<'_> {
    /// Notes on a petition that a paper was received, and starts what begins with it.
    fn deliver(&self, petition: &mut Petition, paper: Paper, receipt: Receipt) {
        let means = receipt.means.map_or("", |means| means.code()).to_owned();
        petition.deliveries.push(Delivery { paper: paper.code().to_owned(), on: receipt.on, means });
        match paper {
            Paper::Opinion => {
                petition.delivered_on = Some(receipt.on);
                petition.start(self.context.start(clocks::REVIEW_WINDOW, receipt.on));
                self.rating_begins(petition, receipt.on);
            }
            Paper::Review => {
                petition.review_delivered_on = Some(receipt.on);
                petition.start(self.context.start(clocks::REREVIEW_WINDOW, receipt.on));
            }
            Paper::Acceptance | Paper::Refusal | Paper::Extension | Paper::Rereview => {}
        }
    }
}

/// Asks for a review or a re-review. Whoever has received nothing yet is not late.
pub(super) fn request(
    on: &Deciding<'_>,
    stage: &Stage,
    day: Option<Day>,
    unit: Option<&Token>,
    text: &Text,
) -> Result<Change, Rejection> {
    let petition = on.petition;
    let window = window(on, stage);
    // Final without an opinion of this stage: the window passed unused.
    let lapsed = petition.state == State::Final && petition.clock(stage.clock).is_none();
    if let Some(window) = window.as_ref().filter(|_| lapsed) {
        return Err(Rejection::OutOfTime { due: window.legal_due, reason: OUT_OF_TIME });
    }
    on.in_state(|state| state == stage.from)?;
    let earliest = (stage.received)(petition).unwrap_or(on.follows());
    let day = super::business_day(stage.fields.0, day, earliest, on.context)?;
    if let Some(window) = window.filter(|window| day > window.legal_due) {
        return Err(Rejection::OutOfTime { due: window.legal_due, reason: OUT_OF_TIME });
    }
    let unit = unit.map(ToString::to_string).unwrap_or_default();
    let mut step = on.step(stage.kinds.0, day);
    step.to_unit.clone_from(&unit);
    let next = &mut step.petition;
    next.state = stage.requested;
    next.done(&[stage.window], day);
    next.start(on.context.start(stage.clock, day));
    if stage.requested == State::ReviewRequested {
        next.review_requested_on = Some(day);
        next.review_unit = unit;
    } else {
        next.rereview_requested_on = Some(day);
        next.rereview_unit = unit;
    }
    Ok(Change::stepped(step, text))
}

/// The window that counts: the one that runs, or for an imported item the one that its day of receipt has.
fn window(on: &Deciding<'_>, stage: &Stage) -> Option<ClockTerms> {
    let received = (stage.received)(on.petition)?;
    let known = on.petition.terms(stage.window).filter(|terms| terms.started_on == received).cloned();
    known.or_else(|| on.context.start(stage.window, received))
}

/// Issues the opinion of a review, or of a re-review, which ends the matter.
pub(super) fn issue(on: &Deciding<'_>, stage: &Stage, issue: &Issue) -> Result<Change, Rejection> {
    on.in_state(|state| state == stage.requested)?;
    let day = on.day(stage.fields.1, issue.on)?;
    let mut step = on.step(stage.kinds.1, day);
    step.document_number = number(&issue.document_number);
    on.received(&mut step, issue.receipt)?;
    step.petition.state = stage.issued;
    step.petition.done(&[stage.clock], day);
    let paper = if stage.issued == State::Reviewed {
        step.petition.reviewed_on = Some(day);
        Paper::Review
    } else {
        step.petition.rereviewed_on = Some(day);
        step.petition.final_on = Some(day);
        Paper::Rereview
    };
    if let Some(receipt) = issue.receipt {
        on.deliver(&mut step.petition, paper, receipt);
    }
    Ok(Change::stepped(step, &issue.text))
}
