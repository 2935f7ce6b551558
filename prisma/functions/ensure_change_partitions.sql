-- Partitions of the change log for this month and the next ones. Called at start and daily by housekeeping.
CREATE OR REPLACE FUNCTION ensure_change_partitions(p_months int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_from date; v_name text; v_made int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7253101);
  FOR i IN 0..p_months LOOP
    v_from := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i))::date;
    v_name := 'change_' || to_char(v_from, 'YYYY_MM');
    CONTINUE WHEN to_regclass(v_name) IS NOT NULL;
    -- rows that the default partition took in the meantime move into the new one
    EXECUTE format('CREATE TABLE %I (LIKE change INCLUDING DEFAULTS)', v_name);
    EXECUTE format('WITH d AS (DELETE FROM change_default WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM d',
                   v_from::text || ' 00:00+00', (v_from + interval '1 month')::date::text || ' 00:00+00', v_name);
    EXECUTE format('ALTER TABLE change ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   v_name, v_from::text || ' 00:00+00', (v_from + interval '1 month')::date::text || ' 00:00+00');
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END $$;
