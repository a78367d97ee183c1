-- The clocks of petitions, part of the fold of each petition: one row for each terms a clock ever had, so that a past day is read like
-- the present one. until_on is the first day of the next terms, empty for the last; done_on is empty while it runs; sweep_on is the first
-- day on which the sweep has something to note, empty when it has not.
CREATE TABLE petition_clock (
    petition_id      TEXT COLLATE "C" NOT NULL,
    place            BIGINT NOT NULL,
    edition          BIGINT NOT NULL,
    rule             TEXT COLLATE "C" NOT NULL,
    rule_version     TEXT COLLATE "C" NOT NULL,
    calendar_version TEXT COLLATE "C" NOT NULL,
    started_on       TEXT COLLATE "C" NOT NULL,
    kpi_due          TEXT COLLATE "C" NOT NULL,
    legal_due        TEXT COLLATE "C" NOT NULL,
    provisional      BIGINT NOT NULL,
    from_on          TEXT COLLATE "C" NOT NULL,
    until_on         TEXT COLLATE "C" NOT NULL,
    done_on          TEXT COLLATE "C" NOT NULL,
    lapsed_on        TEXT COLLATE "C" NOT NULL,
    sweep_on         TEXT COLLATE "C" NOT NULL,
    unit             TEXT COLLATE "C" NOT NULL,
    division         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (petition_id, place, edition)
);

CREATE INDEX petition_clock_open ON petition_clock (legal_due, petition_id, place) WHERE done_on = '' AND until_on = '';
CREATE INDEX petition_clock_past ON petition_clock (legal_due, petition_id, place, edition) WHERE done_on <> '' OR until_on <> '';
CREATE INDEX petition_clock_sweep ON petition_clock (sweep_on, petition_id) WHERE sweep_on <> '';
CREATE INDEX petition_clock_moved ON petition_clock (calendar_version, petition_id, place) WHERE edition > 0;
