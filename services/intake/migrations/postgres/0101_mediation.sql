-- What mediation tells about petitions: the fold of the log's mediation.progressed. Nothing personal.
CREATE TABLE mediation_link (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    prior       BIGINT NOT NULL,
    petition_id TEXT COLLATE "C" NOT NULL,
    since       BIGINT NOT NULL,
    image       TEXT COLLATE "C" NOT NULL
);

CREATE INDEX mediation_link_petition ON mediation_link (petition_id);

-- The cases of those disputes as mediation's log last had them: what the follower needs to know which is the last one.
CREATE TABLE mediation_case (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    dispute_id TEXT COLLATE "C" NOT NULL,
    since      BIGINT NOT NULL,
    place      BIGINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    applied_on TEXT COLLATE "C" NOT NULL,
    ended_on   TEXT COLLATE "C" NOT NULL
);

CREATE INDEX mediation_case_dispute ON mediation_case (dispute_id);

-- Events of followed logs that could not be read or placed.
CREATE TABLE stuck (
    log      TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    reason   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, position)
);
