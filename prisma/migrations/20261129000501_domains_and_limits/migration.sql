-- Limits of a customer; null: those of the configuration.
-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "max_aliases" INTEGER,
ADD COLUMN     "max_app_passwords" INTEGER,
ADD COLUMN     "max_domains" INTEGER,
ADD COLUMN     "max_mailboxes" INTEGER,
ADD COLUMN     "max_messages_per_hour" INTEGER,
ADD COLUMN     "max_storage_bytes" BIGINT;

-- An entry that nobody proves expires. What is there already begins to wait today.
-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "displaced_from" TEXT,
ADD COLUMN     "expiry_notice_at" TIMESTAMPTZ(3),
ADD COLUMN     "unproved_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateIndex
CREATE INDEX "domain_unproved_since_idx" ON "domain"("unproved_since");

-- Whoever signed up with an address before its domain was proved must not stand in the way of the domain's people: the password says who
-- is meant. Signing up refuses an address that somebody signs in with already.
-- DropIndex
DROP INDEX "app_user_email_key";

-- CreateIndex
CREATE INDEX "app_user_email_idx" ON "app_user"("email");

-- An entry that was never proved gives way: to whoever proves the name, or because its time is over. Its mailboxes stay with everything in
-- them, under a name that no DNS knows (RFC 2606, section 2); its aliases go. True: it was there and has gone.
CREATE FUNCTION domain_gives_way(p_domain bigint, p_reason text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_name text; v_customer bigint; v_new text := 'd' || p_domain || '.invalid'; v_boxes int;
BEGIN
  SELECT name, customer_id INTO v_name, v_customer FROM domain
    WHERE id = p_domain AND verified_at IS NULL AND displaced_from IS NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM address WHERE domain_id = p_domain AND NOT is_primary;
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

-- A name that is proved takes with it what others merely entered below it.
CREATE FUNCTION domain_is_proved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verified_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.verified_at IS NULL) THEN
    PERFORM domain_gives_way(d.id, 'the domain above it was confirmed by its owner') FROM domain d
      WHERE d.name LIKE '%.' || NEW.name AND d.verified_at IS NULL AND d.customer_id <> NEW.customer_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER domain_is_proved AFTER INSERT OR UPDATE OF verified_at ON domain FOR EACH ROW EXECUTE FUNCTION domain_is_proved();

-- Lets one entry go whose time is over and whose people were told so a while ago. False: there is none.
CREATE FUNCTION expire_unproved_domain(p_days int, p_told_days int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_domain bigint;
BEGIN
  SELECT id INTO v_domain FROM domain
    WHERE verified_at IS NULL AND displaced_from IS NULL AND unproved_since < now() - make_interval(days => p_days)
      AND expiry_notice_at < now() - make_interval(days => p_told_days)
    ORDER BY unproved_since LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN false; END IF;
  RETURN domain_gives_way(v_domain, 'not confirmed in time');
END $$;
