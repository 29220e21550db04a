-- The one turn of asking Skytells how its predictions stand, which all instances share.
CREATE TABLE turns (
  id        smallint    PRIMARY KEY DEFAULT 1,
  free_from timestamptz NOT NULL,

  CONSTRAINT turns_one CHECK (id = 1)
);

INSERT INTO turns (free_from) VALUES ('-infinity');
