-- Drops the oldest partition of the change log if all of it is older than p_days. Its name, or null. Waits at most two seconds for the
-- lock: writers would queue up behind it.
CREATE OR REPLACE FUNCTION drop_old_change_partition(p_days int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_name text;
BEGIN
  SELECT c.relname INTO v_name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'change'::regclass AND c.relname ~ '^change_\d{4}_\d{2}$'
      AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - make_interval(days => p_days)
    ORDER BY c.relname LIMIT 1;
  IF v_name IS NULL THEN RETURN NULL; END IF;
  PERFORM set_config('lock_timeout', '2s', true);
  EXECUTE format('DROP TABLE %I', v_name);
  RETURN v_name;
END $$;
