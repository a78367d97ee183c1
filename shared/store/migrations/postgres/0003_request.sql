-- Write requests already carried out: the same id with the same content is the same request.
CREATE TABLE request (
    request_id   TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    fingerprint  BYTEA  NOT NULL,
    aggregate_id TEXT   COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL,
    recorded_us  BIGINT NOT NULL
);

CREATE INDEX request_by_age ON request (recorded_us);
