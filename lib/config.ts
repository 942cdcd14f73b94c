/** The settings: read from the environment and checked once, each with a safe default. */
import { z } from "zod";
import { type AllowList, NOTHING_ALLOWED, parseAllowList } from "./engine/http-steps/allow-list";

const settingsSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z.string().regex(/^postgres(?:ql)?:\/\//, "must begin with postgres:// or postgresql://"),
  CEREBELUM_ENGINE: z.enum(["embedded", "off"]).default("embedded"),
  CEREBELUM_ADMIN_EMAIL: z.email().optional(),
  CEREBELUM_ADMIN_PASSWORD: z.string().min(12, "must have at least 12 characters").max(128).optional(),
  CEREBELUM_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{20,200}$/, "must be 20 to 200 printable ASCII characters without spaces")
    .optional(),
  CEREBELUM_HTTP_ALLOW: z
    .string()
    .transform(parseAllowList)
    .refine(
      (allowed) => allowed !== null,
      "must be addresses, ranges such as 10.0.0.0/8, and host names, with commas between",
    )
    .optional(),
  CEREBELUM_LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
});

export interface Config {
  /** 0: any free one. */
  port: number;
  host: string;
  databaseUrl: string;
  /** `off`: this process runs no jobs and no sweeps; it still applies commands and parks polls. */
  engine: "embedded" | "off";
  /** Used at the first start only; what is absent is made up and shown once. */
  first: { adminEmail: string | null; adminPassword: string | null; apiKey: string | null };
  /** What http steps may call although it is private. */
  httpAllow: AllowList;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
}

/** A setting is wrong; the message is one line that names it and never repeats its value. */
export class WrongSetting extends Error {
  override name = "WrongSetting";
}

/** An empty variable counts as absent. Throws {@link WrongSetting}. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    throw new WrongSetting(`${name} ${given[name] === undefined ? "is missing" : `is wrong: ${issue?.message}`}`);
  }
  const settings = parsed.data;
  return {
    port: settings.PORT,
    host: settings.HOST,
    databaseUrl: settings.DATABASE_URL,
    engine: settings.CEREBELUM_ENGINE,
    first: {
      adminEmail: settings.CEREBELUM_ADMIN_EMAIL ?? null,
      adminPassword: settings.CEREBELUM_ADMIN_PASSWORD ?? null,
      apiKey: settings.CEREBELUM_API_KEY ?? null,
    },
    httpAllow: settings.CEREBELUM_HTTP_ALLOW ?? NOTHING_ALLOWED,
    logLevel: settings.CEREBELUM_LOG_LEVEL,
  };
}
