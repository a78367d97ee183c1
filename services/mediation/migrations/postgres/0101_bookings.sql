-- What planned sessions take of the time of mediators and rooms, in slots of five minutes: nobody is in two places. The fold of the log.
CREATE TABLE booking (
    resource   TEXT COLLATE "C" NOT NULL,
    slot       BIGINT NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    dispute_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (resource, slot)
);

CREATE INDEX booking_dispute ON booking (dispute_id);
