-- Files that clients send. The size and the checksum are NULL until the blob is stored.
CREATE TABLE uploads (
  id         uuid        PRIMARY KEY,
  owner      text        NOT NULL,
  media_type text        NOT NULL,
  blob_key   text        NOT NULL,
  bytes      bigint,
  sha256     text,
  width      integer,
  height     integer,
  deleted    boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  due_at     timestamptz NOT NULL,

  CONSTRAINT uploads_stored_complete CHECK (
    (bytes IS NULL) = (sha256 IS NULL) AND (width IS NULL) = (height IS NULL)
  )
);

-- What is removed next.
CREATE INDEX uploads_due ON uploads (due_at);

-- How many an owner has sent on a UTC day, removed ones included.
CREATE TABLE daily_uploads (
  owner text    NOT NULL,
  day   date    NOT NULL,
  count integer NOT NULL,

  PRIMARY KEY (owner, day)
);
