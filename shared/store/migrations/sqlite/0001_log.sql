-- The log: what happened, in commit order, without gaps. Nothing is ever deleted from it.
CREATE TABLE event (
    position     INTEGER NOT NULL PRIMARY KEY,
    event_id     TEXT    NOT NULL,
    aggregate_id TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    recorded_us  INTEGER NOT NULL,
    occurred_on  TEXT    NOT NULL,
    known_on     TEXT    NOT NULL,
    actor        TEXT    NOT NULL,
    request_id   TEXT    NOT NULL,
    open         BLOB    NOT NULL,
    sealed       BLOB    NOT NULL,
    digest       BLOB    NOT NULL,
    hash         BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX event_of_aggregate ON event (aggregate_id, version);

-- One row: the last position and its hash. Updated last in each writing transaction.
CREATE TABLE log_head (
    one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    log_id      TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    recorded_us INTEGER NOT NULL
) STRICT;
