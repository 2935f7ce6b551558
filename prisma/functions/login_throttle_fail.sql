-- Counts a failure, unless the same secret failed within a day (p_digest null: counts always). Seconds to wait from now on (0: may try again).
CREATE OR REPLACE FUNCTION login_throttle_fail(p_address text, p_network text, p_limit int, p_wait_s int, p_digest bytea DEFAULT NULL, OUT o_wait_s int)
LANGUAGE plpgsql AS $$
DECLARE v_repeated boolean;
BEGIN
  IF p_digest IS NOT NULL THEN
    SELECT last_at > now() - interval '1 day' INTO v_repeated FROM failed_secret WHERE digest = p_digest;
    INSERT INTO failed_secret (digest, last_at) VALUES (p_digest, now()) ON CONFLICT (digest) DO UPDATE SET last_at = now();
  END IF;
  IF v_repeated IS NOT TRUE THEN
    -- in the order of the keys, so that two failures at once never wait for each other
    INSERT INTO login_throttle AS t (key, failures, last_at, blocked_until)
      SELECT k.key, 1, now(), CASE WHEN k.most <= 1 THEN now() + make_interval(secs => p_wait_s) END
      FROM (VALUES ('address|' || p_address, p_limit * 20), ('network|' || p_network, p_limit * 20),
                   ('pair|' || p_address || '|' || p_network, p_limit)) AS k(key, most)
      ORDER BY k.key
      ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN t.last_at < now() - make_interval(secs => p_wait_s) THEN 1 ELSE t.failures + 1 END,
        last_at = now(),
        blocked_until = CASE
          WHEN (CASE WHEN t.last_at < now() - make_interval(secs => p_wait_s) THEN 1 ELSE t.failures + 1 END)
               >= CASE WHEN starts_with(t.key, 'pair|') THEN p_limit ELSE p_limit * 20 END
          THEN now() + make_interval(secs => p_wait_s) END;
  END IF;
  SELECT c.o_wait_s INTO o_wait_s FROM login_throttle_check(p_address, p_network) c;
END $$;
