CREATE TYPE "public"."approval_status" AS ENUM('pending', 'approved', 'rejected', 'expired', 'cancelled');--> statement-breakpoint
CREATE TYPE "public"."dead_letter_status" AS ENUM('open', 'retried', 'resolved');--> statement-breakpoint
CREATE TYPE "public"."message_kind" AS ENUM('start-child', 'cancel-child', 'tell-parent');--> statement-breakpoint
CREATE TABLE "approval_assignees" (
	"approval_id" bigint NOT NULL,
	"assignee" text NOT NULL,
	"namespace_id" integer NOT NULL,
	"status" "approval_status" NOT NULL,
	CONSTRAINT "approval_assignees_approval_id_assignee_pk" PRIMARY KEY("approval_id","assignee")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"execution_id" bigint NOT NULL,
	"step" text NOT NULL,
	"node" text NOT NULL,
	"index" integer[],
	"iteration" integer NOT NULL,
	"status" "approval_status" NOT NULL,
	"title" text,
	"description" text,
	"assignees" text[] NOT NULL,
	"form" text,
	"data" text,
	"data_ref" text,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"decided_at" timestamp (3) with time zone,
	"decided_by" text,
	"comment" text
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"execution_id" bigint NOT NULL,
	"workflow_id" integer NOT NULL,
	"workflow" text NOT NULL,
	"version" integer NOT NULL,
	"node" text NOT NULL,
	"index" integer[],
	"iteration" integer NOT NULL,
	"attempts" integer NOT NULL,
	"error" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" "dead_letter_status" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"note" text,
	"resolved_by" text,
	"resolved_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"source_execution_id" bigint NOT NULL,
	"source_sequence" integer NOT NULL,
	"position" smallint NOT NULL,
	"namespace_id" integer NOT NULL,
	"kind" "message_kind" NOT NULL,
	"target_execution_id" bigint NOT NULL,
	"payload" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_source_execution_id_source_sequence_position_pk" PRIMARY KEY("source_execution_id","source_sequence","position")
);
--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "start_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "parent_execution_id" bigint;--> statement-breakpoint
ALTER TABLE "executions" ADD COLUMN "forked_from" bigint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "concurrency_key" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "concurrency_limit" integer;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "sticky_worker_id" bigint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "sticky_until" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "approval_assignees_list" ON "approval_assignees" USING btree ("namespace_id","assignee","status","approval_id");--> statement-breakpoint
CREATE INDEX "approvals_by_status" ON "approvals" USING btree ("namespace_id","status","id");--> statement-breakpoint
CREATE INDEX "approvals_of_execution" ON "approvals" USING btree ("execution_id","id");--> statement-breakpoint
CREATE INDEX "dead_letters_by_status" ON "dead_letters" USING btree ("namespace_id","status","id");--> statement-breakpoint
CREATE INDEX "dead_letters_by_workflow" ON "dead_letters" USING btree ("namespace_id","workflow_id","status","id");--> statement-breakpoint
CREATE INDEX "dead_letters_by_code" ON "dead_letters" USING btree ("namespace_id","code","status","id");--> statement-breakpoint
CREATE INDEX "dead_letters_by_fingerprint" ON "dead_letters" USING btree ("namespace_id","status","fingerprint","id","workflow_id");--> statement-breakpoint
CREATE INDEX "dead_letters_of_execution" ON "dead_letters" USING btree ("execution_id","id");--> statement-breakpoint
CREATE INDEX "executions_children" ON "executions" USING btree ("namespace_id","parent_execution_id","id") WHERE "executions"."parent_execution_id" is not null;
--> statement-breakpoint

ALTER TABLE messages SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
--> statement-breakpoint

-- What follows from events beside tasks, alarms and counts: members of p_rows are JSON arrays of objects, absent where there is
-- none. Only executions in p_ok are written; the others are decided again. In this order, whatever the order of the events:
--   copies       {e,n,f,to,h}     the events of f up to `to`, and its values with these hashes, for the new execution e
--   holds        {e,h,ms}         tasks held or released; queue deadlines move by ms
--   clears       {e}              no task may be left
--   approvals    {a,e,n,r,o,ix,it,ti,de,as,al,fo,at,ex}   asked for      closed {a,st,da,dr,co,by,at,e}
--   retried      {e}              open dead letters                   deadLetters {i,e,n,wf,w,v,o,ix,it,x,er,fp,st,at}
--   messages     {e,n,q,p,k,t,b}  to other executions, with a job that delivers those of e
--   taken        {e,s,q,p}        messages whose effect has been taken
CREATE FUNCTION write_projections(p_rows json, p_ok bigint[], p_now timestamptz, p_fault json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  copied bigint;
  added bigint;
BEGIN
  IF p_rows->'copies' IS NOT NULL THEN
    INSERT INTO events (execution_id, sequence, namespace_id, command, type, at, actor, data)
    SELECT x.e, v.sequence, x.n, v.command, v.type, v.at, v.actor, v.data
    FROM json_to_recordset(p_rows->'copies') AS x(e bigint, n int, f bigint, "to" int)
    JOIN events v ON v.execution_id = x.f AND v.namespace_id = x.n AND v.sequence <= x.to
    WHERE x.e = ANY (p_ok);
    GET DIAGNOSTICS copied = ROW_COUNT;
    IF copied <> (SELECT coalesce(sum(x.to), 0) FROM json_to_recordset(p_rows->'copies') AS x(e bigint, "to" int) WHERE x.e = ANY (p_ok)) THEN
      RAISE EXCEPTION 'the history to copy is not all there';
    END IF;
    INSERT INTO payloads (execution_id, namespace_id, hash, body)
    SELECT x.e, x.n, v.hash, v.body
    FROM json_to_recordset(p_rows->'copies') AS x(e bigint, n int, f bigint, h json)
    CROSS JOIN json_array_elements_text(x.h) AS k(hash)
    JOIN payloads v ON v.execution_id = x.f AND v.namespace_id = x.n AND v.hash = decode(k.hash, 'hex')
    WHERE x.e = ANY (p_ok)
    ON CONFLICT DO NOTHING;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-copies'); END IF;
  END IF;

  IF p_rows->'holds' IS NOT NULL THEN
    -- Leased tasks too: one whose lease is released meanwhile is held from then on.
    WITH named AS MATERIALIZED (
      SELECT t.execution_id, t.id, x.h, x.ms
      FROM tasks t JOIN json_to_recordset(p_rows->'holds') AS x(e bigint, h boolean, ms bigint) ON t.execution_id = x.e
      WHERE x.e = ANY (p_ok) ORDER BY 1, 2 FOR UPDATE OF t
    )
    -- One that nobody has taken gives way to others with its key meanwhile.
    UPDATE tasks t SET held = n.h,
      admitted = t.admitted AND (NOT n.h OR t.concurrency_key IS NULL OR t.worker_id IS NOT NULL),
      queue_deadline_at = t.queue_deadline_at + make_interval(secs => n.ms / 1000.0)
    FROM named n WHERE t.execution_id = n.execution_id AND t.id = n.id;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-holds'); END IF;
  END IF;

  IF p_rows->'clears' IS NOT NULL THEN
    DELETE FROM tasks t USING json_to_recordset(p_rows->'clears') AS x(e bigint) WHERE t.execution_id = x.e AND x.e = ANY (p_ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-clears'); END IF;
  END IF;

  IF p_rows->'approvals' IS NOT NULL THEN
    WITH rows AS (
      SELECT * FROM json_to_recordset(p_rows->'approvals') AS x(a bigint, e bigint, n int, r text, o text, ix int[], it int, ti text,
        de text, "as" text[], al text[], fo json, at timestamptz, ex timestamptz)
      WHERE e = ANY (p_ok)
    ), asked AS (
      INSERT INTO approvals (id, namespace_id, execution_id, step, node, index, iteration, status, title, description,
        assignees, form, requested_at, expires_at)
      SELECT a, n, e, r, o, ix, it, 'pending', ti, de, "as", fo::text, at, ex FROM rows
    )
    INSERT INTO approval_assignees (approval_id, assignee, namespace_id, status)
    SELECT a, assignee, n, 'pending' FROM rows CROSS JOIN unnest(al) AS assignee;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-approvals'); END IF;
  END IF;

  IF p_rows->'closed' IS NOT NULL THEN
    WITH closed AS (
      UPDATE approvals t SET status = x.st, data = x.da::text, data_ref = x.dr::text, comment = x.co, decided_by = x.by,
        decided_at = CASE WHEN x.by IS NOT NULL THEN x.at END
      FROM json_to_recordset(p_rows->'closed') AS x(a bigint, e bigint, st approval_status, da json, dr json, co text, by text,
        at timestamptz)
      WHERE t.id = x.a AND t.execution_id = x.e AND x.e = ANY (p_ok)
      RETURNING t.id, t.status
    )
    UPDATE approval_assignees g SET status = closed.status FROM closed WHERE g.approval_id = closed.id;
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-decisions'); END IF;
  END IF;

  IF p_rows->'retried' IS NOT NULL THEN
    UPDATE dead_letters t SET status = 'retried' FROM json_to_recordset(p_rows->'retried') AS x(e bigint)
    WHERE t.execution_id = x.e AND t.status = 'open' AND x.e = ANY (p_ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-retried'); END IF;
  END IF;

  IF p_rows->'deadLetters' IS NOT NULL THEN
    INSERT INTO dead_letters (id, namespace_id, execution_id, workflow_id, workflow, version, node, index, iteration, attempts,
      error, code, message, fingerprint, status, created_at)
    SELECT i, n, e, wf, w, v, o, ix, it, x, er::text, left(er->>'code', 500), left(er->>'message', 2000), fp, st, at
    FROM json_to_recordset(p_rows->'deadLetters') AS d(i bigint, e bigint, n int, wf int, w text, v int, o text, ix int[], it int, x int,
      er json, fp text, st dead_letter_status, at timestamptz)
    WHERE e = ANY (p_ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-dead-letters'); END IF;
  END IF;

  IF p_rows->'messages' IS NOT NULL THEN
    WITH sent AS (
      INSERT INTO messages (source_execution_id, source_sequence, position, namespace_id, kind, target_execution_id, payload,
        created_at)
      SELECT e, q, p, n, k, t, b::text, p_now
      FROM json_to_recordset(p_rows->'messages') AS x(e bigint, n int, q int, p smallint, k message_kind, t bigint, b json)
      WHERE e = ANY (p_ok)
      RETURNING source_execution_id, namespace_id
    )
    SELECT count(*) INTO added FROM graphile_worker.add_jobs(ARRAY(
      SELECT ('deliver', json_build_object('source', source_execution_id::text, 'namespace', namespace_id), NULL, NULL, 1000,
        'deliver:' || source_execution_id::text, 0, NULL)::graphile_worker.job_spec
      FROM sent GROUP BY source_execution_id, namespace_id));
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-sending'); END IF;
  END IF;

  IF p_rows->'taken' IS NOT NULL THEN
    DELETE FROM messages m USING json_to_recordset(p_rows->'taken') AS x(e bigint, s bigint, q int, p smallint)
    WHERE m.source_execution_id = x.s AND m.source_sequence = x.q AND m.position = x.p AND x.e = ANY (p_ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-taking'); END IF;
  END IF;
END $$;
--> statement-breakpoint

DROP FUNCTION flush(timestamptz, int, json, json, json, json, json, json, json, json, json, json, text, json);
--> statement-breakpoint

-- Appends events to many executions and writes all that follows from them. An execution whose guard fails is left out
-- whole and named in the answer; the others are written. Arguments are JSON arrays of objects, or null for none:
--   starts    {id,ns,wf,v,seq,st,head,wake,started,closed,key,idem,rh,corr,tags,at,parent,fork}   new executions
--   advances  {id,expect,seq,st,head,closed,started,setwake,wake}   guarded by expect; where seq = expect only checked
--   guards    {e,t,k}                 a task's row must still carry this token (null: none), whether it is dropped or stays
--   events    {e,s,n,c,y,a,r,d}    "values" {e,n,h,b}    dispatches {e,t,...}    drops {e,t}    counts {wf,n,st,d}
--   wakes     {e,n,at}              graphile jobs to arm    leases {w,q,c}   pollers to fill, in this order
--   projections  an object, see write_projections(); in it, too:
--     taken {e,s,q,p}   messages whose effect on e this flush takes
--     keyed {e}         executions among whose tasks are some with a concurrency key, see admit_tasks()
-- Answers {conflicts:[{id,existing,hash}], moved:[id], dead:[[execution, task or message]], leases:[[rows of one poller],...],
-- admitted:[{namespaceId,queue,task}]}, the last being tasks that others of their key had kept back.
CREATE FUNCTION flush(
  p_now timestamptz, p_lease_ms int, p_starts json, p_advances json, p_guards json, p_events json, p_values json,
  p_dispatches json, p_drops json, p_counts json, p_wakes json, p_projections json, p_leases json, p_notify text, p_fault json
) RETURNS json LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  ok bigint[] := '{}';
  locked bigint[];
  failed bigint[];
  conflicts json;
  moved json;
  dead json;
  late bigint[] := '{}';
  gone json;
  fresh tasks[];
  poller record;
  filled json;
  taken bigint[];
  leases json[] := '{}';
  keys json;
  admitted json;
BEGIN
  IF p_projections->'taken' IS NOT NULL THEN
    -- A message that is gone, or that another flush is taking out right now, takes no effect here.
    WITH named AS (
      SELECT * FROM json_to_recordset(p_projections->'taken') AS x(e bigint, s bigint, q int, p smallint)
    ), held AS MATERIALIZED (
      SELECT m.source_execution_id AS s, m.source_sequence AS q, m.position AS p
      FROM messages m JOIN named x ON m.source_execution_id = x.s AND m.source_sequence = x.q AND m.position = x.p
      ORDER BY 1, 2, 3 FOR UPDATE OF m SKIP LOCKED
    )
    SELECT json_agg(json_build_array(e::text, concat_ws(':', s, q, p))), array_agg(e) INTO gone, late
    FROM named WHERE NOT EXISTS (SELECT FROM held h WHERE (h.s, h.q, h.p) = (named.s, named.q, named.p));
    late := coalesce(late, '{}');
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-messages'); END IF;
  END IF;

  IF p_starts IS NOT NULL THEN
    WITH rows AS (
      SELECT * FROM json_to_recordset(p_starts) AS x(id bigint, ns int, wf int, v int, seq int, st execution_status, head text,
        wake timestamptz, started timestamptz, closed timestamptz, key text, idem text, rh text, corr text, tags text[],
        at timestamptz, parent bigint, fork bigint)
    ), inserted AS (
      INSERT INTO executions (id, namespace_id, workflow_id, version, sequence, status, head, next_wake_at, started_at, closed_at,
        key, idempotency_key, request_hash, correlation_id, tags, start_at, parent_execution_id, forked_from)
      SELECT id, ns, wf, v, seq, st, decode(head, 'hex'), wake, started, closed, key, idem, decode(rh, 'hex'), corr, tags,
        at, parent, fork
      FROM rows WHERE id <> ALL (late) ORDER BY ns, key, idem, id
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
    WHERE x.id <> ALL (ok) AND x.id <> ALL (late);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-starts'); END IF;
  END IF;

  IF p_advances IS NOT NULL THEN
    WITH held AS MATERIALIZED (
      SELECT e.id FROM executions e
      JOIN json_to_recordset(p_advances) AS x(id bigint, expect int) ON e.id = x.id
      -- One that was taken out of service since is read anew, and its callers are told.
      WHERE e.sequence = x.expect AND e.status <> 'quarantined' AND e.id <> ALL (late)
      ORDER BY e.id FOR UPDATE OF e SKIP LOCKED
    )
    SELECT array_agg(id) INTO locked FROM held;
    locked := coalesce(locked, '{}');
    ok := ok || locked;
    SELECT json_agg(x.id::text) INTO moved FROM json_to_recordset(p_advances) AS x(id bigint)
    WHERE x.id <> ALL (locked) AND x.id <> ALL (late);
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
      started_at = coalesce(x.started, t.started_at),
      next_wake_at = CASE WHEN x.setwake THEN x.wake ELSE t.next_wake_at END
    FROM json_to_recordset(p_advances) AS x(id bigint, expect int, seq int, st execution_status, head text, closed timestamptz,
      started timestamptz, setwake boolean, wake timestamptz)
    WHERE t.id = x.id AND x.id = ANY (ok) AND (x.seq <> x.expect OR x.setwake);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-executions'); END IF;
  END IF;

  IF p_projections->'keyed' IS NOT NULL THEN
    -- The locks of limits come before those of tasks.
    keys := lock_keys(ARRAY(SELECT x.e FROM json_to_recordset(p_projections->'keyed') AS x(e bigint) WHERE x.e = ANY (ok)), p_dispatches);
  END IF;

  IF p_drops IS NOT NULL THEN
    DELETE FROM tasks t USING json_to_recordset(p_drops) AS x(e bigint, t bigint)
      LEFT JOIN json_to_recordset(p_guards) AS c(e bigint, t bigint, k bigint) ON c.e = x.e AND c.t = x.t
    WHERE t.execution_id = x.e AND t.id = x.t AND x.e = ANY (ok) AND (c.t IS NULL OR t.lease_token IS NOT DISTINCT FROM c.k);
    -- The tokens were read without a lock: a lease that changed hands since is decided again.
    IF p_guards IS NOT NULL AND EXISTS (
      SELECT FROM json_to_recordset(p_guards) AS c(e bigint, t bigint)
      JOIN json_to_recordset(p_drops) AS x(e bigint, t bigint) USING (e, t)
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

  IF p_projections IS NOT NULL THEN PERFORM write_projections(p_projections, ok, p_now, p_fault); END IF;

  -- New tasks become rows once: leased, or, once every poller is filled, waiting.
  IF p_dispatches IS NOT NULL THEN
    SELECT array_agg(ROW(e, t, n, p, coalesce(h, false), false, p_now, q, k, r, am, hm, p_now + make_interval(secs => qm / 1000.0),
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ck, cl, sw, p_now + CASE WHEN sw IS NOT NULL THEN interval '5 seconds' END,
      floor(extract(epoch FROM p_now) * 1000)::bigint - p * 60000, ck IS NULL)::tasks)
    INTO fresh
    FROM json_to_recordset(p_dispatches) AS x(e bigint, t bigint, n int, p smallint, q text, k text, r text,
      am bigint, hm bigint, qm bigint, h boolean, ck text, cl int, sw bigint)
    WHERE e = ANY (ok);
  END IF;

  IF keys IS NOT NULL THEN
    INSERT INTO tasks SELECT f.* FROM unnest(fresh) f WHERE NOT f.admitted;
    fresh := ARRAY(SELECT f FROM unnest(fresh) f WHERE f.admitted);
    admitted := admit_tasks(keys, p_now);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-admission'); END IF;
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

  RETURN json_build_object('conflicts', coalesce(conflicts, '[]'), 'moved', coalesce(moved, '[]'),
    'dead', CASE WHEN gone IS NULL THEN coalesce(dead, '[]') ELSE (gone::jsonb || coalesce(dead::jsonb, '[]'))::json END,
    'leases', array_to_json(leases), 'admitted', coalesce(admitted, '[]'));
END $$;
