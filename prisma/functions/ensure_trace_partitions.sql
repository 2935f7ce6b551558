-- The trace expires by partitions of a week: dropping one costs nothing, however much a stranger wrote into it.
CREATE OR REPLACE FUNCTION ensure_trace_partitions(p_weeks int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_from date; v_start timestamptz; v_end timestamptz; v_name text; v_made int := 0;
BEGIN
  FOR i IN -5 .. p_weeks LOOP
    v_from := date_trunc('week', now() AT TIME ZONE 'UTC')::date + i * 7;
    v_start := v_from::timestamp AT TIME ZONE 'UTC';
    v_end := (v_from + 7)::timestamp AT TIME ZONE 'UTC';
    v_name := 'trace_event_' || to_char(v_from, 'IYYY_IW');
    CONTINUE WHEN to_regclass(v_name) IS NOT NULL;
    -- what the default partition took in the meantime moves into the new one
    EXECUTE format('CREATE TABLE %I (LIKE trace_event INCLUDING DEFAULTS)', v_name);
    EXECUTE format('WITH d AS (DELETE FROM trace_event_other WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM d',
                   v_start, v_end, v_name);
    EXECUTE format('ALTER TABLE trace_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', v_name, v_start, v_end);
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END $$;
