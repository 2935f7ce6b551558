-- Ids of keywords (any case), ascending. Unknown ones are made while the account has no more than p_most of them, else left out; p_most 0
-- makes none. The caller holds the account's lock.
CREATE OR REPLACE FUNCTION keyword_ids(p_account bigint, p_names text[], p_most int) RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE v_missing text[]; v_first int; v_room int;
BEGIN
  IF p_most > 0 THEN
    -- NOT IN is hashed, NOT EXISTS over lower() would compare each with each
    SELECT array_agg(n.name ORDER BY n.ord) INTO v_missing
      FROM (SELECT DISTINCT ON (lower(t.name)) t.name, t.ord FROM unnest(p_names) WITH ORDINALITY t(name, ord) ORDER BY lower(t.name), t.ord) n
      WHERE lower(n.name) NOT IN (SELECT lower(k.name) FROM account_keyword k WHERE k.account_id = p_account);
    IF v_missing IS NOT NULL THEN
      SELECT greatest(0, p_most - count(*)) INTO v_room FROM account_keyword WHERE account_id = p_account;
      v_missing := v_missing[1:v_room];
      UPDATE account_counter SET next_keyword = next_keyword + cardinality(v_missing)
        WHERE account_id = p_account RETURNING next_keyword - cardinality(v_missing) INTO v_first;
      INSERT INTO account_keyword (account_id, keyword_id, name)
        SELECT p_account, v_first + t.ord::int - 1, t.name FROM unnest(v_missing) WITH ORDINALITY t(name, ord);
    END IF;
  END IF;
  RETURN (SELECT coalesce(array_agg(k.keyword_id ORDER BY k.keyword_id), '{}') FROM account_keyword k
          WHERE k.account_id = p_account AND lower(k.name) IN (SELECT lower(n) FROM unnest(p_names) n));
END $$;
