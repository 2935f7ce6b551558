-- An entry that was never proved gives way: to whoever proves the name, or because its time is over. Its mailboxes stay with everything in
-- them, under a name that no DNS knows (RFC 2606, section 2); its aliases and what else
-- leads elsewhere go, and other domains no longer stand for it. True: it was there and has gone.
CREATE OR REPLACE FUNCTION domain_gives_way(p_domain bigint, p_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_name text; v_customer bigint; v_new text := 'd' || p_domain || '.invalid'; v_boxes int;
BEGIN
  SELECT name, customer_id INTO v_name, v_customer FROM domain
    WHERE id = p_domain AND verified_at IS NULL AND displaced_from IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  -- before their people and addresses, as everything does that changes a mailbox (docs/decisions/144)
  PERFORM 1 FROM mailbox WHERE domain_id = p_domain ORDER BY id FOR NO KEY UPDATE;
  DELETE FROM address WHERE domain_id = p_domain AND NOT is_primary;
  UPDATE domain SET alias_of = NULL WHERE alias_of = p_domain OR id = p_domain AND alias_of IS NOT NULL;
  UPDATE app_user u SET email = m.local_part || '@' || v_new FROM mailbox m
    WHERE m.domain_id = p_domain AND u.mailbox_id = m.id AND u.email = m.address;
  UPDATE address a SET address = m.local_part || '@' || v_new FROM mailbox m
    WHERE m.domain_id = p_domain AND a.mailbox_id = m.id AND a.domain_id = p_domain;
  UPDATE mailbox SET address = local_part || '@' || v_new, credential_version = credential_version + 1 WHERE domain_id = p_domain;
  GET DIAGNOSTICS v_boxes = ROW_COUNT;
  IF v_boxes > 0 THEN
    UPDATE domain SET name = v_new, displaced_from = v_name, dns_report = NULL, dns_checked_at = NULL WHERE id = p_domain;
  ELSE
    DELETE FROM domain WHERE id = p_domain;
  END IF;
  INSERT INTO audit_event (customer_id, actor, action, subject, details)
    VALUES (v_customer, 'system', 'domain.removed', v_name, jsonb_build_object('reason', p_reason, 'mailboxes', v_boxes));
  RETURN true;
END $$;
