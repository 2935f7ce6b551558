-- References of threads that have no message left. What deletes messages marks the account; housekeeping does the work some time later.
CREATE OR REPLACE FUNCTION message_leaves_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE account_counter SET references_due = true
    WHERE account_id IN (SELECT DISTINCT account_id FROM gone) AND NOT references_due;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER message_leaves_references AFTER DELETE ON message REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
  EXECUTE FUNCTION message_leaves_references();
