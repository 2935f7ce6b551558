-- A submitted letter may be held until a time that its sender chose (RFC 4865); until a worker takes it, it may be taken back or moved.

-- AlterTable
ALTER TABLE "queue_message" ADD COLUMN     "release_at" TIMESTAMPTZ(3),
ADD COLUMN     "reports" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "queue_recipient" ADD COLUMN     "dot_sent_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "submission_key" (
    "account_id" BIGINT NOT NULL,
    "key" BYTEA NOT NULL,
    "queue_id" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "submission_key_pkey" PRIMARY KEY ("account_id","key")
);

-- CreateIndex
CREATE INDEX "submission_key_queue_id_idx" ON "submission_key"("queue_id");

-- CreateIndex
CREATE INDEX "submission_key_at_idx" ON "submission_key"("at");

-- CreateIndex
CREATE INDEX "queue_message_account_id_release_at_idx" ON "queue_message"("account_id", "release_at");

-- CreateIndex
CREATE INDEX "queue_recipient_state_domain_next_attempt_at_idx" ON "queue_recipient"("state", "domain", "next_attempt_at");

-- who submitted here is known; of other senders in the queue nobody wrote down whether SPF confirmed them
update queue_message set reports = true where account_id is not null;

-- Held: nobody has ever claimed a recipient of it, though its time may have come this moment. `leased_by` stays when a lease is given back.
create function is_held(p_message bigint) returns boolean language sql stable as $$
  select exists (select 1 from queue_message m where m.id = p_message and m.release_at is not null)
    and not exists (select 1 from queue_recipient r
      where r.message_id = p_message and (r.state <> 'queued' or r.attempts > 0 or r.leased_by is not null))
$$;

-- Locks a held letter of the account against workers, which skip what is locked. False: there is none (any more).
create function lock_held(p_account bigint, p_message bigint) returns boolean language plpgsql as $$
begin
  perform 1 from queue_message m where m.id = p_message and m.account_id = p_account for update;
  if not found then
    return false;
  end if;
  perform 1 from queue_recipient r where r.message_id = p_message order by r.id for update;
  return is_held(p_message);
end $$;

create function trace_held(p_message bigint, p_step text, p_detail text) returns void language sql as $$
  insert into trace_event (customer_id, account_id, queue_id, step, sender, recipient, message_ref, detail)
    select m.customer_id, m.account_id, m.id, p_step, m.sender, r.address,
      (select t.message_ref from trace_event t where t.customer_id = m.customer_id and t.at >= m.created_at - interval '1 minute'
        and t.queue_id = m.id and t.step = 'submitted' limit 1), p_detail
    from queue_message m join queue_recipient r on r.message_id = m.id where m.id = p_message
$$;

-- Takes a held letter back. False: it is no longer held, so it goes (or went) out.
create function cancel_held(p_account bigint, p_message bigint) returns boolean language plpgsql as $$
begin
  if not lock_held(p_account, p_message) then
    return false;
  end if;
  perform trace_held(p_message, 'cancelled', null);
  delete from submission_key k where k.queue_id = p_message;
  delete from queue_message m where m.id = p_message;
  return true;
end $$;

-- Gives a held letter another time; one that has passed means now. False: it is no longer held.
create function reschedule_held(p_account bigint, p_message bigint, p_release timestamptz) returns boolean language plpgsql as $$
begin
  if p_release is null or not lock_held(p_account, p_message) then
    return false;
  end if;
  update queue_message m set release_at = greatest(p_release, now()) where m.id = p_message;
  update queue_recipient r set next_attempt_at = greatest(p_release, now()) where r.message_id = p_message;
  update submission_key k set at = greatest(p_release, now()) where k.queue_id = p_message;
  perform trace_held(p_message, 'held', 'until ' || to_char(p_release at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
  return true;
end $$;

-- The letters of an account that are held, the next one first.
create function held_messages(p_account bigint)
  returns table (id bigint, release_at timestamptz, sender text, recipients text[], size integer, created_at timestamptz)
  language sql stable as $$
  select m.id, m.release_at, m.sender,
    array(select r.address from queue_recipient r where r.message_id = m.id order by r.id), m.size, m.created_at
  from queue_message m where m.account_id = p_account and m.release_at is not null and is_held(m.id)
  order by m.release_at, m.id
$$;
