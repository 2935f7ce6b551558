-- A mailbox's scripts are part of what is done with its letters (note_changed_rules).
CREATE OR REPLACE FUNCTION note_changed_scripts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE mailbox SET rules_version = nextval('rules_version') WHERE id IN (old.account_id, new.account_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER sieve_script_changes_rules AFTER INSERT OR UPDATE OR DELETE ON sieve_script
  FOR EACH ROW EXECUTE FUNCTION note_changed_scripts();
