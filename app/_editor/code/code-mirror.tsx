"use client";
/**
 * Text that is code, in CodeMirror: what stands there is readable at once, and becomes editable when the library has come,
 * which no page brings along. Escape and then Tab leaves a document in which Tab indents.
 */
import type { Extension } from "@codemirror/state";
import { type ComponentType, lazy, Suspense } from "react";
import { classNames } from "@/app/_ui/class-names";
import type { CodeLanguage, CodeMirrorProps } from "./code-mirror-props";

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
