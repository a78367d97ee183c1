-- Petitions as they stand: the fold of the log. Nothing personal: that is sealed in the log.
CREATE TABLE petition (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version          BIGINT NOT NULL,
    prior            BIGINT NOT NULL,
    number           TEXT COLLATE "C" NOT NULL,
    slip             TEXT COLLATE "C" NOT NULL,
    ledger           TEXT COLLATE "C" NOT NULL,
    external_ref     TEXT COLLATE "C" NOT NULL,
    state            TEXT COLLATE "C" NOT NULL,
    division         TEXT COLLATE "C" NOT NULL,
    channel          TEXT COLLATE "C" NOT NULL,
    matter_class     TEXT COLLATE "C" NOT NULL,
    responsible_unit TEXT COLLATE "C" NOT NULL,
    registered_on    TEXT COLLATE "C" NOT NULL,
    open_due         TEXT COLLATE "C" NOT NULL,
    image            TEXT COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX petition_number ON petition (number);
CREATE UNIQUE INDEX petition_slip ON petition (slip) WHERE slip <> '';
CREATE UNIQUE INDEX petition_reference ON petition (ledger, external_ref) WHERE external_ref <> '';
CREATE INDEX petition_registered ON petition (registered_on, id);
