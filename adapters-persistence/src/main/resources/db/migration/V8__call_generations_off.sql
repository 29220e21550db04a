-- A generation that is to be called off, until Skytells has ended it. It may not be known yet what Skytells calls it.
ALTER TABLE generations
  DROP CONSTRAINT generations_state_known,
  DROP CONSTRAINT generations_prediction_by_state;

ALTER TABLE generations
  ADD CONSTRAINT generations_state_known CHECK (
    state IN (
      'submitting', 'queued', 'processing', 'canceling', 'storing', 'succeeded', 'failed', 'canceled'
    )
  ),
  ADD CONSTRAINT generations_prediction_by_state CHECK (
    CASE state
      WHEN 'submitting' THEN prediction_id IS NULL
      WHEN 'canceling' THEN true
      WHEN 'failed' THEN true
      ELSE prediction_id IS NOT NULL
    END
  );

DROP INDEX generations_to_observe;

CREATE INDEX generations_to_observe ON generations (due_at)
  WHERE state IN ('submitting', 'queued', 'processing', 'canceling');
