"use client";
/** The decision on an approval of the trial, by the form that the inbox would show. */
import { type FormEvent, useState } from "react";
import { answerErrors, firstAnswer } from "@/lib/client/schema-form";
import { texts } from "@/lib/client/texts";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { JsonValue } from "@/lib/contract/json";
import type { OpenApproval } from "@/lib/editor/trial/open";
import { Button } from "../../_ui/button";
import { Field, Input } from "../../_ui/field";
import { SchemaForm } from "../../_ui/schema-form";
import { toast } from "../../_ui/toast";
import { refusalText } from "./refusal-text";
import { useTrial } from "./use-trial";

export function DecisionForm({ approval }: { approval: OpenApproval }) {
  const { desk } = useTrial();
  const { form, title, description, assignees } = approval.asked;
  const [data, setData] = useState<JsonValue>(() => firstAnswer(form ?? undefined));
  const [comment, setComment] = useState("");
  const [hasTried, setTried] = useState(false);

  function decide(decision: "approved" | "rejected") {
    if (decision === "approved" && form !== null && answerErrors(form, data).size > 0) return setTried(true);
    const refusal = desk.act((run) =>
      run.decide(approval.id, {
        decision,
        ...(form === null || decision === "rejected" ? {} : { data }),
        ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
      }),
    );
    if (refusal !== null) toast.failed(refusalText(refusal));
  }
  function send(event: FormEvent) {
    event.preventDefault();
    decide("approved");
  }
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <div className="flex flex-col gap-0.5 text-xs">
        {title !== null && <p className="font-medium">{title}</p>}
        {description !== null && <p className="whitespace-pre-line text-ink-2">{description}</p>}
        <p className="text-ink-3">{assignees.length > 0 ? words.asks(assignees.join(", ")) : words.anyone}</p>
      </div>
      {form !== null && (
        <SchemaForm schema={form} answer={data} onChange={setData} showErrors={hasTried} label={words.output} />
      )}
      <Field label={words.comment} optional={texts.common.optional}>
        {(field) => <Input {...field} value={comment} onChange={({ target }) => setComment(target.value)} />}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" variant="solid" size="sm">
          {words.approve}
        </Button>
        <Button size="sm" onClick={() => decide("rejected")}>
          {words.reject}
        </Button>
      </div>
    </form>
  );
}
