CREATE OR REPLACE FUNCTION trace_held(p_message bigint, p_step text, p_detail text) returns void language sql as $$
  insert into trace_event (customer_id, account_id, queue_id, step, sender, recipient, message_ref, detail)
    select m.customer_id, m.account_id, m.id, p_step, m.sender, r.address,
      (select t.message_ref from trace_event t where t.customer_id = m.customer_id and t.at >= m.created_at - interval '1 minute'
        and t.queue_id = m.id and t.step = 'submitted' limit 1), p_detail
    from queue_message m join queue_recipient r on r.message_id = m.id where m.id = p_message
$$;
