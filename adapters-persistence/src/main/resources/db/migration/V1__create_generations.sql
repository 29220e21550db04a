-- One row per generation. The row is the truth: which columns are filled follows from its state.
CREATE TABLE generations (
  id                 uuid        PRIMARY KEY,
  owner              text        NOT NULL,
  revision           integer     NOT NULL,
  state              text        NOT NULL,
  model              text        NOT NULL,
  model_kind         text        NOT NULL,
  prompt             text        NOT NULL,
  options            jsonb       NOT NULL,
  prediction_id      text,
  outputs            jsonb,
  outputs_expire_at  timestamptz,
  assets             jsonb,
  failure_code       text,
  failure_diagnostic text,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  completed_at       timestamptz,

  CONSTRAINT generations_revision_counts CHECK (revision >= 0),
  CONSTRAINT generations_state_known CHECK (
    state IN ('submitting', 'queued', 'processing', 'storing', 'succeeded', 'failed', 'canceled')
  ),
  CONSTRAINT generations_model_kind_known CHECK (model_kind IN ('image', 'video')),
  CONSTRAINT generations_failure_code_known CHECK (
    failure_code IN (
      'generation_failed', 'no_output', 'rejected_by_provider', 'content_policy', 'provider_busy',
      'provider_unavailable', 'submission_unconfirmed', 'timed_out', 'output_expired',
      'output_rejected'
    )
  ),
  CONSTRAINT generations_prediction_by_state CHECK (
    CASE state
      WHEN 'submitting' THEN prediction_id IS NULL
      WHEN 'failed' THEN true
      ELSE prediction_id IS NOT NULL
    END
  ),
  CONSTRAINT generations_outputs_by_state CHECK (
    CASE state
      WHEN 'storing' THEN
        outputs IS NOT NULL AND jsonb_array_length(outputs) > 0 AND outputs_expire_at IS NOT NULL
      ELSE outputs IS NULL AND outputs_expire_at IS NULL
    END
  ),
  CONSTRAINT generations_assets_by_state CHECK (
    CASE state
      WHEN 'succeeded' THEN assets IS NOT NULL AND jsonb_array_length(assets) > 0
      WHEN 'failed' THEN assets IS NOT NULL AND jsonb_typeof(assets) = 'array'
      ELSE assets IS NULL
    END
  ),
  CONSTRAINT generations_failure_by_state CHECK (
    CASE state
      WHEN 'failed' THEN failure_code IS NOT NULL AND failure_diagnostic IS NOT NULL
      ELSE failure_code IS NULL AND failure_diagnostic IS NULL
    END
  ),
  CONSTRAINT generations_end_by_state CHECK (
    (state IN ('succeeded', 'failed', 'canceled')) = (completed_at IS NOT NULL)
  )
);

-- A prediction belongs to one generation only; this also finds the row of a webhook that names no other id.
CREATE UNIQUE INDEX generations_prediction ON generations (prediction_id)
  WHERE prediction_id IS NOT NULL;

-- An owner's active generations, which the quota counts.
CREATE INDEX generations_active ON generations (owner)
  WHERE completed_at IS NULL;
