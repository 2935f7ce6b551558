-- A changed invitation says what it was before: what the newest letter about an event says of it, and what the last other one said.
ALTER TABLE invitation ADD COLUMN said JSONB, ADD COLUMN said_before JSONB;
