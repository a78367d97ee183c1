//! The indicators of mediation. A *case* is one body's engagement with a dispute, what a body counts; a *dispute* is the root,
//! what the county counts: both are printed, labelled, and the bridge between them is an identity.

use super::{Cohort, Formula, Indicator, of_clock};
use crate::domain::{Measure, Stage, Stock};

const APPLICATION: Cohort = Cohort::Words("day of application", "申请日在期内");
const ACCEPTANCE: Cohort = Cohort::Acceptance;
const CONCLUSION: Cohort = Cohort::Words("day of the conclusion", "结案日在期内");
const END: Cohort = Cohort::Words("day of the end", "结束日在期内");
const VOIDING: Cohort = Cohort::Words("day of voiding", "作废日在期内");
const AGREED_BY_NOW: Cohort = Cohort::Words("day of acceptance; agreed by the cut-off", "受理日在期内，截至统计日已达成协议");
const FIRST: Cohort = Cohort::Words("day of the first acceptance by any body", "首次受理日在期内");
const AGAIN: Cohort = Cohort::Words("day of the acceptance that took it up again", "再次受理日在期内");
const LAST: Cohort =
    Cohort::Words("day of the conclusion after which no body has it or is awaited", "最终结案日在期内（移交待接的不计）");
const PAYMENT: Cohort = Cohort::Words(
    "day of full performance; of part payments the day on which they were told",
    "履行完毕日在期内（部分履行按登记日）",
);
const PERFORMANCE: Cohort = Cohort::Words("day by which the agreement is to be performed", "履行期限届满日在期内");
const CONFIRMATION: Cohort = Cohort::Words("day of the application for confirmation", "司法确认申请日在期内");
const AT_WORK: Cohort = Cohort::Words(
    "at work when the period ends: founded, or, where no founding was told, named or first applied to, and not closed",
    "期末在册：已成立（未登记成立日的，以首次登记或首件申请日为准）且未撤销",
);

const PRACTICE: &str = "practice";
const SHEET: &str = "D§5.1";

/// Those of cases, disputes, agreements and bodies, in the order of reports.
pub(super) fn indicators() -> Vec<Indicator> {
    let mut all = Vec::new();
    cases(&mut all);
    all.extend(of_clock(Stage::Case));
    disputes(&mut all);
    agreements(&mut all);
    bodies(&mut all);
    all
}

fn push(all: &mut Vec<Indicator>, formula: Formula, id: &str, zh: &str, en: &str, cohort: Cohort, source: &'static str) {
    let [id, zh, en] = [id, zh, en].map(str::to_owned);
    all.push(Indicator { id, zh, en, cohort, source, formula });
}

fn counts(all: &mut Vec<Indicator>, list: &[(Measure, &str, &str, Cohort, &'static str)]) {
    for (measure, zh, en, cohort, source) in list {
        push(all, Formula::Count(*measure), &measure.id(), zh, en, *cohort, source);
    }
}

fn cases(all: &mut Vec<Indicator>) {
    const PRIVATELY: &str = "Cases settled by the parties themselves";
    counts(
        all,
        &[
            (Measure::APPLIED, "申请调解件数", "Cases applied for", APPLICATION, "PML 17; D§3.6"),
            (Measure::CASE_ACCEPTED, "受理案件数", "Cases accepted", ACCEPTANCE, SHEET),
            (Measure::CASE_CONCLUDED, "结案案件数", "Cases concluded", CONCLUSION, "D§3.6"),
            (Measure::AGREED, "达成协议案件数", "Cases that ended in an agreement", CONCLUSION, SHEET),
            (Measure::PARTIAL, "部分达成案件数", "Cases that ended in an agreement on a part", CONCLUSION, "D§3.6"),
            (Measure::SETTLED_PRIVATELY, "自行和解案件数", PRIVATELY, CONCLUSION, "D§3.6"),
            (Measure::FAILED, "调解不成案件数", "Cases that failed", CONCLUSION, "D§3.6"),
            (Measure::WITHDRAWN, "撤回案件数", "Cases withdrawn", CONCLUSION, "D§3.6"),
            (Measure::TERMINATED, "终止案件数", "Cases terminated", CONCLUSION, "D§3.6"),
            (Measure::TRANSFERRED, "转办案件数", "Cases given away without an end", END, "D§3.6"),
            (Measure::HANDED_ON, "结案移交案件数", "Cases concluded and handed on", CONCLUSION, "D§5.7"),
            (Measure::RECEIVED, "接收案件数", "Cases received by transfer or hand-on", ACCEPTANCE, "D§5.7"),
            (Measure::JOINED, "并行案件数", "Cases of a dispute that was open elsewhere", ACCEPTANCE, "D§5.7"),
            (Measure::REFUSED, "一方拒绝件数", "Cases a party refused before mediation", END, "PML 17; D§3.6"),
            (Measure::DECLINED, "不予受理件数", "Cases declined", END, "D§3.6"),
            (Measure::CASE_VOIDED, "作废案件数", "Cases voided", VOIDING, PRACTICE),
            (Measure::HARD, "疑难复杂案件数", "Hard cases accepted", ACCEPTANCE, SHEET),
            (Measure::PARTIES, "涉及当事人数", "Parties of the cases accepted", ACCEPTANCE, SHEET),
        ],
    );
    let (opening, closing) = (Cohort::Opening, Cohort::Closing);
    let pending = "Cases waiting for acceptance when the period";
    for (formula, id, zh, en, cohort) in [
        (Formula::CarriedIn(Stock::Pending), "pending_in", "期初待受理件数", format!("{pending} begins"), opening),
        (Formula::CarriedOut(Stock::Pending), "pending", "期末待受理件数", format!("{pending} ends"), closing),
        (Formula::CarriedIn(Stock::Cases), "carried_in", "上期结转案件数", "Cases carried in".to_owned(), opening),
        (Formula::CarriedOut(Stock::Cases), "carried_out", "结转下期案件数", "Cases carried out".to_owned(), closing),
    ] {
        push(all, formula, &format!("case.{id}"), zh, &en, cohort, "stock");
    }
    let rate = Formula::Rate { above: Measure::AGREED, below: Measure::CASE_CONCLUDED };
    push(all, rate, "case.success_rate", "调解成功率", "Rate of success", CONCLUSION, "D§5.6");
    let en = "Cases accepted and by now agreed";
    counts(all, &[(Measure::AGREED_OF_ACCEPTED, "受理案件中已达成协议数", en, AGREED_BY_NOW, "D§5.6")]);
    let rate = Formula::Rate { above: Measure::AGREED_OF_ACCEPTED, below: Measure::CASE_ACCEPTED };
    let (zh, en) = ("受理案件成功率", "Rate of success of the cases accepted");
    push(all, rate, "case.success_of_accepted_rate", zh, en, AGREED_BY_NOW, "D§5.6");
}

fn disputes(all: &mut Vec<Indicator>) {
    counts(
        all,
        &[
            (Measure::DISPUTE_ACCEPTED, "受理纠纷数", "Disputes accepted", FIRST, "D§5.7"),
            (Measure::DISPUTE_CONCLUDED, "办结纠纷数", "Disputes concluded", LAST, "D§5.7"),
            (Measure::REOPENED, "再次受理纠纷数", "Disputes taken up again", AGAIN, "D§5.7"),
            (Measure::RESOLVED, "化解纠纷数", "Disputes resolved", LAST, "D§5.6"),
        ],
    );
    let (zh, en) = ("上期结转纠纷数", "Disputes carried in");
    push(all, Formula::CarriedIn(Stock::Disputes), "dispute.carried_in", zh, en, Cohort::Opening, "stock");
    let (zh, en) = ("结转下期纠纷数", "Disputes carried out");
    push(all, Formula::CarriedOut(Stock::Disputes), "dispute.carried_out", zh, en, Cohort::Closing, "stock");
    let rate = Formula::Rate { above: Measure::RESOLVED, below: Measure::DISPUTE_CONCLUDED };
    push(all, rate, "dispute.resolution_rate", "纠纷化解率", "Rate of resolution", LAST, "D§5.6");
}

fn agreements(all: &mut Vec<Indicator>) {
    const CLAIMED: &str = "Amount claimed in cases that ended in an agreement, fen";
    counts(
        all,
        &[
            (Measure::ORAL, "口头协议数", "Oral agreements", CONCLUSION, "PML 28; D§5.1"),
            (Measure::WRITTEN, "书面协议数", "Written agreements", CONCLUSION, "PML 28; D§5.1"),
            (Measure::CLAIMED_FEN, "协议案件请求金额（分）", CLAIMED, CONCLUSION, SHEET),
            (Measure::AGREED_FEN, "协议涉及金额（分）", "Amount agreed, fen", CONCLUSION, SHEET),
            (Measure::PAID_FEN, "已履行金额（分）", "Amount paid, fen", PAYMENT, SHEET),
            (Measure::PERFORMANCE_DUE, "应履行协议数", "Agreements to be performed", PERFORMANCE, "D§5.6"),
            (Measure::PERFORMED, "已履行协议数", "Agreements performed", PERFORMANCE, "D§5.6"),
            (Measure::PERFORMED_ON_TIME, "按期履行协议数", "Agreements performed on time", PERFORMANCE, "D§5.6"),
            (Measure::PERFORMED_LATE, "逾期履行协议数", "Agreements performed late", PERFORMANCE, "D§5.6"),
            (Measure::UNPERFORMED, "逾期未履行协议数", "Agreements due and not performed", PERFORMANCE, "D§5.6"),
        ],
    );
    let rate = |above| Formula::Rate { above, below: Measure::PERFORMANCE_DUE };
    let (zh, en) = ("协议履行率", "Rate of performance");
    push(all, rate(Measure::PERFORMED), "agreement.performed_rate", zh, en, PERFORMANCE, "D§5.6");
    let (zh, en) = ("协议按期履行率", "Rate of performance on time");
    push(all, rate(Measure::PERFORMED_ON_TIME), "agreement.performed_on_time_rate", zh, en, PERFORMANCE, "D§5.6");
    let en = "Applications for judicial confirmation";
    counts(
        all,
        &[
            (Measure::CONFIRMATION_APPLIED, "申请司法确认数", en, CONFIRMATION, "PML 33; D§5.1"),
            (Measure::CONFIRMED, "司法确认数", "Agreements confirmed by a court", CONFIRMATION, "PML 33; D§5.1"),
        ],
    );
}

fn bodies(all: &mut Vec<Indicator>) {
    let (zh, en) = ("调解组织数", "Bodies at work");
    push(all, Formula::CarriedOut(Stock::Bodies), "body.active", zh, en, AT_WORK, SHEET);
    let day = |en, zh| Cohort::Words(en, zh);
    counts(
        all,
        &[
            (Measure::FOUNDED, "新成立组织数", "Bodies founded", day("day of founding", "成立日在期内"), "D§5.5"),
            (
                Measure::ADJUSTED,
                "充实调整组织数",
                "Bodies whose staff was strengthened or changed",
                day("first adjustment in the year", "年内首次充实调整日在期内"),
                "D§5.5",
            ),
            (
                Measure::FOSTERED,
                "新培育组织数",
                "Bodies newly fostered",
                day("day from which it was fostered", "培育日在期内"),
                "D§5.5",
            ),
            (Measure::BODY_CLOSED, "撤销组织数", "Bodies closed", day("day of closing", "撤销日在期内"), PRACTICE),
        ],
    );
    push(all, Formula::Themes, "body.themes", "调解主题数", "Distinct themes of the bodies at work", AT_WORK, "D§5.5");
}
