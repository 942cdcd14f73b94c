-- A partition that is created as one locks the whole table against everyone, behind whoever reads it: a dump for hours. One that
-- is attached does not: reading and writing go on.
CREATE OR REPLACE FUNCTION ensure_event_partitions(p_now timestamptz, p_weeks int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  week_ms bigint := 604800000;
  first_week int := floor((extract(epoch FROM p_now) * 1000 - 1735689600000) / week_ms);
  name text;
BEGIN
  -- Two processes at once would both find a partition missing.
  PERFORM pg_advisory_xact_lock(7310585140003);
  FOR week IN greatest(first_week - 1, 0) .. first_week + p_weeks LOOP
    name := format('events_w%s', lpad(week::text, 4, '0'));
    IF to_regclass(name) IS NULL THEN
      EXECUTE format('CREATE TABLE %s (LIKE events INCLUDING ALL)', name);
      EXECUTE format('ALTER TABLE events ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)',
        name, (week * week_ms) << 22, ((week + 1) * week_ms) << 22);
    END IF;
  END LOOP;
END $$;
