CREATE OR REPLACE FUNCTION forget_references() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_account bigint;
BEGIN
  SELECT account_id INTO v_account FROM account_counter WHERE references_due LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM thread_reference r WHERE r.account_id = v_account
    AND NOT EXISTS (SELECT 1 FROM message m WHERE m.account_id = v_account AND m.thread_id = r.thread_id);
  UPDATE account_counter SET references_due = false WHERE account_id = v_account;
  RETURN true;
END $$;
