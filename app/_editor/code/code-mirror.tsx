"use client";
/**
 * Text that is code, in CodeMirror: what stands there is readable at once, and becomes editable when the library has come,
 * which no page brings along. Escape and then Tab leaves a document in which Tab indents.
 */
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { type ComponentType, lazy, type Ref, Suspense } from "react";
import { classNames } from "@/app/_ui/class-names";

export type CodeLanguage = "json" | "typescript";

export interface CodeMirrorProps {
  /** Taken over whenever it changes, around the cursor; what is typed stays even where nobody takes it. */
  value: string;
  /** With each change by a person. */
  onChange?: (text: string) => void;
  /** Its name for those who do not see it. */
  label: string;
  /** Id of the label or heading that names it instead. */
  labelledBy?: string;
  describedBy?: string;
  id?: string;
  /** Can be read, copied, searched and walked through. */
  readOnly?: boolean;
  invalid?: boolean;
  language?: CodeLanguage;
  /** `document` (the default) fills its box and has line numbers, folds and search; a `field` grows with its text. */
  look?: "document" | "field";
  /** Kept by the caller between draws: another value sets the editor up anew, and keeps text, cursor and history. */
  extensions?: Extension;
  /** When it comes, with the cursor at its end or where the pointer was. */
  autoFocus?: true | { x: number; y: number };
  onFocus?: () => void;
  onBlur?: () => void;
  /** The editor itself, for commands: null while there is none. */
  viewRef?: Ref<EditorView>;
  className?: string;
}

const LANGUAGES: Record<CodeLanguage | "none", () => Promise<Extension>> = {
  none: async () => [],
  json: async () => (await import("@codemirror/lang-json")).json(),
  typescript: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
};

function loaded(language: keyof typeof LANGUAGES): ComponentType<CodeMirrorProps> {
  return lazy(async () => {
    const [{ CodeView }, highlights] = await Promise.all([import("./code-view"), LANGUAGES[language]()]);
    return { default: (props: CodeMirrorProps) => <CodeView {...props} highlights={highlights} /> };
  });
}

const VIEWS = { none: loaded("none"), json: loaded("json"), typescript: loaded("typescript") };

export function CodeMirror(props: CodeMirrorProps) {
  const View = VIEWS[props.language ?? "none"];
  return (
    <Suspense fallback={<PlainCode {...props} />}>
      <View {...props} />
    </Suspense>
  );
}

/** The same text in the same place, without colours: nothing moves when the editor takes over. */
function PlainCode({ value, look = "document", className }: CodeMirrorProps) {
  return (
    <div className={classNames("min-w-0 overflow-hidden font-mono text-xs text-ink", className)} aria-busy>
      <pre
        className={classNames(
          "leading-[18px]",
          look === "field" ? "px-2.5 py-[6px] break-words whitespace-pre-wrap" : "py-2 pl-14",
        )}
      >
        {value === "" ? " " : value}
      </pre>
    </div>
  );
}
