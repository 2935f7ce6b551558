CREATE OR REPLACE FUNCTION customer_holds_letters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status THEN
    PERFORM hold_letters(m.account_id) FROM
      (SELECT DISTINCT q.account_id FROM queue_message q WHERE q.customer_id = NEW.id AND q.release_at IS NOT NULL) m;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER customer_holds_letters AFTER UPDATE OF status ON customer FOR EACH ROW EXECUTE FUNCTION customer_holds_letters();
