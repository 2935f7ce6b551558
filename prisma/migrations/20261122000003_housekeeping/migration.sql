-- Housekeeping in small transactions: each locks one account for some milliseconds, whatever was expunged or is to be purged.

-- Like sweep_account, at most p_rows candidates at a time. How many candidates were looked at (fewer than p_rows: done).
CREATE FUNCTION sweep_account_some(p_account bigint, p_before timestamptz, p_rows int) RETURNS int LANGUAGE plpgsql AS $$
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

-- Removes a mailbox whose time to be restored is over: first its messages, p_rows a call, with the last of them the mailbox (whose
-- trigger closes the account). True while there is more to do.
CREATE FUNCTION purge_mailbox_some(p_mailbox bigint, p_rows int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_address text; v_customer bigint; v_n int; v_gone bigint[];
BEGIN
  SELECT address, customer_id INTO v_address, v_customer FROM mailbox
    WHERE id = p_mailbox AND status = 'deleted' AND purge_after < now() FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM 1 FROM account_counter WHERE account_id = p_mailbox FOR UPDATE;
  SELECT array_agg(message_id) INTO v_gone FROM
    (SELECT message_id FROM message WHERE account_id = p_mailbox ORDER BY message_id LIMIT p_rows) m;
  DELETE FROM folder_message WHERE account_id = p_mailbox AND message_id = ANY (v_gone);
  DELETE FROM message_text WHERE account_id = p_mailbox AND message_id = ANY (v_gone);
  DELETE FROM message WHERE account_id = p_mailbox AND message_id = ANY (v_gone);
  GET DIAGNOSTICS v_n = ROW_COUNT;
  IF v_n = p_rows THEN RETURN true; END IF;
  DELETE FROM mailbox WHERE id = p_mailbox;
  INSERT INTO audit_event (customer_id, actor, action, subject, details)
    VALUES (v_customer, 'system', 'mailbox.purged', 'mailbox:' || p_mailbox, jsonb_build_object('address', v_address));
  RETURN false;
END $$;

-- Drops the oldest partition of the change log if all of it is older than p_days. Its name, or null. Waits at most two seconds for the
-- lock: writers would queue up behind it.
CREATE FUNCTION drop_old_change_partition(p_days int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_name text;
BEGIN
  SELECT c.relname INTO v_name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'change'::regclass AND c.relname ~ '^change_\d{4}_\d{2}$'
      AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - make_interval(days => p_days)
    ORDER BY c.relname LIMIT 1;
  IF v_name IS NULL THEN RETURN NULL; END IF;
  PERFORM set_config('lock_timeout', '2s', true);
  EXECUTE format('DROP TABLE %I', v_name);
  RETURN v_name;
END $$;
