-- Failed logins, counted for all processes together in login_throttle. Four kinds of keys:
--   pair|<address>|<network>   guesses at one login name from one network: blocked after p_limit
--   network|<network>          guesses from one network at many names: blocked after 20 × p_limit
--   address|<address>          guesses at one name from many networks: blocked after 20 × p_limit
--   known|<address>|<network>  the right password came from here within 30 days: only the pair's own count applies, so that neither a
--                              guesser far away nor a colleague's telephone with an old password can lock the owner out
-- A count begins anew when p_wait_s have gone by since its last failure. While a block lasts the right password is refused as well,
-- and further attempts are not counted.

-- Seconds to wait (0: may try), and whether login_throttle_succeed has something to write after the right password.
CREATE OR REPLACE FUNCTION login_throttle_check(p_address text, p_network text, OUT o_wait_s int, OUT o_note boolean) LANGUAGE sql STABLE AS $$
  SELECT ceil(extract(epoch FROM greatest(max(t.blocked_until) FILTER (WHERE t.kind = 'pair' OR NOT t.known), now())
              - now()))::int,
         NOT coalesce(bool_or(t.kind = 'known' AND t.last_at > now() - interval '1 day'), false) OR coalesce(bool_or(t.kind = 'pair'), false)
  FROM (SELECT split_part(key, '|', 1) AS kind, blocked_until, last_at,
               bool_or(key = 'known|' || p_address || '|' || p_network AND last_at > now() - interval '30 days') OVER () AS known
        FROM login_throttle
        WHERE key IN ('pair|' || p_address || '|' || p_network, 'network|' || p_network, 'address|' || p_address,
                      'known|' || p_address || '|' || p_network)) t;
$$;
