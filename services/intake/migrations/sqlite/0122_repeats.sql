-- Repeats that a person confirmed: each with the petition it repeats, which is a first one. The fold of the log.
CREATE TABLE petition_repeat (
    petition_id TEXT NOT NULL PRIMARY KEY,
    first_id    TEXT NOT NULL
) STRICT;

CREATE INDEX petition_repeat_first ON petition_repeat (first_id);
