-- When the output of a processing generation was first found unreadable. It is read again for a while before the generation fails.
ALTER TABLE generations ADD COLUMN output_unreadable_since timestamptz;

ALTER TABLE generations DROP CONSTRAINT generations_failure_code_known;

ALTER TABLE generations ADD CONSTRAINT generations_failure_code_known CHECK (
  failure_code IN (
    'generation_failed', 'no_output', 'unreadable_output', 'rejected_by_provider', 'content_policy',
    'provider_busy', 'provider_unavailable', 'submission_unconfirmed', 'timed_out', 'output_expired',
    'output_rejected'
  )
);
