CREATE TABLE "workflow_drafts" (
	"namespace_id" integer NOT NULL,
	"name" text NOT NULL,
	"definition" text NOT NULL,
	"layout" text NOT NULL,
	"base_version" integer,
	"revision" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "workflow_drafts_namespace_id_name_pk" PRIMARY KEY("namespace_id","name")
);
--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "workflow_drafts" ADD CONSTRAINT "workflow_drafts_namespace_id_namespaces_id_fk" FOREIGN KEY ("namespace_id") REFERENCES "public"."namespaces"("id") ON DELETE cascade ON UPDATE no action;