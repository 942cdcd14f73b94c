/** A wait for a person's decision. */
import type { Approved, Expired, Rejected } from "./decisions";
import { GraphNode, type JoinOptions } from "./graph-node";
import type { JsonSchema, SchemaValue } from "./json-schema";
import type { Expression } from "./references";
import type { DurationTemplate, TextTemplate } from "./template";

export interface ApprovalOptions<Form extends JsonSchema = JsonSchema> extends JoinOptions {
  /** Shown in lists. Default: the id. */
  title?: TextTemplate;
  description?: TextTemplate;
  /** User ids, e-mail addresses or roles; an expression may give the list. Default: anybody who may decide. */
  assignees?: TextTemplate | Expression<readonly string[]> | readonly TextTemplate[];
  /** JSON Schema of the answer's data: what breaks it is refused, and the page draws a form from it. */
  form?: Form;
  /** Default: it waits for ever. */
  timeout?: DurationTemplate;
}

export class Approval<Name extends string, Data> extends GraphNode<
  Name,
  unknown,
  Approved<Data>,
  { rejected: Rejected; expired: Expired }
> {
  readonly kind = "approval";
  constructor(
    id: Name,
    readonly options: ApprovalOptions,
  ) {
    super(id);
  }

  /** The same question under another id. */
  as<const Id extends string>(id: Id): Approval<Id, Data> {
    return new Approval(id, this.options);
  }
}

/**
 * Waits for a person's decision, holding nothing in memory. Approved, it gives `{ decision, data, comment, decidedBy }`;
 * the type of `data` follows from `form`. Rejected or expired, the step fails with `REJECTED` or `APPROVAL_EXPIRED`,
 * unless a branch leads on from there:
 *
 *     const signOff = approval("sign_off", {
 *       title: text`Refund order ${on(order).id}?`,
 *       assignees: ["finance"],
 *       form: { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] },
 *       timeout: "2d",
 *     });
 *     workflow("refund").timeline(order, signOff, refund).branch(signOff, { rejected: apologise, expired: escalate });
 */
export function approval<const Name extends string, const Form extends JsonSchema = true>(
  id: Name,
  options: ApprovalOptions<Form> = {},
): Approval<Name, SchemaValue<Form>> {
  return new Approval(id, options);
}
