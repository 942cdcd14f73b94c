/** The ways in that the operator's settings open, beside e-mail and password. */
import type { Config } from "@/lib/config";

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
