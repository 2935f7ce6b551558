-- Deletes messages of an account that no folder holds any more. The account's lock keeps COPY out meanwhile.
CREATE OR REPLACE FUNCTION sweep_account(p_account bigint, p_before timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_n int;
BEGIN
  PERFORM 1 FROM account_counter WHERE account_id = p_account FOR UPDATE;
  WITH candidate AS (DELETE FROM sweep_candidate WHERE account_id = p_account AND at < p_before RETURNING message_id),
       orphan AS (SELECT message_id FROM candidate c WHERE NOT EXISTS
                   (SELECT 1 FROM folder_message f WHERE f.account_id = p_account AND f.message_id = c.message_id)),
       texts AS (DELETE FROM message_text WHERE account_id = p_account AND message_id IN (SELECT message_id FROM orphan)),
       gone AS (DELETE FROM message WHERE account_id = p_account AND message_id IN (SELECT message_id FROM orphan) RETURNING 1)
  SELECT count(*) INTO v_n FROM gone;
  RETURN v_n;
END $$;
