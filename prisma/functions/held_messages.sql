-- The letters of an account that are held, the next one first.
CREATE OR REPLACE FUNCTION held_messages(p_account bigint)
  returns table (id bigint, release_at timestamptz, sender text, recipients text[], size integer, created_at timestamptz)
  language sql stable as $$
  select m.id, m.release_at, m.sender,
    array(select r.address from queue_recipient r where r.message_id = m.id order by r.id), m.size, m.created_at
  from queue_message m where m.account_id = p_account and m.release_at is not null and is_held(m.id)
  order by m.release_at, m.id
$$;
