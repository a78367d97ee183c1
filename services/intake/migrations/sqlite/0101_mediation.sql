-- What mediation tells about petitions: the fold of the log's mediation.progressed. Nothing personal.
CREATE TABLE mediation_link (
    id          TEXT    NOT NULL PRIMARY KEY,
    version     INTEGER NOT NULL,
    prior       INTEGER NOT NULL,
    petition_id TEXT    NOT NULL,
    since       INTEGER NOT NULL,
    image       TEXT    NOT NULL
) STRICT;

CREATE INDEX mediation_link_petition ON mediation_link (petition_id);

-- The cases of those disputes as mediation's log last had them: what the follower needs to know which is the last one.
CREATE TABLE mediation_case (
    id         TEXT    NOT NULL PRIMARY KEY,
    dispute_id TEXT    NOT NULL,
    since      INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    applied_on TEXT    NOT NULL,
    ended_on   TEXT    NOT NULL
) STRICT;

CREATE INDEX mediation_case_dispute ON mediation_case (dispute_id);

-- Events of followed logs that could not be read or placed.
CREATE TABLE stuck (
    log      TEXT    NOT NULL,
    position INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    PRIMARY KEY (log, position)
) STRICT;
