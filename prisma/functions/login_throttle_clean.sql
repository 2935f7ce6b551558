-- Housekeeping: at most p_rows rows that mean nothing any more.
CREATE OR REPLACE FUNCTION login_throttle_clean(p_rows int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_n int;
BEGIN
  DELETE FROM login_throttle WHERE key IN (
    SELECT key FROM login_throttle
    WHERE last_at < now() - CASE WHEN starts_with(key, 'known|') THEN interval '30 days' ELSE interval '1 day' END
      AND coalesce(blocked_until, '-infinity') < now()
    ORDER BY last_at LIMIT p_rows FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_n = ROW_COUNT;
  RETURN v_n;
END $$;
