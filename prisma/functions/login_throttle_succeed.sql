-- The right password came: forgets the guesses from this network and remembers the network.
CREATE OR REPLACE FUNCTION login_throttle_succeed(p_address text, p_network text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM login_throttle WHERE key = 'pair|' || p_address || '|' || p_network;
  INSERT INTO login_throttle (key, failures, last_at) VALUES ('known|' || p_address || '|' || p_network, 0, now())
    ON CONFLICT (key) DO UPDATE SET last_at = now();
$$;
