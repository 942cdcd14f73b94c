"use client";
/** Sends a signal to the trial. */
import { Radio } from "lucide-react";
import { type FormEvent, useState } from "react";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { JsonValue } from "@/lib/contract/json";
import { Button } from "../../_ui/button";
import { Field, Input } from "../../_ui/field";
import { Popover } from "../../_ui/popover";
import { JsonField } from "../../_ui/schema-form";
import { toast } from "../../_ui/toast";
import { refusalText } from "./refusal-text";
import { useTrial } from "./use-trial";

export function SignalForm({ wanted }: { wanted: string | null }) {
  const { desk } = useTrial();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState(wanted ?? "");
  const [payload, setPayload] = useState<JsonValue | undefined>(undefined);
  function send(event: FormEvent) {
    event.preventDefault();
    const refusal = desk.act((run) => run.signal(name.trim(), payload ?? null));
    if (refusal !== null) toast.failed(refusalText(refusal));
    setOpen(false);
  }
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      label={words.signal}
      align="start"
      className="w-72"
      trigger={
        <Button size="sm" variant={wanted === null ? "ghost" : "outline"}>
          <Radio aria-hidden size={13} />
          {wanted === null ? words.sendAnother : `${words.send} ${wanted}`}
        </Button>
      }
    >
      <form onSubmit={send} className="flex flex-col gap-3 p-3">
        <Field label={words.signalName}>
          {(field) => <Input {...field} required value={name} onChange={({ target }) => setName(target.value)} />}
        </Field>
        <JsonField label={words.payload} rows={3} value={payload} onChange={setPayload} />
        <Button type="submit" variant="solid" size="sm" className="self-end">
          {words.send}
        </Button>
      </form>
    </Popover>
  );
}
