-- A page of the list is the first rows of a few ranges, one for each state that is asked for, with an owner or without.
CREATE INDEX generations_by_state ON generations (state, created_at DESC, id DESC);

CREATE INDEX generations_by_owner_and_state ON generations (owner, state, created_at DESC, id DESC);
