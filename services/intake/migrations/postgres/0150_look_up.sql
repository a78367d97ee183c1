-- How often the look-up was asked, by day and outcome: aggregates, never who asked or for what.
CREATE TABLE look_up_count (
    day        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    answered   BIGINT NOT NULL,
    not_found  BIGINT NOT NULL,
    backed_off BIGINT NOT NULL
);
