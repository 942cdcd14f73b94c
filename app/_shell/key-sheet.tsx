"use client";
/** The sheet behind `?`: all keys of the page that is open, in groups, as they are registered at this moment. */
import { useState } from "react";
import { texts } from "@/lib/client/texts";
import { shellTexts } from "@/lib/client/texts/shell";
import { Dialog } from "../_ui/dialog";
import { KeyCombo } from "./key-combo";
import { strokesOf } from "./key-names";
import { mergedGroups } from "./key-registry";
import { useKeyGroups } from "./keys";

const words = shellTexts.keys;

export default function KeySheet({ onClose }: { onClose: () => void }) {
  const groups = mergedGroups(useKeyGroups());
  const [isOpen, setOpen] = useState(true);
  // What the page that is open adds comes first; what holds everywhere is last.
  const ordered = [...groups].sort((a, b) => placeOf(a.group) - placeOf(b.group));
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => {
        setOpen(open);
        if (!open) onClose();
      }}
      title={words.title}
      description={words.hint}
      wide
    >
      <div className="mt-3 overflow-y-auto px-5 pb-5 sm:columns-2 sm:gap-10">
        {ordered.map(({ group, keys }) => (
          <section key={group} aria-label={group} className="mb-4 break-inside-avoid">
            <h3 className="pb-1 text-2xs font-medium text-ink-3">{group}</h3>
            <dl>
              {keys.map(({ keys: combo, name }) => (
                <div key={`${combo} ${name}`} className="flex min-h-7 items-center justify-between gap-4 text-sm">
                  <dt className="text-ink-2">{name}</dt>
                  <dd>
                    <span className="sr-only">{spoken(combo)}</span>
                    <KeyCombo keys={combo} always />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="sr-only">{texts.common.close}: Esc</p>
    </Dialog>
  );
}

const placeOf = (group: string) => [words.goTo, words.everywhere].indexOf(group);

function spoken(keys: string): string {
  return strokesOf(keys, false)
    .map((held) => held.join(" "))
    .join(` ${words.then} `);
}
