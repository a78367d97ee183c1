-- The current image of each petition, nothing personal in it. `known_from`: its contributions count from this day at the earliest.
CREATE TABLE fact (
    id           TEXT NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL,
    number       TEXT NOT NULL,
    external_ref TEXT NOT NULL,
    division     TEXT NOT NULL,
    known_from   TEXT NOT NULL,
    image        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Images that were overwritten after they had counted: known from one day until another.
CREATE TABLE fact_past (
    id         TEXT NOT NULL,
    known_from TEXT NOT NULL,
    known_to   TEXT NOT NULL,
    image      TEXT NOT NULL,
    PRIMARY KEY (id, known_from)
) STRICT, WITHOUT ROWID;

-- The figures, added up: see domain/roll.rs. `level` is the number of digits of the node, 6 also for wider ones.
CREATE TABLE roll (
    level       INTEGER NOT NULL,
    node        TEXT    NOT NULL,
    bucket_kind TEXT    NOT NULL CHECK (bucket_kind IN ('year', 'month')),
    bucket      INTEGER NOT NULL,
    sheet       TEXT    NOT NULL,
    member      TEXT    NOT NULL,
    basis_year  INTEGER NOT NULL,
    amounts     BLOB    NOT NULL,
    PRIMARY KEY (level, node, bucket_kind, bucket, sheet, member, basis_year)
) STRICT, WITHOUT ROWID;

-- Events of the log that have no place in the facts, and why.
CREATE TABLE stuck (
    position INTEGER NOT NULL PRIMARY KEY,
    kind     TEXT    NOT NULL,
    reason   TEXT    NOT NULL
) STRICT;
