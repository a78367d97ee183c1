//! What can be typed. It knows names, defaults and help texts; what a command does is in the file of its name.

mod body;
mod case;
mod change;
mod connection;
mod dispute;
mod local;
mod petition;
mod report;
mod value;

pub use body::{
    AboutArgs, AdjustArgs, BodyChangeArgs, BodyCommand, CloseArgs, FosterArgs, ListBodiesArgs, RegisterArgs, ShowBodyArgs,
    UpdateArgs,
};
pub use case::{
    CaseChangeArgs, CaseCommand, CaseStateName, ConcludeArgs, ConfirmArgs, CorrectArgs, DeclineArgs, DispatchArgs, ListCasesArgs,
    OpenArgs, PerformArgs, RefusalArgs, ReturnArgs, TakeArgs, TransferArgs, VoidCaseArgs, WhichCaseArgs, WorkCommand,
};
pub use change::SeenArgs;
pub use connection::{ConnectionArgs, Servers};
pub use dispute::{
    DisputeChangeArgs, DisputeCommand, EraseDisputeArgs, LinkArgs, ReopenArgs, SimilarArgs, UnlinkArgs, WhichDisputeArgs,
};
pub use local::{ContractArgs, DemoArgs, Language, ServeArgs, Service, VerifyArgs};
pub use petition::{
    AcceptArgs, ChangeArgs, CodeArgs, EraseArgs, ExtendCommand, ExtendDecideArgs, ExtendRequestArgs, FilterArgs, ListArgs,
    LogArgs, LookupArgs, LookupsArgs, OpinionArgs, OrderName, PetitionCommand, RefuseArgs, RepeatsName, RouteArgs, StateName,
    SubmitArgs, VoidArgs, WatchArgs, WhichArgs, WithdrawArgs,
};
pub use report::{AnnualArgs, ExplainArgs, MemberArg, ReportCommand};
pub use value::{Consent, Person, Since, TypeName, Yuan};

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum, error::ErrorKind};
use std::path::PathBuf;

/// The case book of a county: petitions, disputes and their mediation, clocks, and the figures of the yearly report.
///
/// Without any setting: `fengqiao serve` in one window, every other command in another.
/// Exit codes: 0 done, 1 refused or different, 2 usage, 69 server not reachable.
#[derive(Debug, Parser)]
#[command(name = "fengqiao", version)]
pub struct Cli {
    /// Form of the answer on standard output; errors follow it on standard error. csv and md: `report annual` only.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// How to reach the server.
    #[command(flatten)]
    pub connection: ConnectionArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading: aligned columns, Chinese titles.
    #[default]
    Table,
    /// For programs: keys do not change.
    Json,
    /// Comma separated values.
    Csv,
    /// Markdown.
    Md,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the services in this process, on one port, with their data in one directory.
    Serve(ServeArgs),
    /// Play a year of a county in a temporary directory and print its report.
    Demo(DemoArgs),
    /// Import a ledger file; safe to run again.
    Import(ImportArgs),
    /// Log, read and change petitions.
    Petition {
        /// Which call.
        #[command(subcommand)]
        command: PetitionCommand,
    },
    /// Open, route, take, conclude and read cases of mediation.
    Case {
        /// Which call.
        #[command(subcommand)]
        command: CaseCommand,
    },
    /// Register, change and read mediation bodies.
    Body {
        /// Which call.
        #[command(subcommand)]
        command: BodyCommand,
    },
    /// Read, reopen and link disputes: what the county counts.
    Dispute {
        /// Which call.
        #[command(subcommand)]
        command: DisputeCommand,
    },
    /// The figures of a year.
    Report {
        /// Which call.
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Check off line that the books are whole: chains, state, figures. Exit 1 on any difference.
    Verify(VerifyArgs),
    /// The rules of clocks and the reason codes in force, with their sources.
    Rules(RulesArgs),
    /// How far the figures follow the logs.
    Freshness,
    /// Write the contract as files: protos, descriptor set, retry settings.
    Contract(ContractArgs),
}

/// What `import` reads.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What the rows are.
    #[arg(value_enum)]
    pub what: Ledger,
    /// A csv or csv.gz file with a header line, in UTF-8; `-` reads standard input.
    pub file: PathBuf,
    /// Name of the ledger; a row is known by ledger and external_ref. Default: the unit of the caller.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub ledger: String,
    /// Exit 1 when any row was refused.
    #[arg(long)]
    pub strict: bool,
    /// Return only when the figures include the rows.
    #[arg(long)]
    pub wait: bool,
}

/// What the rows of a ledger are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ledger {
    /// Petitions; mandatory columns: external_ref, registered_at, division_code, matter_class.
    Petitions,
    /// Cases of mediation bodies; mandatory columns: external_ref, applied_at, dispute_type, force, division_code.
    Cases,
}

/// Which day's rules.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Rules in force on this day, YYYY-MM-DD. Default: today.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub on: String,
    /// The routing rules, dispute types, flags and reasons of mediation, in place of the petitions' clocks and reasons.
    #[arg(long)]
    pub routing: bool,
}

impl Cli {
    /// What the definitions above cannot say.
    pub fn check(&self) -> Result<(), clap::Error> {
        let annual = matches!(self.command, Command::Report { command: ReportCommand::Annual(_) });
        if matches!(self.format, Format::Csv | Format::Md) && !annual {
            let text = "--format csv and md are for `fengqiao report annual` only; use table or json";
            return Err(Self::command().error(ErrorKind::ArgumentConflict, text));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_hold() {
        Cli::command().debug_assert();
    }

    #[test]
    fn csv_is_for_the_annual_report_only() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).unwrap().check();
        assert!(parse("fengqiao report annual --year 2018 --format csv").is_ok());
        assert!(parse("fengqiao --format md report annual --year 2018").is_ok());
        assert!(parse("fengqiao rules --format csv").is_err());
    }

    #[test]
    fn the_lines_of_the_design_parse() {
        for line in [
            "serve",
            "serve --data d --listen 127.0.0.1:1 --services intake,reporting --database postgres://x/y",
            "demo --serve --lang en",
            "import petitions f.csv.gz --ledger 台账 --strict --wait --format json",
            "report annual --year 2018 --division 320831 --as-of 2018-06-30 --format csv -o f.csv",
            "report explain petition.registered --year 2018 --dim unit=信访局",
            "report freshness --server intake=http://a:1,reporting=http://b:2",
            "verify --data d --format json",
            "contract -o d",
            "petition show XF-2024-1",
            "petition show --ref T1 --ledger 台账",
            "petition extend request XF-1 --days 10 --text 补充材料",
            "petition extend decide XF-1 --grant",
            "petition erase XF-1 --reason 依申请 --approved-by li.si --yes",
            "petition route XF-1 --type T02 --consent both --respondent 李四;139 --flag wages --already-at police",
            "serve --services mediation --intake-feed http://a:1 --mediation-feed http://b:2",
            "import cases f.csv --ledger 台账 --strict --wait --format json",
            "case open --type 邻里纠纷 --at 320831101 --source 公安移送 --applicant 王小明;139 --respondent 李四 --party 某公司 --consent both --flag emergency --already-at police --claimed 1200.50 --dispatch",
            "case open --type T02 --at 320831 --narrative-file - --take-here --chosen-body TW-1",
            "case propose TJ-1",
            "case dispatch TJ-1 --to TW-2 --reason case.balance --after 01890a5d-ac96-774b-bcce-b302099a8057",
            "case take --ref F0001 --ledger 台账 --consent both --etag 3",
            "case return TJ-1 --reason case.no_capacity",
            "case decline TJ-1 --reason case.reserved",
            "case refuse TJ-1 --reason case.respondent_refuses",
            "case transfer TJ-1 --to TW-2 --reason case.speciality",
            "case conclude TJ-1 --outcome agreed --form 书面 --agreed 5000 --performance-due 2027-01-01 --session-mode 现场",
            "case conclude TJ-1 --outcome failed --reason case.gap_too_large --hand-on case.higher_level --hand-on-to TW-2",
            "case perform TJ-1 --paid 100 --in-full",
            "case confirm TJ-1 --applied-on 2024-01-02",
            "case confirm TJ-1 --answer rejected --reason case.unclear",
            "case correct TJ-1 --reason case.typing --agreed 1 --clear mediator",
            "case void TJ-1 --reason case.void_error --approved-by li.si",
            "case list --stuck --force 人民调解 --type T02 --state settled-privately --limit 0",
            "case similar TJ-1",
            "case unplaced",
            "dispute show JF-1",
            "dispute reopen JF-1 --text 反悔 --to TW-2",
            "dispute link JF-2 --same-as JF-1",
            "dispute similar --at 320831 --type T02 --party 王小明",
            "dispute erase JF-1 --reason 依申请 --approved-by li.si --yes",
            "body register TW-1 --name 塔集镇调委会 --force people --kind committee --at 320831101 --speciality T02 --tag enterprise_related",
            "body update TW-1 --capacity 30 --clear theme",
            "body adjust TW-1 --in 2 --out 1 --on 2024-03-01",
            "body list --division 320831 --active-on 2024-12-31",
            "rules --routing --on 2024-01-01",
        ] {
            let args = std::iter::once("fengqiao").chain(line.split(' '));
            Cli::try_parse_from(args).and_then(|cli| cli.check()).unwrap_or_else(|e| panic!("{line}: {e}"));
        }
        for line in [
            "verify --data",
            "petition show",
            "petition extend decide X",
            "import petitions",
            "case show",
            "case open --at 320831",
            "case open --type T02 --at 320831 --claimed 1.234",
            "case open --type T02 --at 320831 --take-here --dispatch",
            "case correct TJ-1 --reason case.typing",
            "case confirm TJ-1 --reason case.unclear",
            "case conclude TJ-1 --outcome agreed --hand-on-to TW-2",
            "case perform TJ-1",
            "dispute similar",
            "dispute similar JF-1 --type T02",
            "body register TW-1 --name x --force nobody --kind room --at 320831",
        ] {
            let args = std::iter::once("fengqiao").chain(line.split(' '));
            assert!(Cli::try_parse_from(args).is_err(), "{line}");
        }
    }
}
