-- A new mailbox has the rules of its customer. What its rules say in its name is read anew when that changes.
CREATE OR REPLACE FUNCTION mailbox_has_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.rules_version <> 0 THEN NEW.rules_version := nextval('rules_version'); END IF;
  ELSIF (SELECT c.quarantines_programs FROM customer c WHERE c.id = NEW.customer_id FOR SHARE) THEN
    NEW.rules_version := nextval('rules_version');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER mailbox_has_rules BEFORE INSERT OR UPDATE OF address, name, locale ON mailbox
  FOR EACH ROW EXECUTE FUNCTION mailbox_has_rules();
