-- Document numbers without gaps: the last number given, per series and year.
CREATE TABLE series (
    name TEXT   COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (name, year)
) WITH (fillfactor = 10);
