-- A name that is proved takes with it what others merely entered below it.
CREATE OR REPLACE FUNCTION domain_is_proved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verified_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.verified_at IS NULL) THEN
    PERFORM domain_gives_way(d.id, 'the domain above it was confirmed by its owner') FROM domain d
      WHERE d.name LIKE '%.' || NEW.name AND d.verified_at IS NULL AND d.customer_id <> NEW.customer_id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER domain_is_proved AFTER INSERT OR UPDATE OF verified_at ON domain FOR EACH ROW EXECUTE FUNCTION domain_is_proved();
