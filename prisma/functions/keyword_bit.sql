-- Bit of a keyword, made if need be.
CREATE OR REPLACE FUNCTION keyword_bit(p_account bigint, p_name text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_bit int;
BEGIN
  PERFORM 1 FROM account_counter WHERE account_id = p_account FOR UPDATE;
  SELECT bit INTO v_bit FROM account_keyword WHERE account_id = p_account AND lower(name) = lower(p_name);
  IF FOUND THEN RETURN v_bit; END IF;
  SELECT coalesce(max(bit), 4) + 1 INTO v_bit FROM account_keyword WHERE account_id = p_account;
  IF v_bit > 62 THEN RAISE EXCEPTION 'no keyword bit left' USING ERRCODE = 'PA008'; END IF;
  INSERT INTO account_keyword (account_id, bit, name) VALUES (p_account, v_bit, p_name);
  RETURN v_bit;
END $$;
