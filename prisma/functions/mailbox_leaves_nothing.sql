-- With a mailbox goes everything that tells of it: letters that it still had in the queue, its steps in the trace, counted logins, the
-- person who signed in with it. What the customer did stands in the audit, which is the customer's: that it was done, and no text that was given.
CREATE OR REPLACE FUNCTION mailbox_leaves_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM queue_message WHERE account_id = OLD.id;
  DELETE FROM withheld_letter WHERE customer_id = OLD.customer_id AND sender = OLD.address;
  DELETE FROM trace_event WHERE customer_id = OLD.customer_id AND (account_id = OLD.id OR sender = OLD.address OR recipient IN
    (SELECT address FROM address WHERE mailbox_id = OLD.id));
  DELETE FROM login_throttle USING address a WHERE a.mailbox_id = OLD.id AND position('|' || a.address || '|' IN key || '|') > 0;
  DELETE FROM app_user WHERE mailbox_id = OLD.id;
  UPDATE audit_event SET details = (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(details)
      WHERE jsonb_typeof(value) IN ('number', 'boolean') OR key = 'role')
    WHERE customer_id = OLD.customer_id AND jsonb_typeof(details) = 'object'
      AND (subject = OLD.address OR subject IN (SELECT address FROM address WHERE mailbox_id = OLD.id));
  RETURN OLD;
END $$;

CREATE OR REPLACE TRIGGER mailbox_leaves_nothing BEFORE DELETE ON mailbox FOR EACH ROW EXECUTE FUNCTION mailbox_leaves_nothing();
