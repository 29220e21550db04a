-- When an instance last read the newest predictions in the provider's list, so that the others need not.
ALTER TABLE turns
  ADD COLUMN list_read_at timestamptz;
