/** The settings: read from the environment and checked once, each with a safe default. */
import { z } from "zod";
import { type MasterKeys, parseMasterKeys } from "./engine/encryption/master-keys";
import { type AllowList, NOTHING_ALLOWED, parseAllowList } from "./engine/http-steps/allow-list";
import { parseSigningKey, type SigningKey } from "./engine/signing/signing-key";

export const settingsSchema = z.object({
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
  CEREBELUM_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).origin)
    .optional(),
  CEREBELUM_TRUSTED_PROXIES: z
    .string()
    .transform(parseAllowList)
    .refine(
      (proxies) => proxies !== null && proxies.hosts.size === 0,
      "must be addresses and ranges such as 10.0.0.0/8, with commas between",
    )
    .optional(),
  CEREBELUM_SIGN_UP: z.enum(["open", "invitation", "closed"]).default("invitation"),
  CEREBELUM_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must begin with smtp:// or smtps://")
    .optional(),
  CEREBELUM_MAIL_FROM: z.string().min(3).max(320).default("Cerebelum <cerebelum@localhost>"),
  CEREBELUM_GITHUB_CLIENT_ID: z.string().optional(),
  CEREBELUM_GITHUB_CLIENT_SECRET: z.string().optional(),
  CEREBELUM_GOOGLE_CLIENT_ID: z.string().optional(),
  CEREBELUM_GOOGLE_CLIENT_SECRET: z.string().optional(),
  CEREBELUM_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  CEREBELUM_OIDC_CLIENT_ID: z.string().optional(),
  CEREBELUM_OIDC_CLIENT_SECRET: z.string().optional(),
  CEREBELUM_OIDC_NAME: z.string().min(1).max(40).default("Single sign-on"),
  CEREBELUM_SIGNING_KEY: z
    .string()
    .transform(parseSigningKey)
    .refine((key) => key !== null, "must be an Ed25519 private key in PKCS #8, as PEM or as the base64 of its DER")
    .optional(),
  CEREBELUM_ENCRYPTION_KEYS: z
    .string()
    .transform(parseMasterKeys)
    .refine((keys) => keys !== null, "must be id:key, with commas between; each key is 32 bytes in base64")
    .optional(),
  CEREBELUM_METRICS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),
  CEREBELUM_OTLP_URL: z.url({ protocol: /^https?$/ }).optional(),
  CEREBELUM_DRAIN_MS: z.coerce.number().int().min(0).max(600_000).default(0),
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
  /** The address that people and browsers reach it by, without a path; null: whatever they used. */
  publicUrl: string | null;
  /** Whose word on a client's address is taken; nobody's unless set. */
  trustedProxies: AllowList;
  /** Who may make an account: anyone, those who were invited, or nobody. */
  signUp: "open" | "invitation" | "closed";
  /** Null: mails go to the log. */
  mail: { smtpUrl: string | null; from: string };
  signInWith: SignInProviders;
  /** An Ed25519 private key; null: one is made at the first start. */
  signingKey: SigningKey | null;
  /** Null: payloads are stored as they are. */
  encryptionKeys: MasterKeys | null;
  /** What whoever reads /metrics must show; null: nothing. */
  metricsToken: string | null;
  /** Where traces are sent; null: there are none. */
  otlpUrl: string | null;
  /** How long a server that was told to stop goes on serving, no longer ready, so that whoever balances load notices. */
  drainMs: number;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
}

/** Each is null where its settings are absent. */
export interface SignInProviders {
  github: OAuthClient | null;
  google: OAuthClient | null;
  oidc: (OAuthClient & { issuer: string; name: string }) | null;
}

export interface OAuthClient {
  clientId: string;
  clientSecret: string;
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
    publicUrl: settings.CEREBELUM_URL ?? null,
    trustedProxies: settings.CEREBELUM_TRUSTED_PROXIES ?? NOTHING_ALLOWED,
    signUp: settings.CEREBELUM_SIGN_UP,
    mail: { smtpUrl: settings.CEREBELUM_SMTP_URL ?? null, from: settings.CEREBELUM_MAIL_FROM },
    signInWith: signInProviders(settings),
    signingKey: settings.CEREBELUM_SIGNING_KEY ?? null,
    encryptionKeys: settings.CEREBELUM_ENCRYPTION_KEYS ?? null,
    metricsToken: settings.CEREBELUM_METRICS_TOKEN ?? null,
    otlpUrl: settings.CEREBELUM_OTLP_URL ?? null,
    drainMs: settings.CEREBELUM_DRAIN_MS,
    logLevel: settings.CEREBELUM_LOG_LEVEL,
  };
}

type Settings = z.output<typeof settingsSchema>;

function signInProviders(settings: Settings): SignInProviders {
  const oidc = client(settings, "OIDC");
  if (oidc !== null && settings.CEREBELUM_OIDC_ISSUER === undefined)
    throw new WrongSetting("CEREBELUM_OIDC_ISSUER is missing");
  return {
    github: client(settings, "GITHUB"),
    google: client(settings, "GOOGLE"),
    oidc: oidc && { ...oidc, issuer: settings.CEREBELUM_OIDC_ISSUER ?? "", name: settings.CEREBELUM_OIDC_NAME },
  };
}

function client(settings: Settings, provider: "GITHUB" | "GOOGLE" | "OIDC"): OAuthClient | null {
  const clientId = settings[`CEREBELUM_${provider}_CLIENT_ID`];
  const clientSecret = settings[`CEREBELUM_${provider}_CLIENT_SECRET`];
  if (clientId === undefined && clientSecret === undefined) return null;
  if (clientId === undefined) throw new WrongSetting(`CEREBELUM_${provider}_CLIENT_ID is missing`);
  if (clientSecret === undefined) throw new WrongSetting(`CEREBELUM_${provider}_CLIENT_SECRET is missing`);
  return { clientId, clientSecret };
}
