-- Removes entries of a folder: those in the ranges that are \Deleted, or with p_any all in the ranges (POP3 QUIT).
CREATE OR REPLACE FUNCTION expunge_messages(p_account bigint, p_folder int, p_lo int[], p_hi int[], p_any boolean,
  OUT o_modseq bigint, OUT o_vanished text) LANGUAGE plpgsql AS $$
DECLARE v_n int := 0; v_unseen int := 0; v_deleted int := 0; v_bytes bigint := 0; v_uids int4multirange := '{}';
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id = p_folder FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  FOR i IN 1..cardinality(p_lo) LOOP
    WITH gone AS (
      DELETE FROM folder_message
        WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN p_lo[i] AND p_hi[i] AND (p_any OR flags & 8 <> 0)
        RETURNING uid, flags, message_id),
    noted AS (
      INSERT INTO sweep_candidate (account_id, message_id) SELECT DISTINCT p_account, message_id FROM gone
        ON CONFLICT (account_id, message_id) DO UPDATE SET at = now())
    SELECT v_n + count(*), v_unseen + count(*) FILTER (WHERE g.flags & 1 = 0), v_deleted + count(*) FILTER (WHERE g.flags & 8 <> 0),
           v_bytes + coalesce(sum((SELECT m.size FROM message m WHERE m.account_id = p_account AND m.message_id = g.message_id)), 0),
           v_uids + coalesce(range_agg(int4range(g.uid, g.uid + 1)), '{}')
      INTO v_n, v_unseen, v_deleted, v_bytes, v_uids FROM gone g;
  END LOOP;
  IF v_n = 0 THEN RETURN; END IF;
  o_vanished := v_uids::text;
  UPDATE folder_counter SET messages = messages - v_n, unseen = unseen - v_unseen, deleted = deleted - v_deleted, bytes = bytes - v_bytes,
      highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_folder;
  UPDATE account_counter SET used_messages = used_messages - v_n, used_bytes = used_bytes - v_bytes WHERE account_id = p_account;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, p_folder, 3, v_uids);
END $$;
