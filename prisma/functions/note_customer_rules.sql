-- What a customer does with programs in letters, and whether letters may go on to addresses outside, are rules of each of its mailboxes, and
-- change their version as theirs do.
CREATE OR REPLACE FUNCTION note_customer_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.quarantines_programs, NEW.forwards_outside) <> (OLD.quarantines_programs, OLD.forwards_outside) THEN
    UPDATE mailbox SET rules_version = nextval('rules_version') WHERE customer_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER customer_rules AFTER UPDATE OF quarantines_programs, forwards_outside ON customer
  FOR EACH ROW EXECUTE FUNCTION note_customer_rules();
