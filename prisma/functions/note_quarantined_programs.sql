-- What a customer does with programs in letters is a rule of each of its mailboxes, and changes their version as theirs do.
CREATE OR REPLACE FUNCTION note_quarantined_programs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.quarantines_programs <> OLD.quarantines_programs THEN
    UPDATE mailbox SET rules_version = nextval('rules_version') WHERE customer_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER customer_quarantines_programs AFTER UPDATE OF quarantines_programs ON customer
  FOR EACH ROW EXECUTE FUNCTION note_quarantined_programs();
