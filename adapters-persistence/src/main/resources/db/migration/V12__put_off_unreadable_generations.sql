-- A row that this version of the service cannot read is put off for it, and for those that read nothing newer. Others take it by due_at.
ALTER TABLE generations
  ADD COLUMN unreadable_since  timestamptz,
  ADD COLUMN unreadable_until  timestamptz,
  ADD COLUMN unreadable_format integer;
