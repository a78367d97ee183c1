//! Which parts of an event a follower gets. Position, header, digest, hashes of withheld payloads and chain always go along,
//! so that everyone can check all they count from. The rights that hold where none are set:
//!
//! | Log | Who follows | Kind of event | Gets |
//! |---|---|---|---|
//! | intake | mediation | petition.routed_to_mediation | open and sealed payload, and the key beside the event |
//! | intake | mediation | petition.parties_erased | open payload |
//! | intake | mediation | every other: what was not routed, and all of an allegation | header |
//! | any other | mediation | every | open payload |
//! | any | anyone else | every | open payload |

use fengqiao_model::{Caller, Instant, Permission, Role};
use fengqiao_proto::feed::v1 as pb;
use fengqiao_store::{Event, envelope};

/// The one follower that may have what is sealed, by its name.
pub(crate) const MEDIATION: &str = "mediation";

/// What a follower may see of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Header and digest: who did what when, no payload.
    HeaderOnly,
    /// The open payload as well.
    Open,
    /// The sealed payload as well, and the data key of the event's aggregate beside the event.
    Sealed,
}

/// Decides by the log's name, the caller, who has the permission to follow logs, and the kind of the event.
pub(crate) type Policy = fn(&str, &Caller, &str) -> Rights;

/// The table above.
pub(crate) fn shipped(log: &str, caller: &Caller, kind: &str) -> Rights {
    if log != "intake" || !caller.may(Permission::FollowSealed) {
        return Rights::Open;
    }
    match kind {
        "petition.routed_to_mediation" => Rights::Sealed,
        "petition.parties_erased" => Rights::Open,
        _ => Rights::HeaderOnly,
    }
}

/// The caller with the roles of the follower it says it is. Who may do everything (development) is mediation only by its name; who
/// may follow as nothing else is mediation whatever its name, so that another name opens nothing.
pub(crate) fn acting(mut caller: Caller, follower: &str) -> Caller {
    let otherwise = caller.roles.iter().any(|role| {
        let permissions = role.permissions();
        permissions.contains(&Permission::FollowLog) && !permissions.contains(&Permission::FollowSealed)
    });
    let sealed = caller.may(Permission::FollowSealed) && (follower == MEDIATION || !otherwise);
    caller.roles = vec![if sealed { Role::Mediation } else { Role::Follower }];
    caller
}

/// The role under which a service of this product follows.
pub(crate) fn role_of(follower: &str) -> Role {
    if follower == MEDIATION { Role::Mediation } else { Role::Follower }
}

/// The event as the follower gets it.
pub(crate) fn wire(event: Event, rights: Rights) -> pb::Event {
    let open_withheld = rights == Rights::HeaderOnly;
    let Instant(recorded_us) = event.recorded_at;
    pb::Event {
        position: event.position,
        event_id: event.event_id,
        aggregate_id: event.aggregate_id,
        version: event.version,
        kind: event.kind,
        recorded_us,
        occurred_on: event.occurred_on.to_string(),
        known_on: event.known_on.to_string(),
        actor: event.actor,
        request_id: event.request_id,
        sealed_hash: envelope::payload_hash(&event.sealed).to_vec(),
        open_hash: if open_withheld { envelope::payload_hash(&event.open).to_vec() } else { Vec::new() },
        open: if open_withheld { Vec::new() } else { event.open },
        sealed: if rights == Rights::Sealed { event.sealed } else { Vec::new() },
        digest: event.digest,
        hash: event.hash,
        open_withheld,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(roles: &[Role]) -> Caller {
        Caller { id: "who".parse().unwrap(), unit: "office".parse().unwrap(), division: None, roles: roles.to_vec() }
    }

    #[test]
    fn mediation_is_who_has_the_right_and_the_name_or_no_other_right() {
        for (roles, follower, sealed) in [
            (vec![Role::Mediation], "mediation", true),
            (vec![Role::Mediation], "reporting", true),
            (vec![Role::Mediation, Role::Follower], "mediation", true),
            (vec![Role::Mediation, Role::Follower], "reporting", false),
            (Role::ALL.to_vec(), "mediation", true),
            (Role::ALL.to_vec(), "reporting", false),
            (vec![Role::Follower], "mediation", false),
            (vec![Role::Follower], "reporting", false),
        ] {
            let acts = acting(caller(&roles), follower);
            assert_eq!(acts.may(Permission::FollowSealed), sealed, "{roles:?} as {follower}");
            assert!(acts.may(Permission::FollowLog));
        }
    }

    #[test]
    fn the_table_holds() {
        let (mediation, other) = (caller(&[Role::Mediation]), caller(&[Role::Follower]));
        for (log, who, kind, rights) in [
            ("intake", &mediation, "petition.routed_to_mediation", Rights::Sealed),
            ("intake", &mediation, "petition.parties_erased", Rights::Open),
            ("intake", &mediation, "petition.registered", Rights::HeaderOnly),
            ("intake", &mediation, "petition.imported", Rights::HeaderOnly),
            ("intake", &mediation, "mediation.progressed", Rights::HeaderOnly),
            ("intake", &mediation, "a kind of tomorrow", Rights::HeaderOnly),
            ("mediation", &mediation, "case.opened", Rights::Open),
            ("intake", &other, "petition.routed_to_mediation", Rights::Open),
            ("intake", &other, "petition.registered", Rights::Open),
            ("mediation", &other, "case.opened", Rights::Open),
        ] {
            assert_eq!(shipped(log, who, kind), rights, "{log} {:?} {kind}", who.roles);
        }
    }
}
