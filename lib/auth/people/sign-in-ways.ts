/** The ways in that the operator's settings open, beside e-mail and password. */
import type { BetterAuthOptions } from "better-auth";
import { type GenericOAuthConfig, genericOAuth } from "better-auth/plugins";
import type { Config, SignInProviders } from "@/lib/config";

export interface SignInWays {
  /** Who may make an account. */
  signUp: Config["signUp"];
  /** `id` is what `/api/auth/sign-in/social` takes as `provider`; `name` is for people. */
  providers: { id: string; name: string }[];
}

export const OIDC_PROVIDER = "oidc";

export function signInWays({ signUp, signInWith: { github, google, oidc } }: Config): SignInWays {
  return {
    signUp,
    providers: [
      ...(github === null ? [] : [{ id: "github", name: "GitHub" }]),
      ...(google === null ? [] : [{ id: "google", name: "Google" }]),
      ...(oidc === null ? [] : [{ id: OIDC_PROVIDER, name: oidc.name }]),
    ],
  };
}

export function socialProviders({ github, google }: SignInProviders): BetterAuthOptions["socialProviders"] {
  return { ...(github && { github }), ...(google && { google }) };
}

/** Asks the provider for its endpoints and keys as soon as it is started. */
export function oidcPlugin(oidc: NonNullable<SignInProviders["oidc"]>) {
  const provider: GenericOAuthConfig = {
    providerId: OIDC_PROVIDER,
    name: oidc.name,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    discoveryUrl: `${oidc.issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
    scopes: ["openid", "email", "profile"],
    pkce: true,
    requireIdTokenVerification: true,
    accountSubject: ({ profile }) => String(profile.sub ?? ""),
    // Some say "false" with a string: only the plain word counts.
    mapProfileToUser: (profile) => ({
      name: String(profile.name ?? profile.preferred_username ?? profile.email ?? ""),
      emailVerified: profile.email_verified === true,
    }),
  };
  return genericOAuth({ config: [provider] });
}
