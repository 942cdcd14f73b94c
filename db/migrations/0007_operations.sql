CREATE TABLE "operations" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"action" text NOT NULL,
	"command" text NOT NULL,
	"filter" text,
	"ids" bigint[],
	"actor" text NOT NULL,
	"idempotency_key" text,
	"request_hash" "bytea",
	"created_at" timestamp (3) with time zone NOT NULL,
	"counted" boolean NOT NULL,
	"counted_to" bigint,
	"total" integer NOT NULL,
	"cursor" bigint,
	"page" bigint[],
	"done" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"errors" text DEFAULT '[]' NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "operations_idempotency_key" ON "operations" USING btree ("namespace_id","idempotency_key") WHERE "operations"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "operations_unfinished" ON "operations" USING btree ("id") WHERE "operations"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "operations_finished" ON "operations" USING btree ("finished_at") WHERE "operations"."finished_at" is not null;--> statement-breakpoint
CREATE INDEX "executions_started_apart" ON "executions" USING btree ("namespace_id","started_at","id") WHERE "executions"."started_at" > to_timestamp(("executions"."id" >> 22) / 1000.0::float8 + 1735689600 + 60) or "executions"."started_at" < to_timestamp(("executions"."id" >> 22) / 1000.0::float8 + 1735689600 - 60);