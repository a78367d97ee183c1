-- What lists filter by. New rows are written with it; those of an older book get it out of their image.
ALTER TABLE petition ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE petition ADD COLUMN township TEXT NOT NULL DEFAULT '';
ALTER TABLE petition ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE petition ADD COLUMN accepted_on TEXT NOT NULL DEFAULT '';
ALTER TABLE petition ADD COLUMN concluded_on TEXT NOT NULL DEFAULT '';
ALTER TABLE petition ADD COLUMN is_repeat INTEGER NOT NULL DEFAULT 0;

UPDATE petition SET
    unit = json_extract(image, '$.unit'),
    township = CASE WHEN length(division) >= 9 THEN substr(division, 1, 9) ELSE '' END,
    category = COALESCE(json_extract(image, '$.category'), ''),
    accepted_on = COALESCE(json_extract(image, '$.accepted_on'), ''),
    concluded_on = COALESCE(json_extract(image, '$.concluded_on'), ''),
    is_repeat = CASE WHEN COALESCE(json_extract(image, '$.repeat_of'), '') <> '' THEN 1 ELSE 0 END;

-- Each list that has an index of its own: services/intake/src/store/list.rs says which and why.
CREATE INDEX petition_responsible ON petition (responsible_unit, registered_on, id);
CREATE INDEX petition_township ON petition (township, registered_on, id);
CREATE INDEX petition_state ON petition (state, registered_on, id);
CREATE INDEX petition_concluded ON petition (concluded_on, id) WHERE concluded_on <> '';
CREATE INDEX petition_due ON petition (open_due, id) WHERE open_due <> '';
CREATE INDEX petition_responsible_due ON petition (responsible_unit, open_due, id) WHERE open_due <> '';
