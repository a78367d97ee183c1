-- The clocks of petitions, part of the fold of each petition: one row for each terms a clock ever had, so that a past day is read like
-- the present one. until_on is the first day of the next terms, empty for the last; done_on is empty while it runs; sweep_on is the first
-- day on which the sweep has something to note, empty when it has not.
CREATE TABLE petition_clock (
    petition_id      TEXT    NOT NULL,
    place            INTEGER NOT NULL,
    edition          INTEGER NOT NULL,
    rule             TEXT    NOT NULL,
    rule_version     TEXT    NOT NULL,
    calendar_version TEXT    NOT NULL,
    started_on       TEXT    NOT NULL,
    kpi_due          TEXT    NOT NULL,
    legal_due        TEXT    NOT NULL,
    provisional      INTEGER NOT NULL,
    from_on          TEXT    NOT NULL,
    until_on         TEXT    NOT NULL,
    done_on          TEXT    NOT NULL,
    lapsed_on        TEXT    NOT NULL,
    sweep_on         TEXT    NOT NULL,
    unit             TEXT    NOT NULL,
    division         TEXT    NOT NULL,
    PRIMARY KEY (petition_id, place, edition)
) STRICT;

CREATE INDEX petition_clock_open ON petition_clock (legal_due, petition_id, place) WHERE done_on = '' AND until_on = '';
CREATE INDEX petition_clock_past ON petition_clock (legal_due, petition_id, place, edition) WHERE done_on <> '' OR until_on <> '';
CREATE INDEX petition_clock_sweep ON petition_clock (sweep_on, petition_id) WHERE sweep_on <> '';
CREATE INDEX petition_clock_moved ON petition_clock (calendar_version, petition_id, place) WHERE edition > 0;
