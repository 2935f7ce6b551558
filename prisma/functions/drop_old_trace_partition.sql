-- Drops the oldest partition of the trace if all of it is older than p_days. Its name, or null.
CREATE OR REPLACE FUNCTION drop_old_trace_partition(p_days int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_name text;
BEGIN
  DELETE FROM trace_event_other WHERE at < now() - make_interval(days => p_days);
  SELECT c.relname INTO v_name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'trace_event'::regclass AND c.relname ~ '^trace_event_\d{4}_\d{2}$'
      AND to_date(right(c.relname, 7), 'IYYY_IW') + interval '7 days' < now() - make_interval(days => p_days)
      AND to_date(right(c.relname, 7), 'IYYY_IW') < date_trunc('week', now()) - interval '35 days'
    ORDER BY c.relname LIMIT 1;
  IF v_name IS NULL THEN RETURN NULL; END IF;
  PERFORM set_config('lock_timeout', '2s', true);
  EXECUTE format('DROP TABLE %I', v_name);
  RETURN v_name;
END $$;
