-- Gives a held letter another time; one that has passed means now. False: it is no longer held. The ledger of the webmail learns of it in the
-- same transaction, so that nobody takes it for sent in between. What somebody else stopped (an operator, a mailbox whose sending is held)
-- stays stopped: such a letter leaves when that is over, and not before its new time.
CREATE OR REPLACE FUNCTION reschedule_held(p_account bigint, p_message bigint, p_release timestamptz) returns boolean language plpgsql as $$
begin
  if p_release is null or not lock_held(p_account, p_message) then
    return false;
  end if;
  update queue_message m set release_at = greatest(p_release, now()) where m.id = p_message;
  update queue_recipient r set next_attempt_at = greatest(p_release, now())
    where r.message_id = p_message and r.next_attempt_at < until_released();
  update submission_key k set at = greatest(p_release, now()) where k.queue_id = p_message;
  update outgoing_letter o set release_at = greatest(p_release, now()), changed_at = now()
    where o.mailbox_id = p_account and o.queue_message = p_message and o.state = 'held';
  perform trace_held(p_message, 'held', 'until ' || to_char(p_release at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
  return true;
end $$;
