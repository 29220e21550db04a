-- What a client set under the model's own names, what was sent to the model, and the stored files in it.
ALTER TABLE generations
  ALTER COLUMN prompt DROP NOT NULL,
  ADD COLUMN parameters  jsonb,
  ADD COLUMN input       jsonb,
  ADD COLUMN input_files jsonb,
  DROP CONSTRAINT generations_model_kind_known;

ALTER TABLE generations
  ADD CONSTRAINT generations_model_kind_known CHECK (model_kind IN ('image', 'video', 'audio'));

-- The last description of each model that Skytells published, as JSON with its order of members.
CREATE TABLE published_models (
  slug     text PRIMARY KEY,
  document json NOT NULL
);
