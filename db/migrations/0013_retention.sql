-- What is over goes in small steps: closed executions by their age, and everything of a namespace that was deleted.

CREATE INDEX IF NOT EXISTS "executions_closed" ON "executions" USING btree ("namespace_id","status","closed_at") WHERE "executions"."closed_at" is not null;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "alert_deliveries_of_execution" ON "alert_deliveries" USING btree ("execution_id") WHERE "alert_deliveries"."execution_id" is not null;--> statement-breakpoint

-- Everything that belongs to these executions and to nothing else, the rows themselves last. The caller has locked them.
CREATE FUNCTION remove_executions(p_ids bigint[]) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM events WHERE execution_id = ANY (p_ids);
  DELETE FROM payloads WHERE execution_id = ANY (p_ids);
  DELETE FROM snapshots WHERE execution_id = ANY (p_ids);
  DELETE FROM history_signatures WHERE execution_id = ANY (p_ids);
  DELETE FROM execution_tags t USING (
    SELECT e.namespace_id, unnest(e.tags) AS tag, e.id FROM executions e WHERE e.id = ANY (p_ids)
  ) x WHERE t.namespace_id = x.namespace_id AND t.tag = x.tag AND t.execution_id = x.id;
  DELETE FROM tasks WHERE execution_id = ANY (p_ids);
  DELETE FROM step_logs WHERE execution_id = ANY (p_ids);
  DELETE FROM heartbeat_details WHERE execution_id = ANY (p_ids);
  DELETE FROM approval_assignees WHERE approval_id IN (SELECT id FROM approvals WHERE execution_id = ANY (p_ids));
  DELETE FROM approvals WHERE execution_id = ANY (p_ids);
  DELETE FROM dead_letters WHERE execution_id = ANY (p_ids);
  DELETE FROM alert_deliveries WHERE execution_id = ANY (p_ids);
  DELETE FROM messages WHERE source_execution_id = ANY (p_ids);
  DELETE FROM schedule_open_runs WHERE execution_id = ANY (p_ids);
  -- One that runs finds nothing left to do.
  PERFORM graphile_worker.complete_jobs(array_agg(j.id)) FROM graphile_worker.jobs j
  WHERE j.locked_at IS NULL
    AND j.key = ANY (ARRAY(SELECT unnest(ARRAY['wake:' || id, 'deliver:' || id]) FROM unnest(p_ids) AS id))
  HAVING count(*) > 0;
  WITH gone AS (
    DELETE FROM executions WHERE id = ANY (p_ids) RETURNING workflow_id, namespace_id, status
  )
  INSERT INTO execution_counts (workflow_id, namespace_id, status, delta)
  SELECT workflow_id, namespace_id, status, -count(*) FROM gone GROUP BY 1, 2, 3;
END $$;
--> statement-breakpoint

-- Of executions in the order given, as many as have p_events events together, and at least one.
CREATE FUNCTION small_step(p_ids bigint[], p_events bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(id) FROM (
    SELECT n.id, sum(e.sequence) OVER (ORDER BY n.i) - e.sequence AS before
    FROM unnest(p_ids) WITH ORDINALITY AS n(id, i) JOIN executions e ON e.id = n.id
  ) counted WHERE before <= p_events
$$;
--> statement-breakpoint

-- Removes the executions of one namespace and status that closed longest ago, before an instant. Locked and judged in one
-- statement: one that is retried meanwhile stays. One whose parent has not been told yet stays, too. Answers how many; -1 where
-- another process removes some right now.
CREATE FUNCTION remove_closed(p_namespace int, p_status execution_status, p_before timestamptz, p_most int, p_events bigint)
RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  ids bigint[];
BEGIN
  IF NOT pg_try_advisory_xact_lock(7310585140013) THEN RETURN -1; END IF;
  WITH held AS MATERIALIZED (
    SELECT e.id, e.closed_at FROM executions e
    WHERE e.namespace_id = p_namespace AND e.status = p_status AND e.closed_at < p_before
      AND NOT EXISTS (SELECT FROM messages m WHERE m.source_execution_id = e.id)
    ORDER BY e.closed_at LIMIT p_most FOR UPDATE OF e SKIP LOCKED
  )
  SELECT small_step(array_agg(id ORDER BY closed_at), p_events) INTO ids FROM held;
  IF ids IS NULL THEN RETURN 0; END IF;
  PERFORM remove_executions(ids);
  RETURN cardinality(ids);
END $$;
--> statement-breakpoint

-- The same for a namespace that was deleted: whatever is closed or out of service, old or new, told or not.
CREATE FUNCTION remove_ended(p_namespace int, p_most int, p_events bigint)
RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  ids bigint[];
BEGIN
  WITH held AS MATERIALIZED (
    SELECT e.id FROM executions e
    WHERE e.namespace_id = p_namespace AND (e.closed_at IS NOT NULL OR e.status = 'quarantined')
    ORDER BY e.id LIMIT p_most FOR UPDATE OF e SKIP LOCKED
  )
  SELECT small_step(array_agg(id ORDER BY id), p_events) INTO ids FROM held;
  IF ids IS NULL THEN RETURN 0; END IF;
  PERFORM remove_executions(ids);
  RETURN cardinality(ids);
END $$;
--> statement-breakpoint

-- Drops one partition of events that is empty and lies in the past for good: its executions were made more than a week ago, and
-- none is left. Answers its name, or null where there is none, or somebody writes just now: nobody waits longer than this does.
CREATE FUNCTION drop_empty_event_partition(p_now timestamptz) RETURNS text LANGUAGE plpgsql SET lock_timeout = '50ms' AS $$
DECLARE
  this_week int := floor((extract(epoch FROM p_now) * 1000 - 1735689600000) / 604800000);
  part text;
  filled boolean;
BEGIN
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'events'::regclass AND c.relname ~ '^events_w[0-9]+$'
      AND substring(c.relname FROM 9)::int < this_week - 1
    ORDER BY 1
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', part) INTO filled;
    CONTINUE WHEN filled;
    LOCK TABLE ONLY events IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', part) INTO filled;
    CONTINUE WHEN filled;
    EXECUTE format('DROP TABLE %I', part);
    RETURN part;
  END LOOP;
  RETURN NULL;
EXCEPTION WHEN lock_not_available THEN
  RETURN NULL;
END $$;
--> statement-breakpoint

-- The rest of a namespace that was deleted, once it has no execution any more; false while it has. What comes in twice, or
-- never at all, does no harm.
CREATE FUNCTION remove_namespace(p_namespace int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM namespaces WHERE id = p_namespace AND deleted_at IS NOT NULL FOR UPDATE;
  IF NOT FOUND THEN RETURN true; END IF;
  IF EXISTS (SELECT FROM executions WHERE namespace_id = p_namespace) THEN RETURN false; END IF;
  DELETE FROM messages WHERE namespace_id = p_namespace;
  DELETE FROM schedules WHERE namespace_id = p_namespace;
  DELETE FROM operations WHERE namespace_id = p_namespace;
  DELETE FROM execution_counts WHERE namespace_id = p_namespace;
  DELETE FROM workflow_versions WHERE namespace_id = p_namespace;
  DELETE FROM workflows WHERE namespace_id = p_namespace;
  DELETE FROM workers WHERE namespace_id = p_namespace;
  DELETE FROM queue_limits WHERE namespace_id = p_namespace;
  DELETE FROM queue_rates WHERE namespace_id = p_namespace;
  DELETE FROM rate_buckets WHERE namespace_id = p_namespace;
  DELETE FROM alert_deliveries WHERE namespace_id = p_namespace;
  PERFORM graphile_worker.remove_job('alert:' || id) FROM alert_destinations WHERE namespace_id = p_namespace;
  DELETE FROM alert_destinations WHERE namespace_id = p_namespace;
  DELETE FROM namespace_settings WHERE namespace_id = p_namespace;
  DELETE FROM api_keys WHERE namespace_id = p_namespace;
  DELETE FROM data_keys WHERE namespace_id = p_namespace;
  UPDATE users SET active_namespace_id = NULL WHERE active_namespace_id = p_namespace;
  DELETE FROM namespaces WHERE id = p_namespace;
  RETURN true;
END $$;
--> statement-breakpoint

-- Some of what the audit log says of an organisation that was deleted and has no namespace any more. Answers how many.
CREATE FUNCTION remove_audit(p_organisation int, p_most int) RETURNS int LANGUAGE plpgsql
SET cerebelum.audit_removal = 'organisation' AS $$
DECLARE
  removed int;
BEGIN
  IF NOT EXISTS (SELECT FROM organisations WHERE id = p_organisation AND deleted_at IS NOT NULL)
    OR EXISTS (SELECT FROM namespaces WHERE organisation_id = p_organisation) THEN
    RETURN 0;
  END IF;
  DELETE FROM audit_log WHERE id = ANY (ARRAY(
    SELECT id FROM audit_log WHERE organisation_id = p_organisation ORDER BY id LIMIT p_most));
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END $$;
