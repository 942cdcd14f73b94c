-- Views that people keep of a room, and what an overview looks for: approvals by when they are due, schedules that fail.

CREATE TYPE "public"."view_room" AS ENUM('executions', 'dead-letters', 'approvals');--> statement-breakpoint
CREATE TABLE "saved_views" (
	"id" bigint PRIMARY KEY NOT NULL,
	"namespace_id" integer NOT NULL,
	"user_id" text NOT NULL,
	"room" "view_room" NOT NULL,
	"name" text NOT NULL,
	"query" text NOT NULL,
	"is_shared" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "saved_views_name" UNIQUE("namespace_id","user_id","room","name")
);
--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_namespace_id_namespaces_id_fk" FOREIGN KEY ("namespace_id") REFERENCES "public"."namespaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "saved_views_of_room" ON "saved_views" USING btree ("namespace_id","room","id");--> statement-breakpoint
CREATE INDEX "saved_views_of_user" ON "saved_views" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "approvals_due" ON "approvals" USING btree ("namespace_id","expires_at","id") WHERE "approvals"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "schedules_failing" ON "schedules" USING btree ("namespace_id","id") WHERE "schedules"."last_error" is not null;