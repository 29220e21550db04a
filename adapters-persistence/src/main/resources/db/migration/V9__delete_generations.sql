-- A deleted generation is nobody's to see. It is due until everything of it is removed, the row at last.
ALTER TABLE generations
  ADD COLUMN deleted boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT generations_due_until_the_end;

ALTER TABLE generations
  ADD CONSTRAINT generations_due_until_the_end CHECK (
    (due_at IS NULL) = (completed_at IS NOT NULL AND NOT deleted)
  );

CREATE INDEX generations_to_remove ON generations (due_at)
  WHERE deleted AND completed_at IS NOT NULL;
