-- Failures are told to a namespace's destinations. What is to be told is written by the transaction in which it fails, by
-- triggers: no flush, no quarantine and no older release can forget it. Where nothing fails they cost a comparison of statuses.
CREATE SEQUENCE alert_delivery_numbers;
--> statement-breakpoint

-- A key as processes make them: milliseconds since 2025, and 22 bits of a counter in place of slot and counter.
CREATE FUNCTION new_alert_delivery_key() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT (floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1735689600000) << 22
    | (nextval('alert_delivery_numbers') & 4194303)
$$;
--> statement-breakpoint

-- The job that tells a destination what it has not been told, one at a time for each.
CREATE FUNCTION arm_alert(p_destination bigint, p_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM graphile_worker.add_job('alert', json_build_object('destination', p_destination::text),
    queue_name := 'alert:' || p_destination, run_at := p_at, max_attempts := 1000, job_key := 'alert:' || p_destination);
END $$;
--> statement-breakpoint

CREATE FUNCTION tell_alerts(p_namespace int, p_event text, p_execution bigint, p_dead_letter bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  destination bigint;
BEGIN
  FOR destination IN
    SELECT id FROM alert_destinations WHERE namespace_id = p_namespace AND enabled AND p_event = ANY (events) ORDER BY id
  LOOP
    INSERT INTO alert_deliveries (id, namespace_id, destination_id, event, execution_id, dead_letter_id, created_at)
    VALUES (new_alert_delivery_key(), p_namespace, destination, p_event, p_execution, p_dead_letter, clock_timestamp());
    -- A job that waits will find it. One that is taken meanwhile may not: whatever is left without a job gets one from a sweep.
    IF NOT EXISTS (
      SELECT FROM graphile_worker.jobs
      WHERE key = 'alert:' || destination AND locked_at IS NULL AND attempts < max_attempts
    ) THEN
      PERFORM arm_alert(destination, now());
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint

CREATE FUNCTION tell_of_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_alerts(NEW.namespace_id, 'execution.' || NEW.status, NEW.id, NULL);
  RETURN NULL;
END $$;
--> statement-breakpoint

CREATE FUNCTION tell_of_dead_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_alerts(NEW.namespace_id, 'dead_letter.created', NEW.execution_id, NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint

CREATE TRIGGER executions_failed AFTER UPDATE OF status ON executions FOR EACH ROW
WHEN (NEW.status IN ('failed', 'timed_out', 'quarantined') AND OLD.status IS DISTINCT FROM NEW.status)
EXECUTE FUNCTION tell_of_execution();
--> statement-breakpoint

CREATE TRIGGER executions_born_failed AFTER INSERT ON executions FOR EACH ROW
WHEN (NEW.status IN ('failed', 'timed_out', 'quarantined'))
EXECUTE FUNCTION tell_of_execution();
--> statement-breakpoint

CREATE TRIGGER dead_letters_created AFTER INSERT ON dead_letters FOR EACH ROW
WHEN (NEW.status = 'open')
EXECUTE FUNCTION tell_of_dead_letter();
