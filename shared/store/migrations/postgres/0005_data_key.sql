-- The data keys, each wrapped by the master key. Deleting a row is what makes the sealed payloads unreadable.
CREATE TABLE data_key (
    aggregate_id TEXT  COLLATE "C" NOT NULL PRIMARY KEY,
    wrapped      BYTEA NOT NULL
);
