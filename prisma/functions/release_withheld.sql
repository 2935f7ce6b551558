-- Lets a withheld letter go: it is a message of the queue from now on, and no longer withheld; both or neither, so that however often it is
-- asked for, it goes once. One of a group is marked as approved for that group and takes the group's way. One of the quarantine is marked as
-- released and goes into the inbox of its mailbox, with a line on top that says so. False: there is none (any more).
CREATE OR REPLACE FUNCTION release_withheld(p_customer bigint, p_letter bigint) returns boolean language plpgsql as $$
DECLARE v withheld_letter%ROWTYPE; v_to text; v_mark jsonb; v_top bytea := ''; v_message bigint;
BEGIN
  DELETE FROM withheld_letter w WHERE w.id = p_letter AND w.customer_id = p_customer RETURNING * INTO v;
  IF NOT FOUND THEN RETURN false; END IF;
  IF v.group_id IS NOT NULL THEN
    SELECT a.address INTO v_to FROM address a WHERE a.id = v.group_id;
    v_mark := jsonb_build_object('approved', coalesce(v.judgement->'approved', '[]') || to_jsonb(v.group_id));
  ELSE
    SELECT m.address INTO v_to FROM mailbox m WHERE m.id = v.mailbox_id;
    v_mark := jsonb_build_object('released', jsonb_build_object('cause', v.cause, 'detail', v.detail));
    v_top := convert_to('X-Quarantine: released; cause=' || v.cause || E'\r\n', 'UTF8');
  END IF;
  INSERT INTO queue_message (customer_id, sender, locale, content, size, smtputf8, require_tls, reports, delivered_to, origin, author, judgement)
    VALUES (v.customer_id, v.sender, v.locale, v_top || v.content, octet_length(v_top) + v.size, v.smtputf8, v.require_tls, v.reports,
      v.delivered_to, v.origin, v.author, coalesce(v.judgement, '{}') || v_mark)
    RETURNING id INTO v_message;
  INSERT INTO queue_recipient (message_id, address, domain, within_customer)
    VALUES (v_message, v_to, split_part(v_to, '@', -1), v.customer_id);
  RETURN true;
END $$;
