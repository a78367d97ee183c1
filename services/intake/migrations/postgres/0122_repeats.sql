-- Repeats that a person confirmed: each with the petition it repeats, which is a first one. The fold of the log.
CREATE TABLE petition_repeat (
    petition_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    first_id    TEXT COLLATE "C" NOT NULL
);

CREATE INDEX petition_repeat_first ON petition_repeat (first_id);
