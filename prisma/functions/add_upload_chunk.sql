-- Adds the next piece of a file. One after the other for each mailbox, so that two files cannot both find the same room free.
-- 'gone': no such file is being written. 'full': the mailbox has no room for it.
CREATE OR REPLACE FUNCTION add_upload_chunk(p_mailbox bigint, p_upload text, p_position int, p_bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_room bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('uploads ' || p_mailbox, 0));
  SELECT c.quota_bytes - c.used_bytes - coalesce((SELECT sum(size_bytes) FROM upload WHERE mailbox_id = p_mailbox), 0) INTO v_room
    FROM account_counter c WHERE c.account_id = p_mailbox;
  IF v_room IS NULL OR v_room < length(p_bytes) THEN RETURN 'full'; END IF;
  UPDATE upload SET size_bytes = size_bytes + length(p_bytes) WHERE id = p_upload AND mailbox_id = p_mailbox AND NOT complete;
  IF NOT FOUND THEN RETURN 'gone'; END IF;
  INSERT INTO upload_chunk (upload_id, position, bytes) VALUES (p_upload, p_position, p_bytes);
  RETURN 'added';
END $$;
