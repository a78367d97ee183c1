-- What planned sessions take of the time of mediators and rooms, in slots of five minutes: nobody is in two places. The fold of the log.
CREATE TABLE booking (
    resource   TEXT    NOT NULL,
    slot       INTEGER NOT NULL,
    session_id TEXT    NOT NULL,
    dispute_id TEXT    NOT NULL,
    PRIMARY KEY (resource, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX booking_dispute ON booking (dispute_id);
