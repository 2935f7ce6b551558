CREATE OR REPLACE FUNCTION folder_above_floor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.name = OLD.name OR EXISTS (SELECT 1 FROM folder_name n WHERE n.account_id = NEW.account_id AND n.name = NEW.name) THEN RETURN NEW; END IF;
  UPDATE account_counter SET next_uidvalidity = next_uidvalidity + 1 WHERE account_id = NEW.account_id AND name_floor >= NEW.uidvalidity
    RETURNING next_uidvalidity - 1 INTO NEW.uidvalidity;
  IF NOT FOUND THEN NEW.uidvalidity := coalesce(NEW.uidvalidity, OLD.uidvalidity); END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER folder_above_floor BEFORE UPDATE OF name ON folder FOR EACH ROW EXECUTE FUNCTION folder_above_floor();
