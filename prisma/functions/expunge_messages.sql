-- Removes entries of a folder: those in the ranges that are \Deleted, or with p_any all in the ranges (POP3 QUIT).
CREATE OR REPLACE FUNCTION expunge_messages(p_account bigint, p_folder int, p_lo int[], p_hi int[], p_any boolean,
  OUT o_modseq bigint, OUT o_vanished text) LANGUAGE plpgsql AS $$
DECLARE v_n int; v_unseen int; v_deleted int; v_bytes bigint; v_uids int4multirange; v_named int[];
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id = p_folder FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  SELECT array_agg(f.uid) INTO v_named
    FROM unnest(p_lo, p_hi) r(lo, hi),
         LATERAL (SELECT uid, flags FROM folder_message
                  WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN r.lo AND r.hi OFFSET 0) f
    WHERE p_any OR f.flags & 8 <> 0;
  IF v_named IS NULL THEN RETURN; END IF;
  WITH gone AS (
    DELETE FROM folder_message WHERE account_id = p_account AND folder_id = p_folder AND uid = ANY (v_named)
      RETURNING uid, flags, message_id),
  noted AS (
    INSERT INTO sweep_candidate (account_id, message_id) SELECT DISTINCT p_account, message_id FROM gone
      ON CONFLICT (account_id, message_id) DO UPDATE SET at = now())
  SELECT count(*), count(*) FILTER (WHERE g.flags & 1 = 0), count(*) FILTER (WHERE g.flags & 8 <> 0),
         coalesce(sum((SELECT m.size FROM message m WHERE m.account_id = p_account AND m.message_id = g.message_id)), 0),
         range_agg(int4range(g.uid, g.uid + 1))
    INTO v_n, v_unseen, v_deleted, v_bytes, v_uids FROM gone g;
  IF v_n = 0 THEN RETURN; END IF;
  o_vanished := v_uids::text;
  UPDATE folder_counter SET messages = messages - v_n, unseen = unseen - v_unseen, deleted = deleted - v_deleted, bytes = bytes - v_bytes,
      highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_folder;
  UPDATE account_counter SET used_messages = used_messages - v_n, used_bytes = used_bytes - v_bytes WHERE account_id = p_account;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, p_folder, 3, v_uids);
END $$;
