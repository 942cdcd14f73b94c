"use client";
/** Which namespace one is in, and the way into another: a full load, for nothing of the one belongs to the other. */
import { ChevronsUpDown } from "lucide-react";
import { chooseNamespace } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import { classNames } from "../_ui/class-names";
import { Combobox } from "../_ui/combobox";
import { toast } from "../_ui/toast";

const words = texts.nav;

export function NamespaceSwitch({ here, places, wide }: { here: string; places: string[]; wide?: boolean }) {
  const isAlone = places.length < 2;
  const [organisation, namespace] = here.split("/");
  const label = (
    <span
      className={classNames("min-w-0 truncate text-left font-mono text-2xs text-ink-2", wide ? "flex-1" : "max-w-24")}
    >
      {wide && places.some((place) => !place.startsWith(`${organisation}/`)) ? here : namespace}
    </span>
  );
  const name = wide && <span className="text-2xs text-ink-3">{words.namespace}</span>;
  const className = classNames(
    "flex min-w-0 items-center gap-2 rounded-md px-2",
    wide ? "h-8" : "h-7 border border-line",
  );
  if (isAlone) {
    return (
      <div title={`${words.namespace} ${here}`} className={className}>
        {name}
        {label}
      </div>
    );
  }
  return (
    <Combobox
      options={places.map((place) => ({ value: place, label: place }))}
      value={here}
      onChange={(place) => {
        if (place === here) return;
        chooseNamespace(place).then(
          () => window.location.assign("/"),
          (error: Error) => toast.failed(texts.errors.sentence(error)),
        );
      }}
      placeholder={words.findNamespace}
      empty={words.noNamespace}
      trigger={
        <button type="button" aria-label={words.switchNamespace(here)} className={`${className} hover:bg-hover`}>
          {name}
          {label}
          <ChevronsUpDown aria-hidden size={13} className="shrink-0 text-ink-3" />
        </button>
      }
    />
  );
}
