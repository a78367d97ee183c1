-- Notices of the State Council that were taken over: the fold of the log's calendar.adopted. One row.
CREATE TABLE calendar_notice (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version          BIGINT NOT NULL,
    prior            BIGINT NOT NULL,
    calendar_version TEXT COLLATE "C" NOT NULL,
    image            TEXT COLLATE "C" NOT NULL
);

-- Who does a daily task until when (microseconds), and what it has done: a day, or a version.
CREATE TABLE task (
    name   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    until  BIGINT NOT NULL,
    done   TEXT COLLATE "C" NOT NULL
);
