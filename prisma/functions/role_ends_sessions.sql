-- The mailbox's own version too: programs and tokens that are signed in with its password prove it anew.
CREATE OR REPLACE FUNCTION role_ends_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE mailbox SET credential_version = credential_version + 1 WHERE id = NEW.mailbox_id;
  ELSIF NEW.role <> OLD.role OR (NEW.mailbox_id IS DISTINCT FROM OLD.mailbox_id AND NEW.credential_version <> OLD.credential_version) THEN
    UPDATE mailbox SET credential_version = credential_version + 1 WHERE id IN (OLD.mailbox_id, NEW.mailbox_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER role_ends_sessions AFTER INSERT OR UPDATE OF role, mailbox_id ON app_user FOR EACH ROW EXECUTE FUNCTION role_ends_sessions();
