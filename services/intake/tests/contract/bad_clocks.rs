//! Bad input into the calls about clocks and conduct that change no single petition.

use crate::{
    asks,
    bad_input::{Spoil, Table},
    calendar::adopt,
    desk::Desk,
};
use fengqiao_proto::intake::v1 as pb;

macro_rules! calls {
    ($table:ident, $desk:ident; $(
        $name:literal $call:ident by $who:ident: $good:expr, of $request:ident {
            $($what:literal => |$r:ident| $spoil:expr,)*
        }
    )*) => {$(
        let own: &[Spoil<pb::$request>] = &[$(($what, |$r| $spoil)),*];
        for (what, spoil) in own {
            let mut request: pb::$request = $good;
            spoil(&mut request);
            $table.note($name, what, $desk.$who().$call(request).await).await;
        }
        $table.note($name, "role that may not", $desk.window().$call($good).await).await;
        $table.note($name, "nobody", $desk.by_nobody().$call($good).await).await;
    )*};
}

pub async fn all(table: &mut Table<'_>, desk: &Desk, used: &str) {
    let reused = pb::AdoptCalendarRequest { request_id: used.to_owned(), ..adopt() };
    table.note("AdoptCalendar", "request id used with other content", desk.head().adopt_calendar(reused).await).await;
    table.note("AdoptCalendar", "a clerk", desk.clerk().adopt_calendar(adopt()).await).await;
    calls! {
        table, desk;
        "AdoptCalendar" adopt_calendar by head: adopt(), of AdoptCalendarRequest {
        "no request id" => |r| r.request_id = String::new(),
        "malformed request id" => |r| r.request_id = "1".into(),
        "no notice" => |r| r.notice = String::new(),
        "over-long notice" => |r| r.notice = "#".repeat(100_001),
        "not TOML" => |r| r.notice = "version = ".into(),
        "no year" => |r| r.notice = "version = \"2027.1\"".into(),
        "the version in use" => |r| r.notice = r.notice.replace("2027.1", "2026.1"),
        "a day that does not exist" => |r| r.notice = r.notice.replace("2027-01-09", "2027-02-30"),
        "a Monday as a make-up day" => |r| r.notice = r.notice.replace("2027-01-09", "2027-01-11"),
        "a misspelt field" => |r| r.notice = r.notice.replace("work", "worked"),
        }

        "ListDue" list_due by clerk: pb::ListDueRequest::default(), of ListDueRequest {
        "malformed day" => |r| r.on = "today".into(),
        "day after today" => |r| r.on = "2026-03-03".into(),
        "day before 1900" => |r| r.on = "1899-12-31".into(),
        "over-long unit" => |r| r.unit = "字".repeat(65),
        "control character in unit" => |r| r.unit = "a\0".into(),
        "unknown level" => |r| r.level = "planet".into(),
        "unknown lamp" => |r| r.lamp = "blue".into(),
        "malformed division" => |r| r.division_code = "32083".into(),
        "over-long rule" => |r| r.rule = "P".repeat(65),
        "negative page size" => |r| r.page_size = -1,
        "too large a page" => |r| r.page_size = 1001,
        "malformed page token" => |r| r.page_token = "x".into(),
        }

        "ListRestatements" list_restatements by clerk: pb::ListRestatementsRequest::default(), of ListRestatementsRequest {
        "over-long version" => |r| r.calendar_version = "1".repeat(65),
        "too large a page" => |r| r.page_size = 1001,
        "malformed page token" => |r| r.page_token = "x".into(),
        }

        "CheckConduct" check_conduct by clerk: pb::CheckConductRequest { petition_id: asks::id(), ..Default::default() },
        of CheckConductRequest {
        "unknown petition id" => |r| r.petition_id = asks::id(),
        "malformed petition id" => |r| r.petition_id = "42".into(),
        "neither id nor number" => |r| r.petition_id = String::new(),
        "both id and number" => |r| r.number = "信访局-2026-000001".into(),
        "unknown number" => |r| { r.petition_id = String::new(); r.number = "x".into() },
        "over-long number" => |r| { r.petition_id = String::new(); r.number = "x".repeat(97) },
        "malformed day" => |r| r.on = "today".into(),
        "day after today" => |r| r.on = "2026-03-03".into(),
        }

        "ListConductRules" list_conduct_rules by clerk: pb::ListConductRulesRequest::default(), of ListConductRulesRequest {
        "day after today" => |r| r.on = "2026-03-03".into(),
        "malformed division" => |r| r.division_code = "32083".into(),
        "malformed first day" => |r| r.registered_from = "x".into(),
        "last day before the first" => |r| { r.registered_from = "2026-02-02".into(); r.registered_to = "2026-02-01".into() },
        }

        "ListConductBreaches" list_conduct_breaches by clerk:
            pb::ListConductBreachesRequest { rule: "C-07".into(), ..Default::default() }, of ListConductBreachesRequest {
        "no rule" => |r| r.rule = String::new(),
        "unknown rule" => |r| r.rule = "C-99".into(),
        "a rule about cases" => |r| r.rule = "C-01".into(),
        "day after today" => |r| r.on = "2026-03-03".into(),
        "too large a page" => |r| r.page_size = 1001,
        "malformed page token" => |r| r.page_token = "x".into(),
        }
    }
}
