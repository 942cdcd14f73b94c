/** The providers of the operator's settings, as better-auth wants them. */
import type { BetterAuthOptions } from "better-auth";
import { type GenericOAuthConfig, genericOAuth } from "better-auth/plugins";
import { OIDC_PROVIDER } from "@/lib/auth/people/sign-in-ways";
import type { SignInProviders } from "@/lib/config";

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
