//! Petitions brought to each state by the calls themselves, and every call in every form that some state may allow.

use crate::domain::{
    Change, Command, Context, Correcting, Ending, Event, HandOver, Issue, Law, NewPetition, Paper, Party, Petition, Receipt,
    Rejection, Route, SealedContent, State, decide,
};
use fengqiao_model::{ActorId, Caller, Day, Role, Text};
use fengqiao_statute::{Channel, DeliveryMeans, MatterClass, Rating};

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn text(text: &str) -> Text {
    Text::new(text, 1_000).unwrap()
}

pub fn actor(id: &str) -> ActorId {
    id.parse().unwrap()
}

/// Somebody of a unit.
pub fn caller(id: &str, unit: &str) -> Caller {
    Caller { id: actor(id), unit: unit.parse().unwrap(), division: None, roles: vec![Role::Head] }
}

/// A petition of a class, logged at the desk.
pub fn new(matter_class: MatterClass) -> NewPetition {
    NewPetition {
        slip: String::new(),
        occurred_on: None,
        channel: Channel::Visit,
        matter_class,
        category: Text::default(),
        division: "320831".parse().unwrap(),
        responsible_unit: None,
        person_count: 1,
        ledger: None,
        external_ref: None,
        foreign_numbers: Vec::new(),
        offline: false,
        mediate_here: None,
        urgent: false,
        sealed: SealedContent { title: text("CANARY"), ..SealedContent::default() },
    }
}

fn hand_over(to: &str) -> HandOver {
    HandOver { on: None, to_unit: to.parse().unwrap(), received_on: None, document_number: text("1"), text: text("CANARY") }
}

fn ending(reason: &str) -> Ending {
    Ending {
        on: None,
        reason: reason.to_owned(),
        to_unit: Some("CANARY-organ".parse().unwrap()).filter(|_| reason == "petition.R07"),
        document_number: Text::default(),
        text: text("CANARY"),
    }
}

fn issue(delivered: Option<Day>) -> Issue {
    let receipt = delivered.map(|on| Receipt { on, means: Some(DeliveryMeans::Post) });
    Issue { on: None, document_number: text("1"), text: text("CANARY"), receipt }
}

pub fn correcting() -> Correcting {
    Correcting {
        division: None,
        channel: None,
        matter_class: None,
        category: text("土地"),
        person_count: None,
        registered_on: None,
        accepted_on: None,
        concluded_on: None,
        delivered_on: None,
        sealed: SealedContent { text: text("CANARY"), ..SealedContent::default() },
        reason: "petition.corrected_entry".to_owned(),
        approved_by: actor("head-2"),
    }
}

pub fn routing() -> Route {
    Route {
        on: None,
        dispute_type: text("邻里纠纷"),
        flags: vec!["wages".to_owned()],
        already_at: Vec::new(),
        respondents: vec![Party { name: text("CANARY"), ..Party::default() }],
        text: text("CANARY"),
    }
}

/// Every call, in every form that some state of some class may allow.
pub fn commands(today: Day) -> Vec<Command> {
    let reason = |code: &str| code.to_owned();
    let words = || text("CANARY");
    let approved_by = actor("head-2");
    let mut commands = vec![
        Command::Log(Box::new(new(MatterClass::Appeal))),
        Command::Transfer(hand_over("bureau")),
        Command::Transfer(hand_over("town")),
        Command::Assign { hand_over: hand_over("bureau"), feedback_due: today.plus_days(20) },
        Command::ReportAssignment { on: None, document_number: text("1"), text: words() },
        Command::Object { on: None, reason: reason("petition.objection_not_competent"), text: words() },
        Command::DecideObjection { on: None, upheld: true, document_number: text("1"), text: words() },
        Command::DecideObjection { on: None, upheld: false, document_number: text("1"), text: words() },
        Command::Accept { on: None, responsible_unit: None, document_number: Text::default() },
        Command::Refuse { on: None, reason: reason("petition.R01"), text: words(), document_number: Text::default() },
        Command::Refuse { on: None, reason: reason("petition.R04"), text: words(), document_number: Text::default() },
        Command::Divert(ending("petition.diverted_arbitration")),
        Command::Consult(ending("petition.consultation")),
        Command::Answer(issue(Some(today))),
        Command::Forward(ending("petition.R07")),
        Command::RequestExtension { days: 30, text: words() },
        Command::DecideExtension { granted: true },
        Command::DecideExtension { granted: false },
        Command::RecordHearing { from: today, until: today, document_number: text("1"), text: words() },
        Command::IssueOpinion(issue(None)),
        Command::IssueOpinion(issue(Some(today))),
        Command::Settle(issue(None)),
        Command::RequestReview { on: None, unit: None, text: words() },
        Command::IssueReview(issue(None)),
        Command::IssueReview(issue(Some(today))),
        Command::RequestRereview { on: None, unit: Some("province".parse().unwrap()), text: words() },
        Command::IssueRereview(issue(None)),
        Command::Rate { on: None, office: Some(Rating::Satisfied), unit: Some(Rating::Dissatisfied) },
        Command::Reopen {
            on: None,
            reason: reason("petition.reopened_new_facts"),
            text: words(),
            approved_by: approved_by.clone(),
        },
        Command::Reopen {
            on: None,
            reason: reason("petition.reopened_not_performed"),
            text: words(),
            approved_by: approved_by.clone(),
        },
        Command::Correct(Box::new(correcting())),
        Command::FlagUrgent { on: None, reported_on: None, text: words() },
        Command::FlagUrgent { on: None, reported_on: Some(today), text: words() },
        Command::Withdraw { on: None, reason: reason("petition.withdrawn_moved"), text: words() },
        Command::RouteToMediation(Box::new(routing())),
        Command::Void { reason: reason("petition.void_error"), text: words(), approved_by: approved_by.clone() },
        Command::EraseParties { approved_by },
    ];
    for paper in Paper::ALL {
        let receipt = Receipt { on: today, means: Some(DeliveryMeans::Direct) };
        commands.push(Command::RecordDelivery { paper, receipt });
    }
    commands
}

/// One petition, what was asked of it, and everything it published.
#[derive(Clone)]
pub struct Book<'l> {
    pub law: &'l Law,
    pub petition: Option<Petition>,
    pub opens: Vec<(&'static str, Vec<u8>, ActorId)>,
}

impl<'l> Book<'l> {
    pub fn open(law: &'l Law) -> Self {
        Self { law, petition: None, opens: Vec::new() }
    }

    /// Asks, and does what is decided.
    pub fn ask(&mut self, command: &Command, by: &Caller, today: Day) -> Result<Change, Rejection> {
        let context = Context::new(by, today, self.law, 30);
        let mut change = decide(self.petition.as_ref(), command, &context)?;
        if let Event::Registered(petition) = &mut change.event {
            petition.number = "office-2026-000001".to_owned();
        }
        let after = Petition::apply(self.petition.clone(), &change.event, &by.id, None);
        self.petition = Some(after.expect("a decided event applies"));
        self.opens.push((change.event.kind(), change.event.encode(by.unit.as_str()), by.id.clone()));
        Ok(change)
    }
}

/// A clerk of the office, who asks; the head decides.
pub fn clerk() -> Caller {
    caller("clerk-1", "office")
}

/// The head of the office.
pub fn head() -> Caller {
    caller("head-1", "office")
}

/// The ways to each state, by the calls alone: state, class, calls by name (`!` the head makes it), each in its first form that the
/// state allows.
pub const WAYS: &[(State, MatterClass, &str)] = {
    use MatterClass::{Allegation, Appeal, Suggestion};
    &[
        (State::Registered, Appeal, ""),
        (State::Transferred, Appeal, "TransferPetition"),
        (State::Assigned, Appeal, "AssignPetition"),
        (State::Objected, Appeal, "AssignPetition ObjectToTransfer"),
        (State::Registered, Appeal, "TransferPetition ObjectToTransfer !DecideObjection"),
        (State::Transferred, Appeal, "TransferPetition ObjectToTransfer !DecideObjection-2"),
        (State::Accepted, Appeal, "AcceptPetition"),
        (State::Accepted, Appeal, "AssignPetition AcceptPetition"),
        (State::Accepted, Appeal, "AcceptPetition RequestExtension"),
        (State::Extended, Appeal, "AcceptPetition RequestExtension !DecideExtension"),
        (State::NotAccepted, Appeal, "RefusePetition"),
        (State::NoLongerAccepted, Appeal, "RefusePetition-2"),
        (State::Diverted, Appeal, "DivertPetition"),
        (State::ConsultOnly, Appeal, "ConsultOnly"),
        (State::OpinionIssued, Appeal, "AcceptPetition IssueOpinion"),
        (State::OpinionIssued, Appeal, "AssignPetition AcceptPetition IssueOpinion-2"),
        (State::Settled, Appeal, "AcceptPetition SettlePetition"),
        (State::Withdrawn, Appeal, "WithdrawPetition"),
        (State::Void, Appeal, "!VoidPetition"),
        (State::ReviewRequested, Appeal, "AcceptPetition IssueOpinion-2 RequestReview"),
        (State::Reviewed, Appeal, "AcceptPetition IssueOpinion-2 RequestReview IssueReviewOpinion"),
        (State::RereviewRequested, Appeal, "AcceptPetition IssueOpinion-2 RequestReview IssueReviewOpinion-2 RequestReReview"),
        (
            State::Final,
            Appeal,
            "AcceptPetition IssueOpinion-2 RequestReview IssueReviewOpinion-2 RequestReReview IssueReReviewOpinion",
        ),
        (State::Accepted, Appeal, "AcceptPetition SettlePetition !ReopenPetition"),
        (State::Registered, Appeal, "RefusePetition !ReopenPetition"),
        (State::Registered, Suggestion, ""),
        (State::Transferred, Suggestion, "TransferPetition"),
        (State::Assigned, Suggestion, "AssignPetition"),
        (State::Objected, Suggestion, "TransferPetition ObjectToTransfer"),
        (State::Accepted, Suggestion, "AcceptPetition"),
        (State::NotAccepted, Suggestion, "RefusePetition"),
        (State::NoLongerAccepted, Suggestion, "RefusePetition-2"),
        (State::ConsultOnly, Suggestion, "ConsultOnly"),
        (State::Answered, Suggestion, "AnswerPetition"),
        (State::Withdrawn, Suggestion, "WithdrawPetition"),
        (State::Void, Suggestion, "!VoidPetition"),
        (State::Registered, Allegation, ""),
        (State::Accepted, Allegation, "AcceptPetition"),
        (State::NotAccepted, Allegation, "RefusePetition"),
        (State::NoLongerAccepted, Allegation, "RefusePetition-2"),
        (State::Forwarded, Allegation, "ForwardAllegation"),
        (State::Withdrawn, Allegation, "WithdrawPetition"),
        (State::Void, Allegation, "!VoidPetition"),
    ]
};

/// A petition brought to a state by its way.
pub fn arrived<'l>(law: &'l Law, class: MatterClass, way: &str, today: Day) -> Book<'l> {
    let mut book = Book::open(law);
    book.ask(&Command::Log(Box::new(new(class))), &clerk(), today).unwrap();
    for call in way.split_whitespace() {
        let (call, by) = match call.strip_prefix('!') {
            Some(call) => (call, head()),
            None => (call, clerk()),
        };
        let (name, form) = call.split_once('-').map_or((call, 1), |(name, form)| (name, form.parse().unwrap()));
        let command = commands(today).into_iter().filter(|command| command.name() == name).nth(form - 1).expect(call);
        book.ask(&command, &by, today).unwrap_or_else(|no| panic!("{way}: {call}: {no}"));
    }
    book
}
