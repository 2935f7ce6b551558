-- STORE: the system flags become (flags | p_set) & ~p_clear; of the keywords p_add is added and p_remove taken away (p_replace: all others). Only
-- rows that really change get the new modseq; with p_unchangedsince those changed later are left alone and returned in o_modified (RFC 7162).
-- o_found: how many of the messages named are there. o_old_sets[i] became o_new_sets[i] where keywords were asked for.
CREATE OR REPLACE FUNCTION store_flags(p_account bigint, p_folder int, p_lo int[], p_hi int[], p_set bigint, p_clear bigint,
  p_unchangedsince bigint, p_add text[] DEFAULT NULL, p_remove text[] DEFAULT NULL, p_replace boolean DEFAULT false,
  OUT o_modseq bigint, OUT o_changed text, OUT o_modified text, OUT o_found int, OUT o_old_sets int[], OUT o_new_sets int[])
LANGUAGE plpgsql AS $$
DECLARE v_uids int[]; v_count int; v_unseen int; v_deleted int; v_changed int4multirange; v_add int[];
BEGIN
  UPDATE account_counter SET modseq = modseq + 1 WHERE account_id = p_account RETURNING modseq INTO o_modseq;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown account %', p_account USING ERRCODE = 'PA001'; END IF;
  PERFORM 1 FROM folder_counter WHERE account_id = p_account AND folder_id = p_folder FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'unknown folder' USING ERRCODE = 'PA003'; END IF;
  SELECT count(*), array_agg(f.uid) FILTER (WHERE p_unchangedsince IS NULL OR f.modseq <= p_unchangedsince),
         range_agg(int4range(f.uid, f.uid + 1)) FILTER (WHERE f.modseq > p_unchangedsince)::text,
         array_agg(DISTINCT (f.flags >> 5)::int) FILTER (WHERE p_unchangedsince IS NULL OR f.modseq <= p_unchangedsince)
    INTO o_found, v_uids, o_modified, o_old_sets
    FROM unnest(p_lo, p_hi) r(lo, hi),
         LATERAL (SELECT uid, flags, modseq FROM folder_message
                  WHERE account_id = p_account AND folder_id = p_folder AND uid BETWEEN r.lo AND r.hi OFFSET 0) f;
  IF v_uids IS NULL THEN RETURN; END IF;
  IF p_replace OR cardinality(p_add) > 0 OR cardinality(p_remove) > 0 THEN
    v_add := keyword_ids(p_account, p_add, 100000);
    IF cardinality(v_add) < (SELECT count(DISTINCT lower(n)) FROM unnest(p_add) n) THEN
      RAISE EXCEPTION 'too many keywords' USING ERRCODE = 'PA008';
    END IF;
    o_new_sets := change_keyword_sets(p_account, o_old_sets, v_add, CASE WHEN NOT p_replace THEN keyword_ids(p_account, p_remove, 0) END);
  ELSE
    o_old_sets := '{0}';
  END IF;
  -- o_old_sets is sorted: width_bucket finds the place of a set by halving
  WITH changed AS (
    UPDATE folder_message SET modseq = o_modseq, flags = ((flags & 31 | p_set) & ~p_clear)
        | (CASE WHEN o_new_sets IS NULL THEN flags >> 5 ELSE o_new_sets[width_bucket((flags >> 5)::int, o_old_sets)] END << 5)
      WHERE account_id = p_account AND folder_id = p_folder AND uid = ANY (v_uids)
        AND (((flags & 31 | p_set) & ~p_clear) <> flags & 31
             OR o_new_sets IS NOT NULL AND o_new_sets[width_bucket((flags >> 5)::int, o_old_sets)] <> flags >> 5)
      RETURNING old.flags AS o, new.flags AS n, new.uid)
  SELECT count(*), coalesce(sum((o & 1) - (n & 1)), 0), coalesce(sum(((n >> 3) & 1) - ((o >> 3) & 1)), 0), range_agg(int4range(uid, uid + 1))
    INTO v_count, v_unseen, v_deleted, v_changed FROM changed;
  IF o_new_sets IS NULL THEN o_old_sets := NULL; END IF;
  IF v_count = 0 THEN RETURN; END IF;
  o_changed := v_changed::text;
  UPDATE folder_counter SET unseen = unseen + v_unseen, deleted = deleted + v_deleted, highestmodseq = o_modseq
    WHERE account_id = p_account AND folder_id = p_folder;
  INSERT INTO change (account_id, modseq, folder_id, kind, uids) VALUES (p_account, o_modseq, p_folder, 2, v_changed);
END $$;
