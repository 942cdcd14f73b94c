ALTER TABLE "workers" ADD COLUMN "internal" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "tasks_http_ready" ON "tasks" USING btree ("namespace_id") WHERE "tasks"."queue" = 'cerebelum.http' and "tasks"."worker_id" is null and not "tasks"."held";--> statement-breakpoint
CREATE UNIQUE INDEX "workers_internal" ON "workers" USING btree ("namespace_id") WHERE "workers"."internal";
