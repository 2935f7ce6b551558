-- Housekeeping: at most p_rows rows that mean nothing any more, of each table.
CREATE OR REPLACE FUNCTION login_throttle_clean(p_rows int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_counts int; v_secrets int; v_guesses int;
BEGIN
  DELETE FROM login_throttle WHERE key IN (
    SELECT key FROM login_throttle
    WHERE last_at < now() - CASE WHEN starts_with(key, 'known|') THEN interval '30 days' ELSE interval '1 day' END
      AND coalesce(blocked_until, '-infinity') < now()
    ORDER BY last_at LIMIT p_rows FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_counts = ROW_COUNT;
  DELETE FROM failed_secret WHERE digest IN (
    SELECT digest FROM failed_secret WHERE last_at < now() - interval '1 day' ORDER BY last_at LIMIT p_rows FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_secrets = ROW_COUNT;
  DELETE FROM guess_delay WHERE key IN (
    SELECT key FROM guess_delay WHERE last_answer_at < now() - interval '1 hour' ORDER BY last_answer_at LIMIT p_rows FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_guesses = ROW_COUNT;
  RETURN greatest(v_counts, v_secrets, v_guesses);
END $$;
