-- How far this database followed another service's log.
CREATE TABLE cursor (
    source      TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    log_id      TEXT   COLLATE "C" NOT NULL,
    position    BIGINT NOT NULL,
    hash        BYTEA  NOT NULL,
    recorded_us BIGINT NOT NULL
);
