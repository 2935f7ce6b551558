-- Children move with their parent. INBOX stays where it is: its messages move into the new folder (RFC 9051 section 6.3.6).
CREATE OR REPLACE FUNCTION rename_folder(p_account bigint, p_from text, p_to text, OUT o_modseq bigint) LANGUAGE plpgsql AS $$
DECLARE v record; v_name text; v_parent text; v_known int; v_id int;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  IF NOT EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = p_from) THEN
    RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003';
  END IF;
  IF EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = p_to) THEN RAISE EXCEPTION 'folder exists' USING ERRCODE = 'PA004'; END IF;
  IF p_from = 'INBOX' THEN
    SELECT c.o_folder_id INTO v_id FROM create_folder(p_account, p_to, NULL) c;
    PERFORM copy_messages(p_account, 1, v_id, '{1}', '{2147483647}', true);
    RETURN;
  END IF;
  IF starts_with(p_to, p_from || '/') THEN RAISE EXCEPTION 'folder below itself' USING ERRCODE = 'PA005'; END IF;
  v_parent := regexp_replace(p_to, '/?[^/]*$', '');
  IF v_parent <> '' AND NOT EXISTS (SELECT 1 FROM folder WHERE account_id = p_account AND name = v_parent) THEN
    PERFORM create_folder(p_account, v_parent, NULL);
  END IF;
  FOR v IN SELECT folder_id, name, uidvalidity FROM folder
           WHERE account_id = p_account AND (name = p_from OR starts_with(name, p_from || '/')) ORDER BY folder_id LOOP
    v_name := p_to || substr(v.name, length(p_from) + 1);
    SELECT uidvalidity INTO v_known FROM folder_name WHERE account_id = p_account AND name = v_name;
    IF v_known >= v.uidvalidity THEN
      UPDATE account_counter SET next_uidvalidity = next_uidvalidity + 1 WHERE account_id = p_account
        RETURNING next_uidvalidity - 1 INTO v.uidvalidity;
    END IF;
    UPDATE folder SET name = v_name, uidvalidity = v.uidvalidity WHERE account_id = p_account AND folder_id = v.folder_id;
    INSERT INTO folder_name (account_id, name, uidvalidity) VALUES (p_account, v_name, v.uidvalidity)
      ON CONFLICT (account_id, name) DO UPDATE SET uidvalidity = excluded.uidvalidity;
    -- the new name may be subscribed already, by a folder that was there once
    WITH old AS (DELETE FROM subscription WHERE account_id = p_account AND name = v.name RETURNING account_id)
    INSERT INTO subscription (account_id, name) SELECT account_id, v_name FROM old ON CONFLICT DO NOTHING;
    INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, v.folder_id, 4, '{}') ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
