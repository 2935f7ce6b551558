-- What is done with a mailbox's letters changes its version: the mail server keeps the rules of a version, and asks for none where it is 0.
CREATE OR REPLACE FUNCTION note_changed_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE mailbox SET rules_version = nextval('rules_version') WHERE id IN (old.mailbox_id, new.mailbox_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER mailbox_forward_changes_rules AFTER INSERT OR UPDATE OR DELETE ON mailbox_forward
  FOR EACH ROW EXECUTE FUNCTION note_changed_rules();
CREATE OR REPLACE TRIGGER absence_changes_rules AFTER INSERT OR UPDATE OR DELETE ON absence FOR EACH ROW EXECUTE FUNCTION note_changed_rules();
CREATE OR REPLACE TRIGGER sender_rule_changes_rules AFTER INSERT OR UPDATE OR DELETE ON sender_rule
  FOR EACH ROW EXECUTE FUNCTION note_changed_rules();
