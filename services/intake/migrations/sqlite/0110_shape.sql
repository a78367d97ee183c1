-- Which shape the images of state rows have: when the fold of old events gives another image, they are folded anew once.
CREATE TABLE image_shape (
    what  TEXT    NOT NULL PRIMARY KEY,
    shape INTEGER NOT NULL
) STRICT;
