-- Events without a place are of one of two logs now. (Facts of mediation need no new table: see Kind in domain/fact.rs.)
CREATE TABLE stuck_of_log (
    log      TEXT   COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    kind     TEXT   COLLATE "C" NOT NULL,
    reason   TEXT   COLLATE "C" NOT NULL,
    PRIMARY KEY (log, position)
);

INSERT INTO stuck_of_log (log, position, kind, reason) SELECT 'intake', position, kind, reason FROM stuck;

DROP TABLE stuck;

ALTER TABLE stuck_of_log RENAME TO stuck;
