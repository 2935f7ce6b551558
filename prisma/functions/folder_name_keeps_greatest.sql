CREATE OR REPLACE FUNCTION folder_name_keeps_greatest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.uidvalidity := greatest(NEW.uidvalidity, (SELECT uidvalidity FROM folder WHERE account_id = NEW.account_id AND name = NEW.name));
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER folder_name_keeps_greatest BEFORE INSERT OR UPDATE ON folder_name FOR EACH ROW EXECUTE FUNCTION folder_name_keeps_greatest();
