-- Mediation bodies as they stand: the fold of their events.
CREATE TABLE body (
    code       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    force      TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    division   TEXT COLLATE "C" NOT NULL,
    founded_on TEXT COLLATE "C" NOT NULL,
    closed_on  TEXT COLLATE "C" NOT NULL,
    image      TEXT COLLATE "C" NOT NULL
);

-- How many cases a body has open: changed in the transaction that changes the cases. `guard` counts the changes of the body itself:
-- who decided on an older body loses. `prior_open` and `exact` are for writing only: who decided by the number (1), or changed the body (2),
-- loses when it moved.
CREATE TABLE body_load (
    code       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    open       BIGINT           NOT NULL,
    guard      BIGINT           NOT NULL,
    prior_open BIGINT           NOT NULL,
    exact      BIGINT           NOT NULL
);

-- Disputes with their cases as they stand: the fold of their events. Nothing personal: that is sealed in the log. `guard` counts the
-- writes, of the disputes linked into this one as well.
CREATE TABLE dispute (
    id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version  BIGINT NOT NULL,
    guard    BIGINT NOT NULL,
    number   TEXT COLLATE "C" NOT NULL,
    ledger   TEXT COLLATE "C" NOT NULL,
    root_ref TEXT COLLATE "C" NOT NULL,
    petition TEXT COLLATE "C" NOT NULL,
    image    TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX dispute_number ON dispute (number);
CREATE UNIQUE INDEX dispute_reference ON dispute (ledger, root_ref) WHERE root_ref <> '';
CREATE INDEX dispute_petition ON dispute (petition) WHERE petition <> '';

-- What cases are found and listed by; what they are stands in the image of their dispute.
CREATE TABLE mediation_case (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    dispute_id   TEXT COLLATE "C" NOT NULL,
    number       TEXT COLLATE "C" NOT NULL,
    ledger       TEXT COLLATE "C" NOT NULL,
    external_ref TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    force        TEXT COLLATE "C" NOT NULL,
    body         TEXT COLLATE "C" NOT NULL,
    division     TEXT COLLATE "C" NOT NULL,
    dispute_type TEXT COLLATE "C" NOT NULL,
    source       TEXT COLLATE "C" NOT NULL,
    applied_on   TEXT COLLATE "C" NOT NULL,
    open_due     TEXT COLLATE "C" NOT NULL,
    stuck        TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX mediation_case_number ON mediation_case (number);
CREATE UNIQUE INDEX mediation_case_reference ON mediation_case (ledger, external_ref) WHERE external_ref <> '';
CREATE INDEX mediation_case_applied ON mediation_case (applied_on, id);

-- Keyed hashes of what may tell that two disputes are one quarrel: names, phones, identity numbers. They die with the key.
CREATE TABLE similarity (
    hash       TEXT COLLATE "C" NOT NULL,
    dispute_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (hash, dispute_id)
);

CREATE INDEX similarity_dispute ON similarity (dispute_id);

-- Events of another log that have no place here, and why.
CREATE TABLE stuck (
    log      TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    reason   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, position)
);
