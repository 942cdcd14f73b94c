/** What a person may be asked to decide, and what comes of it. */
import type { Duration } from "../types/definition";
import type { JsonSchema } from "./json-schema";

/** What is asked of whoever decides. */
export interface ApprovalRequest<Form extends JsonSchema = JsonSchema> {
  /** Shown in lists. Default: the step's name. */
  title?: string;
  description?: string;
  /** User ids, e-mail addresses or roles. Default: anybody who may decide. */
  assignees?: string | readonly string[];
  /** JSON Schema of the answer's data: what breaks it is refused, and the page draws a form from it. */
  form?: Form;
  /** Default: it waits for ever. */
  timeout?: Duration;
}

/** A person said yes. `data` keeps to the form. */
export interface Approved<Data> {
  decision: "approved";
  data: Data;
  comment: string | null;
  decidedBy: string;
}
/** A person said no. */
export interface Rejected {
  decision: "rejected";
  data: unknown;
  comment: string | null;
  decidedBy: string;
}
/** Nobody decided in time. */
export interface Expired {
  decision: "expired";
  data: null;
  comment: null;
  decidedBy: null;
}
export type ApprovalOutcome<Data> = Approved<Data> | Rejected | Expired;
