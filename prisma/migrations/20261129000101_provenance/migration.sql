-- What was found out about a message at the door is data beside it: how it came, who its author is, what the checks said. Nobody reads it
-- out of header fields again, which anybody can write. What is there already keeps 'unknown', and nothing vouches for it.
ALTER TABLE message ADD COLUMN origin text NOT NULL DEFAULT 'unknown', ADD COLUMN author text, ADD COLUMN judgement jsonb;
ALTER TABLE queue_message ADD COLUMN origin text NOT NULL DEFAULT 'unknown', ADD COLUMN author text, ADD COLUMN judgement jsonb;
UPDATE queue_message SET origin = 'submitted', judgement = jsonb_build_object('submittedBy', account_id) WHERE account_id IS NOT NULL;
