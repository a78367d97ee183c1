-- Numbers of petitions in other systems, such as an order of the 12345 hotline: unique in the book.
CREATE TABLE foreign_number (
    system      TEXT COLLATE "C" NOT NULL,
    number      TEXT COLLATE "C" NOT NULL,
    petition_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (system, number)
);

CREATE INDEX foreign_number_petition ON foreign_number (petition_id);
