CREATE TYPE "public"."schedule_overlap" AS ENUM('skip', 'queue', 'cancel_previous', 'allow');--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"name" text NOT NULL,
	"cron" text NOT NULL,
	"timezone" text NOT NULL,
	"workflow" text NOT NULL,
	"version" integer,
	"input" text NOT NULL,
	"overlap" "schedule_overlap" NOT NULL,
	"catch_up_window" text NOT NULL,
	"paused" boolean NOT NULL,
	"pause_reason" text,
	"revision" integer NOT NULL,
	"next_run_at" timestamp (3) with time zone,
	"last_execution_id" bigint,
	"last_error" text,
	"skipped" integer DEFAULT 0 NOT NULL,
	"missed" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "schedules_name" UNIQUE("namespace_id","name")
);
--> statement-breakpoint
CREATE TABLE "schedule_waiting_runs" (
	"schedule_id" bigint NOT NULL,
	"run_at" timestamp (3) with time zone NOT NULL,
	"namespace_id" integer NOT NULL,
	"backfill" boolean NOT NULL,
	CONSTRAINT "schedule_waiting_runs_schedule_id_run_at_pk" PRIMARY KEY("schedule_id","run_at")
);
--> statement-breakpoint
CREATE TABLE "schedule_open_runs" (
	"schedule_id" bigint NOT NULL,
	"execution_id" bigint NOT NULL,
	"namespace_id" integer NOT NULL,
	CONSTRAINT "schedule_open_runs_schedule_id_execution_id_pk" PRIMARY KEY("schedule_id","execution_id")
);
--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_namespace_id_namespaces_id_fk" FOREIGN KEY ("namespace_id") REFERENCES "public"."namespaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_waiting_runs" ADD CONSTRAINT "schedule_waiting_runs_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_open_runs" ADD CONSTRAINT "schedule_open_runs_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "schedules_of_namespace" ON "schedules" USING btree ("namespace_id","id");--> statement-breakpoint
CREATE INDEX "schedules_next_run" ON "schedules" USING btree ("next_run_at") WHERE "schedules"."next_run_at" is not null;--> statement-breakpoint
-- A schedule of every second writes its row every second.
ALTER TABLE "schedules" SET (fillfactor = 70);
