"use client";
/** Which past execution the values in expressions are taken from: chosen once, for all fields of the editor. */
import { FlaskConical } from "lucide-react";
import { useCandidates } from "@/lib/client/compare";
import { texts } from "@/lib/client/texts";
import { codeTexts } from "@/lib/client/texts/editor-code";
import { Button } from "../../_ui/button";
import { Combobox } from "../../_ui/combobox";
import { StatusIcon } from "../../_ui/status";
import { chooseSample, useSamples } from "./samples";

const words = codeTexts.samples;
const NONE = "";

export function SamplePicker({ className }: { className?: string }) {
  const { workflow, execution, isLoading, error } = useSamples();
  const found = useCandidates(workflow, "", true);
  const items = found.data?.items ?? [];
  const chosen = items.find(({ id }) => id === execution);
  const name = chosen?.key ?? execution;
  const options = [
    { value: NONE, label: words.none, hint: words.noneHint },
    ...items.map(({ id, key, status }) => ({
      value: id,
      label: key ?? id,
      icon: <StatusIcon status={status} />,
      hint: texts.status[status],
    })),
  ];
  return (
    <Combobox
      options={options}
      value={execution ?? NONE}
      onChange={(id) => chooseSample(workflow, id === NONE ? null : id)}
      placeholder={words.find}
      empty={words.empty}
      trigger={
        <Button
          size="sm"
          variant="ghost"
          busy={isLoading}
          className={className}
          aria-label={`${words.label}: ${name ?? words.none}`}
        >
          <FlaskConical aria-hidden size={14} />
          <span className="max-w-40 truncate">{error ? words.failed : (name ?? words.none)}</span>
        </Button>
      }
    />
  );
}
