CREATE TABLE "heartbeat_details" (
	"execution_id" bigint NOT NULL,
	"step" text NOT NULL,
	"namespace_id" integer NOT NULL,
	"iteration" integer NOT NULL,
	"round" integer NOT NULL,
	"details" text NOT NULL,
	CONSTRAINT "heartbeat_details_execution_id_step_pk" PRIMARY KEY("execution_id","step")
);
--> statement-breakpoint
CREATE TABLE "step_logs" (
	"execution_id" bigint NOT NULL,
	"sequence" integer NOT NULL,
	"namespace_id" integer NOT NULL,
	"task_id" bigint NOT NULL,
	"node" text NOT NULL,
	"iteration" integer NOT NULL,
	"index" integer[],
	"attempt" integer NOT NULL,
	"lines" integer NOT NULL,
	"bytes" integer NOT NULL,
	"lines_so_far" bigint NOT NULL,
	"bytes_so_far" bigint NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "step_logs_execution_id_sequence_pk" PRIMARY KEY("execution_id","sequence")
);
--> statement-breakpoint

-- Appends what workers logged, {e,t,node,it,idx,a,lines,bytes,body} by message and task, and lets the oldest of an execution go
-- once it has more than that many lines or bytes. No chunk may be larger than that by itself.
CREATE FUNCTION add_step_logs(p_namespace int, p_chunks json, p_max_lines int, p_max_bytes int)
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  c record;
  last record;
BEGIN
  FOR c IN
    SELECT x.*, hashint8(x.e) AS lock
    FROM ROWS FROM (json_to_recordset(p_chunks) AS (e bigint, t bigint, node text, it int, idx int[], a int, lines int, bytes int, body text))
      WITH ORDINALITY AS x(e, t, node, it, idx, a, lines, bytes, body, place)
    ORDER BY lock, e, place
  LOOP
    -- One at a time for each execution, so that numbers and totals stay in step; always in the same order.
    PERFORM pg_advisory_xact_lock(731058514, c.lock);
    SELECT sequence, lines_so_far, bytes_so_far INTO last
      FROM step_logs WHERE execution_id = c.e ORDER BY sequence DESC LIMIT 1;
    INSERT INTO step_logs (execution_id, sequence, namespace_id, task_id, node, iteration, index, attempt, lines, bytes,
      lines_so_far, bytes_so_far, body)
    VALUES (c.e, coalesce(last.sequence, 0) + 1, p_namespace, c.t, c.node, c.it, c.idx, c.a, c.lines, c.bytes,
      coalesce(last.lines_so_far, 0) + c.lines, coalesce(last.bytes_so_far, 0) + c.bytes, c.body)
    RETURNING lines_so_far, bytes_so_far INTO last;
    IF last.lines_so_far > p_max_lines OR last.bytes_so_far > p_max_bytes THEN
      DELETE FROM step_logs WHERE execution_id = c.e AND sequence < (
        SELECT sequence FROM step_logs
        WHERE execution_id = c.e AND lines_so_far - lines >= last.lines_so_far - p_max_lines
          AND bytes_so_far - bytes >= last.bytes_so_far - p_max_bytes
        ORDER BY sequence LIMIT 1
      );
    END IF;
  END LOOP;
END $$;
