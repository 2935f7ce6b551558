-- What becomes of sets of keywords when p_add is added and p_remove taken away (null: all): the ids of the new sets, in the order of p_old.
-- Sets are made where they do not exist yet; 0 is the empty one. The caller holds the account's lock. PA008: a letter would have too many.
CREATE OR REPLACE FUNCTION change_keyword_sets(p_account bigint, p_old int[], p_add int[], p_remove int[]) RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE v_wanted text[]; v_next int; v_made int; v_new int[];
BEGIN
  SELECT array_agg(coalesce(w.keywords, '{}')::text ORDER BY o.ord) INTO v_wanted
    FROM unnest(p_old) WITH ORDINALITY o(set_id, ord),
         LATERAL (SELECT array_agg(DISTINCT u.k ORDER BY u.k) AS keywords
                  FROM (SELECT unnest(s.keywords) AS k FROM keyword_set s
                          WHERE p_remove IS NOT NULL AND s.account_id = p_account AND s.set_id = o.set_id
                        EXCEPT SELECT unnest(p_remove)
                        UNION SELECT unnest(p_add)) u) w;
  SELECT next_keyword_set INTO v_next FROM account_counter WHERE account_id = p_account;
  INSERT INTO keyword_set (account_id, set_id, keywords, digest)
    SELECT p_account, v_next + (row_number() OVER ())::int - 1, t.wanted::int[], md5(t.wanted)
      FROM (SELECT DISTINCT wanted FROM unnest(v_wanted) wanted WHERE wanted <> '{}') t
      WHERE NOT EXISTS (SELECT 1 FROM keyword_set s WHERE s.account_id = p_account AND s.digest = md5(t.wanted) OFFSET 0);
  GET DIAGNOSTICS v_made = ROW_COUNT;
  SELECT array_agg(coalesce((SELECT s.set_id FROM keyword_set s WHERE s.account_id = p_account AND s.digest = md5(w.wanted)), 0) ORDER BY w.ord)
    INTO v_new FROM unnest(v_wanted) WITH ORDINALITY w(wanted, ord);
  IF v_made = 0 THEN RETURN v_new; END IF;
  IF EXISTS (SELECT 1 FROM keyword_set WHERE account_id = p_account AND set_id >= v_next AND cardinality(keywords) > 1000) THEN
    RAISE EXCEPTION 'too many keywords at a message' USING ERRCODE = 'PA008';
  END IF;
  UPDATE account_counter SET next_keyword_set = v_next + v_made WHERE account_id = p_account;
  -- each 256 new sets: those that no message carries any more go, and keywords with them
  IF v_next / 256 <> (v_next + v_made) / 256 THEN PERFORM forget_keywords(p_account, v_new, v_next); END IF;
  RETURN v_new;
END $$;
