-- Held letters of a mailbox that nobody may use do not leave: their next attempt is never. When it may be used again, what was due in the
-- meantime leaves at once, and its age counts from then. What a worker has claimed stays as it is.
CREATE OR REPLACE FUNCTION hold_letters(p_account bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_active boolean;
BEGIN
  SELECT b.status = 'active' AND c.status = 'active' INTO v_active
    FROM mailbox b JOIN customer c ON c.id = b.customer_id WHERE b.id = p_account;
  UPDATE queue_recipient r
    SET next_attempt_at = CASE WHEN v_active THEN greatest(m.release_at, now()) ELSE timestamptz '9999-12-31 00:00:00+00' END
    FROM queue_message m
    WHERE m.account_id = p_account AND m.release_at IS NOT NULL AND is_held(m.id)
      AND r.message_id = m.id AND r.state = 'queued' AND r.attempts = 0 AND r.leased_by IS NULL;
  IF v_active THEN
    UPDATE queue_message m SET release_at = now() WHERE m.account_id = p_account AND m.release_at < now() AND is_held(m.id);
  END IF;
END $$;
