-- How far this database followed another service's log.
CREATE TABLE cursor (
    source      TEXT    NOT NULL PRIMARY KEY,
    log_id      TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    recorded_us INTEGER NOT NULL
) STRICT;
