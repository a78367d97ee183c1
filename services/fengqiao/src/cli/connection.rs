//! How a server is named, and as whom one calls it.

use clap::Args;
use fengqiao_model::{ActorId, DivisionCode, Role, Token};
use std::{fmt, path::PathBuf, str::FromStr};

/// Flags of every command that calls a server.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Server and identity")]
pub struct ConnectionArgs {
    /// Where the services are: one address for all, or `intake=URL,mediation=URL,reporting=URL`.
    #[arg(long, global = true, value_name = "URL", env = "FENGQIAO_SERVER", default_value = "http://127.0.0.1:7310")]
    pub server: Servers,
    /// Certificate authority (PEM) that signed the server's certificate, for https addresses. Default: those of the system.
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", env = "FENGQIAO_CA_FILE")]
    pub ca_file: Option<PathBuf>,
    /// File with the bearer token of the caller; the variable FENGQIAO_TOKEN may hold the token itself.
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE", env = "FENGQIAO_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
    /// Who calls (development servers only; others go by the token).
    #[arg(long, global = true, hide_short_help = true, value_name = "ID", env = "FENGQIAO_ACTOR")]
    pub actor: Option<ActorId>,
    /// The unit the caller works for (development servers only).
    #[arg(long, global = true, hide_short_help = true, value_name = "UNIT", env = "FENGQIAO_ACTOR_UNIT")]
    pub actor_unit: Option<Token>,
    /// The division the caller may see (development servers only).
    #[arg(long, global = true, hide_short_help = true, value_name = "CODE", env = "FENGQIAO_ACTOR_DIVISION")]
    pub actor_division: Option<DivisionCode>,
    /// Roles of the caller: clerk, head, mediator, coordinator, reporter, auditor, follower, mediation, public (development servers
    /// only).
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "ROLES",
        env = "FENGQIAO_ACTOR_ROLES",
        value_delimiter = ','
    )]
    pub actor_roles: Vec<Role>,
}

/// The address of each service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Servers {
    /// Of the intake service.
    pub intake: Option<String>,
    /// Of the mediation service.
    pub mediation: Option<String>,
    /// Of the reporting service.
    pub reporting: Option<String>,
}

impl FromStr for Servers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains('=') || text.starts_with("http") {
            let one = Some(address(text)?);
            return Ok(Self { intake: one.clone(), mediation: one.clone(), reporting: one });
        }
        let mut servers = Self::default();
        for part in text.split(',') {
            let (name, url) = part.split_once('=').ok_or_else(|| format!("{part} must be of the form intake=URL"))?;
            let place = match name.trim() {
                "intake" => &mut servers.intake,
                "mediation" => &mut servers.mediation,
                "reporting" => &mut servers.reporting,
                other => return Err(format!("unknown service {other}: must be intake, mediation or reporting")),
            };
            if place.replace(address(url)?).is_some() {
                return Err(format!("{name} is named twice"));
            }
        }
        Ok(servers)
    }
}

impl fmt::Display for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [("intake", &self.intake), ("mediation", &self.mediation), ("reporting", &self.reporting)];
        if let [(_, Some(one)), rest @ ..] = &all
            && rest.iter().all(|(_, url)| url.as_ref() == Some(one))
        {
            return f.write_str(one);
        }
        let named: Vec<_> = all.iter().filter_map(|(name, url)| url.as_ref().map(|url| format!("{name}={url}"))).collect();
        f.write_str(&named.join(","))
    }
}

fn address(text: &str) -> Result<String, String> {
    let text = text.trim();
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let known = host.is_some_and(|host| !host.is_empty()) && text.parse::<tonic::transport::Uri>().is_ok();
    if known { Ok(text.to_owned()) } else { Err(format!("{text} must be an address such as http://127.0.0.1:7310")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_or_one_each() {
        let one: Servers = "http://a:1".parse().unwrap();
        assert_eq!((one.intake.as_deref(), one.reporting.as_deref()), (Some("http://a:1"), Some("http://a:1")));
        assert_eq!(one.to_string(), "http://a:1");
        let each: Servers = "intake=http://a:1,reporting=https://b:2".parse().unwrap();
        assert_eq!((each.intake.as_deref(), each.mediation.as_deref()), (Some("http://a:1"), None));
        assert_eq!(each.to_string(), "intake=http://a:1,reporting=https://b:2");
        for wrong in ["", "a:1", "http://", "intake=a", "intake=http://a:1,intake=http://b:1", "x=http://a:1"] {
            assert!(wrong.parse::<Servers>().is_err(), "{wrong}");
        }
    }
}
