-- Blobs that wait here while the store they are meant for is broken. Nearly always empty.
CREATE TABLE spooled_blobs (
  key        text        PRIMARY KEY,
  upload     uuid        NOT NULL UNIQUE,
  media_type text        NOT NULL,
  size       bigint      NOT NULL,
  sha256     text        NOT NULL,
  due_at     timestamptz NOT NULL,

  CONSTRAINT spooled_blobs_size_counts CHECK (size > 0)
);

-- What is moved next.
CREATE INDEX spooled_blobs_due ON spooled_blobs (due_at);

-- Their bytes. Chunks of an upload that has no blob are on their way, or were left by a crash: so there is no foreign key.
CREATE TABLE spooled_chunks (
  upload     uuid        NOT NULL,
  number     integer     NOT NULL,
  written_at timestamptz NOT NULL,
  bytes      bytea       NOT NULL,

  PRIMARY KEY (upload, number),
  CONSTRAINT spooled_chunks_number_counts CHECK (number >= 0),
  CONSTRAINT spooled_chunks_bytes_bounded CHECK (octet_length(bytes) BETWEEN 1 AND 1048576)
);

-- Pictures are compressed already.
ALTER TABLE spooled_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
