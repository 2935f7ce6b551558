-- Failed logins, counted for all processes together in login_throttle. Four kinds of keys:
--   pair|<address>|<network>   guesses at one login name from one network: blocked after p_limit
--   network|<network>          guesses from one network at many names: blocked after 20 × p_limit
--   address|<address>          guesses at one name from many networks: blocked after 20 × p_limit
--   known|<address>|<network>  the right password came from here within 30 days: only the pair's own count applies, so that neither a
--                              guesser far away nor a colleague's telephone with an old password can lock the owner out
-- A count begins anew when p_wait_s have gone by since its last failure. While a block lasts the right password is refused as well,
-- and further attempts are not counted.

-- Seconds to wait (0: may try), and whether login_throttle_succeed has something to write after the right password.
CREATE FUNCTION login_throttle_check(p_address text, p_network text, OUT o_wait_s int, OUT o_note boolean) LANGUAGE sql STABLE AS $$
  SELECT ceil(extract(epoch FROM greatest(max(t.blocked_until) FILTER (WHERE t.kind = 'pair' OR NOT t.known), now())
              - now()))::int,
         NOT coalesce(bool_or(t.kind = 'known' AND t.last_at > now() - interval '1 day'), false) OR coalesce(bool_or(t.kind = 'pair'), false)
  FROM (SELECT split_part(key, '|', 1) AS kind, blocked_until, last_at,
               bool_or(key = 'known|' || p_address || '|' || p_network AND last_at > now() - interval '30 days') OVER () AS known
        FROM login_throttle
        WHERE key IN ('pair|' || p_address || '|' || p_network, 'network|' || p_network, 'address|' || p_address,
                      'known|' || p_address || '|' || p_network)) t;
$$;

-- Counts a failure. Seconds to wait from now on (0: may try again).
CREATE FUNCTION login_throttle_fail(p_address text, p_network text, p_limit int, p_wait_s int, OUT o_wait_s int) LANGUAGE plpgsql AS $$
BEGIN
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
  SELECT c.o_wait_s INTO o_wait_s FROM login_throttle_check(p_address, p_network) c;
END $$;

-- The right password came: forgets the guesses from this network and remembers the network.
CREATE FUNCTION login_throttle_succeed(p_address text, p_network text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM login_throttle WHERE key = 'pair|' || p_address || '|' || p_network;
  INSERT INTO login_throttle (key, failures, last_at) VALUES ('known|' || p_address || '|' || p_network, 0, now())
    ON CONFLICT (key) DO UPDATE SET last_at = now();
$$;

-- Housekeeping: at most p_rows rows that mean nothing any more.
CREATE FUNCTION login_throttle_clean(p_rows int) RETURNS int LANGUAGE plpgsql AS $$
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
