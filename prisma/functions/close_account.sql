CREATE OR REPLACE FUNCTION close_account(p_account bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM account_counter WHERE account_id = p_account FOR UPDATE;
  DELETE FROM folder_message WHERE account_id = p_account;
  DELETE FROM message_text WHERE account_id = p_account;
  DELETE FROM message WHERE account_id = p_account;
  DELETE FROM change WHERE account_id = p_account;
  DELETE FROM thread_reference WHERE account_id = p_account;
  DELETE FROM delivery_key WHERE account_id = p_account;
  DELETE FROM sweep_candidate WHERE account_id = p_account;
  DELETE FROM folder_counter WHERE account_id = p_account;
  DELETE FROM folder WHERE account_id = p_account;
  DELETE FROM folder_name WHERE account_id = p_account;
  DELETE FROM subscription WHERE account_id = p_account;
  DELETE FROM account_keyword WHERE account_id = p_account;
  DELETE FROM keyword_set WHERE account_id = p_account;
  DELETE FROM submission_key WHERE account_id = p_account;
  DELETE FROM rule_memory WHERE account_id = p_account;
  DELETE FROM account_counter WHERE account_id = p_account;
END $$;
