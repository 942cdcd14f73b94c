/** What is said of a value that no event may carry. */
import type { ErrorInfo } from "../../contract/history";

export function tooLarge(what: string): ErrorInfo {
  return { code: "PAYLOAD_TOO_LARGE", message: `${what} is larger than a payload may be.` };
}
