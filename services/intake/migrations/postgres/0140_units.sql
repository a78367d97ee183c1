-- Petition offices and responsible units as they stand: the fold of the log's unit events. Nothing personal.
CREATE TABLE unit (
    code      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    prior     BIGINT NOT NULL,
    division  TEXT COLLATE "C" NOT NULL,
    level     TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    successor TEXT COLLATE "C" NOT NULL,
    image     TEXT COLLATE "C" NOT NULL
);

-- On which days a unit logged a petition or took a step: the fold of the log's petition events.
CREATE TABLE unit_logged (
    unit TEXT COLLATE "C" NOT NULL,
    day  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (unit, day)
);

-- Open items by the unit that has them; store/units.rs asks with the same condition. Concluded ones, which most are, stand in no index.
CREATE INDEX petition_open_unit ON petition (responsible_unit, id)
    WHERE state IN ('registered', 'transferred', 'assigned', 'objected', 'accepted', 'extended');
