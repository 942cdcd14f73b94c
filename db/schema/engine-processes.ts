/**
 * Engine processes by slot. A process is alive while its listening connection holds the slot's advisory lock, so
 * this table says only which graphile pools a dead one leaves behind, never who is alive.
 */
import { pgTable, smallint, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";

export const engineProcesses = pgTable("engine_processes", {
  /** 0 to 1023: ten bits of every key that the process makes. */
  slot: smallint("slot").primaryKey(),
  startedAt: instant("started_at").notNull(),
  graphilePools: text("graphile_pools").array().notNull(),
});

/** Facts about this installation that its processes share, made at the first start. */
export const instanceSettings = pgTable("instance_settings", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});
