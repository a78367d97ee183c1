-- Petition offices and responsible units as they stand: the fold of the log's unit events. Nothing personal.
CREATE TABLE unit (
    code      TEXT    NOT NULL PRIMARY KEY,
    version   INTEGER NOT NULL,
    prior     INTEGER NOT NULL,
    division  TEXT    NOT NULL,
    level     TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    successor TEXT    NOT NULL,
    image     TEXT    NOT NULL
) STRICT;

-- On which days a unit logged a petition or took a step: the fold of the log's petition events.
CREATE TABLE unit_logged (
    unit TEXT NOT NULL,
    day  TEXT NOT NULL,
    PRIMARY KEY (unit, day)
) STRICT;

-- Open items by the unit that has them; store/units.rs asks with the same condition. Concluded ones, which most are, stand in no index.
CREATE INDEX petition_open_unit ON petition (responsible_unit, id)
    WHERE state IN ('registered', 'transferred', 'assigned', 'objected', 'accepted', 'extended');
