-- What its owner calls the wish that a generation grants. What was asked for is in the row: no fingerprint is needed.
ALTER TABLE generations ADD COLUMN idempotency_key text;

-- A key grants one wish.
CREATE UNIQUE INDEX generations_idempotency_key ON generations (owner, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
