-- The current image of each petition, nothing personal in it. `known_from`: its contributions count from this day at the earliest.
CREATE TABLE fact (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind         TEXT COLLATE "C" NOT NULL,
    number       TEXT COLLATE "C" NOT NULL,
    external_ref TEXT COLLATE "C" NOT NULL,
    division     TEXT COLLATE "C" NOT NULL,
    known_from   TEXT COLLATE "C" NOT NULL,
    image        TEXT COLLATE "C" NOT NULL
);

-- Images that were overwritten after they had counted: known from one day until another.
CREATE TABLE fact_past (
    id         TEXT COLLATE "C" NOT NULL,
    known_from TEXT COLLATE "C" NOT NULL,
    known_to   TEXT COLLATE "C" NOT NULL,
    image      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, known_from)
);

-- The figures, added up: see domain/roll.rs. `level` is the number of digits of the node, 6 also for wider ones. The fill
-- factor leaves room for new versions of a row on its page, so that most updates stay off the index.
CREATE TABLE roll (
    level       BIGINT NOT NULL,
    node        TEXT   COLLATE "C" NOT NULL,
    bucket_kind TEXT   COLLATE "C" NOT NULL CHECK (bucket_kind IN ('year', 'month')),
    bucket      BIGINT NOT NULL,
    sheet       TEXT   COLLATE "C" NOT NULL,
    member      TEXT   COLLATE "C" NOT NULL,
    basis_year  BIGINT NOT NULL,
    amounts     BYTEA  NOT NULL,
    PRIMARY KEY (level, node, bucket_kind, bucket, sheet, member, basis_year)
) WITH (fillfactor = 60);

-- Events of the log that have no place in the facts, and why.
CREATE TABLE stuck (
    position BIGINT NOT NULL PRIMARY KEY,
    kind     TEXT COLLATE "C" NOT NULL,
    reason   TEXT COLLATE "C" NOT NULL
);
