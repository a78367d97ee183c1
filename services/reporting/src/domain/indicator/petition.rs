//! The indicators of petitions that came with the live steps of their life: reopening, review stages, and those that the practice
//! of petition offices calls P1 to P9 (D§5.2). They stand beside the earlier ones, with cohorts and filters of their own.

use super::{Cohort, Formula, Indicator};
use crate::domain::Measure;

const DAY: fn(&'static str, &'static str) -> Cohort = Cohort::Words;

const P1: Cohort = Cohort::Words(
    "kpi due day of clock P-01; first-time items by letter, visit or online, of 1 to 9,999 persons, no litigation",
    "P-01 考核期限届满日在期内；初次信访，来信、来访、网上，1 至 9999 人，非涉诉",
);
const P2: Cohort = Cohort::Words("30th day after registration", "登记后第 30 日在期内");
const P3: Cohort =
    Cohort::Words("kpi due day of clock P-06; first-time items, no litigation", "P-06 考核期限届满日在期内；初次信访，非涉诉");
const P4: Cohort = Cohort::Words(
    "day of the rating, or kpi due day of clock P-13 of what was not rated; items whose rating was asked for under P-13",
    "评价日在期内；逾期未评价的，P-13 考核期限届满日在期内；仅计按 P-13 征询评价的事项",
);
const P5: Cohort = Cohort::Words(
    "day of the rating; of ledger rows, day of the conclusion. What nobody rated is not in it",
    "评价日在期内（导入台账按办结日）；未评价的不计",
);
const P8: Cohort = Cohort::Words(
    "day of the first acceptance; on time by clock P-03, P-02 or, where neither was started, P-01",
    "首次受理日在期内；按期指不晚于 P-03、P-02（均未起算的按 P-01）考核期限",
);
const P9: Cohort = Cohort::Words(
    "day of an item's first transfer, by the office that made it; on time by clock P-01",
    "首次转送日在期内，计入转送的单位；按期指不晚于 P-01 考核期限",
);

type Count = (Measure, &'static str, &'static str, Cohort, &'static str);
type Rate = (&'static str, &'static str, &'static str, Measure, Measure);

/// In the order of reports: the counts of each group, then its rate.
pub(super) fn indicators() -> Vec<Indicator> {
    let mut all = Vec::new();
    group(
        &mut all,
        &[
            (
                Measure::PETITION_REOPENED,
                "再次办理件数",
                "Items taken up again",
                DAY("day of the reopening", "再次办理日在期内"),
                "D§2.3",
            ),
            (Measure::REVIEW_REQUESTED, "申请复查件数", "Reviews asked for", DAY("day of the request", "申请日在期内"), "XF 35"),
            (Measure::REVIEWED, "复查办结件数", "Review opinions", DAY("day of the review opinion", "复查意见日在期内"), "XF 35"),
            (
                Measure::REREVIEW_REQUESTED,
                "申请复核件数",
                "Re-reviews asked for",
                DAY("day of the request", "申请日在期内"),
                "XF 36",
            ),
            (
                Measure::REREVIEWED,
                "复核办结件数",
                "Re-review opinions",
                DAY("day of the re-review opinion", "复核意见日在期内"),
                "XF 36",
            ),
        ],
        None,
    );
    group(
        &mut all,
        &[
            (
                Measure::OFFICE_DUE,
                "信访部门应及时受理件数（P1）",
                "Items whose first action was due (P1)",
                P1,
                "D§5.2 P1; clock P-01",
            ),
            (
                Measure::OFFICE_ON_TIME,
                "信访部门及时受理件数（P1）",
                "Items with a first action in time (P1)",
                P1,
                "D§5.2 P1; clock P-01",
            ),
        ],
        Some((
            "petition.office_acceptance_rate",
            "信访部门及时受理率（P1）",
            "Petition office: rate of timely acceptance (P1)",
            Measure::OFFICE_ON_TIME,
            Measure::OFFICE_DUE,
        )),
    );
    group(
        &mut all,
        &[
            (Measure::UNIT_DUE, "责任单位应及时受理件数（P2）", "Items that a unit had to accept (P2)", P2, "D§5.2 P2"),
            (Measure::UNIT_ON_TIME, "责任单位及时受理件数（P2）", "Items that a unit accepted in time (P2)", P2, "D§5.2 P2"),
        ],
        Some((
            "petition.unit_acceptance_rate",
            "责任单位及时受理率（P2）",
            "Responsible unit: rate of timely acceptance (P2)",
            Measure::UNIT_ON_TIME,
            Measure::UNIT_DUE,
        )),
    );
    closing(&mut all);
    ratings(&mut all);
    shares(&mut all);
    group(
        &mut all,
        &[
            (
                Measure::NOTICES,
                "受理告知件数（P8）",
                "Items accepted, with a term for the notice (P8)",
                P8,
                "D§5.2 P8; clocks P-01, P-02, P-03",
            ),
            (
                Measure::NOTICES_ON_TIME,
                "按期受理告知件数（P8）",
                "Items accepted by that term (P8)",
                P8,
                "D§5.2 P8; clocks P-01, P-02, P-03",
            ),
        ],
        Some((
            "petition.acceptance_notice_rate",
            "按期受理告知率（P8）",
            "Rate of acceptance notices on time (P8)",
            Measure::NOTICES_ON_TIME,
            Measure::NOTICES,
        )),
    );
    group(
        &mut all,
        &[
            (Measure::TRANSFERS, "转送件数（P9）", "Items transferred (P9)", P9, "D§5.2 P9; clock P-01"),
            (Measure::TRANSFERS_ON_TIME, "按期转送件数（P9）", "Items transferred on time (P9)", P9, "D§5.2 P9; clock P-01"),
        ],
        Some((
            "petition.transfer_rate",
            "转送按期办结率（P9）",
            "Rate of transfers on time (P9)",
            Measure::TRANSFERS_ON_TIME,
            Measure::TRANSFERS,
        )),
    );
    all
}

fn closing(all: &mut Vec<Indicator>) {
    const SOURCE: &str = "D§5.2 P3; clock P-06";
    group(
        all,
        &[
            (Measure::CLOSING_DUE, "应办结件数（P3）", "Items that had to be closed (P3)", P3, SOURCE),
            (Measure::CLOSING_ON_TIME, "按期办结件数（P3）", "Items closed on time (P3)", P3, SOURCE),
            (Measure::CLOSING_LATE, "逾期办结件数（P3）", "Items closed late (P3)", P3, SOURCE),
            (Measure::CLOSING_OPEN, "逾期未结件数（P3）", "Items open and overdue (P3)", P3, SOURCE),
        ],
        Some((
            "petition.on_time_closing_rate",
            "按期办结率（P3）",
            "Rate of closing on time (P3)",
            Measure::CLOSING_ON_TIME,
            Measure::CLOSING_DUE,
        )),
    );
}

fn ratings(all: &mut Vec<Indicator>) {
    const ASKED: &str = "D§5.2 P4; clock P-13, whose length is the office's own";
    const RATED: &str = "D§5.2 P5";
    group(
        all,
        &[
            (Measure::OFFICE_ASKED, "应评价件数（对信访部门，P4）", "Ratings of the petition office asked for (P4)", P4, ASKED),
            (Measure::OFFICE_ANSWERED, "已参评件数（对信访部门，P4）", "Of these, given (P4, petition office)", P4, ASKED),
            (Measure::OFFICE_UNRATED, "逾期未评价件数（对信访部门，P4）", "Of these, overdue (P4, petition office)", P4, ASKED),
        ],
        Some((
            "petition.rating.office.participation_rate",
            "参评率（对信访部门，P4）",
            "Participation in ratings of the petition office (P4)",
            Measure::OFFICE_ANSWERED,
            Measure::OFFICE_ASKED,
        )),
    );
    group(
        all,
        &[
            (Measure::OFFICE_RATED, "评价件数（对信访部门，P5）", "Ratings of the petition office (P5)", P5, RATED),
            (
                Measure::OFFICE_SATISFIED,
                "满意和基本满意件数（对信访部门，P5）",
                "Of these, satisfied (P5, petition office)",
                P5,
                RATED,
            ),
        ],
        Some((
            "petition.rating.office.satisfaction_rate",
            "满意率（对信访部门，P5）",
            "Satisfaction with the petition office (P5)",
            Measure::OFFICE_SATISFIED,
            Measure::OFFICE_RATED,
        )),
    );
    group(
        all,
        &[
            (Measure::UNIT_ASKED, "应评价件数（对责任单位，P4）", "Ratings of the responsible unit asked for (P4)", P4, ASKED),
            (Measure::UNIT_ANSWERED, "已参评件数（对责任单位，P4）", "Of these, given (P4, responsible unit)", P4, ASKED),
            (Measure::UNIT_UNRATED, "逾期未评价件数（对责任单位，P4）", "Of these, overdue (P4, responsible unit)", P4, ASKED),
        ],
        Some((
            "petition.rating.unit.participation_rate",
            "参评率（对责任单位，P4）",
            "Participation in ratings of the responsible unit (P4)",
            Measure::UNIT_ANSWERED,
            Measure::UNIT_ASKED,
        )),
    );
    group(
        all,
        &[
            (Measure::UNIT_RATED, "评价件数（对责任单位，P5）", "Ratings of the responsible unit (P5)", P5, RATED),
            (
                Measure::UNIT_SATISFIED,
                "满意和基本满意件数（对责任单位，P5）",
                "Of these, satisfied (P5, responsible unit)",
                P5,
                RATED,
            ),
        ],
        Some((
            "petition.rating.unit.satisfaction_rate",
            "满意率（对责任单位，P5）",
            "Satisfaction with the responsible unit (P5)",
            Measure::UNIT_SATISFIED,
            Measure::UNIT_RATED,
        )),
    );
}

fn shares(all: &mut Vec<Indicator>) {
    let registration = Cohort::Registration;
    group(
        all,
        &[(Measure::REPEATS, "重复信访件数（P6）", "Items that repeat an earlier one (P6)", registration, "D§5.2 P6")],
        Some(("petition.repeat_share", "重复信访率（P6）", "Share of repeats (P6)", Measure::REPEATS, Measure::REGISTERED)),
    );
    group(
        all,
        &[(Measure::ONLINE, "网上信访件数（P7）", "Items that came online (P7)", registration, "D§5.2 P7")],
        Some(("petition.online_share", "网信占比（P7）", "Share of online items (P7)", Measure::ONLINE, Measure::REGISTERED)),
    );
}

/// The rate has the cohort and the source of its last count.
fn group(all: &mut Vec<Indicator>, counts: &[Count], rate: Option<Rate>) {
    for (measure, zh, en, cohort, source) in counts {
        let [zh, en] = [zh, en].map(|text| (*text).to_owned());
        all.push(Indicator { id: measure.id(), zh, en, cohort: *cohort, source, formula: Formula::Count(*measure) });
    }
    let Some(((id, zh, en, above, below), (.., cohort, source))) = rate.zip(counts.last().copied()) else { return };
    let [id, zh, en] = [id, zh, en].map(str::to_owned);
    all.push(Indicator { id, zh, en, cohort, source, formula: Formula::Rate { above, below } });
}
