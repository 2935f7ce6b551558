-- With a mailbox goes everything that tells of it: letters that it still had in the queue, its steps in the trace, counted logins, the
-- person who signed in with it. What the customer did stands in the audit, which is the customer's.
CREATE OR REPLACE FUNCTION mailbox_leaves_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM queue_message WHERE account_id = OLD.id;
  DELETE FROM withheld_letter WHERE customer_id = OLD.customer_id AND sender = OLD.address;
  DELETE FROM trace_event WHERE customer_id = OLD.customer_id AND (account_id = OLD.id OR sender = OLD.address OR recipient IN
    (SELECT address FROM address WHERE mailbox_id = OLD.id));
  DELETE FROM login_throttle WHERE position('|' || OLD.address || '|' IN key || '|') > 0;
  DELETE FROM app_user WHERE mailbox_id = OLD.id;
  UPDATE audit_event SET details = details - 'name' - 'label' WHERE customer_id = OLD.customer_id AND subject = OLD.address;
  RETURN OLD;
END $$;

CREATE OR REPLACE TRIGGER mailbox_leaves_nothing BEFORE DELETE ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_leaves_nothing();
