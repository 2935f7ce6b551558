-- Which names are hosted here, and which of them are proved, has a version: the mail server keeps what it asked about a name while that stands.
-- AFTER on purpose: rows of domains and of mailboxes are locked before, wherever names change.
CREATE OR REPLACE FUNCTION note_changed_domains() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE hosted_version SET version = version + 1;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER domain_changes_version AFTER INSERT OR DELETE OR UPDATE OF name, verified_at ON domain
  FOR EACH STATEMENT EXECUTE FUNCTION note_changed_domains();
