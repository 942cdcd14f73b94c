"use client";
/** How a trial begins: its input, how steps answer, and what is planned for single ones. */
import { Play, WandSparkles } from "lucide-react";
import { useState } from "react";
import { fieldsOf } from "@/lib/client/schema-form";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import type { JsonValue } from "@/lib/contract/json";
import { validateDefinition } from "@/lib/core/definition/validate";
import { exampleInput } from "@/lib/editor/trial/example-answers";
import { Button } from "../../_ui/button";
import { SchemaForm } from "../../_ui/schema-form";
import { Segments } from "../../_ui/segments";
import { PastPicker } from "./past-picker";
import { PlannedSteps } from "./planned-steps";
import type { AnswerMode } from "./trial-desk";
import { useDraft, useTrial } from "./use-trial";

const MODES = ["hand", "example", "past"] as const satisfies readonly AnswerMode[];

export function SetUp() {
  const { desk, state } = useTrial();
  const draft = useDraft();
  const { mode } = state.setup;
  return (
    <div className="flex flex-col gap-5 px-4 py-3">
      <section aria-labelledby="trial-answers" className="flex flex-col gap-2">
        <h2 id="trial-answers" className="text-xs font-medium">
          {words.answers}
        </h2>
        <Segments
          label={words.answers}
          value={mode}
          onChange={(next) => desk.setUp({ mode: next })}
          options={MODES.map((value) => ({ value, name: words.modes[value] }))}
        />
        <p className="text-xs text-ink-3">{words.modeHints[mode]}</p>
        {mode === "past" && <PastPicker />}
      </section>
      <TrialInput />
      <PlannedSteps />
      <Button variant="solid" size="sm" className="self-start" onClick={() => desk.begin(draft)}>
        <Play aria-hidden size={13} />
        {words.begin}
      </Button>
    </div>
  );
}

function TrialInput() {
  const { desk, state } = useTrial();
  const draft = useDraft();
  const schema = draft.inputSchema as JsonValue | undefined;
  // What is typed stays as it is typed: an example that is filled in is another field.
  const [filled, setFilled] = useState(0);
  const hasFields = (fieldsOf(schema)?.length ?? 0) > 0;
  const fill = () => {
    if (validateDefinition(draft).some(({ severity }) => severity === "error")) return desk.begin(draft);
    desk.setUp({ input: exampleInput(draft) });
    setFilled(filled + 1);
  };
  return (
    <section aria-labelledby="trial-input" className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <h2 id="trial-input" className="text-xs font-medium">
          {words.input}
        </h2>
        <Button variant="ghost" size="sm" onClick={fill}>
          <WandSparkles aria-hidden size={13} />
          {words.inputExample}
        </Button>
      </div>
      <SchemaForm
        key={`${filled}/${state.setup.past?.id ?? ""}`}
        schema={hasFields ? schema : undefined}
        answer={state.setup.input}
        onChange={(input) => desk.setUp({ input })}
        showErrors={state.problem?.kind === "input"}
        label={words.input}
      />
    </section>
  );
}
