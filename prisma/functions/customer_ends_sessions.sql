CREATE OR REPLACE FUNCTION customer_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status THEN
    UPDATE mailbox SET credential_version = credential_version + 1 WHERE customer_id = NEW.id;
    UPDATE app_user SET credential_version = credential_version + 1 WHERE customer_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER customer_ends_sessions AFTER UPDATE OF status ON customer FOR EACH ROW EXECUTE FUNCTION customer_ends_sessions();
