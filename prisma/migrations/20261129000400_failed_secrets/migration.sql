-- A wrong secret that is tried again and again counts once: a telephone that was forgotten must not lock its owner out. What is kept is a
-- digest under a key of the installation, over login name and secret.
CREATE TABLE "failed_secret" (
    "digest" BYTEA NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "failed_secret_pkey" PRIMARY KEY ("digest")
);
CREATE INDEX "failed_secret_last_at_idx" ON "failed_secret"("last_at");

DROP FUNCTION login_throttle_check(text, text);
DROP FUNCTION login_throttle_fail(text, text, int, int);

-- Seconds to wait before anything is looked at (0: may try), whether to look slowly instead, and whether login_throttle_succeed has
-- something to write after the right password. Where the right password came from within 30 days a block slows down and never refuses:
-- neither a guesser far away nor a colleague's telephone with an old password can keep the owner out.
CREATE FUNCTION login_throttle_check(p_address text, p_network text, OUT o_wait_s int, OUT o_slow boolean, OUT o_note boolean)
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

-- Counts a failure, unless the same secret failed within a day (p_digest null: counts always). Seconds to wait from now on (0: may try again).
CREATE FUNCTION login_throttle_fail(p_address text, p_network text, p_limit int, p_wait_s int, p_digest bytea DEFAULT NULL, OUT o_wait_s int)
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

-- Housekeeping: at most p_rows rows that mean nothing any more, of each table.
CREATE OR REPLACE FUNCTION login_throttle_clean(p_rows int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_counts int; v_secrets int;
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
  RETURN greatest(v_counts, v_secrets);
END $$;
