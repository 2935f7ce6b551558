-- A person who is given a mailbox that keeps their password stays signed in, now with the mailbox. Every other change ends sessions.
CREATE OR REPLACE FUNCTION person_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_version int;
BEGIN
  IF OLD.mailbox_id IS NULL AND NEW.mailbox_id IS NOT NULL AND NEW.role = OLD.role AND NEW.customer_id IS NOT DISTINCT FROM OLD.customer_id THEN
    SELECT credential_version INTO v_version FROM mailbox WHERE id = NEW.mailbox_id AND password_hash = OLD.password_hash;
    IF FOUND THEN
      UPDATE web_session SET mailbox_id = NEW.mailbox_id, credential_version = v_version
        WHERE user_id = NEW.id AND credential_version = OLD.credential_version;
      RETURN NEW;
    END IF;
  END IF;
  IF NEW.credential_version = OLD.credential_version AND (NEW.password_hash IS DISTINCT FROM OLD.password_hash OR NEW.role <> OLD.role
    OR NEW.mailbox_id IS DISTINCT FROM OLD.mailbox_id OR NEW.customer_id IS DISTINCT FROM OLD.customer_id) THEN
    NEW.credential_version := OLD.credential_version + 1;
  END IF;
  IF NEW.credential_version <> OLD.credential_version THEN
    DELETE FROM web_session WHERE user_id = NEW.id OR mailbox_id IN (OLD.mailbox_id, NEW.mailbox_id);
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER person_ends_sessions BEFORE UPDATE OF password_hash, credential_version, role, mailbox_id, customer_id ON app_user
  FOR EACH ROW EXECUTE FUNCTION person_ends_sessions();
