-- COPY and MOVE of UID ranges. o_source[i] became o_target[i].
CREATE OR REPLACE FUNCTION copy_messages(p_account bigint, p_from int, p_to int, p_lo int[], p_hi int[], p_move boolean,
  OUT o_modseq bigint, OUT o_uidvalidity int, OUT o_source int[], OUT o_target int[]) LANGUAGE plpgsql AS $$
DECLARE v_base int; v_n int; v_unseen int; v_deleted int; v_bytes bigint; v_used bigint; v_quota bigint; v_use text; v_from_use text;
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq, used_bytes, quota_bytes
    INTO o_modseq, v_used, v_quota;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id IN (p_from, p_to) ORDER BY folder_id FOR UPDATE;
  SELECT uidvalidity, special_use INTO o_uidvalidity, v_use FROM folder WHERE account_id = p_account AND folder_id = p_to;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  SELECT count(*), count(*) FILTER (WHERE f.flags & 1 = 0), count(*) FILTER (WHERE f.flags & 8 <> 0),
         coalesce(sum((SELECT m.size FROM message m WHERE m.account_id = p_account AND m.message_id = f.message_id)), 0),
         coalesce(array_agg(f.uid ORDER BY f.uid), '{}')
    INTO v_n, v_unseen, v_deleted, v_bytes, o_source
    FROM unnest(p_lo, p_hi) r(lo, hi),
         LATERAL (SELECT uid, flags, message_id FROM folder_message
                  WHERE account_id = p_account AND folder_id = p_from AND uid BETWEEN r.lo AND r.hi OFFSET 0) f;
  o_target := '{}';
  IF v_n = 0 THEN RETURN; END IF;
  -- clients without MOVE delete by COPY to Trash, and a full mailbox is when people delete: a tenth more, at least 100 MiB, for that alone
  IF v_use = '\Trash' THEN v_quota := v_quota + greatest(v_quota / 10, 104857600); END IF;
  IF NOT p_move AND v_used + v_bytes > v_quota THEN RAISE EXCEPTION 'over quota' USING ERRCODE = 'PA002'; END IF;
  UPDATE folder_counter SET uidnext = uidnext + v_n, messages = messages + v_n, unseen = unseen + v_unseen, deleted = deleted + v_deleted,
      bytes = bytes + v_bytes, highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_to RETURNING uidnext - v_n INTO v_base;
  INSERT INTO folder_message (account_id, folder_id, uid, message_id, modseq, flags)
    SELECT p_account, p_to, v_base + s.ord::int - 1, f.message_id, o_modseq, f.flags
      FROM unnest(o_source) WITH ORDINALITY s(uid, ord),
           LATERAL (SELECT message_id, flags FROM folder_message
                    WHERE account_id = p_account AND folder_id = p_from AND uid = s.uid OFFSET 0) f;
  SELECT array_agg(v_base + i - 1 ORDER BY i) INTO o_target FROM generate_series(1, v_n) i;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids)
    VALUES (p_account, o_modseq, p_to, 1, int4multirange(int4range(v_base, v_base + v_n)));
  -- into Junk and out of it, in any client, is what the spam filter learns from; throwing Junk away says nothing new
  SELECT special_use INTO v_from_use FROM folder WHERE account_id = p_account AND folder_id = p_from;
  IF (v_use = '\Junk') IS DISTINCT FROM (v_from_use = '\Junk') AND ('\Junk' IN (v_use, v_from_use)) AND v_use IS DISTINCT FROM '\Trash' THEN
    INSERT INTO spam_lesson (account_id, message_id, spam)
      SELECT DISTINCT p_account, message_id, coalesce(v_use = '\Junk', false) FROM folder_message
        WHERE account_id = p_account AND folder_id = p_from AND uid = ANY (o_source)
      ON CONFLICT (account_id, message_id) DO UPDATE SET spam = excluded.spam, at = now(), due_at = now();
  END IF;
  IF p_move THEN
    DELETE FROM folder_message WHERE account_id = p_account AND folder_id = p_from AND uid = ANY (o_source);
    UPDATE folder_counter SET messages = messages - v_n, unseen = unseen - v_unseen, deleted = deleted - v_deleted, bytes = bytes - v_bytes,
        highestmodseq = o_modseq
      WHERE account_id = p_account AND folder_id = p_from;
    INSERT INTO change (account_id, modseq, folder_id, kind, uids)
      SELECT p_account, o_modseq, p_from, 3, range_agg(int4range(u, u + 1)) FROM unnest(o_source) u;
  ELSE
    UPDATE account_counter SET used_bytes = used_bytes + v_bytes, used_messages = used_messages + v_n WHERE account_id = p_account;
  END IF;
END $$;
