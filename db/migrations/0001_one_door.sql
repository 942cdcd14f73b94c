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

-- 59 random bits from the server's strong source: a token is a secret, unlike an id.
CREATE FUNCTION new_lease_token() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT ('x' || encode(substring(uuid_send(gen_random_uuid()) FROM 1 FOR 8), 'hex'))::bit(64)::bigint & 9223372036854775807
$$;
--> statement-breakpoint

-- Fills a worker's capacity with the ready tasks it declared, on the queues it declared, in its own namespace, most urgent
-- first. p_fresh are tasks that are no rows yet: those taken are inserted as leased, which spares writing them twice; the
-- caller inserts the others. The same request id again gives what the lost answer gave, as long as those leases live.
CREATE FUNCTION lease_tasks(p_worker bigint, p_request text, p_capacity int, p_now timestamptz, p_lease_ms int, p_fresh tasks[])
RETURNS SETOF tasks LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  w workers%ROWTYPE;
  expires timestamptz := p_now + make_interval(secs => p_lease_ms / 1000.0);
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
      UPDATE tasks t SET lease_expires_at = expires
      FROM named n WHERE t.execution_id = n.execution_id AND t.id = n.id
      RETURNING t.*;
    IF FOUND THEN RETURN; END IF;
  END IF;
  IF w.draining OR p_capacity <= 0 THEN RETURN; END IF;
  RETURN QUERY
    WITH candidates AS MATERIALIZED (
      SELECT ready.execution_id, ready.id, ready.priority, false AS fresh
      FROM unnest(w.queues) AS q(queue) CROSS JOIN unnest(w.tasks) AS k(task)
      CROSS JOIN LATERAL (
        SELECT t.execution_id, t.id, t.priority FROM tasks t
        WHERE t.namespace_id = w.namespace_id AND t.queue = q.queue AND t.task = k.task
          AND t.worker_id IS NULL AND NOT t.held
        ORDER BY t.priority DESC, t.id LIMIT p_capacity
      ) ready
      UNION ALL
      SELECT f.execution_id, f.id, f.priority, true FROM unnest(p_fresh) f
      WHERE f.namespace_id = w.namespace_id AND f.queue = ANY (w.queues) AND f.task = ANY (w.tasks)
      ORDER BY priority DESC, id LIMIT p_capacity
    ), locked AS MATERIALIZED (
      SELECT t.execution_id, t.id FROM tasks t JOIN candidates c USING (execution_id, id)
      WHERE NOT c.fresh AND t.worker_id IS NULL AND NOT t.held
      FOR UPDATE OF t SKIP LOCKED
    ), waited AS (
      UPDATE tasks t SET
        worker_id = p_worker, request_id = p_request, lease_token = new_lease_token(), leased_at = p_now,
        lease_expires_at = expires, confirmed = false,
        attempt_deadline_at = p_now + make_interval(secs => t.attempt_timeout_ms / 1000.0),
        heartbeat_deadline_at = p_now + make_interval(secs => t.heartbeat_timeout_ms / 1000.0)
      FROM locked l WHERE t.execution_id = l.execution_id AND t.id = l.id
      RETURNING t.*
    ), fresh AS (
      INSERT INTO tasks (execution_id, id, namespace_id, priority, ready_at, queue, task, step, attempt_timeout_ms,
        heartbeat_timeout_ms, queue_deadline_at, worker_id, request_id, lease_token, leased_at, lease_expires_at,
        attempt_deadline_at, heartbeat_deadline_at)
      SELECT f.execution_id, f.id, f.namespace_id, f.priority, f.ready_at, f.queue, f.task, f.step, f.attempt_timeout_ms,
        f.heartbeat_timeout_ms, f.queue_deadline_at, p_worker, p_request, new_lease_token(), p_now, expires,
        p_now + make_interval(secs => f.attempt_timeout_ms / 1000.0),
        p_now + make_interval(secs => f.heartbeat_timeout_ms / 1000.0)
      FROM unnest(p_fresh) f JOIN candidates c ON c.fresh AND c.execution_id = f.execution_id AND c.id = f.id
      RETURNING *
    )
    SELECT * FROM waited UNION ALL SELECT * FROM fresh;
END $$;
--> statement-breakpoint

-- Appends events to many executions and writes all that follows from them. An execution whose guard fails is left out
-- whole and named in the answer; the others are written. Arguments are JSON arrays of objects, or null for none:
--   starts    {id,ns,wf,v,seq,st,head,wake,started,closed,key,idem,rh,corr,tags}   new executions
--   advances  {id,expect,seq,st,head,closed,setwake,wake}     guarded by expect; where seq = expect only checked, not written
--   guards    {e,t,k}                                         a task's row must still carry this token (null: none); it is dropped
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
  fresh tasks[];
  poller record;
  filled json;
  taken bigint[];
  leases json[] := '{}';
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
    SELECT json_agg(json_build_array(c.e::text, c.t::text)), array_agg(c.e) INTO dead, failed
    FROM json_to_recordset(p_guards) AS c(e bigint, t bigint, k bigint)
    LEFT JOIN tasks t ON t.execution_id = c.e AND t.id = c.t AND t.lease_token IS NOT DISTINCT FROM c.k
    WHERE c.e = ANY (ok) AND t.id IS NULL;
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
      LEFT JOIN json_to_recordset(p_guards) AS c(e bigint, t bigint, k bigint) ON c.e = x.e AND c.t = x.t
    WHERE t.execution_id = x.e AND t.id = x.t AND x.e = ANY (ok) AND (c.t IS NULL OR t.lease_token IS NOT DISTINCT FROM c.k);
    -- The tokens were read without a lock: a lease that changed hands since is decided again.
    IF p_guards IS NOT NULL AND EXISTS (
      SELECT FROM json_to_recordset(p_guards) AS c(e bigint, t bigint)
      JOIN tasks t ON t.execution_id = c.e AND t.id = c.t WHERE c.e = ANY (ok)
    ) THEN
      RAISE EXCEPTION 'a lease changed hands meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-drops'); END IF;
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

  -- New tasks become rows once: leased, or, once every poller is filled, waiting.
  IF p_dispatches IS NOT NULL THEN
    SELECT array_agg(ROW(e, t, n, p, false, false, p_now, q, k, r, am, hm, p_now + make_interval(secs => qm / 1000.0),
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::tasks)
    INTO fresh
    FROM json_to_recordset(p_dispatches) AS x(e bigint, t bigint, n int, p smallint, q text, k text, r text,
      am bigint, hm bigint, qm bigint)
    WHERE e = ANY (ok);
  END IF;

  IF p_leases IS NOT NULL THEN
    FOR poller IN SELECT * FROM json_to_recordset(p_leases) AS x(i int, w bigint, q text, c int) ORDER BY i LOOP
      SELECT json_agg(json_build_object(
          'e', t.execution_id::text, 't', t.id::text, 'k', t.lease_token::text, 'n', t.namespace_id, 'r', t.step,
          'queue', t.queue, 'task', t.task, 'readyAt', t.ready_at, 'leasedAt', t.leased_at, 'expiresAt', t.lease_expires_at,
          'details', t.heartbeat_details)), array_agg(t.id)
      INTO filled, taken
      FROM lease_tasks(poller.w, poller.q, poller.c, p_now, p_lease_ms, fresh) t;
      leases := leases || coalesce(filled, '[]');
      IF fresh IS NOT NULL AND taken IS NOT NULL THEN
        fresh := ARRAY(SELECT f FROM unnest(fresh) f WHERE f.id <> ALL (taken));
      END IF;
    END LOOP;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-leases'); END IF;
  END IF;

  IF fresh IS NOT NULL THEN
    INSERT INTO tasks SELECT f.* FROM unnest(fresh) f;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-dispatches'); END IF;
  END IF;

  IF p_notify IS NOT NULL THEN PERFORM pg_notify('cerebelum', p_notify); END IF;

  RETURN json_build_object('conflicts', coalesce(conflicts, '[]'), 'moved', coalesce(moved, '[]'), 'dead', coalesce(dead, '[]'),
    'leases', array_to_json(leases));
END $$;
