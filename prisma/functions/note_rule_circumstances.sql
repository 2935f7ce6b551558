-- What rules are applied with, beside what stands in them: which domains are the customer's and proved (what may leave, and what is outside), which
-- addresses are a mailbox's own, and its time zone. Where it has no rules there is nothing to read anew.
CREATE OR REPLACE FUNCTION note_rule_circumstances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'domain' THEN
    UPDATE mailbox SET rules_version = nextval('rules_version') WHERE customer_id IN (old.customer_id, new.customer_id) AND rules_version <> 0;
  ELSE
    UPDATE mailbox SET rules_version = nextval('rules_version') WHERE id IN (old.mailbox_id, new.mailbox_id) AND rules_version <> 0;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER domain_changes_rules AFTER INSERT OR UPDATE OF name, customer_id, verified_at OR DELETE ON domain
  FOR EACH ROW EXECUTE FUNCTION note_rule_circumstances();
CREATE OR REPLACE TRIGGER address_changes_rules AFTER INSERT OR UPDATE OF address, mailbox_id OR DELETE ON address
  FOR EACH ROW EXECUTE FUNCTION note_rule_circumstances();
CREATE OR REPLACE TRIGGER settings_change_rules AFTER INSERT OR UPDATE OF time_zone OR DELETE ON mailbox_settings
  FOR EACH ROW EXECUTE FUNCTION note_rule_circumstances();
