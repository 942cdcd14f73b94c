CREATE TYPE "public"."execution_status" AS ENUM('scheduled', 'running', 'waiting', 'paused', 'compensating', 'completed', 'failed', 'cancelled', 'terminated', 'timed_out', 'quarantined');--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_secret" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "engine_processes" (
	"slot" smallint PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"graphile_pools" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instance_settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"execution_id" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"sequence" integer NOT NULL,
	"namespace_id" integer NOT NULL,
	"command" integer NOT NULL,
	"type" text NOT NULL,
	"actor" text NOT NULL,
	"data" text NOT NULL,
	CONSTRAINT "events_execution_id_sequence_pk" PRIMARY KEY("execution_id","sequence")
) PARTITION BY RANGE ("execution_id");
--> statement-breakpoint
CREATE TABLE "payloads" (
	"execution_id" bigint NOT NULL,
	"namespace_id" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "payloads_execution_id_hash_pk" PRIMARY KEY("execution_id","hash")
);
--> statement-breakpoint
CREATE TABLE "snapshots" (
	"execution_id" bigint NOT NULL,
	"sequence" integer NOT NULL,
	"namespace_id" integer NOT NULL,
	"state_version" integer NOT NULL,
	"head" "bytea" NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "snapshots_execution_id_sequence_pk" PRIMARY KEY("execution_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "execution_counts" (
	"workflow_id" integer NOT NULL,
	"namespace_id" integer NOT NULL,
	"status" "execution_status" NOT NULL,
	"delta" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "execution_tags" (
	"namespace_id" integer NOT NULL,
	"tag" text NOT NULL,
	"execution_id" bigint NOT NULL,
	CONSTRAINT "execution_tags_namespace_id_tag_execution_id_pk" PRIMARY KEY("namespace_id","tag","execution_id")
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"workflow_id" integer NOT NULL,
	"version" integer NOT NULL,
	"sequence" integer NOT NULL,
	"status" "execution_status" NOT NULL,
	"head" "bytea" NOT NULL,
	"next_wake_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"key" text,
	"idempotency_key" text,
	"request_hash" "bytea",
	"correlation_id" text,
	"tags" text[]
);
--> statement-breakpoint
CREATE TABLE "namespaces" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "namespaces_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "namespaces_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"execution_id" bigint NOT NULL,
	"id" bigint NOT NULL,
	"namespace_id" integer NOT NULL,
	"priority" smallint NOT NULL,
	"held" boolean DEFAULT false NOT NULL,
	"confirmed" boolean DEFAULT false NOT NULL,
	"ready_at" timestamp (3) with time zone NOT NULL,
	"queue" text NOT NULL,
	"task" text NOT NULL,
	"step" text NOT NULL,
	"attempt_timeout_ms" bigint,
	"heartbeat_timeout_ms" bigint,
	"queue_deadline_at" timestamp (3) with time zone,
	"worker_id" bigint,
	"lease_token" bigint,
	"leased_at" timestamp (3) with time zone,
	"lease_expires_at" timestamp (3) with time zone,
	"attempt_deadline_at" timestamp (3) with time zone,
	"heartbeat_deadline_at" timestamp (3) with time zone,
	"request_id" text,
	"heartbeat_details" text,
	CONSTRAINT "tasks_execution_id_id_pk" PRIMARY KEY("execution_id","id")
);
--> statement-breakpoint
CREATE TABLE "queue_rates" (
	"namespace_id" integer NOT NULL,
	"queue" text NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"ended" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"name" text,
	"queues" text[] NOT NULL,
	"tasks" text[] NOT NULL,
	"language" text NOT NULL,
	"sdk_version" text NOT NULL,
	"capacity" integer NOT NULL,
	"metadata" text NOT NULL,
	"registered_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"draining" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workflow_versions" (
	"workflow_id" integer NOT NULL,
	"version" integer NOT NULL,
	"namespace_id" integer NOT NULL,
	"hash" "bytea" NOT NULL,
	"definition" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" text NOT NULL,
	CONSTRAINT "workflow_versions_workflow_id_version_pk" PRIMARY KEY("workflow_id","version"),
	CONSTRAINT "workflow_versions_hash" UNIQUE("workflow_id","hash")
);
--> statement-breakpoint
CREATE TABLE "workflows" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "workflows_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"namespace_id" integer NOT NULL,
	"name" text NOT NULL,
	"latest_version" integer NOT NULL,
	"archived_at" timestamp (3) with time zone,
	CONSTRAINT "workflows_name" UNIQUE("namespace_id","name")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_namespace_id_namespaces_id_fk" FOREIGN KEY ("namespace_id") REFERENCES "public"."namespaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD CONSTRAINT "workflow_versions_workflow_id_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "public"."workflows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflows" ADD CONSTRAINT "workflows_namespace_id_namespaces_id_fk" FOREIGN KEY ("namespace_id") REFERENCES "public"."namespaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_of_namespace" ON "api_keys" USING btree ("namespace_id","id");--> statement-breakpoint
CREATE INDEX "execution_counts_workflow" ON "execution_counts" USING btree ("namespace_id","workflow_id");--> statement-breakpoint
CREATE INDEX "execution_tags_prefix" ON "execution_tags" USING btree ("namespace_id","tag" text_pattern_ops,"execution_id");--> statement-breakpoint
CREATE INDEX "executions_newest" ON "executions" USING btree ("namespace_id","id");--> statement-breakpoint
CREATE INDEX "executions_by_workflow" ON "executions" USING btree ("namespace_id","workflow_id","id");--> statement-breakpoint
CREATE INDEX "executions_by_status" ON "executions" USING btree ("namespace_id","status","id");--> statement-breakpoint
CREATE UNIQUE INDEX "executions_key" ON "executions" USING btree ("namespace_id","key" text_pattern_ops) WHERE "executions"."key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "executions_idempotency_key" ON "executions" USING btree ("namespace_id","idempotency_key") WHERE "executions"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "executions_correlation" ON "executions" USING btree ("namespace_id","correlation_id" text_pattern_ops,"id") WHERE "executions"."correlation_id" is not null;--> statement-breakpoint
CREATE INDEX "executions_wake" ON "executions" USING btree ("next_wake_at") WHERE "executions"."next_wake_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_ready" ON "tasks" USING btree ("namespace_id","queue","task","priority" DESC NULLS LAST,"id") WHERE "tasks"."worker_id" is null and not "tasks"."held";--> statement-breakpoint
CREATE INDEX "tasks_leased" ON "tasks" USING btree ("worker_id") WHERE "tasks"."worker_id" is not null;--> statement-breakpoint
CREATE INDEX "tasks_queue_deadline" ON "tasks" USING btree ("queue_deadline_at") WHERE "tasks"."queue_deadline_at" is not null and "tasks"."worker_id" is null;--> statement-breakpoint
CREATE INDEX "queue_rates_minute" ON "queue_rates" USING btree ("namespace_id","queue","minute");--> statement-breakpoint
CREATE INDEX "workers_of_namespace" ON "workers" USING btree ("namespace_id","id");