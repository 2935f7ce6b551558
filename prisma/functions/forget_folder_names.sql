-- Forgets the oldest names of one account that has more than p_most beside its folders. True: there was one.
CREATE OR REPLACE FUNCTION forget_folder_names(p_most int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_account bigint; v_floor int;
BEGIN
  SELECT account_id INTO v_account FROM folder_name GROUP BY account_id HAVING count(*) > 2 * p_most LIMIT 1;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM 1 FROM account_counter WHERE account_id = v_account FOR UPDATE;
  WITH old AS (SELECT n.name FROM folder_name n WHERE n.account_id = v_account
                 AND NOT EXISTS (SELECT 1 FROM folder f WHERE f.account_id = v_account AND f.name = n.name)
               ORDER BY n.uidvalidity DESC OFFSET p_most),
       gone AS (DELETE FROM folder_name n USING old WHERE n.account_id = v_account AND n.name = old.name RETURNING n.uidvalidity)
  SELECT max(uidvalidity) INTO v_floor FROM gone;
  IF v_floor IS NULL THEN RETURN false; END IF;
  UPDATE account_counter SET name_floor = greatest(name_floor, v_floor) WHERE account_id = v_account;
  RETURN true;
END $$;
