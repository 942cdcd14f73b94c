/** Why a call gave no answer that counts, as the step's error tells it: `HTTP_ERROR`, with the reason in its details. */
import type { ErrorInfo } from "@/lib/contract/history";

export type Reason =
  /** The guard does not let the server call that. */
  | "refused"
  /** There is nothing that could be sent. */
  | "invalid"
  /** The name did not resolve, no connection, or it broke. */
  | "network"
  /** Redirected too often, or to what is no URL. */
  | "redirect"
  /** The answer came in a coding that was not asked for. */
  | "encoding";

/** Thrown inside of a call only; {@link errorOf} makes the step's error of it. The message holds no secret of the request. */
export class CallFailed extends Error {
  override name = "CallFailed";

  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
  }
}

/** Only what may be different next time is tried again. */
export function errorOf({ reason, message }: CallFailed): ErrorInfo {
  const error = { code: "HTTP_ERROR", message, details: { reason } };
  return reason === "network" ? error : { ...error, retryable: false };
}
