-- Notes whether the DNS shows a key of a domain. A new RSA key takes over from the one in use when it was seen for an hour, so that nobody
-- remembers what stood there before, or at once where the old one is not seen; the old one stays published for the letters on their way. A
-- new Ed25519 key takes over from the one before it.
CREATE OR REPLACE FUNCTION dkim_key_seen(p_domain bigint, p_selector text, p_public text, p_seen boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v_old domain; v_new dkim_key;
BEGIN
  SELECT * INTO v_old FROM domain WHERE id = p_domain FOR UPDATE;
  UPDATE domain SET dkim_checked_at = now(), dkim_seen_at = CASE WHEN p_seen THEN coalesce(dkim_seen_at, now()) END
    WHERE id = p_domain AND dkim_selector = p_selector AND dkim_public_key = p_public;
  IF FOUND THEN RETURN; END IF;
  UPDATE dkim_key SET checked_at = now(), seen_at = CASE WHEN p_seen THEN coalesce(seen_at, now()) END
    WHERE domain_id = p_domain AND selector = p_selector AND public_key = p_public RETURNING * INTO v_new;
  IF NOT FOUND OR NOT p_seen OR v_new.retired_at IS NOT NULL THEN RETURN; END IF;
  IF v_new.algorithm = 'ed25519' THEN
    UPDATE dkim_key SET retired_at = now()
      WHERE domain_id = p_domain AND algorithm = 'ed25519' AND id < v_new.id AND retired_at IS NULL;
    RETURN;
  END IF;
  IF v_old.dkim_seen_at IS NOT NULL AND v_new.seen_at > now() - interval '1 hour' THEN RETURN; END IF;
  DELETE FROM dkim_key WHERE id = v_new.id;
  IF v_old.dkim_seen_at IS NOT NULL THEN
    INSERT INTO dkim_key (domain_id, selector, algorithm, private_key, public_key, made_at, checked_at, seen_at, retired_at)
      VALUES (p_domain, v_old.dkim_selector, 'rsa', v_old.dkim_private_key, v_old.dkim_public_key, v_old.dkim_made_at,
              v_old.dkim_checked_at, v_old.dkim_seen_at, now());
  END IF;
  UPDATE domain SET dkim_selector = v_new.selector, dkim_private_key = v_new.private_key, dkim_public_key = v_new.public_key,
    dkim_made_at = v_new.made_at, dkim_checked_at = now(), dkim_seen_at = now() WHERE id = p_domain;
  INSERT INTO audit_event (customer_id, actor, action, subject, details)
    VALUES (v_old.customer_id, 'system', 'dkim-key.used', v_old.name, jsonb_build_object('selector', v_new.selector));
END $$;
