CREATE OR REPLACE FUNCTION mailbox_holds_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status THEN PERFORM hold_letters(NEW.id); END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER mailbox_holds_letters AFTER UPDATE OF status ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_holds_letters();
