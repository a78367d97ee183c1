-- Document numbers without gaps: the last number given, per series and year.
CREATE TABLE series (
    name TEXT    NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (name, year)
) STRICT;
