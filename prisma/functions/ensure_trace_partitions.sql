-- The trace expires by partitions of a week: dropping one costs nothing, however much a stranger wrote into it.
CREATE OR REPLACE FUNCTION ensure_trace_partitions(p_weeks int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v_from date; v_name text; v_made int := 0;
BEGIN
  FOR i IN -5 .. p_weeks LOOP
    v_from := date_trunc('week', now() AT TIME ZONE 'UTC')::date + i * 7;
    v_name := 'trace_event_' || to_char(v_from, 'IYYY_IW');
    CONTINUE WHEN to_regclass(v_name) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I PARTITION OF trace_event FOR VALUES FROM (%L) TO (%L)', v_name, v_from::timestamp AT TIME ZONE 'UTC',
      (v_from + 7)::timestamp AT TIME ZONE 'UTC');
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END $$;
