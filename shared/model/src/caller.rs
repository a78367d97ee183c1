//! Who calls: a person or system with roles, a unit and a division subtree. Every event records the id.

use crate::{ActorId, DivisionCode, Token};
use std::{fmt, str::FromStr};

/// What a call needs; each call declares exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Log, accept, refuse, ask for an extension, issue opinions, withdraw, import.
    WritePetitions,
    /// Decide extensions; void and erase as the first of two persons.
    DecidePetitions,
    /// Press a unit that stalls: supervision.
    SupervisePetitions,
    /// Read petitions with their parties and narrative.
    ReadPetitions,
    /// Register, change, close units and their successors; import them.
    ManageUnits,
    /// Look up a status with number and query code: anyone.
    LookUp,
    /// Read figures and reports.
    ReadFigures,
    /// Read which items stand behind a figure (numbers and dates, no parties).
    ExplainFigures,
    /// Follow a log's header and open payloads.
    FollowLog,
    /// Take over, with its key, what the petition office routed to mediation.
    FollowSealed,
    /// Log, take, return, conclude, perform cases; import.
    WriteCases,
    /// Dispatch, correct, link; void and erase as the first of two persons.
    DispatchCases,
    /// Read cases with their parties and narrative.
    ReadCases,
    /// Register and change bodies.
    ManageBodies,
    /// Read bodies and routing rules.
    ReadBodies,
    /// Read how often things were asked: counts, never content.
    ReadAudit,
}

/// A named set of permissions that the identity source gives to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Petition office clerk.
    Clerk,
    /// Head of the unit: decides what a clerk asks for.
    Head,
    /// Report author.
    Reporter,
    /// Supervisor and auditor.
    Auditor,
    /// Another service of the product that follows logs.
    Follower,
    /// The petitioner's window: look-up only.
    Public,
    /// Works for a mediation body.
    Mediator,
    /// Coordinates the bodies of a place: registers, dispatches, links.
    Coordinator,
    /// The mediation service, which follows the petition log and takes over what is routed to it.
    Mediation,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 9] = [
        Role::Clerk,
        Role::Head,
        Role::Reporter,
        Role::Auditor,
        Role::Follower,
        Role::Public,
        Role::Mediator,
        Role::Coordinator,
        Role::Mediation,
    ];

    /// The permissions of the role.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Role::Clerk => &[WritePetitions, SupervisePetitions, ReadPetitions, LookUp, ReadFigures],
            Role::Head => &[
                WritePetitions,
                DecidePetitions,
                SupervisePetitions,
                ManageUnits,
                ReadPetitions,
                LookUp,
                ReadFigures,
                ExplainFigures,
            ],
            Role::Reporter => &[ReadFigures, ExplainFigures],
            Role::Auditor => &[ReadPetitions, ReadCases, ReadBodies, ReadFigures, ExplainFigures, ReadAudit],
            Role::Follower => &[FollowLog],
            Role::Public => &[LookUp],
            Role::Mediator => &[WriteCases, ReadCases, ReadBodies, ReadFigures],
            Role::Coordinator => {
                &[SupervisePetitions, WriteCases, DispatchCases, ReadCases, ManageBodies, ReadBodies, ReadFigures, ExplainFigures]
            }
            Role::Mediation => &[FollowLog, FollowSealed],
        }
    }

    /// The name used in settings.
    pub fn name(self) -> &'static str {
        match self {
            Role::Clerk => "clerk",
            Role::Head => "head",
            Role::Reporter => "reporter",
            Role::Auditor => "auditor",
            Role::Follower => "follower",
            Role::Public => "public",
            Role::Mediator => "mediator",
            Role::Coordinator => "coordinator",
            Role::Mediation => "mediation",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Role::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| format!("unknown role {text}: must be one of {}", Role::ALL.map(Role::name).join(", ")))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The person or system.
    pub id: ActorId,
    /// The petition office or responsible unit the caller works for.
    pub unit: Token,
    /// The caller sees and writes items of this division and what lies in it; `None` is the whole book.
    pub division: Option<DivisionCode>,
    /// What the caller may do.
    pub roles: Vec<Role>,
}

impl Caller {
    /// Whether one of the caller's roles has the permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.permissions().contains(&permission))
    }
}
