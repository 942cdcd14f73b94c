-- As it was, and one member more: processes of the release before send none of it.
-- What follows from events beside tasks, alarms and counts: members of p_rows are JSON arrays of objects, absent where there is
-- none. Only executions in p_ok are written; the others are decided again. In this order, whatever the order of the events:
--   copies       {e,n,f,to,h}     the events of f up to `to`, and its values with these hashes, for the new execution e
--   holds        {e,h,ms}         tasks held or released; queue deadlines move by ms
--   clears       {e}              no task may be left
--   approvals    {a,e,n,r,o,ix,it,ti,de,as,al,fo,at,ex}   asked for      closed {a,st,da,dr,co,by,at,e}
--   retried      {e}              open dead letters                   deadLetters {i,e,n,wf,w,v,o,ix,it,x,er,fp,st,at}
--   messages     {e,n,q,p,k,t,b}  to other executions, with a job that delivers those of e
--   taken        {e,s,q,p}        messages whose effect has been taken
--   signatures   {e,q,n,k,h,g}    of executions that closed: with which key, the head and its signature in hex
CREATE OR REPLACE FUNCTION write_projections(p_rows json, p_ok bigint[], p_now timestamptz, p_fault json) RETURNS void LANGUAGE plpgsql AS $$
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
    -- Retention may take the history away between these statements: half a copy is none.
    IF EXISTS (
      SELECT FROM json_to_recordset(p_rows->'copies') AS x(e bigint, h json) CROSS JOIN json_array_elements_text(x.h) AS k(hash)
      WHERE x.e = ANY (p_ok)
        AND NOT EXISTS (SELECT FROM payloads v WHERE v.execution_id = x.e AND v.hash = decode(k.hash, 'hex'))
    ) THEN
      RAISE EXCEPTION 'the values to copy are not all there';
    END IF;
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

  IF p_rows->'signatures' IS NOT NULL THEN
    INSERT INTO history_signatures (execution_id, sequence, namespace_id, key_id, head, signature)
    SELECT e, q, n, k, decode(h, 'hex'), decode(g, 'hex')
    FROM json_to_recordset(p_rows->'signatures') AS x(e bigint, q int, n int, k text, h text, g text)
    WHERE e = ANY (p_ok);
    IF p_fault IS NOT NULL THEN PERFORM fault_point(p_fault, 'after-signatures'); END IF;
  END IF;
END $$;
