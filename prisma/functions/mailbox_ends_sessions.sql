CREATE OR REPLACE FUNCTION mailbox_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.credential_version = OLD.credential_version AND (NEW.password_hash <> OLD.password_hash OR NEW.status <> OLD.status) THEN
    NEW.credential_version := OLD.credential_version + 1;
  END IF;
  IF NEW.credential_version <> OLD.credential_version THEN
    DELETE FROM web_session WHERE mailbox_id = NEW.id OR user_id IN (SELECT id FROM app_user WHERE mailbox_id = NEW.id);
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER mailbox_ends_sessions BEFORE UPDATE OF password_hash, status, credential_version ON mailbox
  FOR EACH ROW EXECUTE FUNCTION mailbox_ends_sessions();
