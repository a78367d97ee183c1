-- Keyed hashes of a petition's persons and words, by which petitions that may repeat it are found, and petitions by their words.
-- Nobody without the master key can guess what they stand for; they die with the petition's key. Allegations have none.
CREATE TABLE petition_likeness (
    petition BLOB    NOT NULL PRIMARY KEY,
    pending  INTEGER NOT NULL,
    heads    INTEGER NOT NULL,
    marks    BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Those whose marks do not yet stand in petition_mark: a few, in the order of their ids.
CREATE INDEX petition_likeness_pending ON petition_likeness (petition) WHERE pending = 1;

CREATE TABLE petition_mark (
    mark     INTEGER NOT NULL,
    petition BLOB    NOT NULL,
    PRIMARY KEY (mark, petition)
) STRICT, WITHOUT ROWID;
