-- Takes a held letter back. False: it is no longer held, so it goes (or went) out. The ledger of the webmail says so in the same transaction:
-- a letter that left the queue this way is never taken for sent.
CREATE OR REPLACE FUNCTION cancel_held(p_account bigint, p_message bigint) returns boolean language plpgsql as $$
begin
  if not lock_held(p_account, p_message) then
    return false;
  end if;
  perform trace_held(p_message, 'cancelled', null);
  update outgoing_letter o set state = 'withdrawn', changed_at = now()
    where o.mailbox_id = p_account and o.queue_message = p_message and o.state = 'held';
  delete from submission_key k where k.queue_id = p_message;
  delete from queue_message m where m.id = p_message;
  return true;
end $$;
