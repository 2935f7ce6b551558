-- A mailbox opens, resizes and closes its account of the mail store in its own transaction.
CREATE OR REPLACE FUNCTION mailbox_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN PERFORM open_account(NEW.id, NEW.quota_bytes);
  ELSIF TG_OP = 'UPDATE' THEN UPDATE account_counter SET quota_bytes = NEW.quota_bytes WHERE account_id = NEW.id;
  ELSE PERFORM close_account(OLD.id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER mailbox_opens_account AFTER INSERT ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_account();
CREATE OR REPLACE TRIGGER mailbox_resizes_account AFTER UPDATE OF quota_bytes ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_account();
CREATE OR REPLACE TRIGGER mailbox_closes_account AFTER DELETE ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_account();
