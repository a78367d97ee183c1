-- Petitions as they stand: the fold of the log. Nothing personal: that is sealed in the log.
CREATE TABLE petition (
    id               TEXT    NOT NULL PRIMARY KEY,
    version          INTEGER NOT NULL,
    prior            INTEGER NOT NULL,
    number           TEXT    NOT NULL,
    slip             TEXT    NOT NULL,
    ledger           TEXT    NOT NULL,
    external_ref     TEXT    NOT NULL,
    state            TEXT    NOT NULL,
    division         TEXT    NOT NULL,
    channel          TEXT    NOT NULL,
    matter_class     TEXT    NOT NULL,
    responsible_unit TEXT    NOT NULL,
    registered_on    TEXT    NOT NULL,
    open_due         TEXT    NOT NULL,
    image            TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX petition_number ON petition (number);
CREATE UNIQUE INDEX petition_slip ON petition (slip) WHERE slip <> '';
CREATE UNIQUE INDEX petition_reference ON petition (ledger, external_ref) WHERE external_ref <> '';
CREATE INDEX petition_registered ON petition (registered_on, id);
