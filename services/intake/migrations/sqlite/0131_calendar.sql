-- Notices of the State Council that were taken over: the fold of the log's calendar.adopted. One row.
CREATE TABLE calendar_notice (
    id               TEXT    NOT NULL PRIMARY KEY,
    version          INTEGER NOT NULL,
    prior            INTEGER NOT NULL,
    calendar_version TEXT    NOT NULL,
    image            TEXT    NOT NULL
) STRICT;

-- Who does a daily task until when (microseconds), and what it has done: a day, or a version.
CREATE TABLE task (
    name   TEXT    NOT NULL PRIMARY KEY,
    holder TEXT    NOT NULL,
    until  INTEGER NOT NULL,
    done   TEXT    NOT NULL
) STRICT;
