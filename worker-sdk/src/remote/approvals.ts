/** Approvals over the API. */

import type { Decision } from "../execution-handle";
import type { ApprovalStatus, RequestedApproval } from "../types/answers";
import type { Page } from "../types/executions";
import { type ApiCalls, query, segment } from "./api-calls";

export interface ListApprovals {
  status?: ApprovalStatus;
  /** A user id, an e-mail address or a role, as approvals name it. */
  assignee?: string;
  /** The execution's id, or `key:` and its key. */
  execution?: string;
  limit?: number;
  cursor?: string;
}

export class Approvals {
  constructor(private readonly calls: ApiCalls) {}

  /** Newest first. */
  list(options: ListApprovals = {}): Promise<Page<RequestedApproval>> {
    return this.calls.read(`/approvals${query(options)}`);
  }

  get(id: string): Promise<RequestedApproval> {
    return this.calls.read(`/approvals/${segment(id)}`);
  }

  /** @throws CerebelumError `ALREADY_DECIDED`, `APPROVAL_CLOSED`, or `INVALID_DATA` where the data breaks the form. */
  decide(id: string, decision: "approved" | "rejected", { data, comment }: Decision = {}): Promise<RequestedApproval> {
    return this.calls.post(`/approvals/${segment(id)}/decide`, { decision, data, comment });
  }
}
