/** Column types that several tables share. */
import { bigint, customType, timestamp } from "drizzle-orm/pg-core";

/** A 63-bit key made in the process, before SQL; see the ids of the contract. */
export const key = (name: string) => bigint(name, { mode: "bigint" });

export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

export const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });
