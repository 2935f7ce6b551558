-- A new mailbox has the rules of its customer.
CREATE OR REPLACE FUNCTION mailbox_has_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT c.quarantines_programs FROM customer c WHERE c.id = NEW.customer_id FOR SHARE) THEN
    NEW.rules_version := nextval('rules_version');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER mailbox_has_rules BEFORE INSERT ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_has_rules();
