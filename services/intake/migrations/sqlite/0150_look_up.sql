-- How often the look-up was asked, by day and outcome: aggregates, never who asked or for what.
CREATE TABLE look_up_count (
    day        TEXT    NOT NULL PRIMARY KEY,
    answered   INTEGER NOT NULL,
    not_found  INTEGER NOT NULL,
    backed_off INTEGER NOT NULL
) STRICT;
