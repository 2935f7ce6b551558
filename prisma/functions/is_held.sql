-- Held: nobody has ever claimed a recipient of it, though its time may have come this moment. `leased_by` stays when a lease is given back.
CREATE OR REPLACE FUNCTION is_held(p_message bigint) returns boolean language sql stable as $$
  select exists (select 1 from queue_message m where m.id = p_message and m.release_at is not null)
    and not exists (select 1 from queue_recipient r
      where r.message_id = p_message and (r.state <> 'queued' or r.attempts > 0 or r.leased_by is not null))
$$;
