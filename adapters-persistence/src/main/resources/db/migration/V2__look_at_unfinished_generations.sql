-- Every unfinished generation has a time at which it is looked at, whether or not anything is heard of it.
ALTER TABLE generations
  ADD COLUMN due_at timestamptz,
  ADD COLUMN looks  integer NOT NULL DEFAULT 0;

UPDATE generations SET due_at = updated_at WHERE completed_at IS NULL;

ALTER TABLE generations
  ADD CONSTRAINT generations_looks_count CHECK (looks >= 0),
  ADD CONSTRAINT generations_due_until_the_end CHECK ((due_at IS NULL) = (completed_at IS NOT NULL));

-- What the sweep takes, the longest due first.
CREATE INDEX generations_to_store ON generations (due_at)
  WHERE state = 'storing';

CREATE INDEX generations_to_observe ON generations (due_at)
  WHERE state IN ('submitting', 'queued', 'processing');
