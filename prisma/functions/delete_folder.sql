CREATE OR REPLACE FUNCTION delete_folder(p_account bigint, p_name text, OUT o_modseq bigint) LANGUAGE plpgsql AS $$
DECLARE v_id int;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  IF p_name = 'INBOX' THEN RAISE EXCEPTION 'INBOX stays' USING ERRCODE = 'PA005'; END IF;
  SELECT folder_id INTO v_id FROM folder WHERE account_id = p_account AND name = p_name;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  IF EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND starts_with(name, p_name || '/')) THEN
    RAISE EXCEPTION 'folder has children' USING ERRCODE = 'PA006';
  END IF;
  PERFORM expunge_messages(p_account, v_id, '{1}', '{2147483647}', true);
  DELETE FROM folder_counter WHERE account_id = p_account AND folder_id = v_id;
  DELETE FROM folder WHERE account_id = p_account AND folder_id = v_id;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, v_id, 4, '{}');
END $$;
