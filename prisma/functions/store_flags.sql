-- STORE: new flags are (flags | p_set) & ~p_clear. Only rows that really change get the new modseq; with p_unchangedsince those
-- changed later are left alone and returned in o_modified (RFC 7162).
CREATE OR REPLACE FUNCTION store_flags(p_account bigint, p_folder int, p_lo int[], p_hi int[], p_set bigint, p_clear bigint, p_unchangedsince bigint,
  OUT o_modseq bigint, OUT o_changed text, OUT o_modified text) LANGUAGE plpgsql AS $$
DECLARE v_count int := 0; v_unseen int := 0; v_deleted int := 0; v_uids int4multirange := '{}';
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id = p_folder FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  IF p_unchangedsince IS NOT NULL THEN
    SELECT range_agg(int4range(f.uid, f.uid + 1))::text INTO o_modified
      FROM unnest(p_lo, p_hi) r(lo, hi),
           LATERAL (SELECT uid, modseq FROM folder_message
                    WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN r.lo AND r.hi OFFSET 0) f
      WHERE f.modseq > p_unchangedsince;
  END IF;
  FOR i IN 1..cardinality(p_lo) LOOP
    WITH changed AS (
      UPDATE folder_message SET flags = (flags | p_set) & ~p_clear, modseq = o_modseq
        WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN p_lo[i] AND p_hi[i]
          AND (flags | p_set) & ~p_clear <> flags AND (p_unchangedsince IS NULL OR modseq <= p_unchangedsince)
        RETURNING old.flags AS o, new.flags AS n, new.uid)
    SELECT v_count + count(*), v_unseen + coalesce(sum((o & 1) - (n & 1)), 0),
           v_deleted + coalesce(sum(((n >> 3) & 1) - ((o >> 3) & 1)), 0),
           v_uids + coalesce(range_agg(int4range(uid, uid + 1)), '{}') INTO v_count, v_unseen, v_deleted, v_uids FROM changed;
  END LOOP;
  IF v_count = 0 THEN RETURN; END IF;
  o_changed := v_uids::text;
  UPDATE folder_counter SET unseen = unseen + v_unseen, deleted = deleted + v_deleted, highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_folder;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, p_folder, 2, v_uids);
END $$;
