/** The approvals of one execution, pending and past, as a server lists them. */

import type { EffectOf } from "@/lib/core/execution/effects";
import type { StepRef } from "@/lib/core/execution/step-ref";
import type { RequestedApproval } from "../types/answers";
import type { JsonValue } from "../types/definition";

export interface LocalApproval extends RequestedApproval {
  step: StepRef;
}

export class LocalApprovals {
  private readonly all = new Map<string, LocalApproval>();

  constructor(
    private readonly executionId: string,
    private readonly workflow: string,
  ) {}

  open(effect: EffectOf<"open-approval">): void {
    const { type: _, approvalId: id, step, index, assignees, ...asked } = effect;
    this.all.set(id, {
      id,
      executionId: this.executionId,
      workflow: this.workflow,
      step,
      ...asked,
      ...(index === undefined ? {} : { index: [...index] }),
      assignees: [...assignees],
      data: null,
      status: "pending",
      decidedAt: null,
      decidedBy: null,
      comment: null,
      mayDecide: true,
    });
  }

  close({ approvalId, status, comment, decidedBy, at }: EffectOf<"close-approval">, data: JsonValue): void {
    const approval = this.all.get(approvalId);
    if (approval !== undefined)
      Object.assign(approval, { status, data, comment, decidedBy, decidedAt: at, mayDecide: false });
  }

  find(id: string): LocalApproval | undefined {
    return this.all.get(id);
  }

  /** In the order in which they were asked. */
  get pending(): LocalApproval[] {
    return [...this.all.values()].filter(({ status }) => status === "pending");
  }
}

/** Without what only this process needs. */
export function approvalView({ step: _, ...approval }: LocalApproval): RequestedApproval {
  return structuredClone(approval);
}
