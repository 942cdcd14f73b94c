"use client";
/**
 * The question before many executions are changed: what happens, to how many, and why. What cannot be taken back, or is done
 * to very many, needs their number typed. Closing it changes nothing; one opening starts at most one operation.
 */
import { type FormEvent, useState } from "react";
import type { ExecutionFilters } from "@/lib/client/execution-filters";
import { number } from "@/lib/client/format";
import { parseInput } from "@/lib/client/input-check";
import { useStartOperation } from "@/lib/client/operations";
import { texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { OperationAction } from "@/lib/contract/operations";
import { Button } from "../_ui/button";
import { Checkbox } from "../_ui/checkbox";
import { classNames } from "../_ui/class-names";
import { Dialog } from "../_ui/dialog";
import { Field, Input, inputClass } from "../_ui/field";
import { isDestructive, isNumberTyped, needsNumber, selectedFor } from "./bulk";
import { applicable, type Selection, type Tally, total } from "./selection";

const words = executionsTexts.bulk;

interface Props {
  action: OperationAction;
  selection: Selection;
  tally: Tally;
  filters: ExecutionFilters;
  onClose: () => void;
  onStarted: () => void;
}

export default function BulkDialog(props: Props) {
  // As it was when it was asked: rows that change meanwhile must not change the question.
  const [asked] = useState(props);
  const n = applicable(asked.action, asked.tally);
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={words.title(asked.action, n, asked.tally.capped)}
      description={words.consequences[asked.action]}
    >
      <BulkForm {...asked} n={n} onClose={props.onClose} onStarted={props.onStarted} />
    </Dialog>
  );
}

function BulkForm({ action, selection, tally, filters, n, onClose, onStarted }: Props & { n: number }) {
  const [typed, setTyped] = useState("");
  const [payload, setPayload] = useState("");
  const [name, setName] = useState("");
  const [compensate, setCompensate] = useState(false);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const start = useStartOperation();
  const parsed = parseInput(payload);
  const mustType = needsNumber(action, n);
  const isReady = (!mustType || isNumberTyped(typed, n)) && (action !== "signal" || (parsed.ok && name.trim() !== ""));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!isReady) return;
    const reason = String(new FormData(event.currentTarget).get("reason") ?? "").trim();
    start.mutate(
      {
        idempotencyKey,
        body: {
          ...selectedFor(action, selection, filters, Date.now()),
          action,
          ...(reason && { reason }),
          ...(action === "cancel" && compensate && { compensate }),
          ...(action === "signal" && { signal: name.trim(), ...(parsed.ok && { payload: parsed.value }) }),
        },
      },
      {
        onSuccess: () => {
          onClose();
          onStarted();
        },
      },
    );
  }

  const leftOut = total(tally) - n;
  const { quarantined = 0 } = tally.counts;
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
        <ul className="flex list-disc flex-col gap-1 pl-4 text-xs text-ink-2">
          {leftOut > 0 && <li>{words.leftOut(leftOut)}</li>}
          {action === "retry" && quarantined > 0 && <li>{words.quarantined(quarantined)}</li>}
          {selection.isAll && <li>{words.matching}</li>}
          {n > 1 && <li>{words.each}</li>}
        </ul>
        {action === "cancel" && (
          <div className="flex items-start gap-2">
            <Checkbox id="compensate" checked={compensate} onChange={setCompensate} className="mt-0.5" />
            <label htmlFor="compensate" className="text-sm">
              {words.compensate}
              <span className="block text-xs text-ink-3">{words.compensateHint}</span>
            </label>
          </div>
        )}
        {action === "signal" ? (
          <>
            <Field label={words.signal}>
              {(field) => (
                <Input
                  {...field}
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={256}
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Field
              label={words.payload}
              hint={words.payloadHint}
              error={parsed.ok ? null : words.invalidJson(parsed.message)}
            >
              {(field) => (
                <textarea
                  {...field}
                  value={payload}
                  onChange={(event) => setPayload(event.target.value)}
                  spellCheck={false}
                  rows={4}
                  className={classNames(inputClass, "h-auto resize-y py-2 font-mono text-xs leading-5")}
                />
              )}
            </Field>
          </>
        ) : (
          <Field label={words.reason} hint={words.reasonHint} optional={texts.common.optional}>
            {(field) => <Input {...field} name="reason" autoComplete="off" maxLength={2000} />}
          </Field>
        )}
        {mustType && (
          <Field label={words.confirm(number(n))}>
            {(field) => (
              <Input
                {...field}
                inputMode="numeric"
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                className="tabular"
              />
            )}
          </Field>
        )}
        {start.error && (
          <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
            {texts.errors.sentence(start.error)}
          </p>
        )}
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">
        <Button variant="ghost" onClick={onClose}>
          {words.keep}
        </Button>
        <Button
          type="submit"
          variant={isDestructive(action) ? "danger" : "solid"}
          busy={start.isPending}
          disabled={!isReady}
        >
          {words.submit(action, n, tally.capped)}
        </Button>
      </div>
    </form>
  );
}
