-- Deletes messages of an account that no folder holds any more, at most p_rows candidates at a time. How many were looked at (fewer than
-- p_rows: done). The account's lock keeps COPY out meanwhile.
CREATE OR REPLACE FUNCTION sweep_account_some(p_account bigint, p_before timestamptz, p_rows int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_n int;
BEGIN
  PERFORM 1 FROM account_counter WHERE account_id = p_account FOR UPDATE;
  WITH due AS (SELECT message_id FROM sweep_candidate WHERE account_id = p_account AND at < p_before ORDER BY message_id LIMIT p_rows),
       candidate AS (DELETE FROM sweep_candidate s USING due WHERE s.account_id = p_account AND s.message_id = due.message_id
                     RETURNING s.message_id),
       orphan AS (SELECT message_id FROM candidate c WHERE NOT EXISTS
                   (SELECT 1 FROM folder_message f WHERE f.account_id = p_account AND f.message_id = c.message_id)),
       texts AS (DELETE FROM message_text WHERE account_id = p_account AND message_id IN (SELECT message_id FROM orphan)),
       gone AS (DELETE FROM message WHERE account_id = p_account AND message_id IN (SELECT message_id FROM orphan))
  SELECT count(*) INTO v_n FROM candidate;
  RETURN v_n;
END $$;
