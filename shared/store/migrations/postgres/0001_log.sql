-- The log: what happened, in commit order, without gaps. Nothing is ever deleted from it.
CREATE TABLE event (
    position     BIGINT NOT NULL PRIMARY KEY,
    event_id     TEXT   COLLATE "C" NOT NULL,
    aggregate_id TEXT   COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL,
    kind         TEXT   COLLATE "C" NOT NULL,
    recorded_us  BIGINT NOT NULL,
    occurred_on  TEXT   COLLATE "C" NOT NULL,
    known_on     TEXT   COLLATE "C" NOT NULL,
    actor        TEXT   COLLATE "C" NOT NULL,
    request_id   TEXT   COLLATE "C" NOT NULL,
    open         BYTEA  NOT NULL,
    sealed       BYTEA  NOT NULL,
    digest       BYTEA  NOT NULL,
    hash         BYTEA  NOT NULL
);

CREATE UNIQUE INDEX event_of_aggregate ON event (aggregate_id, version);

-- One row: the last position and its hash. Updated last in each writing transaction. The fill factor leaves room for many
-- versions of the row on its page, so that updates stay off the index.
CREATE TABLE log_head (
    one         BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    log_id      TEXT   COLLATE "C" NOT NULL,
    position    BIGINT NOT NULL,
    hash        BYTEA  NOT NULL,
    recorded_us BIGINT NOT NULL
) WITH (fillfactor = 10);
