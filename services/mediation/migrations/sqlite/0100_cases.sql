-- Mediation bodies as they stand: the fold of their events.
CREATE TABLE body (
    code       TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    force      TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    division   TEXT    NOT NULL,
    founded_on TEXT    NOT NULL,
    closed_on  TEXT    NOT NULL,
    image      TEXT    NOT NULL
) STRICT;

-- How many cases a body has open: changed in the transaction that changes the cases. `guard` counts the changes of the body itself:
-- who decided on an older body loses. `prior_open` and `exact` are for writing only: who decided by the number (1), or changed the body (2),
-- loses when it moved.
CREATE TABLE body_load (
    code       TEXT    NOT NULL PRIMARY KEY,
    open       INTEGER NOT NULL,
    guard      INTEGER NOT NULL,
    prior_open INTEGER NOT NULL,
    exact      INTEGER NOT NULL
) STRICT;

-- Disputes with their cases as they stand: the fold of their events. Nothing personal: that is sealed in the log. `guard` counts the
-- writes, of the disputes linked into this one as well.
CREATE TABLE dispute (
    id       TEXT    NOT NULL PRIMARY KEY,
    version  INTEGER NOT NULL,
    guard    INTEGER NOT NULL,
    number   TEXT    NOT NULL,
    ledger   TEXT    NOT NULL,
    root_ref TEXT    NOT NULL,
    petition TEXT    NOT NULL,
    image    TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX dispute_number ON dispute (number);
CREATE UNIQUE INDEX dispute_reference ON dispute (ledger, root_ref) WHERE root_ref <> '';
CREATE INDEX dispute_petition ON dispute (petition) WHERE petition <> '';

-- What cases are found and listed by; what they are stands in the image of their dispute.
CREATE TABLE mediation_case (
    id           TEXT NOT NULL PRIMARY KEY,
    dispute_id   TEXT NOT NULL,
    number       TEXT NOT NULL,
    ledger       TEXT NOT NULL,
    external_ref TEXT NOT NULL,
    state        TEXT NOT NULL,
    force        TEXT NOT NULL,
    body         TEXT NOT NULL,
    division     TEXT NOT NULL,
    dispute_type TEXT NOT NULL,
    source       TEXT NOT NULL,
    applied_on   TEXT NOT NULL,
    open_due     TEXT NOT NULL,
    stuck        TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX mediation_case_number ON mediation_case (number);
CREATE UNIQUE INDEX mediation_case_reference ON mediation_case (ledger, external_ref) WHERE external_ref <> '';
CREATE INDEX mediation_case_applied ON mediation_case (applied_on, id);

-- Keyed hashes of what may tell that two disputes are one quarrel: names, phones, identity numbers. They die with the key.
CREATE TABLE similarity (
    hash       TEXT NOT NULL,
    dispute_id TEXT NOT NULL,
    PRIMARY KEY (hash, dispute_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX similarity_dispute ON similarity (dispute_id);

-- Events of another log that have no place here, and why.
CREATE TABLE stuck (
    log      TEXT    NOT NULL,
    position INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    PRIMARY KEY (log, position)
) STRICT;
