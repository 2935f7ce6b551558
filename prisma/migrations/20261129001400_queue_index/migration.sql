-- What is due is looked for by domain; every claim and every attempt had to write this one too.
DROP INDEX "queue_recipient_state_next_attempt_at_idx";
