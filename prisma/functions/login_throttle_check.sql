-- Seconds to wait before anything is looked at (0: may try), whether to look slowly instead, and whether login_throttle_succeed has
-- something to write after the right password. Where the right password came from within 30 days a block slows down and never refuses:
-- neither a guesser far away nor a colleague's telephone with an old password can keep the owner out.
CREATE OR REPLACE FUNCTION login_throttle_check(p_address text, p_network text, OUT o_wait_s int, OUT o_slow boolean, OUT o_note boolean)
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN b.known THEN 0 ELSE b.wait_s END, b.known AND b.wait_s > 0, b.note
  FROM (SELECT coalesce(bool_or(t.kind = 'known' AND t.last_at > now() - interval '30 days'), false) AS known,
               coalesce(ceil(extract(epoch FROM greatest(max(t.blocked_until), now()) - now()))::int, 0) AS wait_s,
               NOT coalesce(bool_or(t.kind = 'known' AND t.last_at > now() - interval '1 day'), false)
                 OR coalesce(bool_or(t.kind = 'pair'), false) AS note
        FROM (SELECT split_part(key, '|', 1) AS kind, blocked_until, last_at
              FROM login_throttle
              WHERE key IN ('pair|' || p_address || '|' || p_network, 'network|' || p_network, 'address|' || p_address,
                            'known|' || p_address || '|' || p_network)) t) b;
$$;
