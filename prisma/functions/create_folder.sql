-- Creates a folder and the parents it lacks (they are real: Outlook loses mail below a \NoSelect parent).
CREATE OR REPLACE FUNCTION create_folder(p_account bigint, p_name text, p_special_use text,
  OUT o_folder_id int, OUT o_uidvalidity int, OUT o_modseq bigint) LANGUAGE plpgsql AS $$
DECLARE v_path text := ''; v_piece text; v_id int;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  IF EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = p_name) THEN
    RAISE EXCEPTION 'folder exists' USING ERRCODE = 'PA004';
  END IF;
  IF p_special_use IS NOT NULL AND EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND special_use = p_special_use) THEN
    RAISE EXCEPTION 'special use taken' USING ERRCODE = 'PA005';
  END IF;
  FOREACH v_piece IN ARRAY string_to_array(p_name, '/') LOOP
    v_path := CASE WHEN v_path = '' THEN v_piece ELSE v_path || '/' || v_piece END;
    CONTINUE WHEN EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = v_path);
    UPDATE account_counter SET next_folder_id = next_folder_id + 1, next_uidvalidity = next_uidvalidity + 1
      WHERE account_id = p_account RETURNING next_folder_id - 1, next_uidvalidity - 1 INTO v_id, o_uidvalidity;
    INSERT INTO folder (account_id, folder_id, name, uidvalidity, special_use)
      VALUES (p_account, v_id, v_path, o_uidvalidity, CASE WHEN v_path = p_name THEN p_special_use END);
    INSERT INTO folder_counter (account_id, folder_id, highestmodseq) VALUES (p_account, v_id, o_modseq);
    INSERT INTO folder_name (account_id, name, uidvalidity) VALUES (p_account, v_path, o_uidvalidity)
      ON CONFLICT (account_id, name) DO UPDATE SET uidvalidity = greatest(folder_name.uidvalidity, excluded.uidvalidity);
    INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, v_id, 4, '{}');
    o_folder_id := v_id;
  END LOOP;
END $$;
