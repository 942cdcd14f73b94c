"use client";
/** The fields of a subject in their groups; the field that is asked for elsewhere is found and focused here. */
import { type ReactNode, useEffect, useRef } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import { FIELD_GROUPS, type FormField } from "@/lib/editor/fields/form-fields";
import { ScrollArea } from "../../_ui/scroll-area";
import { FindingNotes } from "../findings/finding-notes";
import { FieldControl } from "./field-control";
import { fieldFound, useWantedField } from "./focus-field";
import { Section } from "./section";
import { useFindingsAt, useSubject } from "./subject";

const SELF: readonly string[] = [];

export function Form({
  label,
  fields,
  lead,
  children,
}: {
  label: string;
  fields: readonly FormField[];
  /** Stands before the fields of the main group. */
  lead?: ReactNode;
  children?: ReactNode;
}) {
  const subject = useSubject();
  const area = useRef<HTMLElement>(null);
  const findings = useFindingsAt(SELF, true);
  useFocusOfWanted(area, subject.key);
  const isWritten = ({ path }: FormField) => subject.read(path) !== undefined;
  return (
    <ScrollArea label={label} ref={area} className="flex flex-col">
      {findings.length > 0 && (
        <div className="px-4 pt-3">
          <FindingNotes findings={findings} />
        </div>
      )}
      {children}
      {FIELD_GROUPS.map((group) => {
        const own = fields.filter((field) => field.group === group);
        const drawn = own.map((field) => <FieldControl key={field.name} field={field} />);
        if (own.length === 0) return group === "main" && lead ? <Main key={group}>{lead}</Main> : null;
        if (group === "main")
          return (
            <Main key={group}>
              {lead}
              {drawn}
            </Main>
          );
        return (
          <Section
            key={group}
            isGroup
            title={words.groups[group]}
            summary={
              own
                .filter(isWritten)
                .map(({ name }) => words.label(name))
                .join(", ") || undefined
            }
            paths={own.map(({ path }) => path)}
            isOpenFirst={own.some(isWritten)}
          >
            {drawn}
          </Section>
        );
      })}
    </ScrollArea>
  );
}

function Main({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-3.5 px-4 py-3.5">{children}</div>;
}

/** What is typed into comes before the buttons around it. */
const TYPED = "[role=textbox], [role=combobox], input:not([disabled]), textarea, select:not([disabled])";

function useFocusOfWanted(area: React.RefObject<HTMLElement | null>, key: string) {
  const wanted = useWantedField(key);
  useEffect(() => {
    if (wanted === null) return;
    // What is loaded on demand, such as a field for expressions, may come a little later.
    const timer = setTimeout(() => {
      const place = nearestPlace(area.current, wanted.pointer);
      const entry = place?.querySelector<HTMLElement>(TYPED) ?? place?.querySelector<HTMLElement>("button:enabled");
      (entry ?? area.current)?.focus();
      place?.scrollIntoView({ block: "nearest" });
      fieldFound(wanted);
    });
    return () => clearTimeout(timer);
  }, [area, wanted]);
}

/** The innermost field that the pointer leads into. */
function nearestPlace(area: HTMLElement | null, pointer: string): HTMLElement | null {
  const places = [...(area?.querySelectorAll<HTMLElement>("[data-path]") ?? [])];
  const around = places.filter(({ dataset: { path = "" } }) => `${pointer}/`.startsWith(`${path}/`));
  return around.reduce<HTMLElement | null>(
    (best, each) => ((each.dataset.path ?? "").length > (best?.dataset.path ?? "").length ? each : best),
    null,
  );
}
