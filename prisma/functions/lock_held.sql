-- Locks a held letter of the account against workers, which skip what is locked. False: there is none (any more).
CREATE OR REPLACE FUNCTION lock_held(p_account bigint, p_message bigint) returns boolean language plpgsql as $$
begin
  perform 1 from queue_message m where m.id = p_message and m.account_id = p_account for update;
  if not found then
    return false;
  end if;
  perform 1 from queue_recipient r where r.message_id = p_message order by r.id for update;
  return is_held(p_message);
end $$;
