-- The one door: every append to a history, with all rows that follow from it, is one call of flush(), one transaction,
-- one round trip. Lock order: executions, then tasks, each in key order; never backwards.

ALTER TABLE executions SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
--> statement-breakpoint
ALTER TABLE tasks SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
--> statement-breakpoint
ALTER TABLE workers SET (fillfactor = 70);
--> statement-breakpoint

-- One partition a week of creation time; the upper 41 bits of a key are milliseconds since 2025-01-01.
CREATE FUNCTION ensure_event_partitions(p_now timestamptz, p_weeks int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  week_ms bigint := 604800000;
  first_week int := floor((extract(epoch FROM p_now) * 1000 - 1735689600000) / week_ms);
BEGIN
  -- Two processes at once would both find a partition missing.
  PERFORM pg_advisory_xact_lock(7310585140003);
  FOR week IN greatest(first_week - 1, 0) .. first_week + p_weeks LOOP
    IF to_regclass(format('events_w%s', lpad(week::text, 4, '0'))) IS NULL THEN
      EXECUTE format(
        'CREATE TABLE IF NOT EXISTS events_w%s PARTITION OF events FOR VALUES FROM (%s) TO (%s)',
        lpad(week::text, 4, '0'), (week * week_ms) << 22, ((week + 1) * week_ms) << 22);
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint

-- A named point between two statements, where a test fails, delays or kills the transaction. p_fault is null outside tests.
CREATE FUNCTION fault_point(p_fault json, p_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_fault->>'at' IS DISTINCT FROM p_name THEN RETURN; END IF;
  CASE p_fault->>'do'
    WHEN 'fail' THEN RAISE EXCEPTION 'fault at %', p_name;
    WHEN 'delay' THEN PERFORM pg_sleep((p_fault->>'ms')::float8 / 1000);
    WHEN 'kill' THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1);
  END CASE;
END $$;
--> statement-breakpoint

-- Fills a worker's capacity with the ready tasks it declared, on the queues it declared, in its own namespace, most urgent
-- first. The same request id again gives what the lost answer gave, as long as those leases live.
CREATE FUNCTION lease_tasks(p_worker bigint, p_request text, p_capacity int, p_now timestamptz, p_lease_ms int)
RETURNS SETOF tasks LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  w workers%ROWTYPE;
BEGIN
  SELECT * INTO w FROM workers WHERE id = p_worker;
  IF NOT FOUND THEN RETURN; END IF;
  IF p_request IS NOT NULL THEN
    -- Named again, so not lost: they live as long as if they had just been given.
    RETURN QUERY
      WITH named AS MATERIALIZED (
        SELECT t.execution_id, t.id FROM tasks t WHERE t.worker_id = p_worker AND t.request_id = p_request
        FOR UPDATE OF t SKIP LOCKED
      )
      UPDATE tasks t SET lease_expires_at = p_now + make_interval(secs => p_lease_ms / 1000.0)
      FROM named n WHERE t.execution_id = n.execution_id AND t.id = n.id
      RETURNING t.*;
    IF FOUND THEN RETURN; END IF;
  END IF;
  IF w.draining OR p_capacity <= 0 THEN RETURN; END IF;
  RETURN QUERY
    WITH candidates AS (
      SELECT ready.execution_id, ready.id
      FROM unnest(w.queues) AS q(queue) CROSS JOIN unnest(w.tasks) AS k(task)
      CROSS JOIN LATERAL (
        SELECT t.execution_id, t.id, t.priority FROM tasks t
        WHERE t.namespace_id = w.namespace_id AND t.queue = q.queue AND t.task = k.task
          AND t.worker_id IS NULL AND NOT t.held
        ORDER BY t.priority DESC, t.id LIMIT p_capacity
      ) ready
      ORDER BY ready.priority DESC, ready.id LIMIT p_capacity
    ), locked AS MATERIALIZED (
      SELECT t.execution_id, t.id FROM tasks t JOIN candidates c USING (execution_id, id)
      WHERE t.worker_id IS NULL AND NOT t.held
      FOR UPDATE OF t SKIP LOCKED
    )
    UPDATE tasks t SET
      worker_id = p_worker,
      request_id = p_request,
      -- 59 random bits from the server's strong source: a token is a secret, unlike an id.
      lease_token = ('x' || encode(substring(uuid_send(gen_random_uuid()) FROM 1 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807,
      leased_at = p_now,
      lease_expires_at = p_now + make_interval(secs => p_lease_ms / 1000.0),
      attempt_deadline_at = p_now + make_interval(secs => t.attempt_timeout_ms / 1000.0),
      heartbeat_deadline_at = p_now + make_interval(secs => t.heartbeat_timeout_ms / 1000.0),
      confirmed = false
    FROM locked l WHERE t.execution_id = l.execution_id AND t.id = l.id
    RETURNING t.*;
END $$;
--> statement-breakpoint

-- Appends events to many executions and writes all that follows from them. An execution whose guard fails is left out
-- whole and named in the answer; the others are written. Arguments are JSON arrays of objects, or null for none:
--   starts    {id,ns,wf,v,seq,st,head,wake,started,closed,key,idem,rh,corr,tags}   new executions
--   advances  {id,expect,seq,st,head,closed,setwake,wake}     guarded by expect; where seq = expect only checked, not written
--   guards    {e,t,k}                                         a task's row must still carry this token (null: none)
--   events    {e,s,n,c,y,a,r,d}    "values" {e,n,h,b}    dispatches {e,t,...}    drops {e,t}    counts {wf,n,st,d}
--   wakes     {e,n,at}              graphile jobs to arm    leases {w,q,c}   pollers to fill, in this order
-- Answers {conflicts:[{id,existing,hash}], moved:[id], dead:[[execution,task]], leases:[[rows of one poller],...]}.
CREATE FUNCTION flush(
  p_now timestamptz, p_lease_ms int, p_starts json, p_advances json, p_guards json, p_events json, p_values json,
  p_dispatches json, p_drops json, p_counts json, p_wakes json, p_leases json, p_notify text, p_fault json
) RETURNS json LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  ok bigint[] := '{}';
  locked bigint[];
  failed bigint[];
  conflicts json;
  moved json;
  dead json;
  leases json := '[]';
BEGIN
  IF p_starts IS NOT NULL THEN
    WITH rows AS (
      SELECT * FROM json_to_recordset(p_starts) AS x(id bigint, ns int, wf int, v int, seq int, st execution_status, head text,
        wake timestamptz, started timestamptz, closed timestamptz, key text, idem text, rh text, corr text, tags text[])
    ), inserted AS (
      INSERT INTO executions (id, namespace_id, workflow_id, version, sequence, status, head, next_wake_at, started_at, closed_at,
        key, idempotency_key, request_hash, correlation_id, tags)
      SELECT id, ns, wf, v, seq, st, decode(head, 'hex'), wake, started, closed, key, idem, decode(rh, 'hex'), corr, tags
      FROM rows ORDER BY ns, key, idem, id
      ON CONFLICT DO NOTHING
      RETURNING id, namespace_id, tags
    ), tagged AS (
      INSERT INTO execution_tags (namespace_id, tag, execution_id)
      SELECT DISTINCT namespace_id, tag, id FROM inserted CROSS JOIN unnest(tags) AS tag
    )
    SELECT array_agg(id) INTO ok FROM inserted;
    ok := coalesce(ok, '{}');
    -- A statement of its own, for only a new snapshot sees the row that won.
    SELECT json_agg(json_build_object('id', x.id::text, 'existing', e.id::text, 'hash', encode(e.request_hash, 'hex')))
    INTO conflicts
    FROM json_to_recordset(p_starts) AS x(id bigint, ns int, key text, idem text)
    LEFT JOIN LATERAL (
      SELECT id, request_hash FROM executions
      WHERE namespace_id = x.ns AND key = x.key AND x.key IS NOT NULL
      UNION ALL
      SELECT id, request_hash FROM executions
      WHERE namespace_id = x.ns AND idempotency_key = x.idem AND x.idem IS NOT NULL
      LIMIT 1
    ) e ON true
    WHERE x.id <> ALL (ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-starts'); END IF;
  END IF;

  IF p_advances IS NOT NULL THEN
    WITH held AS MATERIALIZED (
      SELECT e.id FROM executions e
      JOIN json_to_recordset(p_advances) AS x(id bigint, expect int) ON e.id = x.id
      WHERE e.sequence = x.expect
      ORDER BY e.id FOR UPDATE OF e SKIP LOCKED
    )
    SELECT array_agg(id) INTO locked FROM held;
    locked := coalesce(locked, '{}');
    ok := ok || locked;
    SELECT json_agg(x.id::text) INTO moved FROM json_to_recordset(p_advances) AS x(id bigint) WHERE x.id <> ALL (locked);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-guards'); END IF;
  END IF;

  IF p_guards IS NOT NULL THEN
    WITH claims AS (
      SELECT * FROM json_to_recordset(p_guards) AS x(e bigint, t bigint, k bigint) WHERE e = ANY (ok)
    ), held AS MATERIALIZED (
      SELECT t.execution_id, t.id FROM tasks t JOIN claims c ON t.execution_id = c.e AND t.id = c.t
      WHERE t.lease_token IS NOT DISTINCT FROM c.k
      ORDER BY 1, 2 FOR UPDATE OF t
    )
    SELECT json_agg(json_build_array(c.e::text, c.t::text)), array_agg(c.e) INTO dead, failed
    FROM claims c LEFT JOIN held h ON h.execution_id = c.e AND h.id = c.t WHERE h.id IS NULL;
    IF failed IS NOT NULL THEN
      ok := ARRAY(SELECT unnest(ok) EXCEPT SELECT unnest(failed));
    END IF;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-tokens'); END IF;
  END IF;

  IF p_events IS NOT NULL THEN
    INSERT INTO events (execution_id, sequence, namespace_id, command, type, at, actor, data)
    SELECT e, s, n, c, y, a, r, d::text
    FROM json_to_recordset(p_events) AS x(e bigint, s int, n int, c int, y text, a timestamptz, r text, d json)
    WHERE e = ANY (ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-events'); END IF;
  END IF;

  IF p_values IS NOT NULL THEN
    INSERT INTO payloads (execution_id, namespace_id, hash, body)
    SELECT e, n, decode(h, 'hex'), b::text FROM json_to_recordset(p_values) AS x(e bigint, n int, h text, b json)
    WHERE e = ANY (ok)
    ON CONFLICT DO NOTHING;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-values'); END IF;
  END IF;

  IF p_advances IS NOT NULL THEN
    UPDATE executions t SET
      sequence = x.seq,
      status = x.st,
      head = decode(x.head, 'hex'),
      closed_at = x.closed,
      next_wake_at = CASE WHEN x.setwake THEN x.wake ELSE t.next_wake_at END
    FROM json_to_recordset(p_advances) AS x(id bigint, expect int, seq int, st execution_status, head text, closed timestamptz,
      setwake boolean, wake timestamptz)
    WHERE t.id = x.id AND x.id = ANY (ok) AND (x.seq <> x.expect OR x.setwake);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-executions'); END IF;
  END IF;

  IF p_drops IS NOT NULL THEN
    DELETE FROM tasks t USING json_to_recordset(p_drops) AS x(e bigint, t bigint)
    WHERE t.execution_id = x.e AND t.id = x.t AND x.e = ANY (ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-drops'); END IF;
  END IF;

  IF p_dispatches IS NOT NULL THEN
    INSERT INTO tasks (execution_id, id, namespace_id, priority, ready_at, queue, task, step, attempt_timeout_ms,
      heartbeat_timeout_ms, queue_deadline_at)
    SELECT e, t, n, p, p_now, q, k, r, am, hm, p_now + make_interval(secs => qm / 1000.0)
    FROM json_to_recordset(p_dispatches) AS x(e bigint, t bigint, n int, p smallint, q text, k text, r text, am bigint, hm bigint, qm bigint)
    WHERE e = ANY (ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-dispatches'); END IF;
  END IF;

  IF p_counts IS NOT NULL THEN
    INSERT INTO execution_counts (workflow_id, namespace_id, status, delta)
    SELECT wf, n, st, sum(d) FROM json_to_recordset(p_counts) AS x(e bigint, wf int, n int, st execution_status, d int)
    WHERE e = ANY (ok)
    GROUP BY wf, n, st HAVING sum(d) <> 0;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-counts'); END IF;
  END IF;

  IF p_wakes IS NOT NULL THEN
    PERFORM graphile_worker.add_jobs(array_agg(
      ('wake', json_build_object('execution', e::text, 'namespace', n), NULL, at, 1000, 'wake:' || e::text, 0, NULL)::graphile_worker.job_spec))
    FROM json_to_recordset(p_wakes) AS x(e bigint, n int, at timestamptz) WHERE e = ANY (ok)
    HAVING count(*) > 0;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-wakes'); END IF;
  END IF;

  IF p_leases IS NOT NULL THEN
    SELECT coalesce(json_agg(filled.rows ORDER BY x.i), '[]') INTO leases
    FROM json_to_recordset(p_leases) AS x(i int, w bigint, q text, c int)
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'e', t.execution_id::text, 't', t.id::text, 'k', t.lease_token::text, 'n', t.namespace_id, 'r', t.step,
        'queue', t.queue, 'task', t.task, 'readyAt', t.ready_at, 'leasedAt', t.leased_at, 'expiresAt', t.lease_expires_at,
        'details', t.heartbeat_details)), '[]') AS rows
      FROM lease_tasks(x.w, x.q, x.c, p_now, p_lease_ms) t
    ) filled;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-leases'); END IF;
  END IF;

  IF p_notify IS NOT NULL THEN PERFORM pg_notify('cerebelum', p_notify); END IF;

  RETURN json_build_object('conflicts', coalesce(conflicts, '[]'), 'moved', coalesce(moved, '[]'), 'dead', coalesce(dead, '[]'),
    'leases', leases);
END $$;
