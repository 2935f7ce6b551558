-- Removes a mailbox whose time to be restored is over: first its messages, p_rows a call, with the last of them the mailbox (whose
-- trigger closes the account). True while there is more to do.
CREATE OR REPLACE FUNCTION purge_mailbox_some(p_mailbox bigint, p_rows int) RETURNS boolean LANGUAGE plpgsql AS $$
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
