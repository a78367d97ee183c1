-- The data keys, each wrapped by the master key. Deleting a row is what makes the sealed payloads unreadable.
CREATE TABLE data_key (
    aggregate_id TEXT NOT NULL PRIMARY KEY,
    wrapped      BLOB NOT NULL
) STRICT;
