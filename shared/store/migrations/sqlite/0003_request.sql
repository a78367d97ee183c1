-- Write requests already carried out: the same id with the same content is the same request.
CREATE TABLE request (
    request_id   TEXT    NOT NULL PRIMARY KEY,
    fingerprint  BLOB    NOT NULL,
    aggregate_id TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    recorded_us  INTEGER NOT NULL
) STRICT;

CREATE INDEX request_by_age ON request (recorded_us);
