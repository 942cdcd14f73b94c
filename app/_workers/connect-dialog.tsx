"use client";
/** Leads to a connected worker: a key made for it, the command with it filled in, and a tick once it has registered. */
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { useWorkers } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { workerTexts as words } from "@/lib/client/texts/workers";
import { workerCommand } from "@/lib/client/worker-command";
import { useMakeWorkerKey } from "@/lib/client/workers";
import { Button } from "../_ui/button";
import { CommandLine } from "../_ui/command-line";
import { CopyButton } from "../_ui/copy-button";
import { Dialog } from "../_ui/dialog";
import { useOrigin } from "../_ui/example-command";
import { Field, Input } from "../_ui/field";

export function ConnectDialog({ queue: given = "", onClose }: { queue?: string; onClose: () => void }) {
  const [queue, setQueue] = useState(given);
  const mayMake = useMay("administer");
  const make = useMakeWorkerKey();
  const origin = useOrigin();
  const source = sourceFor(queue);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.connectTitle}
      description={words.connectHint}
      wide
    >
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">
        <Field label={words.queue} hint={words.queueHint} optional={texts.common.optional}>
          {(field) => (
            <Input
              {...field}
              value={queue}
              onChange={({ target }) => setQueue(target.value.trim())}
              autoComplete="off"
            />
          )}
        </Field>
        {mayMake ? (
          <div className="flex flex-wrap items-center gap-3">
            <Button
              busy={make.isPending}
              onClick={() =>
                make.mutate({
                  name: words.keyName(queue),
                  scopes: ["worker"],
                  ...(queue !== "" && { queues: [queue] }),
                })
              }
            >
              {words.makeKey}
            </Button>
            {make.data && <span className="min-w-0 flex-1 text-xs text-ink-3">{words.once}</span>}
          </div>
        ) : (
          <p className="text-xs text-ink-2">{words.needsAdmin}</p>
        )}
        {make.error && (
          <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-xs text-danger">
            {texts.errors.sentence(make.error)}
          </p>
        )}
        <section aria-label={words.code} className="flex flex-col gap-1.5">
          <div className="flex h-6 items-center justify-between">
            <h3 className="text-xs font-medium">{words.code}</h3>
            <CopyButton value={source} label={texts.common.copyCommand} />
          </div>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
            tabIndex={0}
            className="overflow-x-auto rounded-md border bg-sunken px-3 py-2 font-mono text-xs leading-5"
          >
            {source}
          </pre>
        </section>
        <section aria-label={words.command} className="flex flex-col gap-1.5">
          <h3 className="text-xs font-medium">{words.command}</h3>
          <CommandLine command={workerCommand({ origin, queue, apiKey: make.data?.secret })} />
        </section>
        <Connected queue={queue} />
      </div>
    </Dialog>
  );
}

function sourceFor(queue: string): string {
  const queues = queue === "" ? "" : `, queues: ["${queue}"]`;
  return `import { step, Worker } from "@cerebelum/sdk";

const hello = step("hello", async (input) => ({ hello: input }));
await new Worker({ steps: [hello]${queues} }).start();
`;
}

/** Told from the moment on at which the dialog was opened: who was there before says nothing about this one. */
function Connected({ queue }: { queue: string }) {
  const [since] = useState(() => Date.now());
  const workers = useWorkers();
  const newest = workers.data?.items.find(
    ({ registeredAt, queues }) => Date.parse(registeredAt) > since && (queue === "" || queues.includes(queue)),
  );
  return (
    <p role="status" className="flex h-6 items-center gap-2 text-xs text-ink-2">
      {newest ? (
        <>
          <CircleCheck aria-hidden size={14} data-status="completed" className="text-tone" />
          {words.connected(newest.name ?? newest.workerId)}
        </>
      ) : (
        <>
          <span aria-hidden data-status="waiting" className="size-1.5 animate-breathe rounded-full bg-tone-fill" />
          {words.waiting}
        </>
      )}
    </p>
  );
}
