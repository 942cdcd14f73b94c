CREATE TABLE "queue_limits" (
	"namespace_id" integer NOT NULL,
	"queue" text NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"rate_limit" integer,
	"rate_per_ms" integer,
	"key_rate_limit" integer,
	"key_rate_per_ms" integer,
	CONSTRAINT "queue_limits_namespace_id_queue_pk" PRIMARY KEY("namespace_id","queue")
);
--> statement-breakpoint
CREATE TABLE "rate_buckets" (
	"namespace_id" integer NOT NULL,
	"queue" text NOT NULL,
	"key" text NOT NULL,
	"tokens" double precision NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rate_buckets_namespace_id_queue_key_pk" PRIMARY KEY("namespace_id","queue","key")
);
--> statement-breakpoint
DROP INDEX "tasks_ready";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "rank" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "admitted" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "tasks_keyed" ON "tasks" USING btree ("namespace_id","queue","concurrency_key","admitted","rank","id") WHERE "tasks"."concurrency_key" is not null;--> statement-breakpoint
CREATE INDEX "tasks_kept_back" ON "tasks" USING btree ("namespace_id","queue","concurrency_key") WHERE not "tasks"."admitted" and not "tasks"."held";--> statement-breakpoint
CREATE INDEX "tasks_ready" ON "tasks" USING btree ("namespace_id","queue","task","rank","id") WHERE "tasks"."worker_id" is null and not "tasks"."held" and "tasks"."admitted";
--> statement-breakpoint

-- Takes the locks of all concurrency keys that these executions' tasks have, or that are being dispatched, always in the same
-- order. Answers them as [{n,q,k}]; null where there are none.
CREATE FUNCTION lock_keys(p_executions bigint[], p_dispatches json) RETURNS json LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  keys json;
BEGIN
  SELECT json_agg(json_build_object('n', n, 'q', q, 'k', k)) INTO keys FROM (
    SELECT namespace_id AS n, queue AS q, concurrency_key AS k FROM tasks
    WHERE execution_id = ANY (p_executions) AND concurrency_key IS NOT NULL
    UNION
    SELECT n, q, ck FROM json_to_recordset(p_dispatches) AS x(e bigint, n int, q text, ck text)
    WHERE ck IS NOT NULL AND e = ANY (p_executions)
  ) named;
  PERFORM pg_advisory_xact_lock(id) FROM (
    SELECT DISTINCT hashtextextended(q || ' ' || k, n) AS id FROM json_to_recordset(keys) AS x(n int, q text, k text) ORDER BY 1
  ) locks;
  RETURN keys;
END $$;
--> statement-breakpoint

-- Of each key admits the first of the tasks that were kept back, as long as fewer are admitted than its limit allows and its
-- rate has something left. Whoever calls it holds the locks of the keys. Answers [{namespaceId,queue,task}] of those admitted.
CREATE FUNCTION admit_tasks(p_keys json, p_now timestamptz) RETURNS json LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  one record;
  most int;
  room int;
  rate queue_limits%ROWTYPE;
  kinds json;
  admitted jsonb := '[]';
BEGIN
  FOR one IN SELECT * FROM json_to_recordset(p_keys) AS x(n int, q text, k text) LOOP
    SELECT concurrency_limit INTO most FROM tasks
    WHERE namespace_id = one.n AND queue = one.q AND concurrency_key = one.k AND NOT tasks.admitted AND NOT held
    ORDER BY rank, id LIMIT 1;
    CONTINUE WHEN NOT FOUND;
    SELECT most - count(*) INTO room FROM tasks
    WHERE namespace_id = one.n AND queue = one.q AND concurrency_key = one.k AND tasks.admitted;
    SELECT * INTO rate FROM queue_limits WHERE namespace_id = one.n AND queue = one.q AND key_rate_limit IS NOT NULL;
    IF FOUND THEN
      INSERT INTO rate_buckets AS b (namespace_id, queue, key, tokens, at)
      VALUES (one.n, one.q, one.k, rate.key_rate_limit, p_now)
      ON CONFLICT (namespace_id, queue, key) DO UPDATE SET
        tokens = refilled(b.tokens, b.at, p_now, rate.key_rate_limit, rate.key_rate_per_ms), at = p_now
      RETURNING least(room, floor(tokens)) INTO room;
    END IF;
    CONTINUE WHEN room <= 0;
    WITH first AS MATERIALIZED (
      SELECT execution_id, id FROM tasks
      WHERE namespace_id = one.n AND queue = one.q AND concurrency_key = one.k AND NOT tasks.admitted AND NOT held
      ORDER BY rank, id LIMIT room FOR UPDATE SKIP LOCKED
    ), done AS (
      UPDATE tasks t SET admitted = true FROM first f WHERE t.execution_id = f.execution_id AND t.id = f.id
      RETURNING t.namespace_id, t.queue, t.task
    )
    SELECT json_agg(json_build_object('namespaceId', namespace_id, 'queue', queue, 'task', task)) INTO kinds FROM done;
    CONTINUE WHEN kinds IS NULL;
    admitted := admitted || kinds::jsonb;
    UPDATE rate_buckets SET tokens = tokens - json_array_length(kinds)
    WHERE namespace_id = one.n AND queue = one.q AND key = one.k;
  END LOOP;
  RETURN admitted::json;
END $$;
--> statement-breakpoint

-- Keys whose tasks are kept back although they may have room: their rate has filled up again, or a task's row went without a
-- flush. One whose lock another transaction holds is left to that.
CREATE FUNCTION admit_kept_back(p_now timestamptz, p_most int) RETURNS json LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  keys json;
BEGIN
  WITH RECURSIVE kept AS (
    (SELECT namespace_id AS n, queue AS q, concurrency_key AS k FROM tasks WHERE NOT admitted AND NOT held
     ORDER BY 1, 2, 3 LIMIT 1)
    UNION ALL
    SELECT next.* FROM kept CROSS JOIN LATERAL (
      SELECT namespace_id, queue, concurrency_key FROM tasks
      WHERE NOT admitted AND NOT held AND (namespace_id, queue, concurrency_key) > (kept.n, kept.q, kept.k)
      ORDER BY 1, 2, 3 LIMIT 1
    ) next
  ), few AS (
    SELECT * FROM kept LIMIT p_most
  )
  SELECT json_agg(json_build_object('n', n, 'q', q, 'k', k)) INTO keys FROM few
  WHERE pg_try_advisory_xact_lock(hashtextextended(q || ' ' || k, n));
  RETURN admit_tasks(keys, p_now);
END $$;
--> statement-breakpoint

-- A token bucket after some time: so many tokens come in so many milliseconds, and no more than those are ever in it.
CREATE FUNCTION refilled(p_tokens float8, p_at timestamptz, p_now timestamptz, p_limit int, p_per_ms int) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$
  SELECT least(p_limit, p_tokens + greatest(0, extract(epoch FROM p_now - p_at) * 1000)::float8 * p_limit / p_per_ms)
$$;
--> statement-breakpoint

-- How many tasks each of these queues may give out now, as {queue: number}; queues without a limit are left out. One whose
-- bucket another transaction holds gives out nothing this time.
CREATE FUNCTION queue_allowances(p_namespace int, p_queues text[], p_now timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  rule queue_limits%ROWTYPE;
  allowed int;
  allowances jsonb := '{}';
BEGIN
  FOR rule IN SELECT * FROM queue_limits WHERE namespace_id = p_namespace AND queue = ANY (p_queues) AND (paused OR rate_limit IS NOT NULL)
    ORDER BY queue
  LOOP
    allowed := 0;
    IF NOT rule.paused THEN
      UPDATE rate_buckets b SET tokens = refilled(b.tokens, b.at, p_now, rule.rate_limit, rule.rate_per_ms), at = p_now
      FROM (SELECT FROM rate_buckets WHERE namespace_id = p_namespace AND queue = rule.queue AND key = '' FOR UPDATE SKIP LOCKED) free
      WHERE b.namespace_id = p_namespace AND b.queue = rule.queue AND b.key = ''
      RETURNING floor(b.tokens) INTO allowed;
    END IF;
    allowances := allowances || jsonb_build_object(rule.queue, coalesce(allowed, 0));
  END LOOP;
  RETURN allowances;
END $$;
--> statement-breakpoint

-- Fills a worker's capacity with the ready tasks it declared, on the queues it declared, in its own namespace, by rank: the
-- longest wait first, where each point of priority counts as a minute. Tasks that are for another worker for a while, that are
-- kept back by others of their key, or whose queue may give out no more, are passed by. p_fresh are tasks that are no rows yet:
-- those taken are inserted as leased, which spares writing them twice; the caller inserts the others. The same request id again
-- gives what the lost answer gave, as long as those leases live.
CREATE OR REPLACE FUNCTION lease_tasks(p_worker bigint, p_request text, p_capacity int, p_now timestamptz, p_lease_ms int, p_fresh tasks[])
RETURNS SETOF tasks LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  w workers%ROWTYPE;
  expires timestamptz := p_now + make_interval(secs => p_lease_ms / 1000.0);
  allowances jsonb;
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
  IF EXISTS (SELECT FROM queue_limits WHERE namespace_id = w.namespace_id AND queue = ANY (w.queues)) THEN
    allowances := queue_allowances(w.namespace_id, w.queues, p_now);
  END IF;
  RETURN QUERY
    WITH candidates AS MATERIALIZED (
      SELECT ready.execution_id, ready.id, ready.rank, q.queue, false AS fresh
      FROM unnest(w.queues) AS q(queue) CROSS JOIN unnest(w.tasks) AS k(task)
      CROSS JOIN LATERAL (
        SELECT t.execution_id, t.id, t.rank FROM tasks t
        WHERE t.namespace_id = w.namespace_id AND t.queue = q.queue AND t.task = k.task
          AND t.worker_id IS NULL AND NOT t.held AND t.admitted
          AND (t.sticky_worker_id IS NULL OR t.sticky_worker_id = p_worker OR t.sticky_until <= p_now)
        ORDER BY t.rank, t.id LIMIT p_capacity
      ) ready
      UNION ALL
      SELECT f.execution_id, f.id, f.rank, f.queue, true FROM unnest(p_fresh) f
      WHERE f.namespace_id = w.namespace_id AND f.queue = ANY (w.queues) AND f.task = ANY (w.tasks) AND NOT f.held
        AND (f.sticky_worker_id IS NULL OR f.sticky_worker_id = p_worker)
    ), chosen AS MATERIALIZED (
      SELECT * FROM (SELECT c.*, row_number() OVER (PARTITION BY c.queue ORDER BY c.rank, c.id) AS nth FROM candidates c) numbered
      WHERE allowances IS NULL OR nth <= coalesce((allowances->>queue)::int, p_capacity)
      ORDER BY rank, id LIMIT p_capacity
    ), locked AS MATERIALIZED (
      SELECT t.execution_id, t.id FROM tasks t JOIN chosen c USING (execution_id, id)
      WHERE NOT c.fresh AND t.worker_id IS NULL AND NOT t.held AND t.admitted
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
        heartbeat_timeout_ms, queue_deadline_at, concurrency_key, concurrency_limit, sticky_worker_id, sticky_until, rank, admitted,
        worker_id, request_id, lease_token, leased_at, lease_expires_at, attempt_deadline_at, heartbeat_deadline_at)
      SELECT f.execution_id, f.id, f.namespace_id, f.priority, f.ready_at, f.queue, f.task, f.step, f.attempt_timeout_ms,
        f.heartbeat_timeout_ms, f.queue_deadline_at, f.concurrency_key, f.concurrency_limit, f.sticky_worker_id, f.sticky_until,
        f.rank, f.admitted, p_worker, p_request, new_lease_token(), p_now, expires,
        p_now + make_interval(secs => f.attempt_timeout_ms / 1000.0),
        p_now + make_interval(secs => f.heartbeat_timeout_ms / 1000.0)
      FROM unnest(p_fresh) f JOIN chosen c ON c.fresh AND c.execution_id = f.execution_id AND c.id = f.id
      RETURNING *
    ), spent AS (
      UPDATE rate_buckets b SET tokens = b.tokens - given.count
      FROM (SELECT queue, count(*) FROM (SELECT queue FROM waited UNION ALL SELECT queue FROM fresh) out GROUP BY queue) given
      WHERE allowances IS NOT NULL AND b.namespace_id = w.namespace_id AND b.queue = given.queue AND b.key = ''
    )
    SELECT * FROM waited UNION ALL SELECT * FROM fresh;
END $$;
